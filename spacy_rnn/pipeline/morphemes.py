"""What a token knows of its morphemes, `token._.morphemes`, and how they are cut out of its text.

A morpheme is a string that also has a type: "PREF", "ROOT", ..., or "" where types are unknown. A Doc keeps them in its
user data as plain pairs, under the key that spaCy gives to such an attribute, so that they survive `Doc.to_bytes`,
`DocBin(store_user_data=True)`, `Doc.copy` and `Span.as_doc`.
"""

import unicodedata
from collections.abc import Iterable

from spacy.tokens import Token

from ..errors import Errors, RNNError

UNSTRESSED = {0x300: None, 0x301: None}  # without the grave and the acute accent above the letter before
JOINER = "\u200d"  # makes one picture of two


class Morpheme(str):
    """A part of a word. Compares, joins and prints as the string that it is."""

    type: str

    def __new__(cls, text: str, type: str = "") -> "Morpheme":
        morpheme = super().__new__(cls, text)
        morpheme.type = type
        return morpheme

    def __repr__(self) -> str:
        return f"{str(self)!r}:{self.type}" if self.type else repr(str(self))

    def __getnewargs__(self) -> tuple[str, str]:
        return str(self), self.type


def as_morpheme(part: str | Iterable[str]) -> Morpheme:
    """From a string, a Morpheme, or a pair of text and type. R141: anything else, or an empty text."""
    if isinstance(part, str):
        part = (part, getattr(part, "type", ""))
    parts = list(part) if isinstance(part, list | tuple) else []
    if len(parts) != 2 or not all(isinstance(p, str) for p in parts) or not parts[0]:
        raise RNNError(Errors.R141.format(value=part))
    return Morpheme(*parts)


def get_morphemes(token: Token) -> list[Morpheme] | None:
    """`token._.morphemes`: None where there are none, neither from a component nor from a corpus."""
    pairs = token.doc.user_data.get(_key(token))
    return None if pairs is None else [Morpheme(*pair) for pair in pairs]


def set_morphemes(token: Token, morphemes: Iterable[str | Iterable[str]] | None) -> None:
    """`token._.morphemes = ["слов", "ник"]`, or [("слов", "ROOT"), ("ник", "SUFF")]; None takes them away."""
    if morphemes is None:
        token.doc.user_data.pop(_key(token), None)
        return
    if isinstance(morphemes, str):
        raise RNNError(Errors.R141.format(value=morphemes))
    pairs = [(str(part), part.type) for part in map(as_morpheme, morphemes)]
    token.doc.user_data[_key(token)] = pairs


def _key(token: Token) -> tuple:
    return ("._.", "morphemes", token.idx, None)


def add_extension() -> None:
    if not Token.has_extension("morphemes"):
        Token.set_extension("morphemes", getter=get_morphemes, setter=set_morphemes)


# -- letters


def letters(text: str, lower: bool) -> tuple[str, list[str]]:
    """A word as the network reads it, and the piece of the text behind each of its characters.

    A letter and the marks on it are one character; stress marks are not read. The pieces joined are the text.
    """
    pieces: list[str] = []
    joined = False
    for char in text:
        mark = unicodedata.category(char) in ("Mn", "Me", "Cf")
        if pieces and (mark or joined):
            pieces[-1] += char
        else:
            pieces.append(char)
        joined = char == JOINER
    return "".join(_read(piece, lower) for piece in pieces), pieces


def _read(piece: str, lower: bool) -> str:
    if len(piece) > 1:
        whole = unicodedata.normalize("NFC", piece)
        piece = whole if len(whole) == 1 else unicodedata.normalize("NFC", piece.translate(UNSTRESSED))[:1] or piece[0]
    low = piece.lower()
    return low if lower and len(low) == 1 else piece


def is_word(form: str) -> bool:
    """Whether there is anything to segment: punctuation, digits and pictures are one morpheme."""
    return any(char.isalpha() for char in form)


def ends_of(morphemes: list[Morpheme], form: str, lower: bool) -> list[int] | None:
    """After how many characters of the form each morpheme ends; None if they are not cuts of it."""
    parts = [letters(morpheme, lower)[0] for morpheme in morphemes]
    if "".join(parts) != form:
        return None
    ends, end = [], 0
    for part in parts:
        end += len(part)
        ends.append(end)
    return ends
