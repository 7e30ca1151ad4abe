"""A page to look at: one HTML file without anything from outside, readable without its script. Read `save_page` first.

`page.html` has holes for the title, the colours and the body. All that comes from a text or a model is escaped.
"""

from html import escape
from importlib.resources import files
from pathlib import Path

from ...atomic import whole_file
from .figures import largest_score, least_sure, percent
from .found import Found, Scores, Transitions, describe
from .kinds import colours_of_kinds, kind_of, style_sheet
from .tables import alternatives, grid, matrix
from .words import doubts, entities, morphemes, plain, rivals


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
    grids = [scores for scores in found.scores if not scores.head]
    taggers = {
        scores.component: [s for s in found.scores if s.component == scores.component]
        for scores in found.scores
        if scores.head
    }
    sections = [_entities(found, grids, colours)] if found.spans is not None else []
    for scores in grids:
        note = (
            "Each row is a token, and its numbers are per cent. The label that it got has a frame. On the right of a "
            "sentence: the label that it is least sure of."
        )
        tables = [grid(found, scores, *place, colours) + rivals(found, *place) for place in found.sentences]
        sections.append(
            _probabilities(found, "Labels of each token", scores.component, note, [scores], tables, sentence)
        )
    for component, heads in taggers.items():
        text = (
            f'<p class="note">Underlined: a label that is less than 80% sure.</p>{_text(found, doubts(found, heads))}'
        )
        note = f'{text}<p class="note">The label chosen and its rivals; the more orange, the less sure.</p>'
        tables = [alternatives(found, heads, *place) for place in found.sentences]
        sections.append(_probabilities(found, "Tags", component, note, heads, tables, sentence))
    if found.morphemes is not None:
        kinds = {morpheme.type for word in found.morphemes for morpheme in word} - {""}
        text = _text(found, morphemes(found, colours), "text morphemes")
        sections.append(f"<section><h2>Morphemes</h2>{_legend(kinds, colours)}{text}</section>")
    return sections + [_transitions(transitions, colours) for transitions in found.transitions]


def _text(found: Found, inner: str, classes: str = "text") -> str:
    return f'<div class="{classes}" lang="{escape(found.lang)}" dir="auto">{inner}</div>'


def _legend(kinds: set[str], colours: dict[str, int]) -> str:
    entries = "".join(f'<li><i class="c{colours[kind]}"></i>{escape(kind)}</li>' for kind in sorted(kinds))
    return f'<ul class="legend">{entries}</ul>' if entries else ""


def _entities(found: Found, grids: list[Scores], colours: dict[str, int]) -> str:
    def anchor(token: int) -> str:
        if not grids:
            return ""
        return next(_anchor(grids[-1].component, n) for n, (_, end) in enumerate(found.sentences, 1) if token < end)

    kinds = {span.label for span in found.spans or ()}
    kinds |= {kind_of(label) for scores in grids for label in scores.labels if "-" in label}
    sure = any(span.confidence is not None for span in found.spans or ())
    note = "The stronger the colour, the surer; the number is the probability of exactly this entity." if sure else ""
    note = note or ("The components of this pipeline give no confidences." if found.spans else "None found.")
    return (
        f'<section><h2>Entities</h2><p class="note">{note}</p>{_legend(kinds, colours)}'
        f"{_text(found, entities(found, colours, anchor))}</section>"
    )


def _anchor(component: str, sentence: int) -> str:
    return f"{component}-{sentence}"


def _probabilities(
    found: Found, title: str, component: str, note: str, heads: list[Scores], tables: list[str], sentence: int | None
) -> str:
    """A table for each sentence, to open and close."""
    least = least_sure(found, heads)
    opened = sentence or 1 + least.index(min(least))
    folds = []
    for n, (place, table, p) in enumerate(zip(found.sentences, tables, least, strict=True), 1):
        said = f'<span class="said" lang="{escape(found.lang)}" dir="auto">{plain(found, *place).strip()}</span>'
        sure = f'<span class="sure">least sure {escape(percent(p))}</span>'
        folds.append(
            f'<details id="{escape(_anchor(component, n))}"{" open" * (n == opened)}>'
            f"<summary>{said}{sure}</summary>{table}</details>"
        )
    head = f'<h2>{title} <code>{escape(component)}</code></h2><p class="note">{note}</p>'
    return f"<section>{head}{''.join(folds)}</section>"


def _transitions(transitions: Transitions, colours: dict[str, int]) -> str:
    note = (
        "Scores of one label after another, from the row's to the column's: blue for what often follows, orange for "
        "what seldom does. Hatched: the scheme forbids it."
    )
    if not largest_score(transitions):
        note = "No scores were learned, only what the scheme allows: empty cells. Hatched: forbidden."
    return (
        f'<section><h2>Transitions <code>{escape(transitions.component)}</code></h2><p class="note">{note}</p>'
        f"{matrix(transitions, colours)}</section>"
    )
