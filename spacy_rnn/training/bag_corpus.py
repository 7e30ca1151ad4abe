"""Classified texts as flat arrays of numbers, for training a bag of vectors: each text is read and cut into words once.

4 bytes are kept for each word and for each n-gram, and, beside vectors from outside, their mean for each text.
"""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy
import torch
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from ..bridge.convert import lengths_of
from ..errors import Errors, RNNError, Warnings
from ..models.ngrams import keys_of
from ..models.pretrained import key_attr, vectors_of
from ..nets.bag import Lists
from ..nets.ngrams import ngram_rows
from .texts import TextCounts, TextOptions, read_texts
from .texts.docs import tokenize

BLOCK = 1000  # texts
Classified = tuple[Doc, Sequence[str]]


def read_classified(
    path: Path,
    nlp: Language,
    options: TextOptions,
    labels: Sequence[str] | None = None,
    skip_bad: bool = False,
    max_length: int = 0,
) -> Iterator[Classified]:
    """Docs, and the labels of each. labels: those there may be; others are an error (R578, R509). The other arguments
    are for files that are not .spacy, as in `read_texts`."""
    if path.suffix == ".spacy" and path.is_file():
        yield from _read_docs(path, nlp, options.exclusive, labels)
        return
    counts = TextCounts()
    settings = {"longest": nlp.max_length, "max_length": max_length, "skip_bad": skip_bad}
    for text in read_texts(path, options, known=labels, counts=counts, **settings):
        yield tokenize(nlp, text, counts, max_length), text.labels
    counts.warn(path, labels or (), options)


def _read_docs(path: Path, nlp: Language, exclusive: bool | None, labels: Sequence[str] | None) -> Iterator[Classified]:
    """R318: a damaged file. R574, R575: categories that cannot be learned. W310, W311: what is left out or made up."""
    known, without, partial = set(labels or ()), [], []
    try:
        docs = list(DocBin().from_disk(path).get_docs(nlp.vocab))
    except Exception as error:  # zlib, msgpack or spaCy, depending on where the file is broken
        raise RNNError(Errors.R318.format(path=path, reason=error)) from error
    every = set(labels or ()).union(*(doc.cats for doc in docs))
    for number, doc in enumerate(docs, start=1):
        for label, value in doc.cats.items():
            if value not in (0.0, 1.0):
                raise RNNError(Errors.R574.format(path=path, number=number, label=label, value=value))
        right = [label for label, value in doc.cats.items() if value]
        if exclusive and len(right) > 1:
            raise RNNError(Errors.R575.format(path=path, number=number, labels=", ".join(right[:5])))
        unknown = [label for label in right if labels is not None and label not in known]
        if unknown:
            raise RNNError(Errors.R578.format(path=path, number=number, label=unknown[0]))
        if not (right if exclusive else doc.cats):
            without.append(number)
            continue
        if exclusive is False and len(doc.cats) < len(every):
            partial.append(number)
        yield doc, right
    for code, numbers in ((Warnings.W310, without), (Warnings.W311, partial)):
        if numbers:
            warnings.warn(code.format(path=path, count=len(numbers), first=numbers[0]), stacklevel=3)


class BagCorpus:
    """Texts as numbers. Words are numbered as they come; `rows` tells which of them get a row of their own.

    attr: what stands for a word. ngrams, buckets: of how many words at most, and rows for them. vectors: whether to
    look up those of the pipeline.
    """

    def __init__(self, nlp: Language, attr: str, ngrams: int, buckets: int, vectors: bool):
        self.nlp, self.attr, self.ngrams, self.buckets, self.vectors = nlp, attr, ngrams, buckets, vectors
        self.types: dict[int, int] = {}  # hash -> number
        self.labels: dict[str, int] = {}  # in the order they come
        self.texts = self.several = self.none = 0
        self._words, self._ngrams, self._labels, self._means = [], [], [], []  # blocks
        self._lengths: tuple[list, list, list] = [], [], []

    def read(self, classified: Iterable[Classified]) -> Iterator[int]:
        """Take all texts; yields how many there are so far."""
        classified = iter(classified)
        while block := list(islice(classified, BLOCK)):
            self._add([doc for doc, _ in block], [labels for _, labels in block])
            yield self.texts

    def _add(self, docs: list[Doc], labels: list[Sequence[str]]) -> None:
        words, counts = keys_of(docs, self.attr), lengths_of(docs)
        hashes, place = numpy.unique(words, return_inverse=True)
        numbers = [self.types.setdefault(word, len(self.types)) for word in hashes.tolist()]
        self._words.append(numpy.array(numbers, dtype="int32")[place])
        self._lengths[0].append(counts)
        if self.ngrams > 1:
            rows, lengths = ngram_rows(words, counts, [1, self.ngrams], self.buckets)
            self._ngrams.append(rows.astype("int32"))
            self._lengths[1].append(lengths)
        right = [self.labels.setdefault(label, len(self.labels)) for each in labels for label in each]
        self._labels.append(numpy.array(right, dtype="int32"))
        self._lengths[2].append(lengths_of(labels))
        self.texts += len(docs)
        self.several += sum(len(each) > 1 for each in labels)
        self.none += sum(not each for each in labels)
        if self.vectors:
            self._means.append(self._mean_vectors(docs, self._lengths[0][-1]))

    def _mean_vectors(self, docs: list[Doc], lengths: numpy.ndarray) -> numpy.ndarray:  # texts x width
        keys = numpy.concatenate([doc.to_array([key_attr(doc.vocab)]).reshape(-1) for doc in docs])
        if not len(keys):
            return numpy.zeros((len(docs), self.nlp.vocab.vectors.shape[1]), dtype="float32")
        types, place = numpy.unique(keys, return_inverse=True)
        vectors = vectors_of(self.nlp.vocab, types, torch.device("cpu"))
        ends = torch.from_numpy(numpy.cumsum(lengths) - lengths)
        return torch.nn.functional.embedding_bag(torch.from_numpy(place), vectors, ends, mode="mean").numpy()

    # -- when all are read

    def frequent(self, least: int) -> list[str]:
        """The words met so often, the most frequent first."""
        counts = numpy.bincount(numpy.concatenate(self._words), minlength=len(self.types))
        strings = self.nlp.vocab.strings
        found = [(-n, strings[word]) for word, n in zip(self.types, counts.tolist(), strict=True) if n >= least]
        return [word for _, word in sorted(found)]

    def words(self, rows: numpy.ndarray) -> Lists:
        """rows: of each word, in the order of `types`."""
        self._words = [rows.astype("int32")[block] for block in self._words]
        return _lists(self._words, self._lengths[0])

    def ngram_rows(self) -> Lists:
        return _lists(self._ngrams, self._lengths[1]) if self.ngrams > 1 else _none(self.texts)

    def right(self, labels: list[str]) -> Lists:
        """labels: all of them, in the order of the columns."""
        columns = {label: i for i, label in enumerate(labels)}
        column = numpy.array([columns[label] for label in self.labels], dtype="int32")
        return _lists([column[block] for block in self._labels], self._lengths[2])

    def mean_vectors(self, scale: float) -> numpy.ndarray | None:
        """texts x width, float32: of the vectors from outside."""
        return numpy.concatenate(self._means) * numpy.float32(scale) if self.vectors else None


def _lists(blocks: list[numpy.ndarray], lengths: list[numpy.ndarray]) -> Lists:
    rows = numpy.concatenate(blocks)
    blocks.clear()
    return Lists(rows, numpy.concatenate([[0], numpy.cumsum(numpy.concatenate(lengths))]).astype("int64"))


def _none(texts: int) -> Lists:
    return Lists(numpy.zeros(0, dtype="int32"), numpy.zeros(texts + 1, dtype="int64"))
