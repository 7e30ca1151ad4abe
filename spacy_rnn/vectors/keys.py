"""spaCy's keys of the words in a table: hashes of strings, but for the symbols that spaCy counts through."""

from collections.abc import Callable, Iterator, Mapping

from spacy.strings import hash_string
from spacy.symbols import NAMES as SYMBOLS

from ..errors import Errors, RNNError
from .words import Words


def as_hash(key: int) -> int:
    """The hash of the word a key stands for: symbols, such as "NOUN", have small numbers for keys."""
    if len(SYMBOLS) <= key < 2**64:
        return key
    if 0 <= key < len(SYMBOLS):
        return hash_string(SYMBOLS[key])
    raise RNNError(Errors.R225.format(key=key))


class KeyRows(Mapping):
    """key -> row of all words in a table, as spaCy asks for it. Iterating makes words known to the vocabulary."""

    def __init__(self, words: Words, as_key: Callable[[str, bool], int]):
        self._words = words
        self._as_key = as_key  # word, may it be forgotten -> key

    def get(self, key: int, default=None):
        row = -1 if isinstance(key, str) else self._words.find_one(as_hash(key))  # keys are hashes
        return default if row < 0 else row

    def __getitem__(self, key: int) -> int:
        row = self.get(key)
        if row is None:
            raise KeyError(key)
        return row

    def __iter__(self) -> Iterator[int]:
        return (self._as_key(word, False) for word in self._words)

    def __len__(self) -> int:
        return len(self._words)
