"""The tables below a text: words, filters and n-grams that have added the most to a label. A row marks its words in the
text."""

import re
from html import escape
from typing import NamedTuple

from .told import Decision
from .values import largest, signed

JOINTS = re.compile(r"([_/.:-])(?=\w)")
Spans = list[tuple[int, int]]


class Row(NamedTuple):
    spans: Spans  # the first of them is shown, all are marked
    value: float  # what was added
    cells: list[str]


def panel(decision: Decision, number: int, top: int, lang: str) -> str:
    """All tables of one label; of the first one they are shown. top: rows in each."""
    one = decision.explanations[number]
    looked = one.attention is not None
    words = [
        Row([(i, i + 1)], value, [f"{one.attention[i]:.3f}"] if looked else [])
        for i, value in decision.strongest(number, top)
    ]
    filters = [
        Row([(f.first, f.end)], f.contribution, [f"{f.activation:.2f}", str(f.filter)]) for f in one.filters[:top]
    ]
    ngrams = [Row(spans, value, [str(len(spans))]) for spans, value in decision.ngrams(number, top)]
    tables = [
        _table(decision, "Words", words, ["attention"] if looked else [], lang, largest(one)),
        _table(decision, "Filters, where they fired", filters, ["activation", "filter"], lang),
        _table(decision, "Hashed n-grams", ngrams, ["times"], lang),
    ]
    about = f"<h3>{named(one.label)}</h3><p>logit {signed(one.logit, 1)}, probability {one.probability:.4f}</p>"
    return f'<div class="panel" data-k="{number}"{" hidden" * bool(number)}>{about}{"".join(tables)}</div>'


def named(label: str) -> str:
    """A line may break after the joints of a long name."""
    return JOINTS.sub(r"\1<wbr>", escape(label))


def _table(decision: Decision, title: str, rows: list[Row], names: list[str], lang: str, most: float = 0.0) -> str:
    if not rows:
        return ""
    most = most or max(abs(row.value) for row in rows)
    head = "".join(f'<th scope="col">{name}</th>' for name in ("", "added", *names))
    body = []
    for spans, value, cells in rows:
        sign, share = "n" if value < 0 else "y", abs(value) / most
        said = f'<th scope="row" lang="{escape(lang)}" dir="auto">{escape(decision.said(*spans[0]))}</th>'
        added = f'<td class="{sign}" style="--v:{share:.3f}">{signed(value, most)}</td>'
        further = "".join(f"<td>{cell}</td>" for cell in cells)
        places = " ".join(f"{first}-{end}" for first, end in spans)
        body.append(f'<tr tabindex="0" data-at="{places}">{said}{added}{further}</tr>')
    return (
        f'<div class="table"><h4>{title}</h4><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
