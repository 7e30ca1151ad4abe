"""GloVe at work on a model: see native/glove.c for what it does."""

import numpy

from .. import native
from ..model import Model
from .native import LEVEL

EXTRA = {"biases": 0.0, "input_squares": 1.0, "output_squares": 1.0, "bias_squares": 1.0}  # where they begin


class GloveEngine:
    """Fits ``model`` in place to pairs of words and their counts. Biases and AdaGrad's squares are the model's extras."""

    def __init__(self, model: Model):
        self.library = native.library()
        self.model = model
        for name, value in EXTRA.items():
            shape = (len(model.words), 2 if "bias" in name else model.settings.dim)
            model.extra.setdefault(name, numpy.full(shape, value, dtype=numpy.float32))
        arrays = {name: native.address(model.extra[name]) for name in EXTRA}
        arrays |= {"inputs": native.address(model.inputs), "outputs": native.address(model.outputs)}
        self.weights = native.CGlove(model.settings.dim, model.settings.x_max, **arrays)

    def train(self, pairs: numpy.ndarray, lr: float, seed: int) -> native.Result:
        """Train on pairs (cooccurrence.py), both ways. Nothing is random here."""
        result = native.Result()
        self.library.fit_counts(self.weights, native.address(pairs), len(pairs), lr, LEVEL, result)
        return result

    def loss(self, pairs: numpy.ndarray, seed: int) -> float | None:
        """The weighted squared error of a pair, f(x) (w.u + b_w + b_u - log x)^2, on average."""
        result = self.train(pairs, 0.0, seed)
        return result.loss / result.pairs if result.pairs else None

    def finish(self) -> None:
        """The model is trained in place: nothing is left to do."""
