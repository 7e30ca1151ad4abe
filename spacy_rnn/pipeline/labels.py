"""Which column of a tagger's logits means what: labels -> columns -> the ids a Doc stores.

The columns, from the left: tags, parts of speech, whole bundles ("Case=Gen|Number=Sing"), then for each attribute its
values, the first of which is "_", not there.
"""

from collections.abc import Iterable

import numpy
from spacy.attrs import MORPH, POS, TAG
from spacy.morphology import Morphology
from spacy.parts_of_speech import IDS as POS_IDS
from spacy.training import Example
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from ..nets.softmax import MISSING
from .dictionary import Dictionary
from .spans import same_tokens

HEADS = ("tag", "pos", "morph")
NONE = "_"  # the bundle without attributes, and the value of an attribute that is not there
# of an attribute's loss beside that of a head: there are about twenty attributes, and with 1 they drown the heads
ATTRIBUTE_WEIGHT = 0.25
UNSEEN_MARGIN = 4.0  # nats by which the attributes must prefer a bundle never seen in training over the best one seen


def head_columns(labels: dict[str, list[str]]) -> dict[str, slice]:
    """Where the columns of each head stand; of those that have labels."""
    columns, begin = {}, 0
    for head in HEADS:
        if labels[head]:
            columns[head] = slice(begin, begin + len(labels[head]))
            begin += len(labels[head])
    return columns


class LabelColumns:
    """labels: those of each head.

    sizes, weights: number of columns and share in the loss of each classification, empty heads left out.
    """

    def __init__(self, labels: dict[str, list[str]], vocab: Vocab):
        self.labels, self.vocab = labels, vocab
        for pos in labels["pos"]:
            if pos not in POS_IDS:
                raise RNNError(Errors.R116.format(label=pos, known=", ".join(sorted(POS_IDS)).lstrip(", ")))
        self.bundles = bundles = [as_dict(bundle) for bundle in labels["morph"]]
        self.shapes = {frozenset(bundle) for bundle in bundles}  # which attributes go together
        self.attributes = sorted({name for bundle in bundles for name in bundle})
        self.values = [[NONE, *sorted({b[name] for b in bundles if name in b})] for name in self.attributes]
        self.value_numbers = [{value: i for i, value in enumerate(values)} for values in self.values]
        self.value_sizes = [len(values) for values in self.values]
        self.value_starts = numpy.cumsum([0, *self.value_sizes])[:-1].astype("int64")
        values = [self.value_targets(bundle) for bundle in bundles]
        self.bundle_values = numpy.array(values, dtype="int64").reshape(len(bundles), len(self.attributes))
        heads = [len(labels[head]) for head in HEADS if labels[head]]
        self.sizes = heads + self.value_sizes
        self.weights = [1.0] * len(heads) + [ATTRIBUTE_WEIGHT] * len(self.value_sizes)
        self.ids = {
            "tag": numpy.array([vocab.strings.add(tag) for tag in labels["tag"]], dtype="uint64"),
            "pos": numpy.array([POS_IDS[pos] for pos in labels["pos"]], dtype="uint64"),
            "morph": numpy.array([vocab.morphology.add(bundle) for bundle in labels["morph"]], dtype="uint64"),
        }
        self.numbers = {head: {id_: i for i, id_ in enumerate(ids.tolist())} for head, ids in self.ids.items()}

    @property
    def bundle_columns(self) -> numpy.ndarray:
        """For each bundle the column, counted from the first value, of the value it has of each attribute."""
        return self.bundle_values + self.value_starts

    def value_targets(self, bundle: dict[str, str]) -> list[int]:
        """The value number of each attribute; MISSING for a value never seen."""
        pairs = zip(self.attributes, self.value_numbers, strict=True)
        return [numbers.get(bundle.get(name, NONE), MISSING) for name, numbers in pairs]

    # -- gold

    def targets(self, examples: list[Example]) -> tuple[numpy.ndarray, set[str]]:
        """N x len(sizes), label numbers or MISSING; and the labels met that have no column."""
        gold = numpy.concatenate([gold_ids(example) for example in examples])  # N x 3
        strings = examples[0].reference.vocab.strings
        unknown: set[str] = set()
        columns = []
        for head, ids in zip(HEADS, gold.T, strict=True):
            known = self.numbers[head]
            if known:
                numbers = numpy.array([known.get(i, MISSING) for i in ids.tolist()], dtype="int64")
                unseen = set(ids[(numbers == MISSING) & (ids != 0)].tolist())
                unknown.update(f"{head}:{strings[i]}" for i in unseen)
                columns.append(numbers)
        if self.attributes:
            values = numpy.where(numbers[:, None] == MISSING, MISSING, self.bundle_values[numbers])  # N x attributes
            for i in unseen:  # a bundle without a column still teaches its attributes
                values[ids == i] = self.value_targets(as_dict(strings[i]))
            columns.extend(values.T)
        return numpy.stack(columns, axis=1), unknown

    # -- predictions

    def decode(
        self, scores: numpy.ndarray, dictionary: Dictionary | None = None, forms: Iterable[str] = ()
    ) -> numpy.ndarray:
        """N x columns -> N x 3, the ids of tag, part of speech and morphology (0 where a head is missing).

        dictionary, forms: choose what the dictionary allows each of the N words to be.
        """
        ids = numpy.zeros((len(scores), 3), dtype="uint64")
        if not len(scores):
            return ids
        kinds = dictionary.kinds_of(list(forms)) if dictionary else None
        pos = numpy.full(len(scores), -1)
        end = 0
        for head, columns in head_columns(self.labels).items():
            logits, end = scores[:, columns], columns.stop
            if dictionary and head == "pos":
                logits = numpy.where(dictionary.may_be(kinds), logits, -numpy.inf)
            elif dictionary and head == "morph":
                logits = numpy.where(dictionary.may_have(kinds, pos), logits, -numpy.inf)
            best = logits.argmax(axis=1)
            ids[:, HEADS.index(head)] = self.ids[head][best]
            pos = best if head == "pos" else pos
        if self.attributes:
            for row, features in self.unseen_bundles(scores[:, end:], best).items():
                if dictionary is None or dictionary.allows(kinds[row], pos[row], features):
                    ids[row, 2] = self.vocab.morphology.add(Morphology.dict_to_feats(features) or NONE)
        return ids

    def unseen_bundles(self, values: numpy.ndarray, best: numpy.ndarray) -> dict[int, dict[str, str]]:
        """Rows where the attributes clearly prefer a bundle never seen, of attributes that go together.

        values: N x all values, logits. best: N, the bundle chosen among those seen.
        """
        top = numpy.maximum.reduceat(values, self.value_starts, axis=1)  # N x attributes
        chosen = numpy.take_along_axis(values, self.bundle_columns[best], axis=1)
        gain = (top - chosen).sum(axis=1)  # nats: the normalisers of both are the same
        rows = numpy.flatnonzero(gain > UNSEEN_MARGIN)
        parts = numpy.split(values[rows], self.value_starts[1:], axis=1)
        found = {}
        for row, *numbers in zip(rows.tolist(), *(part.argmax(axis=1).tolist() for part in parts), strict=True):
            features = {n: v[i] for n, v, i in zip(self.attributes, self.values, numbers, strict=True) if i}
            if frozenset(features) in self.shapes and features not in self.bundles:
                found[row] = features
        return found

    def probabilities(self, scores: numpy.ndarray) -> numpy.ndarray:
        """N x columns -> N x (tags + parts of speech + bundles), float32."""
        parts = []
        for columns in head_columns(self.labels).values():
            logits = scores[:, columns]
            exp = numpy.exp(logits - logits.max(axis=1, keepdims=True, initial=-numpy.inf))
            parts.append(exp / exp.sum(axis=1, keepdims=True))
        return numpy.concatenate(parts, axis=1).astype("float32")


def gold_ids(example: Example) -> numpy.ndarray:
    """tokens x 3, the ids of tag, part of speech and morphology; 0 for none, or where the gold tokens disagree."""
    gold = example.reference.to_array([TAG, POS, MORPH])
    if same_tokens(example):
        return gold
    ids = numpy.zeros((len(example.predicted), 3), dtype="uint64")
    x2y = example.alignment.x2y
    for token in numpy.flatnonzero(x2y.lengths).tolist():
        values = gold[x2y[token]]
        ids[token] = values[0] * (values == values[0]).all(axis=0)
    return ids


def as_dict(bundle: str) -> dict[str, str]:
    return Morphology.feats_to_dict(bundle) if bundle != NONE else {}
