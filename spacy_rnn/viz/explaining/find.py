"""Texts are run through a pipeline up to a text classifier, and it is asked why. Read `tell` first."""

from collections.abc import Iterable
from typing import Any

import numpy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from ...errors import Errors, RNNError
from ...pipeline.explain import can_explain, check, explain_columns, number_of
from ...pipeline.filters import Filter, filters_of
from .told import Decision, Told

AT_ONCE = 64  # texts


def component_of(nlp: Language, name: str | None = None) -> tuple[str, Any]:
    """The component of this name, or the first that can be explained. R556: there is none."""
    able = [pipe for pipe in nlp.pipe_names if can_explain(nlp.get_pipe(pipe))]
    if name is not None and name not in able or not able:
        raise RNNError(Errors.R556.format(wrong=name or "The pipeline", known=", ".join(able) or "nothing"))
    found = name or able[0]
    return found, nlp.get_pipe(found)


def docs_for(nlp: Language, name: str, texts: Iterable[str]) -> list[Doc]:
    """Docs as this component will meet them."""
    docs = [nlp.make_doc(text) for text in texts]
    for before, pipe in nlp.pipeline:
        if before == name:
            break
        docs = list(pipe.pipe(docs)) if hasattr(pipe, "pipe") else [pipe(doc) for doc in docs]
    return docs


def tell(
    nlp: Language,
    texts: list[str],
    component: str | None = None,
    label: str | None = None,
    method: str | None = None,
    most: int = 1,
    most_words: int | None = None,
) -> Told:
    """R462: no words. R559: more than `most_words`.

    label: the one to show first; None for the most probable one. most: of how many labels to tell.
    """
    name, pipe = component_of(nlp, component)
    check(pipe, method=method)
    wanted = [] if label is None else [number_of(pipe, label)]
    decisions: list[Decision] = []
    words = 0
    for begin in range(0, len(texts), AT_ONCE):
        docs = docs_for(nlp, name, texts[begin : begin + AT_ONCE])
        words += sum(map(len, docs))
        if most_words is not None and words > most_words:
            raise RNNError(Errors.R559.format(most=most_words))
        scores = pipe.model.ops.to_numpy(pipe.predict(docs))
        order = numpy.argsort(-scores, axis=1, kind="stable").tolist()
        columns = [[*wanted, *(n for n in row if n not in wanted)][:most] for row in order]
        for doc, row, p, told in zip(docs, order, scores, explain_columns(pipe, docs, columns, method), strict=True):
            if all(token.is_space for token in doc):
                raise RNNError(Errors.R462)
            ranked = [(pipe.labels[i], float(p[i])) for i in row]
            tokens = [(token.text, token.whitespace_, token.is_space) for token in doc]
            decisions.append(Decision(*map(list, zip(*tokens, strict=True)), ranked, told))
    if not decisions:
        raise RNNError(Errors.R462)
    return Told(nlp.lang, name, decisions[0].explanations[0].method, decisions)


def filters_in(
    nlp: Language, texts: Iterable[str], component: str | None = None, label: str | None = None
) -> list[Filter]:
    """label: only filters that speak for this one."""
    name, pipe = component_of(nlp, component)
    check(pipe)
    if label is not None:
        number_of(pipe, label)
    batches = (docs_for(nlp, name, batch) for batch in minibatch(texts, AT_ONCE))
    found = filters_of(pipe, (doc for batch in batches for doc in batch))
    return [one for one in found if label in (None, one.label)]
