"""A page to look at: one HTML file without anything from outside, readable without its script. Read `save_page` first.

`page.html` has holes for the title, the colours and the body. All that comes from a text or a model is escaped.
"""

from html import escape
from importlib.resources import files
from pathlib import Path

from ...atomic import whole_file
from .figures import largest_score, least_sure, percent
from .found import OUTSIDE, Found, Scores, Transitions, describe
from .kinds import colours_of_kinds, kind_of, style_sheet
from .tables import alternatives, grid, matrix
from .words import DOUBT, doubts, entities, morphemes, plain, rivals


def save_page(found: Found, path: Path, title: str, sentence: int | None = None) -> None:
    """sentence: the number of the one whose probabilities are open at first; None: the least sure one."""
    page = files(__package__).joinpath("page.html").read_text(encoding="utf8")
    holes = {
        "title": escape(title),
        "about": describe(found),
        "light": style_sheet(dark=False),
        "dark": style_sheet(dark=True),
        "body": "\n".join(_sections(found, sentence)),
    }
    parts = page.split("{{")
    filled = parts[0] + "".join(holes[name] + rest for name, _, rest in (part.partition("}}") for part in parts[1:]))
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(filled)


def _sections(found: Found, sentence: int | None) -> list[str]:
    colours = colours_of_kinds(found)
    components = list(dict.fromkeys(scores.component for scores in found.scores))
    sections = [_entities(found, colours, components)] if found.spans is not None else []
    for component in components:
        heads = [scores for scores in found.scores if scores.component == component]
        show = _tags if heads[0].head else _labels
        sections.append(show(found, heads, colours, sentence, _anchor(components, component)))
    if found.morphemes is not None:
        sections.append(_morphemes(found, colours))
    return sections + [_transitions(transitions, colours) for transitions in found.transitions]


def _section(title: str, component: str, *parts: str) -> str:
    name = f" <code>{escape(component)}</code>" if component else ""
    return f"<section><h2>{title}{name}</h2>{''.join(parts)}</section>"


def _note(text: str) -> str:
    return f'<p class="note">{text}</p>'


def _text(found: Found, inner: str, classes: str = "text") -> str:
    return f'<div class="{classes}" lang="{escape(found.lang)}" dir="auto">{inner}</div>'


def _legend(kinds: set[str], colours: dict[str, int]) -> str:
    entries = "".join(f'<li><i class="c{colours[kind]}"></i>{escape(kind)}</li>' for kind in sorted(kinds))
    return f'<ul class="legend">{entries}</ul>' if entries else ""


def _anchor(components: list[str], component: str) -> str:
    """What the ids of a component's sentences begin with: its name may be anything, and so cannot be part of one."""
    return f"s{components.index(component) + 1}"


def _entities(found: Found, colours: dict[str, int], components: list[str]) -> str:
    """Each badge leads to the probabilities of its sentence, if there are any."""
    labellers = [scores for scores in found.scores if not scores.head]

    def anchor(token: int) -> str:
        if not labellers:
            return ""
        number = next(n for n, (_, end) in enumerate(found.sentences, 1) if token < end)
        return f"{_anchor(components, labellers[-1].component)}-{number}"

    kinds = {span.label for span in found.spans or ()}
    kinds |= {kind_of(label) for scores in labellers for label in scores.labels} - {OUTSIDE}
    if not found.spans:
        note = "None found."
    elif any(span.confidence is not None for span in found.spans):
        note = "The stronger the colour, the surer; the number is the probability of exactly this entity."
    else:
        note = "The components of this pipeline give no confidences."
    return _section(
        "Entities", "", _note(note), _legend(kinds, colours), _text(found, entities(found, colours, anchor))
    )


def _labels(found: Found, heads: list[Scores], colours: dict[str, int], sentence: int | None, anchor: str) -> str:
    note = _note(
        "Each row is a token, and its numbers are per cent. The label that it got has a frame. On the right of a "
        "sentence: the label that it is least sure of."
    )
    tables = [grid(found, heads[0], *place, colours) + rivals(found, *place) for place in found.sentences]
    return _section("Labels of each token", heads[0].component, note, _folds(found, heads, tables, sentence, anchor))


def _tags(found: Found, heads: list[Scores], colours: dict[str, int], sentence: int | None, anchor: str) -> str:
    parts = (
        _note(f"Underlined: a label that is less than {percent(DOUBT)} sure."),
        _text(found, doubts(found, heads)),
        _note("The label chosen and its rivals; the more orange, the less sure."),
    )
    tables = [alternatives(found, heads, *place) for place in found.sentences]
    return _section("Tags", heads[0].component, *parts, _folds(found, heads, tables, sentence, anchor))


def _folds(found: Found, heads: list[Scores], tables: list[str], sentence: int | None, anchor: str) -> str:
    """The table of each sentence, to open and close."""
    least = least_sure(found, heads)
    opened = sentence or 1 + least.index(min(least))
    folds = []
    for n, (place, table, p) in enumerate(zip(found.sentences, tables, least, strict=True), 1):
        said = f'<span class="said" lang="{escape(found.lang)}" dir="auto">{plain(found, *place).strip()}</span>'
        sure = f'<span class="sure">least sure {escape(percent(p))}</span>'
        opening = f'<details id="{anchor}-{n}"{" open" * (n == opened)}>'
        folds.append(f"{opening}<summary>{said}{sure}</summary>{table}</details>")
    return "".join(folds)


def _morphemes(found: Found, colours: dict[str, int]) -> str:
    kinds = {morpheme.type for word in found.morphemes or () for morpheme in word} - {""}
    text = _text(found, morphemes(found, colours), "text morphemes")
    return _section("Morphemes", "", _legend(kinds, colours), text)


def _transitions(transitions: Transitions, colours: dict[str, int]) -> str:
    note = (
        "Scores of one label after another, from the row's to the column's: blue for what often follows, orange for "
        "what seldom does. Hatched: the scheme forbids it."
    )
    if not largest_score(transitions):
        note = "No scores were learned, only what the scheme allows: empty cells. Hatched: forbidden."
    return _section("Transitions", transitions.component, _note(note), matrix(transitions, colours))
