"""What `rnn_ner` learns: the types of entities from the data (`initialize`), then from each example (`get_loss`)."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

import numpy
import torch
from spacy.language import Language
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..errors import Errors, RNNError, Warnings
from ..nets.labeller import LabellerHead
from ..nets.schemes import OUTSIDE
from .base import TorchPipe
from .spans import SpanLabels, same_tokens


class EntityLearner(TorchPipe):
    """A component whose `cfg` has "labels" (types of entities), "scheme" and "label_weights"."""

    cfg: dict

    # -- labels

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of the entities."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """What `spacy init labels` writes and `initialize(labels=...)` takes."""
        return list(self.cfg["labels"])

    def add_label(self, label: str) -> int:
        """Add a type of entity before the model is initialised. 0 if it was there already, otherwise 1."""
        if label in self.labels:
            return 0
        if self.built:
            raise RNNError(Errors.R133.format(name=self.name, label=label))
        self._set_labels([*self.labels, label])
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Collect labels and words from all examples and build the model.

        labels: types of entities, as `spacy init labels` writes them, instead of those of the examples and of
            `add_label`.
        """
        validate_get_examples(get_examples, "RNNNER.initialize")
        if isinstance(labels, str):  # whose letters would be the labels
            wanted = f'a list, such as ["{labels}"]'
            raise RNNError(Errors.R131.format(name=self.name, setting="labels", value=repr(labels), wanted=wanted))
        types, words, astray = _collect(get_examples())
        if not words:
            raise RNNError(Errors.R117.format(name=self.name))
        added = () if self.built else self.labels  # those of an earlier training are forgotten
        labels = list(labels or sorted({*types, *added}))
        if not labels:
            raise RNNError(Errors.R132.format(name=self.name))
        self._set_labels(labels)
        if astray:
            message = Warnings.W111.format(name=self.name, count=len(astray), total=types.total(), first=astray[0])
            warnings.warn(message, stacklevel=2)
        unknown = self.cfg["label_weights"].keys() - {OUTSIDE, *self.labels}
        if unknown:
            names = [", ".join(sorted(types)) for types in (unknown, self.labels)]
            raise RNNError(Errors.R136.format(name=self.name, unknown=names[0], known=names[1]))
        self.build(get_examples, words)

    def _set_labels(self, types: list[str]) -> None:
        for label in types:
            if not isinstance(label, str) or not label.strip() or types.count(label) > 1:
                raise RNNError(Errors.R134.format(name=self.name, label=label))
        self.cfg["labels"] = types
        self.__dict__.pop("columns", None)
        self.model.get_ref("heads").attrs["labels"] = {"labels": self.columns.labels, "scheme": self.cfg["scheme"]}

    @cached_property
    def columns(self) -> SpanLabels:
        """Which score means what; made anew when the labels change or were loaded."""
        return SpanLabels(self.label_data, self.cfg["scheme"])

    @property
    def head(self) -> LabellerHead:
        return self.model.get_ref("heads").shims[0].net

    # -- learning

    def get_loss(self, examples: Iterable[Example], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        """The decoder's loss per token; tokens without gold annotation may be anything (partial CRF)."""
        validate_examples(examples, "RNNNER.get_loss")
        ops, lengths = self.model.ops, lengths_of(scores)
        flat = torch.as_tensor(ops.xp.concatenate(scores))
        gold = torch.from_numpy(self._gold(examples)).to(flat.device)
        weights = self._weights()
        if weights is not None:
            weights = weights.to(flat.device)
        loss, gradient = self.head.loss(flat, gold, lengths[lengths > 0], weights)
        return loss, split(ops, gradient, lengths)

    def _gold(self, examples: Iterable[Example]) -> numpy.ndarray:
        numbers, unknown = zip(*(self.columns.gold(example) for example in examples), strict=True)
        self.warn_unknown(set().union(*unknown), Warnings.W110)
        return numpy.concatenate(numbers)

    def _weights(self) -> torch.Tensor | None:
        """K, the weight of each label; None if all are 1."""
        given = self.cfg["label_weights"]
        if not given:
            return None
        types = [label.partition("-")[2] or OUTSIDE for label in self.columns.labels]
        return torch.tensor([float(given.get(type_, 1.0)) for type_ in types])

    # -- disk

    def loaded(self) -> None:
        self._set_labels(self.label_data)
        shim = self.model.get_ref("heads").shims[0]
        if shim.built and shim.cfg["labels"] != self.columns.labels:
            names = [", ".join(labels[:20]) for labels in (self.columns.labels, shim.cfg["labels"])]
            raise RNNError(Errors.R135.format(name=self.name, found=names[0], wanted=names[1]))


def _collect(examples: Iterable[Example]) -> tuple[Counter[str], Counter[str], list[str]]:
    """How often each type and each form occurs, and the entities that do not begin and end where tokens do."""
    types: Counter[str] = Counter()
    words: Counter[str] = Counter()
    astray: list[str] = []
    for example in examples:
        words.update(token.text for token in example.reference)
        ents = [ent for ent in example.reference.ents if ent.label_]
        types.update(ent.label_ for ent in ents)
        if ents and not same_tokens(example):
            astray += [ent.text for ent in ents if not example.get_aligned_spans_y2x([ent])]
    return types, words, astray
