"""Entity tags: the spans they stand for, and where they break their scheme. Start at ``spans_of``.

A tag is O, or the letter of a place in a span, a hyphen and the span's type. The schemes differ in which letters they
use and in what may stand where, but never in what a legal sequence means: one reading serves all of them.

    scheme   first  inner  last  single
    IOB1     I      I      I     I       B where a span follows another of its type
    IOB2     B      I      I     B
    IOE1     I      I      I     I       E where a span of its type follows
    IOE2     I      I      E     E
    BILUO    B      I      L     U       also written BIOES, BMES, BMEWO

"-" (no hyphen, no type) says that a token is not annotated.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

OUTSIDE, MISSING = "O", "-"
LETTERS = {"B": "B", "I": "I", "M": "I", "L": "L", "E": "L", "U": "U", "S": "U", "W": "U"}
SCHEMES = {"IOB2": "BI", "BILUO": "BILU", "IOB1": "BI", "IOE2": "IL", "IOE1": "IL"}  # the likelier first


class Tag(NamedTuple):
    """A tag taken apart: one of the letters BILU, O or "-", and the type of the span ("" outside)."""

    letter: str
    type: str


Span = tuple[int, int, str]  # first token, token behind the last, type
NOTHING = Tag(OUTSIDE, "")


def read_tag(text: str) -> Tag | None:
    """None if this is no tag."""
    if text in (OUTSIDE, MISSING):
        return Tag(text, "")
    letter, hyphen, type_ = text.partition("-")
    return Tag(LETTERS[letter], type_) if hyphen and type_ and letter in LETTERS else None


def spans_of(tags: Sequence[Tag]) -> list[Span]:
    """The spans, whichever scheme wrote them. Whatever cannot go on from the tag before it begins a span."""
    spans, start = [], None
    for i, tag in enumerate([*tags, NOTHING]):
        if start is not None and not (tag.letter in "IL" and tag.type == tags[start].type):
            spans.append((start, i, tags[start].type))
            start = None
        if tag.letter in "BILU" and start is None:
            start = i
        if tag.letter in "LU":
            spans.append((start, i + 1, tag.type))
            start = None
    return spans


def breaks(tags: Sequence[Tag], scheme: str) -> list[int]:
    """The numbers of the tags that the scheme does not allow where they are."""
    found = []
    for i, (before, tag) in enumerate(zip([NOTHING, *tags], [*tags, NOTHING], strict=True)):
        if MISSING in (before.letter, tag.letter):
            continue
        goes_on = tag.letter in "IL" and before.letter in "BI" and tag.type == before.type
        if not goes_on and _must_go_on(before, tag, scheme):
            found.append(i - 1)
        if (not goes_on and _must_have_begun(before, tag, scheme)) or tag.letter not in SCHEMES[scheme] + OUTSIDE:
            found.append(i)
    return sorted(set(found))


def _must_go_on(before: Tag, tag: Tag, scheme: str) -> bool:
    """Is ``before`` of a kind that has to be followed by more of its span (IOE1: by another one of its type)?"""
    if scheme == "IOE1":
        return before.letter == "L" and not (tag.letter in "IL" and tag.type == before.type)
    return before.letter in {"BILUO": "BI", "IOE2": "I"}.get(scheme, "")


def _must_have_begun(before: Tag, tag: Tag, scheme: str) -> bool:
    """Is ``tag`` of a kind that has to come after the beginning of its span (IOB1's B: after a span of its type)?"""
    if scheme == "IOB1":
        return tag.letter == "B" and not (before.letter in "BI" and tag.type == before.type)
    return tag.letter in {"BILUO": "IL", "IOB2": "I"}.get(scheme, "")


def find_scheme(sentences: Iterable[Sequence[Tag]]) -> str:
    """The scheme that these tags break least often."""
    sentences = list(sentences)
    letters = {tag.letter for tags in sentences for tag in tags} - {OUTSIDE, MISSING}
    fitting = [scheme for scheme, known in SCHEMES.items() if letters <= set(known)] or ["BILUO"]
    return min(fitting, key=lambda scheme: sum(len(breaks(tags, scheme)) for tags in sentences))
