"""``spacy-rnn.FastTextVectors.v1``: a ``[nlp.vectors]`` table with a vector for every token, also for unseen ones.

A known word has its own row; an unknown one gets the mean of its n-grams' rows (see ``subwords.py``). The table itself
stays as it lies in its file: mapped, in half precision or quantised. What is looked up is decoded or composed once and
kept in a cache of float32 rows, so that a batch of tokens comes down to one dictionary lookup a token and one gather.
Read ``get_batch`` first: it is what tok2vec calls.
"""

import threading
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from spacy.attrs import ORTH
from spacy.errors import Errors as SpacyErrors
from spacy.strings import StringStore, get_string_id, hash_string
from spacy.vectors import BaseVectors, Vectors
from spacy.vocab import Vocab
from thinc.api import NumpyOps, Ops, get_current_ops

from ..errors import Errors, RNNError, Warnings
from . import format
from .keys import KeyRows, as_hash
from .matrix import take
from .quantize import Quantized
from .similarity import most_similar
from .words import Words

if TYPE_CHECKING:
    from gensim.models.keyedvectors import KeyedVectors

CACHE_ROWS = 2**17  # words kept as float32; when full, all are forgotten
NOTHING = 0  # the cache's first row: zeros, for whatever has no vector


class FastTextVectors(BaseVectors):
    """Word vectors with subword information, as spaCy's vocabulary wants them."""

    mode = "fasttext"
    attr = ORTH
    is_full = False  # spaCy would resize a full table

    def __init__(self, *, strings: StringStore | None = None, name: str | None = None, mmap: bool = True):
        super().__init__(strings=strings)
        self.name = name
        self.mmap = mmap
        self._unpickled_with: tuple[StringStore, ...] = ()
        self.strings = StringStore() if strings is None else strings
        self._lock = threading.Lock()
        self._fill(format.Table.of_words([], numpy.zeros((0, 0), dtype=numpy.float32)))

    @classmethod
    def from_table(cls, table: format.Table, strings: StringStore | None = None) -> "FastTextVectors":
        format.check(table, "the table")
        vectors = cls(strings=strings)
        vectors._fill(table)
        return vectors

    @classmethod
    def from_gensim(
        cls, wv: "KeyedVectors", *, lower: bool = False, strings: StringStore | None = None
    ) -> "FastTextVectors":
        """The table of a trained gensim model's ``model.wv``, fastText or any other with words; ``lower`` if it was
        trained on lower-case text."""
        table = format.Table.of_words(list(wv.index_to_key), wv.vectors, lower)
        if getattr(wv, "max_n", 0):
            table = table._replace(ngrams=wv.vectors_ngrams, min_n=wv.min_n, max_n=wv.max_n)
        return cls.from_table(table, strings)

    def to_table(self) -> format.Table:
        return self._table

    def _fill(self, table: format.Table) -> None:
        self._words = Words.pack(table.words)
        self._table = table._replace(words=self._words)
        self.normalization = table.normalization
        self.key2row = KeyRows(self._words, self._as_key)
        self.to_ops(get_current_ops())

    # -- Strings: how a key becomes letters again

    @property
    def strings(self) -> StringStore:
        return self._stores[0]

    @strings.setter
    def strings(self, strings: StringStore) -> None:
        # An unpickled Vocab hands its vectors a store and then drops it for the pickled one: search both
        self._stores = (strings, *self._unpickled_with)

    def _as_string(self, key: int) -> str | None:
        for store in self._stores:
            if key in store:
                return store.as_string(key)
        return None

    # -- Looking up

    def get_batch(self, keys: Iterable[int | str]):
        """The vectors of a batch of keys (hashes or strings), known or not.  # keys -> keys x dim, float32"""
        if self._is_empty():
            raise RNNError(Errors.R224)
        keys = self._as_keys(keys)
        if len(keys) <= CACHE_ROWS:
            return self._gather(keys)
        parts = [self._gather(keys[i : i + CACHE_ROWS]) for i in range(0, len(keys), CACHE_ROWS)]
        return self._ops.xp.concatenate(parts)

    def _is_empty(self) -> bool:
        return not len(self._words) and not len(self._table.ngrams)

    def _as_keys(self, keys: Iterable[int | str]) -> list[int]:
        if hasattr(keys, "tolist"):  # numpy or cupy
            return keys.tolist()
        return [key if type(key) is int else self._as_key(key) for key in keys]

    def _as_key(self, key: int | str, allow_transient: bool | None = None) -> int:
        """A string's letters are known from now on; but in a memory zone only while it lasts, if that is allowed."""
        return self.strings.add(key, allow_transient) if isinstance(key, str) else int(key)  # a numpy integer

    def _gather(self, keys: list[int]):
        with self._lock:  # a full cache starts again from its first row: nobody may be reading it just then
            return self._cache.take(self._ops.asarray(self._find(keys), dtype="int64"), axis=0)

    def _find(self, keys: list[int]) -> list[int]:
        """The rows of the cache with the keys' vectors."""
        try:
            return list(map(self._cached.__getitem__, keys))
        except KeyError:
            self._add(keys)
            return [self._cached.get(key, NOTHING) for key in keys]

    def _add(self, keys: list[int]) -> None:
        """Make a row of the cache for each new key that has a vector. If it overflows, it keeps only this batch."""
        new = {key for key in keys if key not in self._cached}
        if len(self._cached) + len(new) > CACHE_ROWS + 1:
            self._empty_cache()
            new = set(keys) - {NOTHING}
        rows = dict(zip(new, self._words.find([as_hash(key) for key in new]), strict=True))
        words = self._spell([key for key, row in rows.items() if row < 0])
        normal = {key: new for key, word in words.items() if (new := self.normalization(word)) != word}
        if normal:
            rows.update(zip(normal, self._words.find([hash_string(word) for word in normal.values()]), strict=True))
            words = {key: normal.get(key, word) for key, word in words.items() if rows[key] < 0}
        known = [key for key, row in rows.items() if row >= 0]
        self._keep(known, take(self._table.vectors, [rows[key] for key in known]))
        if words:
            self._compose(words)

    def _spell(self, keys: list[int]) -> dict[int, str]:
        """The letters of unknown words, if they are of use."""
        words = {key: self._as_string(key) for key in keys}
        for key, word in words.items():
            if word is None and len(self._table.ngrams):
                raise RNNError(Errors.R225.format(key=key))
        return {key: word for key, word in words.items() if word is not None}

    def _compose(self, words: dict[int, str]) -> None:
        some = {key: word for key, word in words.items() if word and len(self._table.ngrams)}
        if some:
            vectors, counts = self._table.compose(list(some.values()))
            self._keep([key for key, count in zip(some, counts, strict=True) if count], vectors[counts > 0])
        self._cached.update((key, NOTHING) for key in words if key not in self._cached)

    def _keep(self, keys: list[int], vectors: numpy.ndarray) -> None:
        start, self._filled = self._filled, self._filled + len(keys)
        self._cache[start : self._filled] = self._ops.asarray(vectors)
        self._cached.update(zip(keys, range(start, self._filled), strict=True))

    def _empty_cache(self) -> None:
        self._cached = {NOTHING: NOTHING}  # key (0: the empty string) -> row of the cache
        self._filled = 1

    def __getitem__(self, key: int | str):
        return self.get_batch([key])[0]

    def __contains__(self, key: int | str) -> bool:
        """Has it a vector? Any string has, if only one of its n-grams has a row."""
        if self._is_empty():
            return False
        try:
            with self._lock:
                return self._find([self._as_key(key)])[0] != NOTHING
        except RNNError:  # letters unknown
            return False

    def items(self) -> Iterator[tuple]:
        """(key, vector) of all known words."""
        return ((key, self[key]) for key in self.key2row)

    def find(self, *, key=None, keys=None, row=None, rows=None):
        """The row of a key (a string, too), or of many; -1 for unknown words. Or the key of a row, or of many."""
        given = {"key": key, "keys": keys, "row": row, "rows": rows}
        if sum(value is not None for value in given.values()) != 1:
            raise ValueError(SpacyErrors.E059.format(kwargs=given))
        if key is not None:
            return self.key2row.get(get_string_id(key), -1)
        if row is not None:
            return self._as_key(self._words[row], False)
        if keys is not None:
            return self._ops.asarray([self.find(key=key) for key in keys], dtype="int32")
        return self._ops.asarray([self.find(row=row) for row in rows], dtype="uint64")

    def most_similar(self, queries, *, batch_size: int = 1024, n: int = 1, sort: bool = True):
        """The ``n`` known words nearest to each query vector by cosine, as (keys, rows, scores): queries x n each."""
        if not 1 <= n <= len(self):
            raise RNNError(Errors.R226.format(n=n, words=len(self)))
        queries = self._ops.asarray(queries, dtype="float32")
        if queries.shape[1:] != self.shape[1:]:
            raise RNNError(Errors.R232.format(found=queries.shape, dim=self.vectors_length))
        matrix = self._table.vectors if isinstance(self._table.vectors, Quantized) else self.data
        rows, scores = most_similar(matrix, queries, n=n, batch_size=batch_size, sort=sort)
        keys = [self._as_key(self._words[row], False) for row in rows.ravel().tolist()]
        return self._ops.asarray(keys, dtype="uint64").reshape(rows.shape), rows, scores

    def add(self, key: int | str, *, vector=None) -> int:
        """Not possible, but no error either: spaCy calls this when merging tokens."""
        warnings.warn(Warnings.W201, stacklevel=2)
        return -1

    # -- What the table is

    @property
    def data(self):
        """The known words' vectors, words x dim, float32 or float16. If quantised, their codes, words x parts."""
        return self._data

    @property
    def shape(self) -> tuple[int, int]:
        return self._table.vectors.shape

    @property
    def size(self) -> int:
        return self.shape[0] * self.shape[1]

    @property
    def vectors_length(self) -> int:
        return self.shape[1]

    @property
    def n_keys(self) -> int:
        return len(self._words)

    def keys(self):
        return self.key2row.keys()

    def __iter__(self) -> Iterator[int]:
        return iter(self.key2row)

    def __len__(self) -> int:
        return len(self._words)

    def __eq__(self, other) -> bool:
        return isinstance(other, FastTextVectors) and format.equal(self._table, other._table)

    __hash__ = None

    # -- To the GPU, to disk and back

    def to_ops(self, ops: Ops) -> None:
        """Where results are wanted. The cache is there, and a copy of the known words' vectors; a table for the CPU is
        left where it is."""
        vectors = self._table.vectors
        data = vectors.codes if isinstance(vectors, Quantized) else vectors
        self._ops = ops
        self._data = data if isinstance(ops, NumpyOps) else ops.asarray(data)
        self._cache = ops.alloc2f(CACHE_ROWS + 1, self.vectors_length)  # main memory is only taken by rows in use
        self._empty_cache()

    def to_bytes(self, **kwargs) -> bytes:
        return format.pack(self._table)

    def from_bytes(self, data: bytes, **kwargs) -> "FastTextVectors":
        """Load a vectors file, or the empty table that spaCy puts back into a vocabulary after it has taken components
        from another pipeline."""
        if data == Vectors().to_bytes(exclude=["strings"]):
            data = FastTextVectors().to_bytes()
        self._fill(format.unpack(data, "these bytes"))
        return self

    def to_disk(self, path: str | Path, **kwargs) -> None:
        """Save to the folder ``path``, also if it is where this table is mapped from."""
        format.save_table(self._table, Path(path) / format.FILE_NAME)

    def from_disk(self, path: str | Path, **kwargs) -> "FastTextVectors":
        """Load a vectors file, or that of a pipeline, such as ``vectors train`` makes, or of its ``vocab``."""
        self._fill(format.load_table(path, self.mmap))
        return self

    def __reduce__(self):
        return _unpickle, (self.to_bytes(), self.name, self.mmap, self._stores)


def _unpickle(data: bytes, name: str | None, mmap: bool, stores: tuple[StringStore, ...]) -> FastTextVectors:
    vectors = FastTextVectors(strings=stores[0], name=name, mmap=mmap).from_bytes(data)
    vectors._stores = vectors._unpickled_with = stores
    return vectors


def create_fasttext_vectors(mmap: bool = True) -> Callable[[Vocab], FastTextVectors]:
    """``[nlp.vectors] @vectors = "spacy-rnn.FastTextVectors.v1"``: empty until loaded or initialized.

    mmap: look vectors up in their file rather than reading it into memory. On Windows, where a mapped file cannot be
    replaced, set it to false to save a pipeline into the folder it came from.
    """
    return lambda vocab: FastTextVectors(strings=vocab.strings, mmap=mmap)
