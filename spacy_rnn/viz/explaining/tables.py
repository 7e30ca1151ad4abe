"""The tables below a text: words, filters and n-grams that have added the most to a label. A row marks its words in the
text."""

from collections.abc import Iterable
from html import escape

from .told import Decision
from .values import largest, signed

Cells = tuple[int, int, float, list[str]]  # from, to, what was added, further cells


def panel(decision: Decision, number: int, name: str, top: int, lang: str) -> str:
    """All tables of one label; of the first one they are shown."""
    one = decision.explanations[number]
    most = largest(one)
    attention = [] if one.attention is None else ["attention"]
    words: list[Cells] = [
        (i, i + 1, value, [f"{one.attention[i]:.3f}"] if attention else [])
        for i, value in decision.strongest(number, top)
    ]
    filters: list[Cells] = [
        (f.first, f.end, f.contribution, [f"{f.activation:.2f}", str(f.filter)]) for f in one.filters[:top]
    ]
    ngrams: list[Cells] = [(n.first, n.end, n.contribution, []) for n in one.ngrams[:top]]
    tables = [
        _table(decision, "Words", words, attention, lang, most),
        _table(decision, "Filters, where they fired", filters, ["activation", "filter"], lang),
        _table(decision, "Hashed n-grams", ngrams, [], lang),
    ]
    about = f"<h3>{escape(one.label)}: logit {signed(one.logit, 1)}, probability {one.probability:.4f}</h3>"
    return f'<div class="panel" id="{name}" data-k="{number}"{" hidden" * bool(number)}>{about}{"".join(tables)}</div>'


def _table(
    decision: Decision, title: str, rows: Iterable[Cells], names: list[str], lang: str, most: float = 0.0
) -> str:
    rows = list(rows)
    if not rows:
        return ""
    most = most or max(abs(value) for _, _, value, _ in rows)
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in ("", "added", *names))
    body = []
    for first, end, value, cells in rows:
        sign, share = "n" if value < 0 else "y", abs(value) / most
        said = f'<th scope="row" lang="{escape(lang)}" dir="auto">{escape(decision.said(first, end))}</th>'
        added = f'<td class="{sign}" style="--v:{share:.3f}">{signed(value, most)}</td>'
        further = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        body.append(f'<tr tabindex="0" data-from="{first}" data-to="{end}">{said}{added}{further}</tr>')
    return (
        f'<div class="table"><h4>{title}</h4><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table></div>"
    )
