"""How text classifiers are scored: spaCy's scores of categories, each label by its own threshold, and accuracy."""

from collections.abc import Callable, Iterable

from spacy.scorer import Scorer
from spacy.tokens import Doc
from spacy.training import Example


def textcat_score(
    examples: Iterable[Example],
    *,
    labels: Iterable[str],
    exclusive: bool,
    threshold: float | None = None,
    thresholds: dict[str, float] | None = None,
    **settings,
) -> dict:
    """What Scorer.score_cats says, and `cats_acc`: the share of texts of which all is right.

    Texts without gold categories are left out. With exclusive classes so are those that have no label, and the best
    label counts, whatever the threshold.
    """
    labels = list(labels)
    gold = [example for example in examples if _annotated(example, exclusive)]
    limits = {label: (thresholds or {}).get(label, 0.5 if threshold is None else threshold) for label in labels}

    predicted = {id(example.predicted) for example in gold}

    def getter(doc: Doc, attr: str) -> dict[str, float]:
        cats = {label: value for label, value in doc.cats.items() if label in limits}
        if not exclusive and id(doc) in predicted:
            return {label: _centred(value, limits[label]) for label, value in cats.items()}
        return cats

    scores = Scorer.score_cats(gold, "cats", getter=getter, labels=labels, multi_label=not exclusive, threshold=0.5)
    right = [_right(example, labels, limits, exclusive) for example in gold]
    scores["cats_acc"] = sum(right) / len(right) if right else None
    return scores


def _annotated(example: Example, exclusive: bool) -> bool:
    cats = example.reference.cats
    return any(cats.values()) if exclusive else bool(cats)


def _centred(value: float, limit: float) -> float:
    """Probabilities in the same order, with the threshold moved to one half."""
    if value < limit:
        return 0.5 * value / limit
    return 0.5 + 0.5 * (value - limit) / (1 - limit) if limit < 1 else 0.5


def _right(example: Example, labels: list[str], limits: dict[str, float], exclusive: bool) -> bool:
    gold, found = example.reference.cats, example.predicted.cats
    if exclusive:
        best = max(labels, key=lambda label: found.get(label, 0.0))
        return bool(gold.get(best))
    return all((found.get(label, 0.0) >= limits[label]) == bool(gold[label]) for label in labels if label in gold)


def make_textcat_scorer() -> Callable:
    """Registered as spacy-rnn.textcat_scorer.v1."""
    return textcat_score
