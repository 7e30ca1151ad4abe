"""Counting for entity scores. An entity is right if a gold one has the same words and the same label.

Words that the gold does not annotate are no mistakes: what is predicted over one of them is left out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc, Span

from .calibration import Confident, reliability
from .scores import fscore
from .tags import Span as Found

ERRORS = ("label", "boundary", "both", "missed", "spurious")


@dataclass
class Entities:
    """The entities of a corpus: of each Doc those of the gold and of the guess, and how they are written."""

    gold: list[set[Found]] = field(default_factory=list)
    guess: list[set[Found]] = field(default_factory=list)
    forms: list[dict[tuple[int, int], str]] = field(default_factory=list)
    confident: list[Confident] = field(default_factory=list)


def has_entities(docs: Iterable[Doc]) -> bool:
    """Do the Docs say of any token whether it is in an entity?"""
    return any(doc.has_annotation("ENT_IOB") for doc in docs)


def collect(gold: Sequence[Doc], guesses: Sequence[Doc]) -> Entities:
    """Both sides' entities. The Docs have the same tokens."""
    found = Entities()
    for doc, guess in zip(gold, guesses, strict=True):
        wanted = {(ent.start, ent.end, ent.label_) for ent in doc.ents}
        given = [ent for ent in guess.ents if all(doc[i].ent_iob for i in range(ent.start, ent.end))]
        found.gold.append(wanted)
        found.guess.append({(ent.start, ent.end, ent.label_) for ent in given})
        found.forms.append({(ent.start, ent.end): ent.text for ent in [*doc.ents, *given]})
        for ent in given:
            confidence = confidence_of(ent)
            if confidence is not None:
                found.confident.append((confidence, (ent.start, ent.end, ent.label_) in wanted))
    return found


def confidence_of(span: Span) -> float | None:
    """None if no component has set one."""
    value = span._.confidence if Span.has_extension("confidence") else None
    return float(value) if isinstance(value, (int, float)) else None


def surfaces(docs: Iterable[Doc]) -> set[str]:
    """How the entities of a corpus are written."""
    return {ent.text for doc in docs for ent in doc.ents}


def score_entities(gold: Sequence[Doc], guesses: Sequence[Doc], known: set[str] | None, top: int) -> dict | None:
    """Scores, mistakes, and whether the confidences are right; None where one of the sides has no entities set."""
    if not (has_entities(gold) and has_entities(guesses)):
        return None
    found = collect(gold, guesses)
    return {
        **score_spans(found, known, top),
        "calibration": reliability(found.confident) if found.confident else None,
    }


def compare_characters(gold: Sequence[Doc], guesses: Sequence[Doc]) -> dict[str, float] | None:
    """F1 over entities that begin and end at the same characters; the Docs may have other tokens than the gold."""
    if not (has_entities(gold) and has_entities(guesses)):
        return None
    right = predicted = wanted = 0
    for doc, guess in zip(gold, guesses, strict=True):
        unknown = {i for word in doc if not word.ent_iob for i in range(word.idx, word.idx + len(word))}
        ours, theirs = ({(ent.start_char, ent.end_char, ent.label_) for ent in side.ents} for side in (doc, guess))
        theirs = {span for span in theirs if unknown.isdisjoint(range(*span[:2]))}
        right, predicted, wanted = right + len(ours & theirs), predicted + len(theirs), wanted + len(ours)
    return fscore(right, predicted, wanted)


def score_spans(found: Entities, known: set[str] | None = None, top: int = 10) -> dict:
    """Precision, recall, F1; of each label; of entities not written as any of ``known``; and the mistakes."""
    unseen = None
    if known is not None:
        unseen = _prf(found, lambda i, span: found.forms[i][span[:2]] not in known)
    labels = sorted({label for spans in [*found.gold, *found.guess] for *_, label in spans})
    return {
        **_prf(found, lambda i, span: True),
        "per_label": {label: _prf(found, lambda i, span, label=label: span[2] == label) for label in labels},
        "unseen": unseen,
        **_mistakes(found, top),
    }


def _prf(found: Entities, counted) -> dict:
    """Precision, recall, F1 and support of the entities that count."""
    gold = {(i, span) for i, spans in enumerate(found.gold) for span in spans if counted(i, span)}
    guess = {(i, span) for i, spans in enumerate(found.guess) for span in spans if counted(i, span)}
    return {**fscore(len(gold & guess), len(guess), len(gold)), "support": len(gold)}


def _mistakes(found: Entities, top: int) -> dict:
    """How many of each kind, and which labels are taken for which ("" for nothing)."""
    kinds, pairs = Counter(dict.fromkeys(ERRORS, 0)), Counter()
    for gold, guess in zip(found.gold, found.guess, strict=True):
        touched, wrong = set(), guess - gold
        for span in gold - guess:
            near = sorted(other for other in wrong if other[0] < span[1] and span[0] < other[1])
            touched.update(near)
            kind, label = _compare(span, near)
            kinds[kind] += 1
            pairs[span[2], label] += 1
        for other in wrong - touched:
            kinds["spurious"] += 1
            pairs["", other[2]] += 1
    ranked = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return {"errors": dict(kinds), "confusions": [(a, b, count) for (a, b), count in ranked[:top]]}


def _compare(span: Found, near: list[Found]) -> tuple[str, str]:
    """What went wrong with a gold entity, and the label of the predicted one that is the most like it."""
    for other in near:
        if other[:2] == span[:2]:
            return "label", other[2]
    for other in near:
        if other[2] == span[2]:
            return "boundary", other[2]
    return ("both", near[0][2]) if near else ("missed", "")
