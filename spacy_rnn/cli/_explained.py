"""What a text classifier tells, in a terminal: words in colours, where there are any, and tables."""

from collections.abc import Iterator

from wasabi import color, table

from ..viz.explaining.told import Decision, Told
from ..viz.explaining.values import largest, signed, strength
from ..viz.labelling.figures import percent

FOR = (
    (0.66, 25, 231),
    (0.33, 74, 16),
    (0.1, 153, 16),
)  # from which strength on; background and letters, of 256 colours
AGAINST = ((0.66, 166, 231), (0.33, 209, 16), (0.1, 223, 16))


def lines_of(told: Told, top: int = 10, colours: bool = False) -> Iterator[str]:
    for decision in told.decisions:
        one = decision.explanations[0]
        others = ", ".join(f"{label} {percent(p)}" for label, p in decision.scores[:4] if label != one.label)
        yield f"\n{_bold(one.label, colours)} {percent(one.probability)}, logit {signed(one.logit, 1)} ({others})\n"
        yield _coloured(decision) if colours else decision.said()
        yield from _tables(decision, top)


def _bold(text: str, colours: bool) -> str:
    return color(text, bold=True) if colours else text


def _coloured(decision: Decision) -> str:
    one, parts = decision.explanations[0], []
    most = largest(one)
    for word, space, blank, value in zip(
        decision.words, decision.spaces, decision.blank, one.tokens.tolist(), strict=True
    ):
        shades = [shade for shade in (FOR if value > 0 else AGAINST) if strength(value, most) >= shade[0]]
        parts.append((word if blank or not shades else color(word, fg=shades[0][2], bg=shades[0][1])) + space)
    return "".join(parts).strip()


def _tables(decision: Decision, top: int) -> Iterator[str]:
    one = decision.explanations[0]
    most = largest(one)
    looked = one.attention is not None
    words = [
        (decision.words[i], signed(value, most), *([f"{one.attention[i]:.3f}"] if looked else []))
        for i, value in decision.strongest(0, top)
    ]
    filters = [
        (decision.said(f.first, f.end), signed(f.contribution, 1), f"{f.activation:.2f}", f.filter)
        for f in one.filters[:top]
    ]
    ngrams = [(decision.said(*spans[0]), signed(value, 1), len(spans)) for spans, value in decision.ngrams(0, top)]
    for rows, header in (
        (words, ("word", "added", *(["attention"] if looked else []))),
        (filters, ("filter fired at", "added", "activation", "filter")),
        (ngrams, ("hashed n-gram", "added", "times")),
    ):
        if rows:
            yield table(rows, header=header, divider=True, aligns=["l", *"r" * (len(header) - 1)])
