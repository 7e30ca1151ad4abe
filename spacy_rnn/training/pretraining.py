"""Learn a component's embedding and recurrent layer from raw text, before there is any gold: `spacy pretrain`.

    [pretraining.objective]  @architectures = "spacy-rnn.PretrainNeighbours.v1"    the words to the right and left
    [corpora.pretrain]       @readers = "spacy-rnn.text_corpus.v1"                 raw text, a space between tokens

`spacy train` starts from the result with --initialize.init_tok2vec. See nets/neighbours.py for the objective.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy
import torch
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model, chain
from thinc.types import Floats2d

from ..bridge.convert import join, lengths_of, split
from ..bridge.module import sequence_model
from ..errors import Errors, RNNError
from ..nets.neighbours import OTHER, NeighbourWords
from ..types import Tok2VecT
from ..vectors.corpus import find_texts, read_blocks
from ..vectors.table import FastTextVectors


def PretrainNeighbours(max_words: int = 20000) -> Callable[[Vocab, Tok2VecT], Model]:
    """An objective for `[pretraining]`: name the word to the right and, in a bidirectional layer, to the left.

    max_words: that can be named, the most frequent of the pipeline's vectors, which must be made by `spacy rnn vectors
        train` (or another table in the order of frequency). The embedding's word table takes its words from there, too.
    """

    if max_words < 2:
        raise RNNError(Errors.R149.format(setting="max_words", value=max_words, wanted="2 or more"))

    def create(vocab: Vocab, tok2vec: Tok2VecT) -> Model:
        words = frequent_words(vocab)
        for node in tok2vec.walk():
            if "word_counts" in node.attrs:  # as if a word's rank were its frequency: all that is asked is the order
                node.attrs["word_counts"] = Counter({word: len(words) - i for i, word in enumerate(words)})
        bidirectional = reads_both_ways(tok2vec)
        fixed = {"n_words": len(words[:max_words]), "bidirectional": bidirectional}
        head = sequence_model("neighbour_words", NeighbourWords, fixed, init_head, {"nI": None, "nO": None})
        model = chain(tok2vec, head)
        model.set_ref("tok2vec", tok2vec)
        model.attrs["loss"] = Loss(head, Ranks(vocab, words[:max_words]))
        return model

    return create


def init_head(model: Model, X: list[Floats2d] | None = None, Y: object = None) -> None:
    width = X[0].shape[1]
    model.set_dim("nI", width)
    model.set_dim("nO", width)
    model.shims[0].build(n_in=width)


def reads_both_ways(tok2vec: Tok2VecT) -> bool:
    """Whether the encoder has two directions, neither of which may have seen what it is to name."""
    encoders = [shim for node in tok2vec.walk() if node.name == "rnn_encoder" for shim in node.shims]
    if len(encoders) != 1 or (encoders[0].fixed["bidirectional"] and encoders[0].fixed["depth"] > 1):
        raise RNNError(Errors.R366)
    return encoders[0].fixed["bidirectional"]


def frequent_words(vocab: Vocab) -> list[str]:
    """The words of the pipeline's vectors, the most frequent first. R367: not even two."""
    table = vocab.vectors
    if len(table) < 2:
        raise RNNError(Errors.R367)
    if isinstance(table, FastTextVectors):
        return list(table.to_table().words)
    rows = sorted((row, key) for key, row in table.key2row.items() if row >= 0)
    return [vocab.strings[key] for _, key in rows]


class Ranks:
    """The rank of each token of Docs among the words, in lower case where they are."""

    def __init__(self, vocab: Vocab, words: list[str]):
        self.strings = vocab.strings
        self.rank = {word: i for i, word in enumerate(words)}
        self.seen: dict[int, int] = {}

    def __call__(self, docs: list[Doc]) -> numpy.ndarray:  # N
        orths = numpy.concatenate([doc.to_array([ORTH]) for doc in docs]).ravel().tolist()
        for orth in orths:
            if orth not in self.seen:
                form = self.strings[orth]
                self.seen[orth] = self.rank.get(form, self.rank.get(form.lower(), OTHER))
        return numpy.array([self.seen[orth] for orth in orths], dtype="int64")


class Loss:
    """What `spacy pretrain` calls: (ops, docs, states) -> the loss and its gradient."""

    def __init__(self, head: Model, ranks: Ranks):
        self.head, self.ranks = head, ranks

    def __call__(self, ops, docs: list[Doc], states: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        lengths, shim = lengths_of(states), self.head.shims[0]
        if not lengths.sum():
            return 0.0, [ops.alloc2f(*s.shape) for s in states]
        flat = join(ops, states, shim.device)
        ranks = torch.from_numpy(self.ranks(docs)).to(shim.device)
        loss, gradient = shim.net.loss(flat, ranks, lengths)
        return loss, split(ops, gradient, lengths)


# -- Raw text


class TextCorpus:
    """Docs from raw text, a sentence or paragraph a line and a space between tokens, as `spacy rnn text` writes it.

    path: a file (.txt, .txt.gz, .jsonl, .spacy) or a folder of them. shuffle: in another order each time, with all
    lines in memory. limit: only so many lines, in that order (0: all). max_length: longer lines are cut there.
    """

    def __init__(self, path: Path, shuffle: bool, limit: int, max_length: int):
        self.path, self.shuffle, self.limit, self.max_length = path, shuffle, limit, max_length

    def __call__(self, nlp: Language) -> Iterator[Doc]:
        lines = self.lines()
        if self.shuffle:
            lines = list(lines)
            random.shuffle(lines)
        for line in islice(lines, self.limit or None):
            words = line.decode("utf8").split()
            for start in range(0, len(words), self.max_length):
                yield Doc(nlp.vocab, words=words[start : start + self.max_length])

    def lines(self) -> Iterator[bytes]:
        """Those with something in them. A block ends with a line, unless that is longer than a megabyte."""
        for block in read_blocks(find_texts([self.path]), None, lambda done: None):
            yield from filter(None, block.split(b"\n"))


def create_text_corpus(
    path: str | Path | None, shuffle: bool = True, limit: int = 0, max_length: int = 200
) -> TextCorpus | Callable[[Language], list]:
    """Registered as spacy-rnn.text_corpus.v1, for the corpus of [pretraining]. Without a path it is empty, so that a
    config can have it and be used without. R149: a number that is too small."""
    for setting, value, least in (("limit", limit, 0), ("max_length", max_length, 1)):
        if value < least:
            raise RNNError(Errors.R149.format(setting=setting, value=value, wanted=f"{least} or more"))
    return TextCorpus(Path(path), shuffle, limit, max_length) if path is not None else lambda nlp: []
