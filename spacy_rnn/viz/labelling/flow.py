"""Words in lines: where each piece of a text goes, and the boxes behind the pieces that belong together."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .figures import SUM, percent
from .found import Found


class Piece(NamedTuple):
    text: str
    space: bool  # whether a space follows: a line may break here
    box: int | None  # pieces with the same number are in one box
    small: bool = False


class Box(NamedTuple):
    number: int
    line: int
    left: float
    right: float


class Lines(NamedTuple):
    pieces: list[Piece]
    places: list[tuple[int, float]]  # of each piece: line, left edge
    boxes: list[Box]
    count: int


def flow(
    pieces: list[Piece], width_of: Callable[[Piece], float], width: float, gap: float = 0.0, padding: float = 0.0
) -> Lines:
    """From left to right, as many on a line as fit; what is wider than a line stands alone.

    gap: the width of a space. padding: what a box has beside its first and its last piece on a line.
    """
    places: list[tuple[int, float]] = []
    boxes: dict[tuple[int, int], Box] = {}
    line, x, inside = 0, 0.0, None
    for together in _unbroken(pieces):
        if places and x + gap + sum(map(width_of, together)) + 2 * padding > width:
            line, x, inside = line + 1, 0.0, None
        elif places:
            x += gap
        for piece in together:
            if piece.box != inside:
                x += padding * ((inside is not None) + (piece.box is not None))
                inside = piece.box
            places.append((line, x))
            if inside is not None:
                box = boxes.get((inside, line), Box(inside, line, x - padding, x))
                boxes[inside, line] = box._replace(right=x + width_of(piece) + padding)
            x += width_of(piece)
    return Lines(pieces, places, list(boxes.values()), line + 1 if pieces else 0)


def _unbroken(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Pieces up to the next space."""
    first = 0
    for i, piece in enumerate(pieces, 1):
        if piece.space or i == len(pieces):
            yield pieces[first:i]
            first = i


def pieces_of_entities(found: Found, first: int, end: int) -> list[Piece]:
    """The words of a sentence; those of entity number i are in box i, with what it is and how sure that is."""
    spans = found.spans or []
    inside = {i: number for number, span in enumerate(spans) for i in range(span.first, span.end)}
    pieces = []
    for i in range(first, end):
        if found.blank[i]:
            continue
        number, space = inside.get(i), bool(found.spaces[i]) or i + 1 == end or found.blank[i + 1]
        closing = number is not None and i + 1 == spans[number].end
        pieces.append(Piece(found.words[i], space and not closing, number))
        if closing:
            span = spans[number]
            sure = "" if span.confidence is None else f" {percent(span.confidence)}"
            pieces.append(Piece(f" {span.label}{sure}", space, number, small=True))
    return pieces


def pieces_of_morphemes(found: Found, first: int, end: int) -> tuple[list[Piece], list[str]]:
    """Each morpheme in a box of its own, or beside a word that it is no cut of; and the type of each box."""
    pieces, types = [], []
    for i in range(first, end):
        if found.blank[i]:
            continue
        word = (found.morphemes or [])[i]
        space = bool(found.spaces[i]) or i + 1 == end or found.blank[i + 1]
        if "".join(morpheme.text for morpheme in word) != found.words[i]:
            below = "  " + SUM.join(morpheme.text for morpheme in word)
            pieces += [Piece(found.words[i], False, len(types)), Piece(below, space, len(types), small=True)]
            types.append("")
            continue
        for place, morpheme in enumerate(word):
            whole = len(word) == 1 and not morpheme.type
            pieces.append(Piece(morpheme.text, space and place == len(word) - 1, None if whole else len(types)))
            types += [] if whole else [morpheme.type]
    return pieces, types
