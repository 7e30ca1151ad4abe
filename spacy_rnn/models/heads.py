"""Output layers whose labels the component knows that owns the model: List[Floats2d] -> List[Floats2d]."""

from functools import partial

import numpy
import torch
from thinc.api import Model
from thinc.types import Floats2d
from torch import nn

from ..bridge.module import sequence_model
from ..errors import RNNError


def output_layer(
    name: str, net_class: type[nn.Module], decoder: str, error: str
) -> Model[list[Floats2d], list[Floats2d]]:
    """The component puts the arguments of the net into the attribute `labels` before the model is initialised.

    error: of a model without a component that does.
    """
    dims = {"nI": None, "nO": None}
    return sequence_model(name, net_class, {"decoder": decoder}, partial(init, error=error), dims, labels=None)


def init(model: Model, X: list[Floats2d] | None = None, Y: object = None, *, error: str) -> None:
    labels, shim = model.attrs["labels"], model.shims[0]
    if labels is None:
        raise RNNError(error)
    if X is not None:
        model.set_dim("nI", X[0].shape[1], force=True)
    shim.build(n_in=model.get_dim("nI"), **labels)
    no_tokens = torch.zeros(0, model.get_dim("nI"), device=shim.device)
    scores = shim.predict(no_tokens, numpy.zeros(0, dtype="int64"))
    model.set_dim("nO", scores.shape[1], force=True)  # initialised anew, the labels may be others
