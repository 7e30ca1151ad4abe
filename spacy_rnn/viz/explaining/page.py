"""A page to look at: one HTML file without anything from outside, which shows the first label without its script too.

`page.html` has holes for the title and the body. All that comes from a text or a model is escaped. Each word carries
what it has added to each label (data-v); the script paints the words for the label that was chosen. Read `save_page`
first.
"""

from html import escape
from importlib.resources import files
from pathlib import Path

from ...atomic import whole_file
from ..labelling.figures import percent
from .tables import named, panel
from .told import METHODS, Decision, Told
from .values import signed, strength

ALL = 10  # labels that all have a bar, also those without an explanation


def save_page(told: Told, path: Path, title: str, top: int = 10) -> None:
    """top: rows in each table."""
    page = files(__package__).joinpath("page.html").read_text(encoding="utf8")
    holes = {"title": escape(title), "about": _about(told), "body": "\n".join(_sections(told, top))}
    parts = page.split("{{")
    filled = parts[0] + "".join(holes[name] + rest for name, _, rest in (part.partition("}}") for part in parts[1:]))
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(filled)


def _about(told: Told) -> str:
    many = f"{len(told.decisions):,} texts, " if len(told.decisions) > 1 else ""
    return f"{many}<code>{escape(told.component)}</code>. {METHODS[told.method]}"


def _sections(told: Told, top: int) -> list[str]:
    if len(told.decisions) == 1:
        return [_decision(told, told.decisions[0], top)]
    folds = []
    for number, decision in enumerate(told.decisions):
        shown = decision.explanations[0]
        said = f'<span class="said" lang="{escape(told.lang)}" dir="auto">{escape(decision.said())}</span>'
        sure = f'<span class="sure">{escape(shown.label)} {escape(percent(shown.probability))}</span>'
        body = _decision(told, decision, top)
        folds.append(f"<details{' open' * (not number)}><summary>{said}{sure}</summary>{body}</details>")
    return folds


def _decision(told: Told, decision: Decision, top: int) -> str:
    panels = [panel(decision, k, top, told.lang) for k in range(len(decision.explanations))]
    most = [decision.largest(k) for k in range(len(decision.explanations))]
    low, high = signed(-most[0], most[0]), signed(most[0], most[0])
    scale = f'<span class="low">{low}</span><i></i><span class="high">{high}</span>'
    return (
        f'<section class="decision" data-most="{" ".join(f"{value:.4g}" for value in most)}"><div>{_bars(decision)}'
        f'<p class="scale" aria-hidden="true">against {scale} for</p>'
        f'<div class="text" lang="{escape(told.lang)}" dir="auto">{_words(decision, most[0])}</div></div>'
        f'<div class="panels">{"".join(panels)}</div></section>'
    )


def _bars(decision: Decision) -> str:
    """A bar for each label; those that are explained are buttons."""
    explained = {one.label: k for k, one in enumerate(decision.explanations)}
    shown = [pair for pair in decision.scores if pair[0] in explained or len(decision.scores) <= ALL]
    rows = []
    for label, p in shown:
        name, width = f'<span class="name">{named(label)}</span>', f'<i style="--p:{p:.4f}"></i>'
        inner = f'{name}<span class="bar">{width}</span><span class="per">{escape(percent(p))}</span>'
        k = explained.get(label)
        pressed = "false" if k else "true"
        button = f'<button type="button" data-k="{k}" data-label="{escape(label)}" aria-pressed="{pressed}">'
        rows.append(f"<li><span>{inner}</span></li>" if k is None else f"<li>{button}{inner}</button></li>")
    rest = [p for label, p in decision.scores if (label, p) not in shown]
    if rest:
        others = "another label" if len(rest) == 1 else f"{len(rest):,} other labels, the most probable one"
        rows.append(f'<li class="note">{others}: {escape(percent(rest[0]))}</li>')
    if decision.explanations[0].attention is not None:
        button = '<button type="button" class="attention" data-k="attention" aria-pressed="false">'
        rows.append(f"<li>{button}where its attention lay</button></li>")
    return f'<ul class="labels" aria-label="Labels">{"".join(rows)}</ul>'


def _words(decision: Decision, most: float) -> str:
    columns = [one.tokens.tolist() for one in decision.explanations]
    attention = decision.explanations[0].attention
    parts = []
    for i, (word, space) in enumerate(zip(decision.words, decision.spaces, strict=True)):
        if decision.blank[i]:
            parts.append(escape(word + space))
            continue
        values = [column[i] for column in columns]
        data = " ".join(f"{value:.4g}" for value in values)
        looked = "" if attention is None else f' data-a="{attention[i]:.4g}"'
        against = ' class="n"' if values[0] < 0 else ""
        about = f"{signed(values[0], most)} for {decision.explanations[0].label}"
        parts.append(
            f'<b data-i="{i}"{against} style="--v:{strength(values[0], most):.3f}" title="{escape(about)}"'
            f' data-v="{data}"{looked}>{escape(word)}</b>{escape(space)}'
        )
    return "".join(parts)
