"""`spacy-rnn.WordEmbed.v1`: a vector for each word and nothing else, for text classifiers. List[Doc] -> List[Floats2d].

Its words are those of the corpus (`spacy-rnn` components count them beforehand), or those that training meets: spaCy's
own components show their model a few Docs only.
"""

from collections import Counter
from collections.abc import Callable
from typing import Literal

import numpy
import torch
from spacy.attrs import IDS, ORTH
from spacy.strings import StringStore
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.convert import join, lengths_of, split
from ..bridge.module import dropout_of, no_backprop
from ..bridge.shim import TorchShim
from ..errors import Errors, RNNError
from ..nets.channels import SCALE, WordChannels
from ..nets.masks import Words
from ..types import EmbedT
from .pretrained import key_attr, vectors_of
from .rows import WordRows
from .words import LONGEST, REMEMBERED, ngram_hashes

EMPTY = numpy.zeros(0, dtype="int64")


def WordEmbed(
    vectors: Literal["auto", "static", "finetuned", "multichannel", "none"] = "auto",
    width: int = 100,
    attr: Literal["ORTH", "LOWER", "NORM"] = "LOWER",
    min_freq: int = 2,
    max_words: int = 50000,
    char_width: int = 0,
    char_rows: int = 20000,
    char_sizes: list[int] = [3, 5],  # noqa: B006
    dropout: float | None = None,
    sparse: bool = True,
) -> EmbedT:
    """Word vectors from the pipeline, or learned ones.

    vectors: "static": the pipeline's as they are; "finetuned": as a starting value; "multichannel": both, side by side
        (Kim 2014, arXiv:1408.5882); "none": learned from nothing; "auto": finetuned where the pipeline has vectors.
    width: of vectors learned from nothing; the others have that of the pipeline's.
    attr: what of a word has a row of its own: "LOWER" for one row whatever the case.
    min_freq, max_words: which words have one. The others keep the pipeline's vector, or share that of unknown words.
    char_width, char_rows, char_sizes: vectors of hashed character n-grams of #word# that stand beside the word's own,
        from the shortest to the longest size; a width of 0 for none.
    dropout: null follows `[training.dropout]`.
    sparse: only rows of words in a batch are stepped (bridge/sparse_adam.py), which makes large tables cheap.
    """
    for name, value in dict(width=width, min_freq=min_freq, max_words=max_words).items():
        if value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))
    if char_width < 0:
        raise RNNError(Errors.R126.format(name="char_width", value=char_width))
    if char_width:
        if char_rows < 1:
            raise RNNError(Errors.R103.format(name="char_rows", value=char_rows))
        if len(char_sizes) != 2 or not 1 <= char_sizes[0] <= char_sizes[1]:
            raise RNNError(Errors.R105.format(value=char_sizes))
    fixed = dict(width=width, char_rows=char_rows, char_width=char_width, sparse=sparse)
    return Model(
        "word_embed",
        forward_words,
        init=init_embed,
        dims={"nO": None},
        attrs=dict(
            once=words_of,
            words=[],
            word_counts=None,
            closed=False,
            vectors=vectors,
            key=attr,
            min_freq=min_freq,
            max_words=max_words,
            char_sizes=list(char_sizes),
            dropout_rate=0.0,
            dropout=dropout,
        ),
        shims=[TorchShim(WordChannels, fixed)],
    )


def init_embed(model: EmbedT, X: list[Doc] | None = None, Y: object = None) -> None:
    """Build the net, once it is known which words and whether there are vectors."""
    attrs, shim, vocab = model.attrs, model.shims[0], X[0].vocab if X else None
    if attrs["word_counts"]:
        counts: Counter[str] = Counter()
        for form, count in attrs["word_counts"].items():
            counts[_key(vocab, form, attrs["key"])] += count
        attrs.update(closed=True, word_counts=None, words=[])
        rows_of(model).learn(counts)
    n_vector = vocab.vectors.shape[1] if vocab is not None and len(vocab.vectors) else 0
    vectors = attrs["vectors"]
    if vectors == "auto":
        vectors = "finetuned" if n_vector else "none"
    if vectors != "none" and not n_vector:
        raise RNNError(Errors.R106.format(vectors=vectors))
    n_words = len(attrs["words"]) if attrs["closed"] else attrs["max_words"]
    found = dict(n_vector=n_vector, scale=_scale(vocab, attrs["words"] or _words(X))) if vectors != "none" else {}
    shim.build(vectors=vectors, n_words=n_words + 1, **found)
    model.set_dim("nO", shim.net.width, force=True)


def _scale(vocab: Vocab, words: list[str]) -> float:
    """What brings the vectors of these words to the scale that nets begin with."""
    keys = Doc(vocab, words=words).to_array([key_attr(vocab)]).reshape(-1)
    spread = float(vectors_of(vocab, keys, torch.device("cpu")).std(correction=0)) if words else 0.0
    return SCALE / spread if spread > 0 else 1.0


def _words(docs: list[Doc]) -> list[str]:
    return [token.text for doc in docs for token in doc]


def _key(vocab: Vocab, form: str, attr: str) -> str:
    lexeme = vocab[form]
    return {"ORTH": lexeme.orth_, "LOWER": lexeme.lower_, "NORM": lexeme.norm_}[attr]


def rows_of(model: EmbedT) -> WordRows:
    """The rows of the model's words, found anew after the model was loaded."""
    shim, words = model.shims[0], model.attrs["words"]
    rows = getattr(shim, "rows", None)
    if rows is None or rows.words is not words:
        rows = shim.rows = WordRows(words, model.attrs["max_words"], model.attrs["min_freq"])
    return rows


def forward_words(model: EmbedT, docs: list[Doc | Span], is_train: bool) -> tuple[list[Floats2d], Callable]:
    words, backprop_once = words_of(model, docs, is_train)

    def backprop(dY: list[Floats2d]) -> list:
        gradient = torch.zeros_like(words.rows)
        return backprop_once(gradient.index_add_(0, words.place, join(model.ops, dY, words.rows.device)))

    return split(model.ops, words.flat, words.lengths), backprop


def words_of(model: EmbedT, docs: list[Doc | Span], is_train: bool) -> tuple[Words, Callable]:
    """The vectors of these Docs, and back, each different word once."""
    shim, lengths = model.shims[0], lengths_of(docs)
    if not lengths.sum():
        nothing = torch.zeros(0, model.get_dim("nO"), device=shim.device)
        return Words(nothing, nothing.new_zeros(0, dtype=torch.int64), lengths), lambda d_rows: []
    *args, place, keys = read_words(model, docs, is_train)
    known = {"keys": keys, "attr": model.attrs["key"]}
    if not is_train:
        return Words(shim.predict(*args), place, lengths, **known), no_backprop
    rows, backprop_net = shim.begin_update(*args, dropout=dropout_of(model))

    def backprop(d_rows: torch.Tensor) -> list:
        backprop_net(d_rows)
        return []

    return Words(rows, place, lengths, **known), backprop


def read_words(
    model: EmbedT, docs: list[Doc | Span], is_train: bool
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, numpy.ndarray, torch.Tensor, numpy.ndarray]:
    """What the types of these Docs are, as the net wants them; the type of each token, and what stands for it."""
    vocab, shim = docs[0].vocab, model.shims[0]
    device, n_vector = shim.device, shim.cfg.get("n_vector", 0)
    if n_vector and vocab.vectors.shape[1] != n_vector:
        raise RNNError(Errors.R107.format(wanted=n_vector, found=vocab.vectors.shape[1]))
    key, vector_key = IDS[model.attrs["key"]], key_attr(vocab)
    columns = [key] if not n_vector or key == vector_key else [ORTH, key, vector_key]
    tokens = numpy.concatenate([doc.to_array(columns).ravel() for doc in docs]).reshape(-1, len(columns))  # N x columns
    sums = tokens[:, 0] if len(columns) == 1 else tokens[:, 0] + tokens[:, 1] * numpy.uint64(3)  # norms may vary
    different, token_types = numpy.unique(sums, return_inverse=True)
    types = numpy.empty((len(different), len(columns)), dtype="uint64")
    types[token_types] = tokens
    words, keys = types[:, columns.index(key)], types[:, -1]
    rows = rows_of(model)
    if is_train and not model.attrs["closed"]:
        rows.grow(words, vocab.strings)
    vectors = vectors_of(vocab, keys, device) if n_vector else torch.zeros(len(types), 0, device=device)
    chars, lengths = _chars(model, words.tolist(), vocab.strings) if shim.fixed["char_width"] else (EMPTY, EMPTY)
    found = [torch.from_numpy(array).to(device) for array in (rows.rows(words), chars, token_types)]
    return found[0], vectors, found[1], lengths, found[2], tokens[:, columns.index(key)]


def _chars(model: EmbedT, words: list[int], strings: StringStore) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The rows of the character n-grams of these words, and how many each has. Remembered for each word."""
    shim = model.shims[0]
    known = shim.__dict__.setdefault("char_ngrams", {})
    if len(known) > REMEMBERED:
        known.clear()
    found = list(map(known.get, words))
    for i, word in enumerate(words):
        if found[i] is None:
            hashes = ngram_hashes(strings[word][:LONGEST], model.attrs["char_sizes"], shim.fixed["char_rows"])
            known[word] = found[i] = numpy.array(hashes, dtype="int64")
    return numpy.concatenate(found), lengths_of(found)
