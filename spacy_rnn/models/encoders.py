"""Encoders for `[components.tok2vec.model.encode]`: context for each token, List[Floats2d] -> List[Floats2d].

They drop into `spacy.Tok2Vec.v2`, ours or spaCy's, and through `spacy.Tok2VecListener.v1` reach every component that
listens. A Doc's output is the same alone and in any batch.
"""

from typing import Literal

from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.module import sequence_model
from ..errors import Errors, RNNError
from ..nets.convolution import ConvolutionalEncoder
from ..nets.recurrent import RecurrentEncoder
from ..types import EncoderT


def RNNEncoder(
    width: int,
    depth: int = 1,
    cell: Literal["rnn", "lstm", "gru"] = "lstm",
    bidirectional: bool = True,
    dropout: float | None = None,
    dilation: list[int] | int = 1,
    stride: list[int] | int = 1,
) -> EncoderT:
    """A stack of recurrent layers (nets/recurrent.py). The width of the input is found by itself.

    width: of the output, of both directions together.
    depth: number of layers.
    cell: tanh RNN, LSTM or GRU.
    dropout: variational, before each layer and after the last; null follows `[training.dropout]`.
    dilation: 2 makes a layer read every second token, in two interleaved tracks. One number, or one for each layer.
    stride: 2 makes a layer step over every second token, which then keep the last state. One number, or one for each
        layer.
    """
    _positive(width=width, depth=depth)
    if bidirectional and width % 2:
        raise RNNError(Errors.R101.format(width=width))
    for name, value in (("dilation", dilation), ("stride", stride)):
        _check_layers(name, value, depth)
    fixed = dict(width=width, depth=depth, cell=cell, bidirectional=bidirectional, dilation=dilation, stride=stride)
    return _encoder("rnn_encoder", RecurrentEncoder, fixed, dropout)


def CNNEncoder(
    width: int, depth: int = 4, window: int = 1, dropout: float | None = None, dilation: list[int] | int = 1
) -> EncoderT:
    """A stack of convolutional layers with residual connections (nets/convolution.py).

    width: of the output.
    depth: number of layers; the receptive field is 1 + 2 * window * sum of dilations.
    window: tokens seen to each side.
    dropout: variational, before the first layer and after each; null follows `[training.dropout]`.
    dilation: distance of the tokens in a window. One number, or one for each layer, such as [1, 2, 4].
    """
    _positive(width=width, depth=depth, window=window)
    _check_layers("dilation", dilation, depth)
    fixed = dict(width=width, depth=depth, window=window, dilation=dilation)
    return _encoder("cnn_encoder", ConvolutionalEncoder, fixed, dropout)


def _encoder(name: str, net_class: type, fixed: dict, dropout: float | None) -> EncoderT:
    return sequence_model(name, net_class, fixed, init_encoder, {"nI": None, "nO": fixed["width"]}, dropout=dropout)


def init_encoder(model: Model, X: list[Floats2d] | None = None, Y: list[Floats2d] | None = None) -> None:
    if X is not None and model.has_dim("nI") is None:
        model.set_dim("nI", X[0].shape[1])
    model.shims[0].build(n_in=model.get_dim("nI"))


def _positive(**numbers: int) -> None:
    for name, value in numbers.items():
        if value < 1:
            raise RNNError(Errors.R103.format(name=name, value=value))


def _check_layers(name: str, value: list[int] | int, depth: int) -> None:
    values = [value] if isinstance(value, int) else value
    if min(values, default=0) < 1 or (not isinstance(value, int) and len(value) != depth):
        raise RNNError(Errors.R102.format(name=name, value=value, depth=depth))
