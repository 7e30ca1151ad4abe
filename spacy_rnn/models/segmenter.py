"""`spacy-rnn.Segmenter.v1`: a score for each label of each character of a word, List[str] -> List[Floats2d].

    words -> n-grams around each character (nets/characters.py) -> any encoder -> labels and edits (nets/segmenter.py)

With several members, everything is there several times, each with its own beginning and its own dropout and trained by
its own loss; their scores stand side by side, and the component takes the mean. Members share nothing but statistics.
The component puts the labels into the attribute `labels` of all layers that have it, and the words without gold, if
there are any, into `raw_words`, before the model is initialised.
"""

from collections.abc import Callable
from typing import Literal

import numpy
import torch
from thinc.api import Model, chain
from thinc.types import Floats2d

from ..bridge.convert import lengths_of
from ..bridge.module import forward_docs
from ..bridge.shim import TorchShim
from ..errors import Errors, RNNError
from ..nets.characters import CharacterEmbedder, statistics, window_keys
from ..nets.segmenter import SegmenterHead
from ..types import EncoderT, SegmenterT
from .heads import output_layer


def Segmenter(
    encode: EncoderT,
    width: int = 64,
    ngram_size: int = 4,
    ngram_rows: int = 30000,
    ngram_dropout: float = 0.3,
    reach: int = 9,
    decoder: Literal["crf", "softmax"] = "crf",
    members: int = 1,
    dropout: float | None = None,
) -> SegmenterT:
    """Scores of the labels for each character.

    encode: context for each character, such as `spacy-rnn.RNNEncoder.v1` or `spacy-rnn.CNNEncoder.v1`.
    width: of the embedding of a character.
    ngram_size, ngram_rows: the longest n-grams to both sides of a character, and the rows of their table.
    ngram_dropout: share of the n-grams hidden in training, so that new words, whose n-grams are new, are no surprise.
    reach: the longest n-grams whose statistics are used, where the component is given words without gold.
    decoder: "crf" learns which label follows which; "softmax" is trained on each character for itself.
    members: networks whose scores are averaged. Five label better than one, and take five times as long.
    dropout: of the embedding; null follows `[training.dropout]`.
    """
    sizes = dict(width=width, ngram_size=ngram_size, ngram_rows=ngram_rows, reach=reach, members=members)
    for name, value in sizes.items():
        if value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))
    fixed = dict(
        width=width, rows=ngram_rows, size=ngram_size, reach=reach, members=members, ngram_dropout=ngram_dropout
    )
    embed: Model[list[str], list[Floats2d]] = Model(
        "character_embed",
        forward_docs,
        init=init_embed,
        dims={"nO": None},
        attrs=dict(read=read_words, raw_words=None, raw_cuts=None, dropout_rate=0.0, dropout=dropout),
        shims=[TorchShim(CharacterEmbedder, fixed)],
    )
    heads = [output_layer("segmenter_head", SegmenterHead, decoder, Errors.R140) for _ in range(members)]
    layers = [chain(encode.copy() if number else encode, head) for number, head in enumerate(heads)]
    model = chain(embed, side_by_side(layers))
    model.set_ref("heads", heads[0])
    return model


# -- embedding


def init_embed(model: Model, X: list[str] | None = None, Y: object = None) -> None:
    shim, words = model.shims[0], model.attrs["raw_words"] or []
    cuts, model.attrs["raw_words"] = model.attrs["raw_cuts"], None
    keys, values = statistics(*codes_of(words), shim.fixed["reach"], cuts) if words else ([], [])
    model.attrs["raw_cuts"] = None
    shim.build(n_statistics=len(keys))
    if len(keys):
        shim.net.keys.copy_(torch.from_numpy(keys))
        shim.net.values.copy_(torch.from_numpy(values))
    model.set_dim("nO", shim.net.width, force=True)


def read_words(model: Model, words: list[str], is_train: bool) -> tuple[torch.Tensor, numpy.ndarray]:
    shim = model.shims[0]
    codes, lengths = codes_of(words)
    hashes = window_keys(codes, lengths, max(shim.fixed["size"], shim.fixed["reach"]))
    return torch.from_numpy(hashes).to(shim.device), lengths


def codes_of(words: list[str]) -> tuple[numpy.ndarray, numpy.ndarray]:
    """The characters of all words as numbers, and the lengths of the words."""
    codes = numpy.frombuffer("".join(words).encode("utf-32-le", "surrogatepass"), dtype="uint32")
    return codes.astype("int64") + 2, lengths_of(words)


# -- members


def side_by_side(layers: list[Model]) -> Model[list[Floats2d], list[Floats2d]]:
    """Each layer on its share of the columns, their outputs in columns beside each other."""
    return Model("members", forward_members, init=init_members, layers=layers)


def init_members(model: Model, X: list[Floats2d] | None = None, Y: object = None) -> None:
    for number, layer in enumerate(model.layers):
        layer.initialize(X=None if X is None else shares(model, X)[number])


def forward_members(model: Model, X: list[Floats2d], is_train: bool) -> tuple[list[Floats2d], Callable]:
    inputs = shares(model, X)
    outputs, backprops = zip(*(layer(x, is_train) for layer, x in zip(model.layers, inputs, strict=True)), strict=True)

    def backprop(dY: list[Floats2d]) -> list[Floats2d]:
        return beside(model, [back(dy) for back, dy in zip(backprops, shares(model, dY), strict=True)])

    return beside(model, outputs), backprop


def shares(model: Model, X: list[Floats2d]) -> list[list[Floats2d]]:
    """For each member its columns of every word."""
    xp, ends = model.ops.xp, lengths_of(X).cumsum()[:-1].tolist()
    return [xp.split(part, ends) for part in xp.split(xp.concatenate(X), len(model.layers), axis=1)]


def beside(model: Model, parts: list[list[Floats2d]]) -> list[Floats2d]:
    xp, ends = model.ops.xp, lengths_of(parts[0]).cumsum()[:-1].tolist()
    return xp.split(xp.concatenate([xp.concatenate(part) for part in parts], axis=1), ends)
