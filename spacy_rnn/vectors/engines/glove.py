"""GloVe at work on a model: see native/glove.c for what it does."""

import numpy

from .. import native
from ..model import Model
from .native import LEVEL


class GloveEngine:
    """Fits ``model`` in place to pairs of words and their counts."""

    def __init__(self, model: Model):
        self.library = native.library()
        self.model = model
        arrays = {"inputs": model.inputs, "outputs": model.outputs, **model.extra}
        addresses = {name: native.address(array) for name, array in arrays.items()}
        self.weights = native.CGlove(model.settings.dim, model.settings.x_max, **addresses)

    def train(self, pairs: numpy.ndarray, lr: float, seed: int) -> native.Result:
        """Train on pairs (cooccurrence.py), both ways. Nothing is random here."""
        result = native.Result()
        self.library.fit_counts(self.weights, native.address(pairs), len(pairs), lr, LEVEL, result)
        return result

    def loss(self, pairs: numpy.ndarray, seed: int) -> float | None:
        """The weighted squared error of a pair, f(x) (w.u + b_w + b_u - log x)^2, on average."""
        return self.train(pairs, 0.0, seed).mean

    def finish(self) -> None:
        """The model is trained in place: nothing is left to do."""
