"""The three kinds of Thinc model this package has, each around one torch net.

    sequences  List[Floats2d] -> List[Floats2d]   an encoder or an output layer
    docs       List[Doc] -> List[Floats2d]        an embedding layer; a function of the model makes the net's
    arguments from the Docs
    texts      List[Floats2d], ... -> Floats2d    one row for each sequence, which may have other arguments too

Inside, tokens lie flat (N x width) beside the lengths of their sequences; see nets/masks.py.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy
from thinc.api import Model, Optimizer
from thinc.types import Floats2d
from thinc.util import torch2xp, xp2torch
from torch import Tensor, nn

from ..errors import Errors, RNNError
from ..nets.masks import Words
from .convert import join, lengths_of, split
from .optimizer import clip_gradients
from .shim import TorchShim


def sequence_model(
    name: str,
    net_class: type[nn.Module],
    fixed: dict[str, Any],
    init: Callable,
    dims: dict[str, int | None],
    **settings,
) -> Model[list[Floats2d], list[Floats2d]]:
    """Wrap a net called as net(flat, lengths) -> N x nO."""
    return Model(
        name,
        forward_sequences,
        init=init,
        dims=dims,
        attrs={"dropout_rate": 0.0, **settings},
        shims=[TorchShim(net_class, fixed)],
    )


def dropout_of(model: Model) -> float:
    """The rate the config fixes for this model, else what `[training.dropout]` says at the moment."""
    fixed = model.attrs.get("dropout")
    return model.attrs["dropout_rate"] if fixed is None else fixed


def forward_sequences(model: Model, X: list[Floats2d], is_train: bool) -> tuple[list[Floats2d], Callable]:
    shim, ops = model.shims[0], model.ops
    lengths = lengths_of(X)
    if not len(X) or not lengths.sum():
        return _empty(model, lengths), lambda dY: [ops.alloc2f(0, model.get_dim("nI")) for _ in dY]
    flat = join(ops, X, shim.device)
    if flat.shape[1] != model.get_dim("nI"):
        raise RNNError(Errors.R007.format(name=model.name, found=flat.shape[1], wanted=model.get_dim("nI")))
    if not is_train:
        return split(ops, shim.predict(flat, lengths), lengths), no_backprop
    flat.requires_grad_()
    Y, backprop_net = shim.begin_update(flat, lengths, dropout=dropout_of(model))

    def backprop(dY: list[Floats2d]) -> list[Floats2d]:
        backprop_net(join(ops, dY, shim.device))
        return split(ops, flat.grad, lengths)

    return split(ops, Y, lengths), backprop


def forward_docs(model: Model, docs: list, is_train: bool) -> tuple[list[Floats2d], Callable]:
    """`model.attrs["read"]` makes the net's arguments: (model, docs, is_train) -> tuple."""
    shim, ops = model.shims[0], model.ops
    lengths = lengths_of(docs)
    if not lengths.sum():
        return _empty(model, lengths), lambda dY: []
    args = model.attrs["read"](model, docs, is_train)
    if not is_train:
        return split(ops, shim.predict(*args), lengths), no_backprop
    Y, backprop_net = shim.begin_update(*args, dropout=dropout_of(model))

    def backprop(dY: list[Floats2d]) -> list:
        backprop_net(join(ops, dY, shim.device))
        return []

    return split(ops, Y, lengths), backprop


def forward_texts(model: Model, X: tuple[list[Floats2d] | Words, tuple], is_train: bool) -> tuple[Floats2d, Callable]:
    """The net is called as net(flat, lengths, *others) -> sequences x nO; empty sequences have a row too. If equal
    words come once (`Words`), as net(rows, lengths, *others, place), and so do their gradients."""
    (words, others), shim, ops = X, model.shims[0], model.ops
    once = isinstance(words, Words)
    lengths = words.lengths if once else lengths_of(words)
    flat = words.rows if once else join(ops, words, shim.device)
    others = (*others, words.place) if once else others
    if flat.shape[1] != model.get_dim("nI"):
        raise RNNError(Errors.R007.format(name=model.name, found=flat.shape[1], wanted=model.get_dim("nI")))
    if not is_train:
        return torch2xp(shim.predict(flat, lengths, *others), ops=ops), no_backprop
    flat.requires_grad_()
    Y, backprop_net = shim.begin_update(flat, lengths, *others, dropout=dropout_of(model))

    def backprop(dY: Floats2d) -> list[Floats2d] | Tensor:
        backprop_net(xp2torch(dY, device=shim.device))
        return flat.grad if once else split(ops, flat.grad, lengths)

    return torch2xp(Y, ops=ops), backprop


def predict_parts(model: Model, docs: list) -> Iterator[Floats2d]:
    """The rows of all Docs one after the other, in as many parts as the model wants to make of them.

    `model.attrs["parts"]` makes them: (model, docs) -> iterator; see models/long.py. A model without it predicts all
    at once.
    """
    if "parts" in model.attrs:
        yield from model.attrs["parts"](model, docs)
    elif docs:
        yield model.ops.xp.concatenate(model.predict(docs))


def no_backprop(dY: Any) -> Any:
    raise RNNError(Errors.R008)


def finish_update(model: Model, optimizer: Optimizer) -> None:
    """As `model.finish_update(optimizer)`, but all nets inside are clipped by one global norm and skipped together."""
    shims = [s for node in model.walk() for s in node.shims if isinstance(s, TorchShim) and s._model is not None]
    finite = clip_gradients([shim.net for shim in shims], optimizer.grad_clip)
    for node in model.walk():
        for shim in node.shims:
            if not isinstance(shim, TorchShim):
                shim.finish_update(optimizer)
            elif finite:
                shim.finish_update(optimizer, clip=False)
        for name in node.param_names:
            if node.has_grad(name) and finite:
                param, _ = optimizer((node.id, name), node.get_param(name), node.get_grad(name))
                node.set_param(name, param)
            elif node.has_grad(name):
                node.set_grad(name, node.ops.xp.zeros_like(node.get_grad(name)))


def _empty(model: Model, lengths: numpy.ndarray) -> list[Floats2d]:
    return [model.ops.alloc2f(0, model.get_dim("nO")) for _ in lengths]
