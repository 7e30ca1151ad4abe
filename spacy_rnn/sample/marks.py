"""Marked words: a word form written with its morpheme boundaries, so that inflection carries them along.

``за~ход^и|ть`` is prefix ``за``, root ``ход``, suffix ``и``, ending ``ть``; ``пар+о+ход`` has a linking vowel between
two roots; ``&`` opens a postfix (``мы|ть&ся``). Everything in this package passes marked strings; the marks fall off
in ``plain``.
"""

import re
from functools import cache

MARKS = "~^|&+"
_PIECES = re.compile(r"[~^|&+]|[^~^|&+]+")
_UNMARK = str.maketrans("", "", MARKS)
_OPENED_BY = {"^": "suff", "|": "end", "&": "post"}


@cache
def plain(marked: str) -> str:
    """The word as it is written."""
    return marked.translate(_UNMARK)


@cache
def morphemes(marked: str) -> tuple[tuple[str, str], ...]:
    """(type, text) of each piece; types: pre, root, link, suff, end, post."""
    pieces = ["", *_PIECES.findall(marked), ""]
    found = []
    for before, piece, after in zip(pieces, pieces[1:], pieces[2:], strict=False):
        if piece in MARKS or not piece:
            continue
        kind = "pre" if after == "~" else "link" if before == after == "+" else _OPENED_BY.get(before, "root")
        found.append((kind, piece))
    return tuple(found)


@cache
def capital(marked: str) -> str:
    return marked[:1].upper() + marked[1:]
