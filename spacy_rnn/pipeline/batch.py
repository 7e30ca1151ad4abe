"""What there is to decode: the scores of some Docs, and which labels may stand at each token, by what the Docs say."""

from typing import NamedTuple

import numpy
from spacy.attrs import ENT_IOB, ENT_TYPE, IS_SPACE
from spacy.tokens import Doc

from .spans import SpanLabels


class Batch(NamedTuple):
    """Docs that are not empty, their scores, and which labels may stand at each token."""

    lengths: numpy.ndarray
    scores: numpy.ndarray  # N x K
    allowed: numpy.ndarray | None  # N x K bool
    taken: numpy.ndarray  # N bool: tokens of entities that were there before, or blocked

    def only(self, wanted: numpy.ndarray) -> "Batch":
        """Some of the Docs: bool, one for each. Nothing is copied for all of them, which may be one very long Doc."""
        if wanted.all():
            return self
        rows = numpy.repeat(wanted, self.lengths)
        allowed = None if self.allowed is None else self.allowed[rows]
        return Batch(self.lengths[wanted], self.scores[rows], allowed, self.taken[rows])

    @property
    def first(self) -> numpy.ndarray:
        """Where each Doc begins."""
        return numpy.cumsum(self.lengths) - self.lengths


def make_batch(docs: list[Doc], scores: list[numpy.ndarray], labels: SpanLabels, keep: bool) -> Batch:
    """keep: whether entities that the Docs have stay, and blocked tokens stay outside.

    An entity neither begins nor, where the scheme tells, ends with white space.
    """
    lengths = numpy.array([len(doc) for doc in docs])
    known = numpy.concatenate([doc.to_array([ENT_IOB, ENT_TYPE, IS_SPACE]) for doc in docs])
    iob, type_, space = known.T
    taken = ((type_ != 0) & (iob != 2)) | ((type_ == 0) & (iob == 3)) if keep else numpy.zeros(len(known), bool)
    allowed = None
    if taken.any() or space.any():
        allowed = numpy.ones((len(known), len(labels.labels)), dtype=bool)
        allowed[space != 0] = labels.goes_on
        allowed[taken] = False
        allowed[taken | (space != 0), labels.outside] = True
        if taken.any():
            for doc, rows in zip(docs, numpy.split(allowed, numpy.cumsum(lengths)[:-1]), strict=True):
                _constrain(doc, rows, labels)
    return Batch(lengths, scores[0] if len(scores) == 1 else numpy.concatenate(scores), allowed, taken)


def _constrain(doc: Doc, rows: numpy.ndarray, labels: SpanLabels) -> None:
    """The tokens of a Doc's entities have just their labels; those of a type unknown to the model are outside.

    rows: tokens x K, changed in place.
    """
    for ent in doc.ents:
        if labels.open_ended and ent.end < len(doc):
            rows[ent.end, labels.goes_on] = False  # or the entity would go on
        if ent.label_ in labels.first:
            rows[ent.start : ent.end] = False
            rows[numpy.arange(ent.start, ent.end), labels.path(ent.label_, len(ent))] = True
