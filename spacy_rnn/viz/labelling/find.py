"""What there is to see: a text is run through a pipeline, and what its components can tell is kept as plain data.

A component can be shown if
* it has ``marginals(docs)``: for each Doc its labels and tokens x labels probabilities; ``transitions()``, if it has
  that too: labels, scores from the row's label to the column's, and which of them the scheme allows;
* it has ``store_scores`` in its ``cfg``, as `rnn_tagger`, or ``nbest``, as `rnn_ner`: then it is asked to keep them,
  or for what it nearly found;
* it sets ``doc.ents`` or ``token._.morphemes``.
Read `find` first.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import numpy
from spacy.language import Language
from spacy.pipeline import Sentencizer
from spacy.tokens import Doc, Token
from spacy.tokens import Span as DocSpan
from spacy.training.iob_utils import biluo_to_iob, doc_to_biluo_tags

from ...errors import Errors, RNNError
from ...pipeline.labels import NONE, head_columns
from ...pipeline.scorer import SCORES
from .found import UNKNOWN, Found, Morpheme, Scores, Span, Transitions

MORPHEMES = "token._.morphemes"
N_BEST = 20  # labellings to look for rivals in
RIVAL = 0.01  # less probable entities are not worth a word


def find(nlp: Language, text: str, components: Iterable[str] = ()) -> Found:
    """Run the pipeline over the text. R461: a component that is not there or has nothing to show. R462: no words."""
    shown = _shown(nlp, list(components))
    with _telling_all([nlp.get_pipe(name) for name in shown]):
        doc, scores = _run(nlp, text, shown)
    pipes = [(name, nlp.get_pipe(name)) for name in shown]
    return Found(
        nlp.lang,
        [token.text for token in doc],
        [token.whitespace_ for token in doc],
        [token.is_space for token in doc],
        sentences_of(doc),
        _spans(doc) if any(_sets(nlp, name, "doc.ents") for name in shown) else None,
        [span for name in shown for span in _rivals(doc, f"{name}_nbest")],
        scores,
        [Transitions(name, *pipe.transitions()) for name, pipe in pipes if hasattr(pipe, "transitions")],
        [_morphemes(token) for token in doc] if any(_sets(nlp, name, MORPHEMES) for name in shown) else None,
    )


# -- which components


def _sets(nlp: Language, name: str, what: str) -> bool:
    meta, pipe = nlp.get_pipe_meta(name), nlp.get_pipe(name)
    by_nature = {"doc.ents": hasattr(pipe, "marginals"), MORPHEMES: meta.factory == "rnn_segmenter"}
    return what in meta.assigns or by_nature[what]


def _is_tagger(nlp: Language, name: str) -> bool:
    return "store_scores" in (getattr(nlp.get_pipe(name), "cfg", None) or {})


def _shown(nlp: Language, asked: list[str]) -> list[str]:
    """The components to show: those asked for, or all that can be."""
    able = [
        name
        for name in nlp.pipe_names
        if _is_tagger(nlp, name) or _sets(nlp, name, "doc.ents") or _sets(nlp, name, MORPHEMES)
    ]
    wrong = [name for name in asked if name not in able]
    if wrong or not able:
        known = ", ".join(able) or "none"
        raise RNNError(Errors.R461.format(wrong=wrong[0] if wrong else "any component", known=known))
    return [name for name in able if not asked or name in asked]


# -- running


@contextmanager
def _telling_all(pipes: list) -> Iterator[None]:
    """Components keep what they otherwise throw away, as long as this lasts."""
    wanted = {"store_scores": True, "confidence": True, "nbest": N_BEST}
    settings = [pipe.cfg for pipe in pipes if isinstance(getattr(pipe, "cfg", None), dict)]
    before = [{key: cfg[key] for key in wanted if key in cfg} for cfg in settings]
    try:
        for cfg, had in zip(settings, before, strict=True):
            cfg.update({key: wanted[key] for key in had})
        yield
    finally:
        for cfg, had in zip(settings, before, strict=True):
            cfg.update(had)


def _run(nlp: Language, text: str, shown: list[str]) -> tuple[Doc, list[Scores]]:
    """A component is asked for its marginals when the Doc is as the component will meet it: with the entities of
    those before it, and not yet with its own."""
    doc, asked = nlp.make_doc(text), []
    if all(token.is_space for token in doc):
        raise RNNError(Errors.R462)
    for name, pipe in nlp.pipeline:
        if name in shown and hasattr(pipe, "marginals"):
            asked.append((name, *pipe.marginals([doc])[0]))
        doc = pipe(doc)
    scores = [Scores(name, "", list(labels), numpy.asarray(p), _chosen(doc, list(labels))) for name, labels, p in asked]
    for name in shown:
        if _is_tagger(nlp, name):
            scores += _tagger_scores(doc, name)
    return doc, scores


def _chosen(doc: Doc, labels: list[str]) -> list[int]:
    """The label of each token's entity, written in the scheme of these labels."""
    tags = doc_to_biluo_tags(doc)
    if not any(label.startswith(("U-", "L-")) for label in labels):
        tags = biluo_to_iob(tags)
    numbers = {label: i for i, label in enumerate(labels)}
    return [numbers.get(tag, UNKNOWN) for tag in tags]


def _tagger_scores(doc: Doc, name: str) -> list[Scores]:
    """One for each head, from what `rnn_tagger` keeps."""
    stored, found = doc.user_data[SCORES][name], []
    given = {"tag": [t.tag_ for t in doc], "pos": [t.pos_ for t in doc], "morph": [str(t.morph) or NONE for t in doc]}
    for head, columns in head_columns(stored["labels"]).items():
        labels = list(stored["labels"][head])
        numbers = {label: i for i, label in enumerate(labels)}
        chosen = [numbers.get(label, UNKNOWN) for label in given[head]]
        found.append(Scores(name, head, labels, stored["probabilities"][:, columns], chosen))
    return found


# -- what the Doc has


def _spans(doc: Doc) -> list[Span]:
    return [_as_span(span) for span in doc.ents]


def _rivals(doc: Doc, group: str) -> list[Span]:
    """Those of a group of spans that are not among the entities, the most probable first."""
    found = {_as_span(span) for span in doc.spans.get(group, ())} - set(_spans(doc))
    return sorted((span for span in found if (span.confidence or 0) >= RIVAL), key=lambda span: -span.confidence)


def _as_span(span: DocSpan) -> Span:
    confidence = span._.confidence if DocSpan.has_extension("confidence") else None
    return Span(span.start, span.end, span.label_, None if confidence is None else float(confidence))


def _morphemes(token: Token) -> list[Morpheme]:
    found = (token._.morphemes if Token.has_extension("morphemes") else None) or [token.text]
    return [Morpheme(str(morpheme), getattr(morpheme, "type", "") or "") for morpheme in found]


def sentences_of(doc: Doc) -> list[tuple[int, int]]:
    """The Doc's sentences, or as full stops divide it. None begins inside an entity, or with white space."""
    if doc.has_annotation("SENT_START"):
        starts = [bool(token.is_sent_start) for token in doc]
    else:
        starts = list(Sentencizer().predict([doc])[0])
    inside = {i for span in doc.ents for i in range(span.start + 1, span.end)}
    first, due = [0], False  # due: one begins at the next word
    for token in doc[1:]:
        due = (due or starts[token.i]) and token.i not in inside
        if due and not token.is_space:
            first.append(token.i)
            due = False
    return list(zip(first, [*first[1:], len(doc)], strict=True))
