"""Text classifiers: `spacy-rnn.TextCatBag.v1`, `spacy-rnn.TextCatCNN.v1` and `spacy-rnn.TextCatRNN.v1`.

    Docs -> windows -> tok2vec -> nets/classifier.py -> logits of the windows -> their mean -> probabilities

Model[List[Doc], Floats2d] of probabilities, as spaCy's `textcat` and `textcat_multilabel` want them. What they take
back is p - q, and they hand it on as the gradient of the cross-entropy by the logits. Our own components take the
logits themselves, from the reference `logits`.
"""

from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy
import torch
from spacy.tokens import Doc, Span
from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of
from ..bridge.memory import give_back_memory
from ..bridge.module import forward_texts, no_backprop
from ..bridge.shim import TorchShim
from ..errors import Errors, RNNError
from ..nets.classifier import TextClassifier
from ..nets.masks import Words
from ..nets.ngrams import ngram_rows
from ..types import TextcatT, Tok2VecT
from .long import MAX_TOKENS
from .ngrams import keys_of, some
from .windows import Votes, Windows, groups_of, parts_of, windows_of

PREDICTED = 40_000  # tokens at a time; bags and filters need little memory for each
MANY = 4  # groups of windows, after which freed memory goes back to the system

WINDOW = 1000  # tokens
Attr = Literal["ORTH", "LOWER", "NORM", "LEMMA"]


def TextCatBag(
    tok2vec: Tok2VecT,
    exclusive_classes: bool = True,
    pooling: list[Literal["sum", "mean", "max"]] = ["mean"],  # noqa: B006
    hidden: int = 0,
    ngram_rows: int = 0,
    ngram_width: int = 0,
    ngram_sizes: list[int] = [1, 2],  # noqa: B006
    ngram_attr: Attr = "LOWER",
    ngram_dropout: float = 0.0,
    word_dropout: float = 0.0,
    embed_dropout: float = 0.0,
    dropout: float | None = None,
    window: int = WINDOW,
    max_tokens: int = PREDICTED,
    nO: int | None = None,
) -> TextcatT:
    """The sum, mean or maximum of the word vectors, and a linear decision.

    tok2vec: the vectors of the words, `spacy-rnn.WordEmbed.v1` or any other Model[List[Doc], List[Floats2d]].
    exclusive_classes: one label for each text (softmax), or any number (sigmoid).
    pooling: one or several, side by side.
    hidden: units of a layer with ReLU before the decision; 0 for none.
    ngram_rows: of a table of hashed n-grams of words; 0 for none. ngram_width: of their vectors, whose mean stands
        beside what was read of the text; 0 gives each n-gram a score for each label instead, as in a linear classifier.
    ngram_sizes: the smallest and the largest n-gram, in words. ngram_attr: what of a word counts. ngram_dropout: the
        share of n-grams that training leaves out.
    word_dropout: the share of words that training leaves out, the same ones in a whole batch.
    dropout: of what was read of a text; null follows `[training.dropout]`.
    embed_dropout: of the word vectors, as a share of that.
    window: longer texts are read in windows of so many tokens at most, whose logits are averaged; 0 for no limit.
    max_tokens: laid out at a time when predicting. Any number gives the same result.
    """
    return _classifier("bag", locals())


def TextCatCNN(
    tok2vec: Tok2VecT,
    exclusive_classes: bool = True,
    filters: int = 100,
    sizes: list[int] = [3, 4, 5],  # noqa: B006
    depth: int = 1,
    hidden: int = 0,
    ngram_rows: int = 0,
    ngram_width: int = 0,
    ngram_sizes: list[int] = [1, 2],  # noqa: B006
    ngram_attr: Attr = "LOWER",
    ngram_dropout: float = 0.0,
    word_dropout: float = 0.0,
    embed_dropout: float = 0.0,
    dropout: float | None = None,
    window: int = WINDOW,
    max_tokens: int = PREDICTED,
    nO: int | None = None,
) -> TextcatT:
    """Convolution filters, the maximum of each over the text, and a linear decision (Kim 2014, arXiv:1408.5882).

    filters: of each size. sizes: how many words a filter sees. depth: layers of filters.
    The other arguments are those of TextCatBag. Kim's three ways with vectors are those of `spacy-rnn.WordEmbed.v1`.
    """
    return _classifier("cnn", locals())


def TextCatRNN(
    tok2vec: Tok2VecT,
    exclusive_classes: bool = True,
    width: int = 256,
    depth: int = 1,
    cell: Literal["rnn", "lstm", "gru"] = "lstm",
    bidirectional: bool = True,
    pooling: list[Literal["last", "mean", "max", "attention"]] = ["max"],  # noqa: B006
    recurrent_dropout: float = 0.0,
    state_dropout: float = 0.0,
    hidden: int = 0,
    ngram_rows: int = 0,
    ngram_width: int = 0,
    ngram_sizes: list[int] = [1, 2],  # noqa: B006
    ngram_attr: Attr = "LOWER",
    ngram_dropout: float = 0.0,
    word_dropout: float = 0.0,
    embed_dropout: float = 0.0,
    dropout: float | None = None,
    window: int = WINDOW,
    max_tokens: int = MAX_TOKENS,
    nO: int | None = None,
) -> TextcatT:
    """Recurrent layers, one vector of their states, and a linear decision.

    width: of the states, both directions together. depth: layers. cell: "rnn", "lstm" or "gru".
    pooling: "last" (the state that has seen the whole text, of each direction), "mean", "max" or "attention", one or
        several side by side.
    recurrent_dropout: of the weights from one state to the next.
    state_dropout: of what goes into and comes out of each layer, one mask for a whole text, as a share of `dropout`.
    The other arguments are those of TextCatBag.
    """
    return _classifier("rnn", locals())


READER = {  # its own settings
    "bag": ("pooling",),
    "cnn": ("filters", "sizes", "depth"),
    "rnn": ("width", "depth", "cell", "bidirectional", "pooling", "recurrent_dropout", "state_dropout"),
}
FIXED = ("hidden", "word_dropout", "embed_dropout", "ngram_rows", "ngram_width")  # as nets/classifier.py names them too


def _classifier(reader: str, given: dict[str, Any]) -> TextcatT:
    """given: the arguments of one of the architectures."""
    _check(given)
    given = {name: list(value) if isinstance(value, list | tuple) else value for name, value in given.items()}
    tok2vec, nO = given["tok2vec"], given["nO"]
    fixed = {name: given[name] for name in FIXED}
    fixed |= {"reader": reader, "settings": {name: given[name] for name in READER[reader]}}
    ngrams = {name: given[f"ngram_{name}"] for name in ("rows", "width", "sizes", "attr", "dropout")}
    decide = Model(
        "text_classifier",
        forward_texts,
        dims={"nI": None, "nO": nO},
        attrs={"dropout_rate": 0.0, "dropout": given["dropout"]},
        shims=[TorchShim(TextClassifier, fixed)],
    )
    reading = Reading(given["window"], given["max_tokens"], ngrams)
    logits = Model(
        "text_logits",
        forward_logits,
        init=init_logits,
        layers=[tok2vec, decide],
        dims={"nO": nO},
        refs={"tok2vec": tok2vec, "heads": decide},
        attrs={"reading": reading, "window_groups": window_groups},
    )
    return Model(
        "text_categories",
        forward_probabilities,
        init=init_probabilities,
        layers=[logits],
        dims={"nO": nO},
        refs={"logits": logits, "tok2vec": tok2vec, "heads": decide, "output_layer": decide},
        attrs={"multi_label": not given["exclusive_classes"], "resize_output": resize},
    )


def _check(given: dict[str, Any]) -> None:
    for name, value in given.items():
        if name in ("filters", "width", "depth", "max_tokens") and value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))
        if name in ("window", "hidden", "embed_dropout", "state_dropout") and value < 0:
            raise RNNError(Errors.R126.format(name=name, value=value))
        if name in ("dropout", "word_dropout", "ngram_dropout", "recurrent_dropout") and not 0 <= (value or 0) < 1:
            raise RNNError(Errors.R127.format(name=name, value=value))
        if name in ("pooling", "sizes"):
            below = any(isinstance(one, int) and one < 1 for one in value)
            if not value or below or len(set(value)) < len(value):
                raise RNNError(Errors.R123.format(name=name, value=value))
    if given.get("bidirectional") and given["width"] % 2:
        raise RNNError(Errors.R101.format(width=given["width"]))
    rows, width, sizes = (given[f"ngram_{name}"] for name in ("rows", "width", "sizes"))
    if rows < 0 or width < 0 or (width and not rows):
        raise RNNError(Errors.R125.format(rows=rows, width=width))
    if len(sizes) != 2 or not 1 <= sizes[0] <= sizes[1]:
        raise RNNError(Errors.R105.format(value=sizes))


class Reading:
    """How Docs are read; not saved with the model, so that the config's numbers count after loading."""

    def __init__(self, window: int, max_tokens: int, ngrams: dict[str, Any]):
        self.window, self.max_tokens, self.ngrams = window, max_tokens, ngrams


# -- logits


def forward_logits(model: Model, docs: list[Doc], is_train: bool) -> tuple[Floats2d, Callable]:
    decide, ops = model.get_ref("heads"), model.ops
    if not len(docs):
        return ops.alloc2f(0, model.get_dim("nO")), lambda dY: []
    if is_train:
        windows = windows_of(lengths_of(docs), model.attrs["reading"].window, True)
        parts, votes = parts_of(docs, windows), Votes(windows.doc, len(docs))
        X, backprop_tok2vec = _encoded(model, docs, windows, parts, True)
        Y, backprop_decide = decide.begin_update((X, _others(model, parts, X, True)))
        return votes.count(Y, ops), lambda dY: backprop_tok2vec(backprop_decide(votes.spread(dY, ops)))
    rows, numbers = [], []
    for windows, X, others in window_groups(model, docs):
        numbers.append(windows.doc)
        rows.append(decide.predict((X, others)))
        if len(rows) % MANY == 0:
            give_back_memory()
    return Votes(numpy.concatenate(numbers), len(docs)).count(ops.xp.concatenate(rows), ops), no_backprop


def window_groups(model: Model, docs: list[Doc]) -> Iterator[tuple[Windows, list[Floats2d] | Words, tuple]]:
    """What the net gets to predict, in groups: windows, the vectors of their words, their n-grams."""
    reading = model.attrs["reading"]
    windows = windows_of(lengths_of(docs), reading.window, False)
    parts = parts_of(docs, windows)
    for group in groups_of(windows, reading.max_tokens):
        X, _ = _encoded(model, docs, windows[group], parts[group], False)
        yield windows[group], X, _others(model, parts[group], X, False)


def _encoded(
    model: Model, docs: list[Doc], windows: Windows, parts: list[Doc | Span], is_train: bool
) -> tuple[list[Floats2d] | Words, Callable[[Any], Any]]:
    """The word vectors of the windows, and back. A listener knows those of whole Docs only; an embedding of words knows
    which are equal."""
    tok2vec = model.get_ref("tok2vec")
    if "once" in tok2vec.attrs:
        return tok2vec.attrs["once"](tok2vec, parts, is_train)
    whole = all(isinstance(part, Doc) for part in parts)
    if whole or not any(node.name.endswith("listener") for node in tok2vec.walk()):
        return tok2vec(parts, is_train)
    rows, backprop = tok2vec(docs, is_train)

    def backprop_parts(dX: list[Floats2d]) -> Any:
        d_rows = [model.ops.alloc2f(*array.shape) for array in rows]
        for window, gradient in zip(windows, dX, strict=True):
            d_rows[window.doc][window.begin : window.end] = gradient
        return backprop(d_rows)

    return [rows[w.doc][w.begin : w.end] for w in windows], backprop_parts


def _others(
    model: Model, parts: list[Doc | Span], X: list[Floats2d] | Words, is_train: bool
) -> tuple[torch.Tensor, numpy.ndarray]:
    """The n-grams of the windows, as the net wants them."""
    ngrams = model.attrs["reading"].ngrams
    if not ngrams["rows"]:
        return torch.zeros(0, dtype=torch.int64), numpy.zeros(len(parts), dtype="int64")
    known = isinstance(X, Words) and X.attr == ngrams["attr"]
    keys = X.keys if known else keys_of(parts, ngrams["attr"])
    rows, lengths = ngram_rows(keys, lengths_of(parts), ngrams["sizes"], ngrams["rows"])
    if is_train and ngrams["dropout"]:
        rows, lengths = some(rows, lengths, ngrams["dropout"])
    return torch.from_numpy(rows).to(model.get_ref("heads").shims[0].device), lengths


def init_logits(model: Model, X: list[Doc] | None = None, Y: Floats2d | None = None) -> None:
    tok2vec, decide = model.get_ref("tok2vec"), model.get_ref("heads")
    if X is None:
        raise RNNError(Errors.R124)
    if Y is not None:
        model.set_dim("nO", Y.shape[1], force=True)
    if not model.has_dim("nO"):
        raise RNNError(Errors.R124)
    tok2vec.initialize(X)
    decide.set_dim("nI", tok2vec.predict(X[:1])[0].shape[1], force=True)
    decide.set_dim("nO", model.get_dim("nO"), force=True)
    decide.shims[0].build(n_in=decide.get_dim("nI"), n_labels=decide.get_dim("nO"))


# -- probabilities


def forward_probabilities(model: Model, docs: list[Doc], is_train: bool) -> tuple[Floats2d, Callable]:
    logits, backprop = model.get_ref("logits")(docs, is_train)
    multi_label, ops = model.attrs["multi_label"], model.ops
    return (ops.sigmoid(logits) if multi_label else ops.softmax(logits)), backprop


def init_probabilities(model: Model, X: list[Doc] | None = None, Y: Floats2d | None = None) -> None:
    logits = model.get_ref("logits")
    logits.initialize(X, Y)
    model.set_dim("nO", logits.get_dim("nO"), force=True)


def resize(model: Model, n_labels: int) -> Model:
    """Room for more labels. Those there were keep their weights; a new one begins as improbable as the rarest."""
    logits, decide = model.get_ref("logits"), model.get_ref("heads")
    shim = decide.shims[0]
    if shim.built:
        known = shim.cfg["n_labels"]
        shim.resize(n_labels=n_labels)
        output = shim.net.output
        with torch.no_grad():
            output.weight[known:] = 0.0
            output.bias[known:] = output.bias[:known].min()
    for node in (model, logits, decide):
        node.set_dim("nO", n_labels, force=True)
    return model
