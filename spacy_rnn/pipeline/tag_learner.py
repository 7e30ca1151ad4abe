"""What `rnn_tagger` learns: the labels of each head (`initialize`), then from each example (`get_loss`)."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

import torch
from spacy.language import Language
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..errors import Errors, RNNError, Warnings
from ..nets.softmax import side_by_side_cross_entropy
from .base import TorchPipe
from .chains import ChainHead, chain_heads
from .dictionary import Dictionary
from .labels import HEADS, NONE, LabelColumns


class TagLearner(TorchPipe):
    """A component whose `cfg` has "labels" (of each head) and "label_smoothing"."""

    cfg: dict
    heads: list[str] | None  # those that the config asks for
    dictionary_name: str | None

    # -- labels

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, each with its head: "tag:NN", "pos:NOUN", "morph:Number=Sing"."""
        return tuple(f"{head}:{label}" for head in HEADS for label in self.cfg["labels"][head])

    @property
    def label_data(self) -> dict[str, list[str]]:
        """What `spacy init labels` writes and `initialize(labels=...)` takes: the labels of each head."""
        return {head: list(labels) for head, labels in self.cfg["labels"].items()}

    def add_label(self, label: str) -> int:
        """Add a label such as "tag:NN" before the model is initialised. 0 if it was there already, otherwise 1."""
        head, _, value = label.partition(":")
        if head not in HEADS or not value:
            raise RNNError(Errors.R112.format(label=label))
        if value in self.cfg["labels"][head]:
            return 0
        if self.built:
            raise RNNError(Errors.R113.format(label=label))
        self._set_labels({**self.label_data, head: [*self.cfg["labels"][head], value]})
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: dict[str, list[str]] | None = None,
    ) -> None:
        """Collect labels and words from all examples and build the model.

        labels: the labels of each head, as `spacy init labels` writes them, instead of those of the examples and of
            `add_label`.
        A layer that fewer than half of the words have is left out, unless `heads` asks for it.
        """
        validate_get_examples(get_examples, "RNNTagger.initialize")
        found, words = _collect(get_examples())
        if not words:
            raise RNNError(Errors.R117.format(name=self.name))
        added = {head: () if self.built else self.label_data[head] for head in HEADS}  # not by an earlier training
        heads = self.heads or [head for head in HEADS if added[head] or 2 * found[head].total() >= words.total()]
        self._set_labels(labels or {head: sorted({*found[head], *added[head]}) for head in heads})
        missing = [head for head in self.heads or () if not self.cfg["labels"][head]]
        if missing or not self.labels:
            raise RNNError(Errors.R114.format(name=self.name, missing=", ".join(missing or HEADS)))
        self.build(get_examples, words)

    def _set_labels(self, labels: dict[str, list[str]]) -> None:
        labels = {head: list(labels.get(head, ())) for head in HEADS}
        columns = LabelColumns(labels, self.vocab)  # which may refuse them
        self._forget_labels()
        self.columns = columns
        self.cfg["labels"] = labels
        self.model.get_ref("heads").attrs["labels"] = {
            "n_tag": len(self.cfg["labels"]["tag"]),
            "n_pos": len(self.cfg["labels"]["pos"]),
            "n_values": sum(self.columns.value_sizes),
            "bundles": self.columns.bundle_columns.tolist(),
        }

    @cached_property
    def columns(self) -> LabelColumns:
        """Which logit means what; made anew when the labels change or were loaded."""
        return LabelColumns(self.cfg["labels"], self.vocab)

    @cached_property
    def dictionary(self) -> Dictionary | None:
        """Which labels a word may have."""
        return Dictionary(self.cfg["labels"]["pos"], self.columns.bundles) if self.dictionary_name else None

    @property
    def chain_heads(self) -> list[ChainHead]:
        """The heads whose labels are sequences; none unless the model has CRFs."""
        return chain_heads(dict(self.model.get_ref("heads").shims[0].net.crf), self.cfg["labels"])

    def _forget_labels(self) -> None:
        for name in ("columns", "dictionary"):
            self.__dict__.pop(name, None)

    # -- learning

    def get_loss(self, examples: Iterable[Example], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        """Cross-entropy per token, summed over heads and attributes; tokens without gold annotation count nothing."""
        validate_examples(examples, "RNNTagger.get_loss")
        ops = self.model.ops
        flat = torch.as_tensor(ops.xp.concatenate(scores))
        targets, unknown = self.columns.targets(list(examples))
        self.warn_unknown(unknown, Warnings.W101)
        targets = torch.from_numpy(targets).to(flat.device)
        weights = list(self.columns.weights)
        for head in self.chain_heads:
            weights[head.target] = 0.0
        loss, gradient = side_by_side_cross_entropy(
            flat, targets, self.columns.sizes, self.cfg["label_smoothing"], weights
        )
        if len(flat):
            lengths = lengths_of(scores)
            loss += sum(h.add_loss(flat, targets, lengths[lengths > 0], gradient) for h in self.chain_heads)
        return loss, split(ops, gradient, lengths_of(scores))

    # -- disk

    def loaded(self) -> None:
        self._forget_labels()


def _collect(examples: Iterable[Example]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """How often each label of each head and each form occurs."""
    labels: dict[str, Counter[str]] = {head: Counter() for head in HEADS}
    words: Counter[str] = Counter()
    for example in examples:
        for token in example.reference:
            words[token.text] += 1
            labels["tag"][token.tag_] += 1
            labels["pos"][token.pos_] += 1
            if token.has_morph():
                labels["morph"][str(token.morph) or NONE] += 1
    for head in HEADS:
        del labels[head][""]
    return labels, words
