"""What is done to a word's letters before it is counted, and again before it is looked up.

Each letter is mapped by itself, so that the compiled reader and Python's ``str.translate`` cannot disagree: ``lower``
follows Unicode's one-to-one lower-case letters. Control characters part words, as spaces do. Before all this, a letter
and its marks become one letter if there is one (NFC): in the text when it is read, in a word when it is looked up.
"""

import re
import unicodedata
from typing import NamedTuple

import numpy

CONTROLS = [*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF]
YO = {ord("ё"): ord("е"), ord("Ё"): ord("Е")}
STRESS = [0x0300, 0x0301]  # combining grave and acute: за́мок, замо́к
STRESSED = {ord("ѐ"): ord("е"), ord("Ѐ"): ord("Е"), ord("ѝ"): ord("и"), ord("Ѝ"): ord("И")}  # composed
MARKED = re.compile("[^\\s\u0300-\u036f][\u0300-\u036f]+")  # a letter and its marks
LEADS = b"\xcc", b"\xcd"  # the first byte of each mark, and of few other letters
PLANE = 0x10000  # letters beyond the Basic Multilingual Plane are left as they are
DELETED = 0xFFFFFFFF


class Normalization(NamedTuple):
    """Which letters count as the same."""

    lower: bool = False  # ignore case
    yo: bool = False  # ё as е
    stress: bool = False  # drop stress marks

    def __call__(self, word: str) -> str:
        word = compose(word)
        return word.translate(_mapping(self)) if any(self) else word

    def codes(self) -> numpy.ndarray:
        """What each code point below 2^16 becomes: another, a space, or DELETED.  # 65536, uint32"""
        codes = numpy.arange(PLANE, dtype=numpy.uint32)
        codes[CONTROLS] = codes[[code for code in range(PLANE) if chr(code).isspace()]] = ord(" ")
        for code, becomes in _mapping(self).items():
            codes[code] = DELETED if becomes is None else becomes
        return codes


def compose(text: str) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    return MARKED.sub(lambda found: unicodedata.normalize("NFC", found[0]), text)


def compose_block(block: bytes) -> bytes:
    """The same for UTF-8."""
    return compose(block.decode("utf8")).encode("utf8") if any(lead in block for lead in LEADS) else block


def _mapping(normalization: Normalization) -> dict[int, int | None]:
    if normalization not in _MAPPINGS:
        _MAPPINGS[normalization] = _make_mapping(*normalization)
    return _MAPPINGS[normalization]


_MAPPINGS: dict[Normalization, dict[int, int | None]] = {}


def _make_mapping(lower: bool, yo: bool, stress: bool) -> dict[int, int | None]:
    mapping: dict[int, int | None] = dict(YO) if yo else {}
    if lower:
        for code in range(PLANE):
            small = chr(mapping.get(code, code)).lower()
            if len(small) == 1 and ord(small) != code:
                mapping[code] = ord(small)
    if stress:
        mapping.update(dict.fromkeys(STRESS))
        mapping.update({code: mapping.get(plain, plain) for code, plain in STRESSED.items()})
    return mapping
