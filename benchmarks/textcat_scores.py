"""What the found probabilities of categories are worth, and the table of all systems: for textcat.py."""

import argparse
import json
import statistics
from pathlib import Path

import numpy

from spacy_rnn.training.calibration import reliability

KEPT = 0.95  # of dev's texts that are in scope: what is less sure than the others counts as out of scope
COLUMNS = {  # key of a result: heading, times
    "accuracy": ("accuracy", 100),
    "micro_f": ("micro F1", 100),
    "macro_f": ("macro F1", 100),
    "exact": ("exact match", 100),
    "micro_f_tuned": ("micro F1, tuned", 100),
    "macro_f_tuned": ("macro F1, tuned", 100),
    "exact_tuned": ("exact match, tuned", 100),
    "oos_recall": ("out of scope: recall", 100),
    "oos_auroc": ("AUROC", 1),
    "ece": ("ECE", 1),
    "chance": ("by chance", 1),
}
DIGITS = {100: "{:.1f}", 1: "{:.3f}"}


def about_all(split: Path) -> dict:
    return json.loads((split / "labels.json").read_text(encoding="utf8"))


def gold_of(split: Path, part: str, labels: list[str]) -> numpy.ndarray:
    """Texts x labels, 0 or 1."""
    rows = [json.loads(line) for line in (split / f"{part}.jsonl").read_text(encoding="utf8").split("\n") if line]
    gold = numpy.zeros((len(rows), len(labels)), dtype=bool)
    for i, row in enumerate(rows):
        for label in [row["label"]] if "label" in row else row["labels"]:
            gold[i, labels.index(label)] = True
    return gold


def score(split: Path, found: Path, about: dict) -> dict:
    """Scores that are no probabilities ("probabilities": false) have no ECE, and their threshold is 0."""
    arrays, every = numpy.load(found), about_all(split)
    gold = {part: gold_of(split, part, every["labels"]) for part in ("dev", "test")}
    sure = about.get("probabilities", True)
    if not every["exclusive"]:
        return {"texts": len(gold["test"]), **several(gold, arrays, 0.5 if sure else 0.0, sure)}
    scores = {"texts": len(gold["test"]), **one(gold["test"], arrays["test"], sure)}
    if "oos_test" in arrays:
        scores |= out_of_scope(arrays["dev"].max(1), arrays["test"].max(1), arrays["oos_test"].max(1))
    return scores


def one(gold: numpy.ndarray, found: numpy.ndarray, sure: bool) -> dict:
    """Where exactly one label holds; calibration of the best label's probability."""
    best = found.argmax(1)
    right = gold[numpy.arange(len(gold)), best]
    guessed = numpy.zeros_like(gold)
    guessed[numpy.arange(len(gold)), best] = True
    scores = {"accuracy": float(right.mean()), "macro_f": f_scores(gold, guessed)["macro_f"]}
    return scores | (calibration(found.max(1), right) if sure else {})


def several(gold: dict[str, numpy.ndarray], found: dict, threshold: float, sure: bool) -> dict:
    """Where none or several may hold: with one threshold, and with those of each label that did best on dev;
    calibration of each label's probability."""
    scores = f_scores(gold["test"], found["test"] >= threshold)
    tuned = f_scores(gold["test"], found["test"] >= best_thresholds(gold["dev"], found["dev"]))
    scores |= {f"{name}_tuned": value for name, value in tuned.items()}
    return scores | (calibration(found["test"].ravel(), gold["test"].ravel()) if sure else {})


def f_scores(gold: numpy.ndarray, guessed: numpy.ndarray) -> dict[str, float]:
    both, all_ = (gold & guessed).sum(0), gold.sum(0) + guessed.sum(0)
    per_label = 2 * both / numpy.maximum(all_, 1)
    exact = (gold == guessed).all(1).mean()
    micro = 2 * both.sum() / max(all_.sum(), 1)
    return {"micro_f": float(micro), "macro_f": float(per_label.mean()), "exact": float(exact)}


def best_thresholds(gold: numpy.ndarray, found: numpy.ndarray) -> numpy.ndarray:
    """Of each label: the score from which on it is to be found, for the best F1; halfway to the next lower one."""
    thresholds = []
    for column, wanted in zip(found.T, gold.T, strict=True):
        order = numpy.argsort(-column, kind="stable")
        scores, right = column[order], wanted[order].cumsum()
        f = 2 * right / (numpy.arange(1, len(scores) + 1) + wanted.sum())
        f[:-1][scores[:-1] == scores[1:]] = -1  # no threshold lies between equals
        best = int(f.argmax())
        lower = scores[best + 1] if best + 1 < len(scores) else scores[best]
        thresholds.append((scores[best] + lower) / 2)
    return numpy.array(thresholds)


def out_of_scope(dev: numpy.ndarray, inside: numpy.ndarray, outside: numpy.ndarray) -> dict[str, float]:
    """By the best label's score: how many of those outside fall below what 95% of dev reaches, and how many of those
    inside do; and how often a text inside scores higher than one outside (area under the ROC curve)."""
    bar = numpy.quantile(dev, 1 - KEPT)
    below = numpy.searchsorted(numpy.sort(outside), inside, "left")
    equal = numpy.searchsorted(numpy.sort(outside), inside, "right") - below
    auroc = (below + equal / 2).mean() / len(outside)
    return {
        "oos_recall": float((outside < bar).mean()),
        "oos_false": float((inside < bar).mean()),
        "oos_auroc": float(auroc),
    }


def calibration(confidences: numpy.ndarray, right: numpy.ndarray) -> dict[str, float]:
    clipped = numpy.clip(confidences.astype(float), 0, 1).tolist()
    found = reliability(zip(clipped, right.tolist(), strict=True))
    return {name: found[name] for name in ("ece", "chance", "log_loss")}


# -- The table


def table(args: argparse.Namespace) -> None:
    """One for each dataset: a row for each system, its mean over the runs and their deviation."""
    results = [json.loads(file.read_text(encoding="utf8")) for file in sorted(args.results.glob("*.json"))]
    for dataset in args.datasets or dict.fromkeys(result["dataset"] for result in results):
        rows = [result for result in results if result["dataset"] == dataset and result["runs"]]
        if rows:
            print("\n".join(markdown(dataset, rows)), end="\n\n")


def markdown(dataset: str, results: list[dict]) -> list[str]:
    columns = [key for key in COLUMNS if any(key in run for result in results for run in result["runs"])]
    texts = results[0]["runs"][0]["texts"]
    lines = [f"| {dataset} ({texts:,} texts) | runs | " + " | ".join(COLUMNS[key][0] for key in columns) + " |"]
    lines.append("|---|---:|" + "---:|" * len(columns))
    first = columns[0]
    for result in sorted(results, key=lambda result: -statistics.mean(run[first] for run in result["runs"])):
        cells = [cell([run[key] for run in result["runs"] if key in run], COLUMNS[key][1]) for key in columns]
        lines.append(f"| {result['system']} | {len(result['runs'])} | " + " | ".join(cells) + " |")
    return lines


def cell(values: list[float], times: int) -> str:
    if not values:
        return ""
    form, values = DIGITS[times], [times * value for value in values]
    spread = f" ± {form.format(statistics.stdev(values))}" if len(values) > 1 else ""
    return form.format(statistics.mean(values)) + spread
