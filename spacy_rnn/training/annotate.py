"""Gold that trained recognisers make from raw text ("silver"), for one that learns from it and from people's gold.

A token of whose label they are sure on average has it; what they doubt is left unannotated, so that a CRF may put there
what agrees with the rest (training by partial annotation: Tsuboi et al. 2008). Several teachers, trained from different
seeds, are better than the best of them, and their pupil keeps most of that (Hinton et al. 2015, arXiv:1503.02531).
"""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy
from spacy.language import Language
from spacy.tokens import Doc, DocBin, Span
from spacy.util import minibatch
from spacy.vocab import Vocab

from ..atomic import check_apart, whole_file, writing_to
from ..errors import Errors, RNNError
from ..nets.schemes import OUTSIDE
from .gold import as_met, read_gold
from .pretraining import create_text_corpus

BATCH = 1000  # sentences


def annotate_text(
    teachers: list[Language],
    text: str | Path,
    output: str | Path,
    *,
    confidence: float = 0.9,
    empty: float = 0.5,
    gold: str | Path | None = None,
    repeat: int = 4,
    limit: int = 0,
    seed: int = 0,
) -> dict[str, int]:
    """Write the sentences with entities, and some of those without, as .spacy; how many of what.

    text: a line is a sentence or paragraph, counts as a sentence, and is cut after 200 words; a space between tokens.
    confidence: how sure the teachers must be of a token. empty: sentences without entities to keep, for each with one.
    gold: a corpus to put in as well, repeat times. limit: read only so many lines (0: all).
    """
    check_apart(output, text, gold)
    names = [_recogniser(nlp) for nlp in teachers]
    vocab = teachers[0].vocab
    people = read_gold(gold, vocab) if gold else []
    unknown = {ent.label_ for doc in people for ent in doc.ents}.difference(teachers[0].get_pipe(names[0]).labels)
    if unknown:
        raise RNNError(Errors.R370.format(path=gold, labels=", ".join(sorted(unknown))))
    with_entities, without = [], []  # Docs; only the words, for there are many
    for docs in minibatch(create_text_corpus(text, limit=limit, shuffle=False)(teachers[0]), BATCH):
        sentences = [[token.text for token in doc] for doc in docs]
        labels, probabilities = _mean(teachers, names, sentences)
        for words, p in zip(sentences, probabilities, strict=True):
            sure = p.max(1) >= confidence
            spans, missing = read_tags([labels[i] if ok else None for i, ok in zip(p.argmax(1), sure, strict=True)])
            if spans:
                with_entities.append(_doc(vocab, words, spans, missing))
            elif not missing:
                without.append(words)
    if not with_entities:
        raise RNNError(Errors.R368.format(path=text, confidence=confidence))
    draw = random.Random(seed)
    wanted = min(len(without), round(empty * len(with_entities)))
    docs = with_entities + [_doc(vocab, words) for words in draw.sample(without, wanted)]
    together = docs + people * repeat
    draw.shuffle(together)
    with writing_to(output), whole_file(output) as file:
        file.write(DocBin(docs=together).to_bytes())
    unsure = sum(token.ent_iob == 0 for doc in docs for token in doc)
    entities = sum(len(doc.ents) for doc in docs)
    tokens = sum(map(len, docs))
    return {"sentences": len(docs), "entities": entities, "tokens": tokens, "unsure": unsure, "gold": len(people)}


def _doc(
    vocab: Vocab, words: list[str], spans: Sequence[tuple[int, int, str]] = (), missing: Sequence[int] = ()
) -> Doc:
    doc = Doc(vocab, words=words)
    doc.set_ents([Span(doc, *span) for span in spans], missing=[doc[i : i + 1] for i in missing])
    return doc


def read_tags(tags: list[str | None]) -> tuple[list[tuple[int, int, str]], list[int]]:
    """The spans (start, end, type) all of whose tags are there, and the tokens that neither they nor "O" tell about.

    tags: of BILUO or IOB2, None where they are unknown.
    """
    spans, missing, i = [], [], 0
    while i < len(tags):
        end = _end(tags, i)
        if end:
            spans.append((i, end, tags[i][2:]))
        elif tags[i] != OUTSIDE:
            missing.append(i)
        i = end or i + 1
    return spans, missing


def _end(tags: list[str | None], start: int) -> int:
    """Where the span that begins here ends; 0 if none begins, or its end is not sure."""
    mark, type_ = (tags[start] or OUTSIDE)[0], (tags[start] or OUTSIDE)[2:]
    if mark == "U":
        return start + 1
    if mark != "B":
        return 0
    end = start + 1
    while end < len(tags) and tags[end] == f"I-{type_}":
        end += 1
    if end < len(tags) and tags[end] == f"L-{type_}":
        return end + 1
    return end if end == len(tags) or tags[end] is not None else 0


def _mean(
    teachers: list[Language], names: list[str], sentences: list[list[str]]
) -> tuple[list[str], list[numpy.ndarray]]:
    """The labels, and for each sentence the mean of the teachers' probabilities, tokens x K. names: of the components
    to ask."""
    each, labels = [], None
    for nlp, name in zip(teachers, names, strict=True):
        docs = as_met(nlp, name, [Doc(nlp.vocab, words=words) for words in sentences])
        known, parts = zip(*nlp.get_pipe(name).marginals(docs), strict=True)
        if labels not in (None, known[0]):
            raise RNNError(Errors.R369.format(one=", ".join(labels), other=", ".join(known[0])))
        labels = known[0]
        each.append(parts)
    return labels, [sum(parts) / len(teachers) for parts in zip(*each, strict=True)]


def _recogniser(nlp: Language) -> str:
    """The name of the first component that knows how probable its labels are."""
    found = [name for name, pipe in nlp.pipeline if hasattr(pipe, "marginals") and hasattr(pipe, "columns")]
    if not found:
        raise RNNError(Errors.R365.format(model=nlp.meta["name"], names=", ".join(nlp.pipe_names) or "nothing"))
    return found[0]
