"""What the found probabilities of categories are worth, and the table of all systems: for textcat.py."""

import argparse
import json
import statistics
from pathlib import Path

import numpy

from spacy_rnn.pipeline.temperature import FROM_ONE, lowest
from spacy_rnn.training.calibration import reliability
from spacy_rnn.training.cat_scores import auc

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
    "ece_tempered": ("ECE, calibrated", 1),
}
LEAST = 1e-9  # the probability of what is thought impossible
DIGITS = {100: "{:.1f}", 1: "{:.3f}"}


def tuned_thresholds(scores: numpy.ndarray, gold: numpy.ndarray) -> numpy.ndarray:
    """For each label the threshold of the highest F1, half way between two scores; scores need not be probabilities."""
    limits = numpy.full(scores.shape[1], 0.5)
    for i, (column, right) in enumerate(zip(scores.T, gold.T, strict=True)):
        order = numpy.argsort(-column, kind="stable")
        p, right = column[order], right[order]
        f1 = 2 * numpy.cumsum(right) / (numpy.arange(1, len(p) + 1) + max(right.sum(), 1))
        f1[:-1][p[:-1] == p[1:]] = 0.0  # equal ones are chosen together
        if right.sum():
            best = int(f1.argmax())
            limits[i] = (p[best] + (p[best + 1] if best + 1 < len(p) else p[best] - 1e-6)) / 2
    return limits


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
    if every["exclusive"]:
        scores = one(gold["test"], arrays["test"])
    else:
        scores = several(gold, arrays, 0.5 if sure else 0.0)
    if sure:
        scores |= calibration(gold, arrays, every["exclusive"])
    if "oos_test" in arrays:
        scores |= out_of_scope(arrays["dev"].max(1), arrays["test"].max(1), arrays["oos_test"].max(1))
    return {"texts": len(gold["test"]), **scores}


def one(gold: numpy.ndarray, found: numpy.ndarray) -> dict:
    """Where exactly one label holds: the best one is found."""
    guessed = numpy.arange(gold.shape[1]) == found.argmax(1)[:, None]
    scores = f_scores(gold, guessed)
    return {"accuracy": scores["exact"], "macro_f": scores["macro_f"]}


def several(gold: dict[str, numpy.ndarray], found: dict, threshold: float) -> dict:
    """Where none or several may hold: with one threshold, and with those of each label that did best on dev."""
    scores = f_scores(gold["test"], found["test"] >= threshold)
    tuned = f_scores(gold["test"], found["test"] >= tuned_thresholds(found["dev"], gold["dev"].astype(float)))
    return scores | {f"{name}_tuned": value for name, value in tuned.items()}


def f_scores(gold: numpy.ndarray, guessed: numpy.ndarray) -> dict[str, float]:
    both, all_ = (gold & guessed).sum(0), gold.sum(0) + guessed.sum(0)
    per_label = 2 * both / numpy.maximum(all_, 1)
    exact = (gold == guessed).all(1).mean()
    micro = 2 * both.sum() / max(all_.sum(), 1)
    return {"micro_f": float(micro), "macro_f": float(per_label.mean()), "exact": float(exact)}


def out_of_scope(dev: numpy.ndarray, inside: numpy.ndarray, outside: numpy.ndarray) -> dict[str, float]:
    """By the best label's score: how many of those outside fall below what 95% of dev reaches, and how many of those
    inside do; and how often a text inside scores higher than one outside (area under the ROC curve)."""
    bar = numpy.quantile(dev, 1 - KEPT)
    sides = numpy.repeat([1.0, 0.0], [len(inside), len(outside)])
    return {
        "oos_recall": float((outside < bar).mean()),
        "oos_false": float((inside < bar).mean()),
        "oos_auroc": auc(numpy.concatenate([inside, outside]), sides),
    }


def calibration(gold: dict[str, numpy.ndarray], found: dict, exclusive: bool) -> dict[str, float]:
    """Of the best label's probability, or of each label's; as it is, and under the temperature that suits dev."""

    def dev_loss(temperature: float) -> float:
        p = tempered(found["dev"], temperature, exclusive)
        return -float(numpy.log(numpy.where(gold["dev"], p, 1.0 if exclusive else 1 - p).clip(LEAST)).sum())

    temperature = lowest(dev_loss, 1.0, FROM_ONE)
    before = reliability(confidences(gold["test"], found["test"].astype(float), exclusive))
    after = reliability(confidences(gold["test"], tempered(found["test"], temperature, exclusive), exclusive))
    scores = {"ece": before["ece"], "chance": before["chance"]}
    return scores | {"ece_tempered": after["ece"], "temperature": temperature}


def tempered(p: numpy.ndarray, temperature: float, exclusive: bool) -> numpy.ndarray:
    """What a softmax, or sigmoids, would have said of logits divided by a temperature."""
    p = p.astype(float).clip(LEAST, 1 - LEAST)
    powers = p ** (1 / temperature)
    others = powers.sum(1, keepdims=True) - powers if exclusive else (1 - p) ** (1 / temperature)
    return powers / (powers + others)


def confidences(gold: numpy.ndarray, p: numpy.ndarray, exclusive: bool) -> list[tuple[float, bool]]:
    if exclusive:
        return list(zip(p.max(1).tolist(), one_of(gold, p.argmax(1)), strict=True))
    return list(zip(p.ravel().tolist(), gold.ravel().tolist(), strict=True))


def one_of(gold: numpy.ndarray, chosen: numpy.ndarray) -> list[bool]:
    return numpy.take_along_axis(gold, chosen[:, None], 1)[:, 0].tolist()


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
