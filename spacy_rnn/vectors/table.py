"""``spacy-rnn.FastTextVectors.v1``: a ``[nlp.vectors]`` table with a vector for every token, also for unseen ones.

A known word has its own row; an unknown one gets the mean of its n-grams' rows (see ``subwords.py``), composed once
and then kept, so that looking up a batch of tokens comes down to one dictionary lookup a token and one array index.
Read ``get_batch`` first: it is what tok2vec calls.
"""

import os
import threading
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from spacy.attrs import ORTH
from spacy.strings import StringStore, get_string_id
from spacy.vectors import BaseVectors
from spacy.vocab import Vocab
from thinc.api import Ops, get_current_ops

from ..errors import Errors, RNNError, Warnings
from . import format
from .similarity import most_similar
from .subwords import compose

if TYPE_CHECKING:
    from gensim.models.fasttext import FastTextKeyedVectors

CACHE_ROWS = 2**16  # unknown words kept composed; when full, all are forgotten


class FastTextVectors(BaseVectors):
    """Word vectors with subword information, as spaCy's vocabulary wants them."""

    mode = "fasttext"
    attr = ORTH
    is_full = False  # spaCy would resize a full table

    def __init__(self, *, strings: StringStore | None = None, name: str | None = None):
        super().__init__(strings=strings)
        self.name = name
        self._unpickled_with: tuple[StringStore, ...] = ()
        self.strings = StringStore() if strings is None else strings
        self._lock = threading.Lock()
        empty = numpy.zeros((0, 0), dtype=numpy.float32)
        self._fill(format.Table(words=[], vectors=empty, ngrams=empty, min_n=0, max_n=0))

    @classmethod
    def from_gensim(
        cls, wv: "FastTextKeyedVectors", *, lower: bool = False, strings: StringStore | None = None
    ) -> "FastTextVectors":
        """The table of a trained gensim model's ``model.wv``; ``lower`` if it was trained on lower-case text."""
        vectors = cls(strings=strings)
        table = format.Table(list(wv.index_to_key), wv.vectors, wv.vectors_ngrams, wv.min_n, wv.max_n, lower)
        format.check(table, "the gensim model")
        vectors._fill(table)
        return vectors

    def _fill(self, table: format.Table) -> None:
        count, dim = table.vectors.shape
        self.min_n, self.max_n, self.lower = table.min_n, table.max_n, table.lower
        self._words = table.words
        self._ngrams = table.ngrams  # bucket x dim, always in main memory: words are composed there
        self._rows = numpy.zeros((count + CACHE_ROWS * bool(count), dim), dtype=numpy.float32)
        self._rows[:count] = table.vectors  # known words, then the cache of unknown ones
        self.to_ops(get_current_ops())
        self.key2row = {get_string_id(word): row for row, word in enumerate(table.words)}
        self._cached: dict[int, int] = {}  # key -> row, of all but the words as they are written in the table
        self._filled = 0  # rows of the cache that are taken
        self._add_strings()

    # -- Strings: how a key becomes letters again

    @property
    def strings(self) -> StringStore:
        return self._stores[0]

    @strings.setter
    def strings(self, strings: StringStore) -> None:
        # An unpickled Vocab hands its vectors a store and then drops it for the pickled one: search both
        self._stores = (strings, *self._unpickled_with)

    def _add_strings(self) -> None:
        for word in self._words:
            self.strings.add(word, allow_transient=False)

    def _as_string(self, key: int) -> str:
        for store in self._stores:
            if key in store:
                return store.as_string(key)
        raise RNNError(Errors.R225.format(key=key))

    # -- Looking up

    def get_batch(self, keys: Iterable[int | str]):
        """The vectors of a batch of keys (hashes or strings), known or not.  # keys -> keys x dim"""
        if not self._words:
            raise RNNError(Errors.R224)
        keys = self._as_keys(keys)
        if len(keys) <= CACHE_ROWS:
            return self._gather(keys)
        parts = [self._gather(keys[i : i + CACHE_ROWS]) for i in range(0, len(keys), CACHE_ROWS)]
        return self._ops.xp.concatenate(parts)

    def _as_keys(self, keys: Iterable[int | str]) -> list[int]:
        if hasattr(keys, "tolist"):  # numpy or cupy
            return keys.tolist()
        return [key if type(key) is int else self._as_key(key) for key in keys]

    def _as_key(self, key: int | str) -> int:
        return self.strings.add(key) if isinstance(key, str) else int(key)  # a numpy integer

    def _gather(self, keys: list[int]):
        with self._lock:  # a full cache starts again from its first row: nobody may be reading it just then
            rows = self._find(keys)
            if None in rows:
                self._compose({key for key, row in zip(keys, rows, strict=True) if row is None}, keys)
                rows = self._find(keys)
            return self._rows[self._ops.asarray(rows, dtype="int64")]

    def _find(self, keys: list[int]) -> list[int | None]:
        rows = list(map(self.key2row.get, keys))
        if None in rows:
            cached = self._cached.get
            rows = [cached(key) if row is None else row for key, row in zip(keys, rows, strict=True)]
        return rows

    def _compose(self, new: set[int], keys: list[int]) -> None:
        """Give every key in ``new`` a cached row. If the cache overflows, it keeps but those of this batch."""
        if len(self._cached) + len(new) > CACHE_ROWS:
            self._cached.clear()
            self._filled = 0
            new = set(keys) - self.key2row.keys()
        words = {key: self._as_string(key) for key in new}
        if self.lower:
            words = {key: word.lower() for key, word in words.items()}
            known = {key: self.key2row.get(get_string_id(word)) for key, word in words.items()}
            self._cached.update((key, row) for key, row in known.items() if row is not None)
            words = {key: word for key, word in words.items() if known[key] is None}
        start = len(self._words) + self._filled
        self._filled += len(words)
        vectors = compose(list(words.values()), self._ngrams, self.min_n, self.max_n)
        self._rows[start : start + len(words)] = self._ops.asarray(vectors)
        self._cached.update(zip(words, range(start, start + len(words)), strict=True))

    def __getitem__(self, key: int | str):
        return self.get_batch([key])[0]

    def __contains__(self, key: int | str) -> bool:
        """Every word has a vector: any string but the empty one, as soon as the table is filled."""
        if not self._words or not key:
            return False
        return isinstance(key, str) or any(key in store for store in self._stores)

    def most_similar(self, queries, *, batch_size: int = 1024, n: int = 1, sort: bool = True):
        """The ``n`` known words nearest to each query vector by cosine, as (keys, rows, scores): queries x n each."""
        if n > len(self):
            raise RNNError(Errors.R226.format(n=n, words=len(self)))
        rows, scores = most_similar(self.data, queries, n=n, batch_size=batch_size, sort=sort)
        keys = numpy.fromiter(self.key2row, dtype=numpy.uint64, count=self.n_keys)
        return self._ops.asarray(keys[self._ops.to_numpy(rows)]), rows, scores

    def add(self, key: int | str, *, vector=None) -> int:
        """Not possible, but no error either: spaCy calls this when merging tokens."""
        warnings.warn(Warnings.W201, stacklevel=2)
        return -1

    # -- What the table is

    @property
    def data(self):
        return self._rows[: len(self._words)]

    @property
    def shape(self) -> tuple[int, int]:
        return self.data.shape

    @property
    def size(self) -> int:
        return self.data.size

    @property
    def vectors_length(self) -> int:
        return self.shape[1]

    @property
    def n_keys(self) -> int:
        return len(self.key2row)

    def keys(self):
        return self.key2row.keys()

    def __iter__(self):
        return iter(self.key2row)

    def __len__(self) -> int:
        return len(self._words)

    def __eq__(self, other) -> bool:
        return isinstance(other, FastTextVectors) and self.to_bytes() == other.to_bytes()

    __hash__ = None

    # -- To the GPU, to disk and back

    def to_ops(self, ops: Ops) -> None:
        self._ops = ops
        self._rows = ops.asarray(self._rows)

    def to_bytes(self, **kwargs) -> bytes:
        vectors = self._ops.to_numpy(self.data)
        return format.pack(format.Table(self._words, vectors, self._ngrams, self.min_n, self.max_n, self.lower))

    def from_bytes(self, data: bytes, **kwargs) -> "FastTextVectors":
        self._fill(format.unpack(data, "these bytes"))
        return self

    def to_disk(self, path: str | Path, **kwargs) -> None:
        file = Path(path) / format.FILE_NAME
        unfinished = file.with_suffix(".tmp")
        unfinished.write_bytes(self.to_bytes())
        os.replace(unfinished, file)

    def from_disk(self, path: str | Path, **kwargs) -> "FastTextVectors":
        """Load a vectors file, or that of a pipeline, such as ``vectors train`` makes, or of its ``vocab``."""
        file = format.find_file(Path(path))
        self._fill(format.unpack(file.read_bytes(), str(file)))
        return self

    def __reduce__(self):
        return _unpickle, (self.to_bytes(), self.name, self._stores)


def _unpickle(data: bytes, name: str | None, stores: tuple[StringStore, ...]) -> FastTextVectors:
    vectors = FastTextVectors(strings=stores[0], name=name).from_bytes(data)
    vectors._stores = vectors._unpickled_with = stores
    return vectors


def create_fasttext_vectors() -> Callable[[Vocab], FastTextVectors]:
    """``[nlp.vectors] @vectors = "spacy-rnn.FastTextVectors.v1"``: empty until loaded or initialized."""
    return lambda vocab: FastTextVectors(strings=vocab.strings)
