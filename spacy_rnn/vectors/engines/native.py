"""The compiled engine at work on a model: see native/train.c for what it does."""

import numpy

from .. import native
from ..huffman import huffman_paths
from ..model import Model
from ..noise import alias_table, thin_out
from ..settings import CHOICES

LEVEL = 2  # the widest registers that may be used: 2 AVX-512, 1 AVX2, 0 neither


class NativeEngine:
    """Trains ``model`` in place, block by block, from as many threads as call it."""

    def __init__(self, model: Model):
        settings, words = model.settings, len(model.words)
        self.library = native.library()
        arrays = dict.fromkeys("keep alias_share alias path_starts path_nodes path_codes".split())
        arrays |= {"inputs": model.inputs, "outputs": model.outputs}
        arrays["starts"], arrays["rows"] = model.index()
        arrays["keep"] = thin_out(model.counts, settings.sample)
        if settings.loss == "ns":
            arrays["alias_share"], arrays["alias"] = alias_table(model.counts, settings.ns_exponent)
        if settings.loss == "hs":
            arrays["path_starts"], arrays["path_nodes"], arrays["path_codes"] = huffman_paths(model.counts)
        self.arrays = arrays  # C only has their addresses
        choice = [CHOICES[name].index(getattr(settings, name)) for name in ("model", "loss")]
        self.model = native.CModel(
            *choice,
            settings.dim,
            settings.window,
            settings.negative,
            words,
            **{name: native.address(array) for name, array in arrays.items()},
        )

    def train(self, ids: numpy.ndarray, lr: float, seed: int) -> native.Result:
        """Train on sentences of ids that end with -1."""
        result = native.Result()
        memory = numpy.empty(self.library.space_needed(self.model), dtype=numpy.float32)
        self.library.train(self.model, native.address(ids), len(ids), lr, seed, native.address(memory), LEVEL, result)
        return result

    def loss(self, ids: numpy.ndarray, seed: int) -> float | None:
        """Nats per pair of words; None without any pair. Frequent words are not thinned out."""
        kept, self.model.keep = self.model.keep, None
        result = self.train(ids, 0.0, seed)
        self.model.keep = kept
        return result.mean

    def finish(self) -> None:
        """The model is trained in place: nothing is left to do."""
