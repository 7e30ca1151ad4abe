"""What the trainable components have in common: building the model, stepping it, reading it back from disk."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from spacy.pipeline import TrainablePipe
from spacy.training import Example
from thinc.api import Model, Optimizer, set_dropout_rate

from ..bridge.module import finish_update
from ..errors import Errors, RNNError

TOK2VEC = {  # of components for tokens, if the config names no model
    "@architectures": "spacy.Tok2Vec.v2",
    "embed": {"@architectures": "spacy-rnn.CharWordEmbed.v1", "width": 256},
    "encode": {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 512},
}


class TorchPipe(TrainablePipe):
    """A TrainablePipe around one model of this package."""

    _warned: set[str]  # labels that the gold has and the component has not, already told

    @property
    def built(self) -> bool:
        """Whether the model has an output layer, so that labels can no longer be added."""
        return self.model.get_ref("heads").shims[0].built

    def build(self, get_examples: Callable[[], Iterable[Example]], words: Counter[str]) -> None:
        """Initialise the model, whose labels are known; the words of the corpus reach every embedding that counts."""
        for node in self.model.walk():
            if "word_counts" in node.attrs:
                node.attrs["word_counts"] = words
        sample = [example.x for example in islice(get_examples(), 10)]
        self.model.initialize(X=[doc for doc in sample if len(doc)] or sample)

    def warn_unknown(self, labels: set[str], message: str) -> None:
        """Tell of labels that the component has not, of each once. message: a code with {name} and {labels}."""
        new = labels - self._warned
        if new:
            self._warned |= new
            warnings.warn(message.format(name=self.name, labels=", ".join(sorted(new)[:10])), stacklevel=2)

    def learn(
        self,
        model: Model,
        X: list,
        loss_of: Callable[[Any], tuple[float, Any]],
        drop: float,
        sgd: Optimizer | None,
        losses: dict[str, float],
    ) -> dict[str, float]:
        """One update: run the model on X, give back the gradient of the loss, step, and add the loss to `losses`.

        model: the component's, or a part of it. loss_of: what it has made of X -> the loss and its gradient by that.
        """
        set_dropout_rate(model, drop)
        Y, backprop = model.begin_update(X)
        loss, gradient = loss_of(Y)
        backprop(gradient)
        if sgd not in (None, False):
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def finish_update(self, sgd: Optimizer) -> None:
        """Step the model, its gradients clipped by one global norm."""
        finish_update(self.model, sgd)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> "TorchPipe":
        with _readable(str(path)):
            super().from_disk(path, exclude=exclude)
            self.loaded()
        return self

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "TorchPipe":
        with _readable("bytes"):
            super().from_bytes(data, exclude=exclude)
            self.loaded()
        return self

    def loaded(self) -> None:
        """Called after settings and weights were read, to check them and to forget what was made from older ones."""


@contextmanager
def _readable(source: str) -> Iterator[None]:
    """What Thinc and srsly say of a damaged model, as a coded error."""
    try:
        yield
    except RNNError:
        raise
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise RNNError(Errors.R115.format(source=source, error=error)) from error
