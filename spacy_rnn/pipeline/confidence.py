"""`span._.confidence`: how sure a component was of a span that it set.

Probabilities lie in Doc.user_data beside the extension attributes of spans, under their place in the text: so they go
where the Doc goes, to bytes, into a DocBin (store_user_data = True), through Span.as_doc and Doc.from_docs.
"""

from spacy.tokens import Doc, Span

NAME = "rnn_confidence"


def register() -> None:
    """Make `span._.confidence` known, unless there is one already. Components do it when they are made."""
    if not Span.has_extension("confidence"):
        Span.set_extension("confidence", getter=confidence)


def confidence(span: Span) -> float | None:
    """The probability of exactly this span with this label; None for a span that no component of ours has set."""
    return span.doc.user_data.get(_key(span), {}).get(span.label_)


def store(span: Span, probability: float) -> None:
    span.doc.user_data.setdefault(_key(span), {})[span.label_] = probability


def forget(doc: Doc) -> None:
    """Remove all confidences, before the spans they belong to are replaced."""
    for key in [key for key in doc.user_data if isinstance(key, tuple) and key[:2] == ("._.", NAME)]:
        del doc.user_data[key]


def _key(span: Span) -> tuple[str, str, int, int]:
    return ("._.", NAME, span.start_char, span.end_char)
