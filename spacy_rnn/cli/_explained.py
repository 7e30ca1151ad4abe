"""What a text classifier tells, in a terminal: words in colours, where there are any, and tables."""

from collections.abc import Iterator

from wasabi import color, table

from ..viz.explaining.tables import tables_of
from ..viz.explaining.told import Decision, Told
from ..viz.explaining.values import signed, strength
from ..viz.labelling.figures import percent

WIDEST = 60  # letters of a column
# from which strength on; background and letters, of 256 colours
FOR = ((0.66, 25, 231), (0.33, 74, 16), (0.1, 153, 16))
AGAINST = ((0.66, 166, 231), (0.33, 209, 16), (0.1, 223, 16))


def lines_of(told: Told, top: int = 10, colours: bool = False) -> Iterator[str]:
    for decision in told.decisions:
        one = decision.explanations[0]
        others = ", ".join(f"{label} {percent(p)}" for label, p in decision.scores[:4] if label != one.label)
        about = f"{percent(one.probability)}, logit {signed(one.logit, 1)}" + f" ({others})" * bool(others)
        yield f"\n{_bold(one.label, colours)} {about}\n"
        yield _coloured(decision) if colours else decision.said()
        yield from _tables(decision, top)


def _bold(text: str, colours: bool) -> str:
    return color(text, bold=True) if colours else text


def _coloured(decision: Decision) -> str:
    one, parts, most = decision.explanations[0], [], decision.largest(0)
    for word, space, blank, value in zip(
        decision.words, decision.spaces, decision.blank, one.tokens.tolist(), strict=True
    ):
        shades = [shade for shade in (FOR if value > 0 else AGAINST) if strength(value, most) >= shade[0]]
        parts.append((word if blank or not shades else color(word, fg=shades[0][2], bg=shades[0][1])) + space)
    return "".join(parts).strip()


def _tables(decision: Decision, top: int) -> Iterator[str]:
    for title, names, rows, most in tables_of(decision, 0, top):
        cells = [(row.said, signed(row.value, most), *row.cells) for row in rows]
        header = (title, "added", *names)
        yield table(cells, header=header, divider=True, max_col=WIDEST, aligns=["l", *"r" * (len(header) - 1)])
