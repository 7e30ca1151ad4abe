"""A confusion matrix as a page: one HTML file without anything from outside, with all labels.

`page.html` has holes for the title, a sentence about it, a table that needs no script, and the data as JSON. Names of
labels may be anything: they are escaped, in the JSON too, and the page's script only ever sets text.
"""

import json
from html import escape
from importlib.resources import files
from pathlib import Path

from ...atomic import whole_file
from .matrix import Matrix, by_confusion, by_name, by_support

ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
LISTED = 50  # confusions


def save_page(matrix: Matrix, path: Path, title: str) -> None:
    page = files(__package__).joinpath("page.html").read_text(encoding="utf8")
    right, every = int(matrix.counts.trace()), int(matrix.counts.sum())
    about = (
        f"{len(matrix.labels):,} categories. {right:,} of {every:,} on the diagonal, where gold and prediction agree."
    )
    holes = {"title": escape(title), "about": about, "table": _table(matrix), "data": as_json(matrix)}
    parts = page.split("{{")
    filled = parts[0] + "".join(holes[name] + rest for name, _, rest in (part.partition("}}") for part in parts[1:]))
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(filled)


def as_json(matrix: Matrix) -> str:
    """What the page's script reads; safe inside a script element."""
    cells = [(g, p, int(matrix.counts[g, p])) for g, p in zip(*map(list, matrix.counts.nonzero()), strict=True)]
    data = {
        "labels": matrix.labels,
        "support": matrix.support.tolist(),
        "cells": [(int(g), int(p), n) for g, p, n in cells],
        "orders": {"confused": by_confusion(matrix), "name": by_name(matrix), "texts": by_support(matrix)},
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)


def _table(matrix: Matrix) -> str:
    wrong = matrix.wrong
    pairs = sorted(zip(*(x.tolist() for x in wrong.nonzero()), strict=True), key=lambda pair: (-wrong[pair], pair))
    if not pairs:
        return '<p class="note">None: all are right.</p>'
    rows = []
    for g, p in pairs[:LISTED]:
        names = f"<td><button>{escape(matrix.labels[g])}</button></td><td>{escape(matrix.labels[p])}</td>"
        numbers = f'<td class="n">{wrong[g, p]:,}</td><td class="n">{100 * matrix.shares[g, p]:.1f}%</td>'
        rows.append(f'<tr data-row="{g}" data-column="{p}">{names}{numbers}</tr>')
    head = '<tr><th>Gold</th><th>Predicted</th><th class="n">Texts</th><th class="n">Of gold</th></tr>'
    return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
