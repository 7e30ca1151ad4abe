"""The tables below a text: words, filters and n-grams that have added the most to a label.

In a page a row marks its words in the text.
"""

import re
from html import escape
from typing import NamedTuple

from .told import Decision
from .values import signed

JOINTS = re.compile(r"([_/.:-])(?=\w)")
Spans = list[tuple[int, int]]


class Row(NamedTuple):
    said: str  # the words, on one line
    spans: Spans  # all of their places
    value: float  # what was added
    cells: list[str]


class Table(NamedTuple):
    title: str
    names: list[str]  # of further cells
    rows: list[Row]
    most: float  # that a row has added, without its sign


def tables_of(decision: Decision, number: int, top: int) -> list[Table]:
    """Those of one label that have any rows. top: rows in each, the strongest first."""
    one = decision.explanations[number]
    looked = one.attention is not None
    words = [
        ([(i, i + 1)], value, [f"{one.attention[i]:.3f}"] if looked else [])
        for i, value in decision.strongest(number, top)
    ]
    filters = [([(f.first, f.end)], f.contribution, [f"{f.activation:.2f}", str(f.filter)]) for f in one.filters[:top]]
    ngrams = [(spans, value, [str(len(spans))]) for spans, value in decision.ngrams(number, top)]
    found = []
    for title, names, rows in (
        ("Words", ["attention"] if looked else [], words),
        ("Filters, where they fired", ["activation", "filter"], filters),
        ("Hashed n-grams", ["times"], ngrams),
    ):
        if rows:
            found.append(Table(title, names, [Row(_line(decision, row[0][0]), *row) for row in rows], abs(rows[0][1])))
    return found


def _line(decision: Decision, span: tuple[int, int]) -> str:
    """What cannot be seen stands there as Python writes it."""
    said = decision.said(*span)
    seen = any(letter.isprintable() and not letter.isspace() for letter in said)
    return " ".join(said.split()) if seen else ascii("".join(decision.words[slice(*span)]))[1:-1]


def panel(decision: Decision, number: int, top: int, lang: str) -> str:
    """All tables of one label; of the first one they are shown. top: rows in each."""
    one = decision.explanations[number]
    tables = [_table(table, lang) for table in tables_of(decision, number, top)]
    about = f"<h3>{named(one.label)}</h3><p>logit {signed(one.logit, 1)}, probability {one.probability:.4f}</p>"
    return f'<div class="panel" data-k="{number}"{" hidden" * bool(number)}>{about}{"".join(tables)}</div>'


def named(label: str) -> str:
    """A line may break after the joints of a long name."""
    return JOINTS.sub(r"\1<wbr>", escape(label))


def _table(table: Table, lang: str) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("", "added", *table.names))
    body = []
    for said, spans, value, cells in table.rows:
        sign, share = "n" if value < 0 else "y", abs(value) / table.most
        added = f'<td class="{sign}" style="--v:{share:.3f}">{signed(value, table.most)}</td>'
        further = "".join(f"<td>{cell}</td>" for cell in cells)
        places = " ".join(f"{first}-{end}" for first, end in spans)
        about = f'<th scope="row" lang="{escape(lang)}" dir="auto">{escape(said)}</th>'
        body.append(f'<tr tabindex="0" data-at="{places}">{about}{added}{further}</tr>')
    return (
        f'<div class="table"><h4>{table.title}</h4><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
