"""Entities and candidates onto a Doc, with their confidences."""

from collections.abc import Iterable

import numpy
from spacy.attrs import ENT_IOB, ENT_TYPE
from spacy.tokens import Doc, Span, SpanGroup

from .confidence import forget, store
from .spans import Found


def set_entities(doc: Doc, found: Iterable[Found], overwrite: bool, confidence: bool) -> None:
    """Add entities to those that the Doc has, or put them in their place; what is blocked stays so, unless overwritten.

    confidence: whether their probabilities are stored.
    """
    if overwrite:
        for ent in doc.ents:
            for token in ent:
                token.ent_id = token.ent_kb_id = 0
        doc.set_ents([])
        forget(doc)
    iob, type_ = doc.to_array([ENT_IOB, ENT_TYPE]).T
    blocked = [doc[i : i + 1] for i in numpy.flatnonzero((iob == 3) & (type_ == 0)).tolist()]
    doc.set_ents([*doc.ents, *_spans(doc, found, confidence)], blocked=blocked)


def set_candidates(doc: Doc, key: str, found: dict[Found, float], confidence: bool) -> None:
    """found: spans with the share of the best labellings that have them."""
    spans = _spans(doc, found, confidence)
    doc.spans[key] = SpanGroup(doc, name=key, spans=spans, attrs={"scores": list(found.values())})


def _spans(doc: Doc, found: Iterable[Found], confidence: bool) -> list[Span]:
    spans = []
    for start, end, type_, probability in found:
        while doc[end - 1].is_space:  # which IOB2 cannot forbid
            end -= 1
        span = Span(doc, start, end, label=type_)
        if confidence:
            store(span, probability)
        spans.append(span)
    return spans
