"""What a text classifier learns: labels and words (`initialize`), then from batches (`update`), at last how sure it may
be (`calibrate`)."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import numpy
import torch
from spacy.language import Language
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.api import Optimizer
from thinc.types import Floats2d

from ..errors import Errors, RNNError, Warnings
from ..nets.categories import balanced_weights, category_loss, exclusive_losses, label_losses
from .base import TorchPipe
from .categories import best_thresholds, gold_matrix
from .temperature import lowest

SPREAD = 0.5  # how far temperatures commonly are from 1, as a logarithm


class TextLearner(TorchPipe):
    """A component whose `cfg` has "labels", their "weights" in training, "threshold", "thresholds", "temperature",
    "label_smoothing" and "focal_gamma"."""

    cfg: dict
    class_weights: str | dict[str, float] | None
    thresholds: dict[str, float]  # of the config; those that count are in `cfg`
    exclusive: bool

    def _check_settings(self) -> None:
        thresholds = {f"thresholds.{label}": value for label, value in self.cfg["thresholds"].items()}
        shares = {name: self.cfg[name] for name in ("threshold", "label_smoothing")} | thresholds
        for name, value in shares.items():
            self._check(name, value, value is None or 0 <= value <= 1, "from 0 to 1")
        self._check("focal_gamma", self.cfg["focal_gamma"], self.cfg["focal_gamma"] >= 0, "0 or more")
        weights = self.class_weights or {}
        if isinstance(weights, str):
            self._check("class_weights", weights, weights == "balanced", '"balanced", or a weight for each label')
            return
        for label, value in weights.items():
            self._check(f"class_weights.{label}", value, 0 <= value < float("inf"), "0 or more")

    def _check(self, setting: str, value: object, fine: bool, wanted: str) -> None:
        if not fine:
            raise RNNError(Errors.R159.format(name=self.name, setting=setting, value=value, wanted=wanted))

    # -- labels

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """What `spacy init labels` writes and `initialize(labels=...)` takes."""
        return list(self.cfg["labels"])

    @property
    def limits(self) -> numpy.ndarray:
        """The threshold of each label."""
        usual = self.cfg["threshold"]
        if usual is None:
            usual = 0.0 if self.exclusive else 0.5
        return numpy.array([self.cfg["thresholds"].get(label, usual) for label in self.labels], dtype="float32")

    def add_label(self, label: str) -> int:
        """Add a label, before or after training. 0 if it was there already, otherwise 1."""
        self._check_label(label)
        if label in self.cfg["labels"]:
            return 0
        self.cfg["labels"].append(label)
        if self.built:
            self.model = self.model.attrs["resize_output"](self.model, len(self.labels))
            if self.cfg["weights"]:
                self.cfg["weights"].append(1.0)
        return 1

    def _check_label(self, label: object) -> None:
        if not isinstance(label, str) or not label:
            raise RNNError(Errors.R160.format(name=self.name, label=label))

    def _check_known(self, setting: str, labels: Iterable[str]) -> None:
        unknown = [label for label in labels if label not in self.labels]
        if unknown:
            known = ", ".join(self.labels[:10])
            shown = ", ".join(unknown[:10])
            raise RNNError(Errors.R163.format(name=self.name, setting=setting, labels=shown, known=known))

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Collect labels and words from all examples, and build the model.

        labels: as `spacy init labels` writes them, instead of those of the examples and of `add_label`.
        With `max_epochs = -1` a corpus is streamed and spaCy shows its beginning only, so give its labels, and words
        are learned as they come.
        """
        validate_get_examples(get_examples, f"{type(self).__name__}.initialize")
        counts, words, texts = self._collect(get_examples())
        added = () if self.built else self.cfg["labels"]
        for label in labels or counts:
            self._check_label(label)
        self.cfg["labels"] = list(dict.fromkeys(labels or sorted({*counts, *added})))
        if len(self.labels) < 1 + self.exclusive:
            raise RNNError(Errors.R161.format(name=self.name, labels=", ".join(self.labels) or "none"))
        streamed = nlp is not None and nlp.config["training"].get("max_epochs") == -1
        missing = [label for label in self.labels if not counts[label]]
        if missing and not streamed:
            shown = ", ".join(missing[:10])
            warnings.warn(Warnings.W117.format(name=self.name, count=len(missing), labels=shown), stacklevel=2)
        self.cfg["weights"] = self._weights(counts, texts)
        self._check_known("thresholds", self.thresholds)
        self.cfg.update(temperature=1.0, thresholds=dict(self.thresholds))
        self.model.get_ref("logits").set_dim("nO", len(self.labels), force=True)
        self.model.set_dim("nO", len(self.labels), force=True)
        self.build(get_examples, Counter() if streamed else words)

    def _collect(self, examples: Iterable[Example]) -> tuple[Counter[str], Counter[str], int]:
        """How often each label is right, each form occurs, and in how many texts. R157, R158: categories that cannot be
        learned; W118 tells how many texts have none."""
        counts: Counter[str] = Counter()
        words: Counter[str] = Counter()
        texts = without = 0
        for example in examples:
            right = [label for label, value in example.reference.cats.items() if value]
            gold_matrix([example], (), self.exclusive)
            counts.update({label: 0 for label in example.reference.cats})
            counts.update(right)
            words.update(token.text for token in example.reference)
            texts += 1
            without += not (right if self.exclusive else example.reference.cats)
        if not texts or without == texts:
            raise RNNError(Errors.R162.format(name=self.name, texts=texts))
        if without:
            warnings.warn(Warnings.W118.format(name=self.name, count=without, total=texts), stacklevel=3)
        return counts, words, texts - without

    def _weights(self, counts: Counter[str], texts: int) -> list[float] | None:
        if self.class_weights is None:
            return None
        if self.class_weights == "balanced":
            frequency = numpy.array([counts[label] for label in self.labels])
            return balanced_weights(frequency, texts, self.exclusive).tolist()
        self._check_known("class_weights", self.class_weights)
        return [float(self.class_weights.get(label, 1.0)) for label in self.labels]

    # -- learning

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from a batch. Texts whose categories are not known teach nothing."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, f"{type(self).__name__}.update")
        gold = self._gold(examples)
        if numpy.isnan(gold).all():
            return losses
        docs = [example.predicted for example in examples]
        return self.learn(self.model.get_ref("logits"), docs, partial(self._loss, gold), drop, sgd, losses)

    def get_loss(self, examples: Iterable[Example], scores: Floats2d) -> tuple[float, Floats2d]:
        """The mean loss of a text (nets/categories.py) and its gradient. scores: logits, examples x labels."""
        examples = list(examples)
        validate_examples(examples, f"{type(self).__name__}.get_loss")
        return self._loss(self._gold(examples), scores)

    def _gold(self, examples: list[Example]) -> numpy.ndarray:
        gold, unknown = gold_matrix(examples, self.labels, self.exclusive)
        self.warn_unknown(unknown, Warnings.W119)
        return gold

    def _loss(self, gold: numpy.ndarray, scores: Floats2d) -> tuple[float, Floats2d]:
        logits = torch.as_tensor(scores)
        weights = self.cfg["weights"]
        loss, gradient = category_loss(
            logits,
            torch.from_numpy(gold).to(logits.device),
            self.exclusive,
            None if weights is None else torch.tensor(weights, device=logits.device),
            self.cfg["label_smoothing"],
            self.cfg["focal_gamma"],
        )
        return loss, self.model.ops.asarray2f(gradient.numpy() if gradient.device.type == "cpu" else gradient)

    # -- how sure it may be

    def calibrate(self, examples: Iterable[Example]) -> float:
        """Find the temperature under which the log loss of the examples is the lowest, and return it (Guo et al. 2017,
        arXiv:1706.04599). Training must not have seen them."""
        examples = list(examples)
        gold = self._gold(examples)
        logits = self.model.ops.to_numpy(self.model.get_ref("logits").predict([eg.predicted for eg in examples]))
        self.cfg["temperature"] = lowest(lambda t: _log_loss(logits / t, gold, self.exclusive), 1.0, SPREAD)
        return self.cfg["temperature"]

    def find_thresholds(self, examples: Iterable[Example]) -> None:
        """Find the threshold for each label under which its F1 is expected to be the highest. Labels that hardly occur
        keep the usual one."""
        limits = best_thresholds(self.predict([example.predicted for example in examples])).tolist()
        found = zip(self.labels, limits, strict=True)
        self.cfg["thresholds"] = {label: limit for label, limit in found if limit == limit}


def _log_loss(logits: numpy.ndarray, gold: numpy.ndarray, exclusive: bool) -> float:
    """In nats, over all texts."""
    losses = exclusive_losses if exclusive else label_losses
    known = ~numpy.isnan(gold)
    arrays = (logits.astype("float64"), numpy.where(known, gold, 0.0), known)
    return float(losses(*map(torch.from_numpy, arrays), None, 0.0, 0.0).sum())
