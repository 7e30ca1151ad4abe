"""`rnn_tagger`: tags, parts of speech and morphology from one recurrent network.

In the order of a component's life: the factory and its default config, labels from the data (`initialize`), learning
(`get_loss`), a Doc (`predict`, `set_annotations`), scoring, disk.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import islice
from typing import Literal

import numpy
import torch
from spacy.attrs import MORPH, POS, TAG
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..bridge.module import predict_parts
from ..errors import Errors, RNNError, Warnings
from ..nets.softmax import side_by_side_cross_entropy
from .base import TorchPipe
from .chains import ChainHead, best_labels, chain_heads, label_probabilities
from .dictionary import Dictionary
from .labels import HEADS, NONE, LabelColumns
from .opencorpora import require
from .scorer import SCORES, tag_scores

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "spacy-rnn.Tagger.v1"

    [model.tok2vec]
    @architectures = "spacy.Tok2Vec.v2"

    [model.tok2vec.embed]
    @architectures = "spacy-rnn.CharWordEmbed.v1"
    width = 256

    [model.tok2vec.encode]
    @architectures = "spacy-rnn.RNNEncoder.v1"
    width = 512
    """
)["model"]


@Language.factory(
    "rnn_tagger",
    assigns=["token.tag", "token.pos", "token.morph"],
    default_config={
        "model": DEFAULT_MODEL,
        "heads": None,
        "overwrite": True,
        "label_smoothing": 0.0,
        "store_scores": False,
        "dictionary": None,
        "scorer": {"@scorers": "spacy-rnn.tagger_scorer.v1"},
    },
    default_score_weights={"tag_acc": 0.3, "pos_acc": 0.3, "morph_acc": 0.4, "morph_per_feat": None},
)
def make_rnn_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    heads: list[str] | None,
    overwrite: bool,
    label_smoothing: float,
    store_scores: bool,
    dictionary: Literal["pymorphy3"] | None,
    scorer: Callable | None,
) -> "RNNTagger":
    """Construct an RNNTagger.

    model: logits of all heads side by side, `spacy-rnn.Tagger.v1`.
    heads: some of "tag", "pos" and "morph", each of which the corpus must annotate; null takes those that at least half
        of its words have.
    overwrite: whether annotation that a Doc already has is replaced.
    label_smoothing: the share of a label's probability that training spreads over all labels.
    store_scores: keep the probabilities, for `token._.tag_scores`; they know nothing of the dictionary.
    dictionary: "pymorphy3" lets words that this Russian dictionary knows have only such parts of speech and bundles as
        it has for them (dictionary.py). It may be switched on and off after training.
    """
    return RNNTagger(nlp.vocab, model, name, heads, overwrite, label_smoothing, store_scores, dictionary, scorer)


class RNNTagger(TorchPipe):
    """Sets token.tag, token.pos and token.morph."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "rnn_tagger",
        heads: list[str] | None = None,
        overwrite: bool = True,
        label_smoothing: float = 0.0,
        store_scores: bool = False,
        dictionary: str | None = None,
        scorer: Callable | None = None,
    ):
        if heads is not None and (not heads or not set(heads) <= set(HEADS)):
            raise RNNError(Errors.R111.format(heads=heads))
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        if dictionary is not None:
            require(name)
        self.heads, self.dictionary_name = heads, dictionary  # the config's, whatever a saved cfg says
        self._unknown: set[str] = set()  # labels already warned of
        self.cfg = {
            "labels": {head: [] for head in HEADS},
            "overwrite": overwrite,
            "label_smoothing": label_smoothing,
            "store_scores": store_scores,
        }
        if not Token.has_extension("tag_scores"):
            Token.set_extension("tag_scores", getter=tag_scores)

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
        if self.model.get_ref("heads").shims[0].built:
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

        labels: the labels of each head, as `spacy init labels` writes them, instead of those of the examples.
        A layer that fewer than half of the words have is left out, unless `heads` asks for it.
        """
        validate_get_examples(get_examples, "RNNTagger.initialize")
        found, words = _collect(get_examples())
        if not words:
            raise RNNError(Errors.R117.format(name=self.name))
        heads = self.heads or [head for head in HEADS if 2 * found[head].total() >= words.total()]
        self._set_labels(labels or {head: sorted(found[head]) for head in heads})
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
        self._warn_unknown(unknown)
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

    def _warn_unknown(self, labels: set[str]) -> None:
        new = labels - self._unknown
        if new:
            self._unknown |= new
            warnings.warn(Warnings.W101.format(name=self.name, labels=", ".join(sorted(new)[:10])), stacklevel=2)

    # -- a Doc

    def predict(self, docs: Iterable[Doc]) -> tuple[list[numpy.ndarray], list[numpy.ndarray] | None]:
        """For each Doc the ids of tag, part of speech and morphology, tokens x 3; and the probabilities on request."""
        if not self.labels:
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        docs = list(docs)
        lengths = lengths_of(docs)
        forms = (token.text for doc in docs for token in doc)
        ids, probabilities, chained = [], [], []
        for part in predict_parts(self.model, docs):
            scores = self.model.ops.to_numpy(part)
            ids.append(self.columns.decode(scores, self.dictionary, islice(forms, len(scores))))
            if self.cfg["store_scores"]:
                probabilities.append(self.columns.probabilities(scores))
            if self.chain_heads:
                chained.append(scores[:, : self.chain_heads[-1].columns.stop].copy())
        if not ids:
            return [], None
        all_ids = numpy.concatenate(ids)
        all_probabilities = numpy.concatenate(probabilities) if probabilities else None
        if chained and len(all_ids):
            self._decode_chains(docs, numpy.concatenate(chained), all_ids, all_probabilities)
        ends = numpy.cumsum(lengths)[:-1]
        return (
            numpy.split(all_ids, ends),
            None if all_probabilities is None else numpy.split(all_probabilities, ends),
        )

    def _decode_chains(
        self, docs: list[Doc], scores: numpy.ndarray, ids: numpy.ndarray, probabilities: numpy.ndarray | None
    ) -> None:
        """Put the best sequences in place of the best labels, and their probabilities."""
        lengths = lengths_of(docs)
        forms = [token.text for doc in docs for token in doc] if self.dictionary else []
        for head in self.chain_heads:
            best = best_labels(head, scores, lengths, self.dictionary, forms)
            ids[:, HEADS.index(head.name)] = self.columns.ids[head.name][best]
            if probabilities is not None:
                probabilities[:, head.columns] = label_probabilities(head, scores, lengths)

    def set_annotations(self, docs: Iterable[Doc], predictions: tuple) -> None:
        ids, probabilities = predictions
        columns = [i for i, head in enumerate(HEADS) if self.cfg["labels"][head]]
        attrs = [(TAG, POS, MORPH)[i] for i in columns]
        for doc, doc_ids in zip(docs, ids, strict=True):
            values = doc_ids[:, columns]
            if not self.cfg["overwrite"]:
                present = doc.to_array(attrs).reshape(values.shape)
                values = numpy.where(present != 0, present, values)
            doc.from_array(attrs, values)
        if probabilities is not None:
            labels = self.label_data
            for doc, p in zip(docs, probabilities, strict=True):
                doc.user_data.setdefault(SCORES, {})[self.name] = {"labels": labels, "probabilities": p}

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
