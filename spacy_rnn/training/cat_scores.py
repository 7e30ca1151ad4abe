"""Counting for text categories: arrays of gold and probabilities in, plain numbers out.

Exclusive categories: accuracy, and texts of no category at all (out of scope) apart from it. Others: micro F1 and the
share of texts with exactly the right set. Both: a table of each label, confusions, and whether probabilities are right.
"""

from collections import Counter
from collections.abc import Iterable

import numpy

from .calibration import LEAST, Confident, reliability
from .cats import Table
from .scores import fscore, per_label

NOTHING = ""  # in confusions: no category
REJECT = (0.3, 0.5, 0.7, 0.9)


def score_table(table: Table, top: int = 10) -> dict:
    """All scores of one component, ready for JSON; None for what cannot be scored.

    Macro averages are those of the labels that the gold or the pipeline gave any text.
    """
    task = table.task
    scores = _exclusive(table) if task.exclusive else _several(table)
    pairs, labels = scores.pop("pairs"), scores["per_label"]
    seen = [x for x in labels.values() if x["support"] or x["predicted"]]
    rows = (table.gold == 1).any(axis=1) if task.exclusive else slice(None)
    aucs = {label: auc(table.guess[rows, i], table.gold[rows, i]) for i, label in enumerate(task.labels)}
    for label, score in labels.items():
        score["auc"] = aucs[label]
    known = [value for value in aucs.values() if value is not None]
    return {
        "exclusive": task.exclusive,
        "texts": len(table.numbers),
        "unlabelled": table.unlabelled,
        "unknown_labels": task.unknown,
        **scores,
        "macro": {key: sum(x[key] for x in seen) / len(seen) if seen else None for key in "prf"},
        "macro_auc": sum(known) / len(known) if known else None,
        **_matrix(pairs, top),
    }


def confident(table: Table) -> list[Confident]:
    """Confidences, and whether they are of something right: of the best category of each text that has one where they
    are exclusive, otherwise of each category of each text."""
    if not table.task.exclusive:
        known = ~numpy.isnan(table.gold)
        return list(zip(table.guess.clip(0, 1)[known].tolist(), (table.gold == 1)[known].tolist(), strict=True))
    within = (table.gold == 1).any(axis=1)
    gold, guess = table.gold[within], table.guess[within]
    right = gold[numpy.arange(len(gold)), guess.argmax(axis=1)] == 1
    return list(zip(guess.max(axis=1).tolist(), right.tolist(), strict=True))


def choose(table: Table) -> list[list[str]]:
    """The labels that each text is given: of exclusive ones the best, if it is as probable as it must be."""
    labels, chosen = table.task.labels, table.guess >= numpy.array(table.task.thresholds)
    if table.task.exclusive:
        chosen &= numpy.arange(len(labels)) == table.guess.argmax(axis=1)[:, None]
    return [[labels[i] for i in numpy.flatnonzero(row)] for row in chosen]


def _exclusive(table: Table) -> dict:
    labels, within = table.task.labels, (table.gold == 1).any(axis=1)
    gold, guess = table.gold[within], table.guess[within]
    wanted, given = (gold == 1).argmax(axis=1), guess.argmax(axis=1)
    sure = guess.max(axis=1)
    of_gold = guess[numpy.arange(len(guess)), wanted].clip(LEAST, 1)
    names = [(labels[g], labels[p]) for g, p in zip(wanted, given, strict=True)]
    pairs = Counter(names)
    found, count = per_label(*zip(*names, strict=True)) if names else {}, len(names)
    predicted = Counter(p for _, p in names)
    right = sum(n for (g, p), n in pairs.items() if g == p)
    every = {x: found.get(x) or {"p": 0.0, "r": 0.0, "f": 0.0, "support": 0} for x in labels}
    return {
        "accuracy": right / count if count else None,
        "micro": None,  # is the accuracy
        "log_loss": float(-numpy.log(of_gold).mean()) if count else None,
        "calibration": reliability(confident(table)) if count else None,
        "per_label": {x: {**score, "predicted": predicted[x]} for x, score in every.items()},
        "out_of_scope": _out_of_scope(table.guess[~within].max(axis=1), sure, wanted == given, table.task.thresholds),
        "pairs": pairs,
    }


def _out_of_scope(outside: numpy.ndarray, inside: numpy.ndarray, right: numpy.ndarray, own: list[float]) -> dict | None:
    """Can texts of no category be told by a low probability of the best one? Each threshold with the share of them that
    it rejects, the share of the others that it keeps, and the accuracy of all others (what is rejected is wrong). own:
    those of the component; if they are one and the same, it is among them."""
    if not (len(outside) and len(inside)):
        return None
    kept95 = float(numpy.quantile(inside, 0.05))
    rows = [
        {
            "threshold": t,
            "rejected": float((outside < t).mean()),
            "kept": float((inside >= t).mean()),
            "accuracy": float((right & (inside >= t)).mean()),
        }
        for t in sorted({*REJECT, kept95, *(own if len(set(own)) == 1 and own[0] > 0 else ())})
    ]
    sides = numpy.concatenate([numpy.ones(len(inside)), numpy.zeros(len(outside))])
    return {"texts": len(outside), "auroc": auc(numpy.concatenate([inside, outside]), sides), "thresholds": rows}


def _several(table: Table) -> dict:
    gold, known = table.gold == 1, ~numpy.isnan(table.gold)
    guess = (table.guess >= numpy.array(table.task.thresholds)) & known
    right, support, predicted = (each.sum(axis=0).tolist() for each in (gold & guess, gold, guess))
    p = table.guess.clip(0, 1)
    losses = -numpy.log(numpy.where(gold, p, 1 - p).clip(LEAST, 1))[known]
    rows = zip(table.task.labels, right, predicted, support, table.task.thresholds, strict=True)
    return {
        "accuracy": float((gold == guess).all(axis=1).mean()) if len(gold) else None,
        "micro": fscore(sum(right), sum(predicted), sum(support)),
        "log_loss": float(losses.mean()) if len(losses) else None,
        "calibration": reliability(confident(table)) if len(losses) else None,
        "per_label": {x: {**fscore(r, n, s), "support": s, "predicted": n, "threshold": t} for x, r, n, s, t in rows},
        "out_of_scope": None,
        "pairs": _several_pairs(table.task.labels, gold, guess),
    }


def _several_pairs(labels: list[str], gold: numpy.ndarray, guess: numpy.ndarray) -> Counter:
    """A label that was missed is confused with those that were wrongly given to the same text, or with nothing."""
    pairs: Counter = Counter()
    for wanted, given in zip(gold, guess, strict=True):
        pairs.update((labels[i], labels[i]) for i in numpy.flatnonzero(wanted & given))
        missed, wrong = ([labels[i] for i in numpy.flatnonzero(x)] for x in (wanted & ~given, given & ~wanted))
        pairs.update((g, p) for g in missed or [NOTHING] for p in wrong or [NOTHING] if g or p)
    return pairs


def auc(scores: numpy.ndarray, gold: numpy.ndarray) -> float | None:
    """Area under the ROC curve: how often a positive has the higher score than a negative, ties counting half. None
    without both. NaN in gold is left out."""
    scores, gold = scores[~numpy.isnan(gold)], gold[~numpy.isnan(gold)]
    positive = int((gold == 1).sum())
    negative = len(gold) - positive
    if not (positive and negative):
        return None
    _, place, counts = numpy.unique(scores, return_inverse=True, return_counts=True)
    ranks = (numpy.cumsum(counts) - (counts - 1) / 2)[place]  # of equal scores, the mean of theirs
    above = ranks[gold == 1].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def pool(parts: Iterable[dict]) -> dict:
    """Of several scores by the same labels, what counts add up to: the matrix, and the bins of the calibration."""
    parts = list(parts)
    pairs: Counter = Counter()
    for part in parts:
        pairs.update({(g, p): count for g, p, count in part["matrix"]})
    bins = [part["calibration"]["bins"] for part in parts if part["calibration"]]
    return {
        "exclusive": parts[0]["exclusive"],
        "texts": sum(part["texts"] for part in parts),
        "per_label": {label: None for part in parts for label in part["per_label"]},
        **_matrix(pairs, 10),
        "calibration": _pool_bins(bins) if bins else None,
    }


def _matrix(pairs: Counter, top: int) -> dict:
    cells = [(g, p, count) for (g, p), count in sorted(pairs.items())]
    wrong = [cell for cell in cells if cell[0] != cell[1]]
    return {"confusions": sorted(wrong, key=lambda cell: -cell[2])[:top], "matrix": cells}


def _pool_bins(parts: list[list[dict]]) -> dict:
    rows = []
    for same in zip(*parts, strict=True):
        count = sum(row["spans"] for row in same)
        sums = {key: sum(row["spans"] * (row[key] or 0.0) for row in same) for key in ("confidence", "precision")}
        means = {key: value / count if count else None for key, value in sums.items()}
        rows.append({"from": same[0]["from"], "to": same[0]["to"], "spans": count, **means})
    filled = [row for row in rows if row["spans"]]
    total = sum(row["spans"] for row in filled)
    ece = sum(row["spans"] * abs(row["confidence"] - row["precision"]) for row in filled) / total if total else None
    return {"spans": total, "ece": ece, "bins": rows}
