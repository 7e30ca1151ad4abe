"""`token._.saliency`: what a token has added to the logits of the labels its text got, {label: value}.

It is an ordinary extension attribute, which lies in Doc.user_data: so it goes where the Doc goes, to other processes,
to bytes, into a DocBin (store_user_data = True), through Doc.from_docs and Span.as_doc (copy_user_data = True).
Components for other labels add theirs; None before any has.
"""

from collections.abc import Iterable
from typing import Any

import numpy
from spacy.tokens import Doc, Token

from .explain import explain_columns
from .explanation import Explanation


def register() -> None:
    """Make `token._.saliency` known, unless there is one already. Components do it when they are made."""
    if not Token.has_extension("saliency"):
        Token.set_extension("saliency", default=None)


def store(pipe: Any, docs: Iterable[Doc], explanations: Iterable[list[Explanation]]) -> None:
    """Put what is told of each Doc into its tokens, in place of what this component put there before."""
    own = set(pipe.labels)
    for doc, told in zip(docs, explanations, strict=True):
        labels = [one.label for one in told]
        rows = numpy.array([one.tokens for one in told]).reshape(len(told), len(doc)).T.tolist()
        for token, row in zip(doc, rows, strict=True):
            others = {label: value for label, value in (token._.saliency or {}).items() if label not in own}
            token._.saliency = others | dict(zip(labels, row, strict=True))


def store_chosen(
    pipe: Any, docs: list[Doc], scores: numpy.ndarray, chosen: list[list[int]], method: str | None = None
) -> None:
    """Of the labels that each Doc got, or of the most probable one.

    scores: Docs x labels. chosen: the numbers of the labels that each Doc got.
    """
    wanted = [row or [int(p.argmax())] for row, p in zip(chosen, scores, strict=True)]
    most = max(map(len, wanted), default=0)
    columns = numpy.array([row + row[:1] * (most - len(row)) for row in wanted], dtype="int64").reshape(len(docs), most)
    store(pipe, docs, explain_columns(pipe, docs, columns, method))
