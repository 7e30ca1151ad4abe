"""The folds of a cross-validation as one result: of each number its mean and its standard deviation."""

from collections.abc import Sequence
from statistics import fmean, stdev

from .cat_scores import pool

PRF = {"p": "P", "r": "R", "f": "F"}


def summary(results: Sequence[dict]) -> dict:
    """mean, deviation (of a sample, n - 1): of all numbers that every fold has. categories: for each component what the
    counts of all folds add up to; per_label: the mean of those folds that test the label."""
    rows = [numbers(result) for result in results]
    names = [name for name in rows[0] if all(name in row for row in rows)]
    columns = {name: [row[name] for row in rows] for name in names}
    return {
        "mean": {name: fmean(column) for name, column in columns.items()},
        "deviation": {name: stdev(column) if len(column) > 1 else None for name, column in columns.items()},
        "categories": {name: _pooled([x["categories"][name] for x in results]) for name in _components(results)},
    }


def numbers(result: dict) -> dict[str, float]:
    """All numbers of one fold by name: of categories first, then what spaCy's scorers give."""
    found = {}
    for name, scores in result["categories"].items():
        before = f"{name}." if len(result["categories"]) > 1 else ""
        flat = {key: scores[key] for key in ("accuracy", "log_loss", "macro_auc")}
        for average in ("micro", "macro"):
            flat |= {f"{average}_{key}": (scores[average] or {}).get(key) for key in PRF}
        flat["ece"] = scores["calibration"]["ece"] if scores["calibration"] else None
        flat["out_of_scope_auroc"] = scores["out_of_scope"]["auroc"] if scores["out_of_scope"] else None
        found |= {before + key: value for key, value in flat.items()}
    found |= {key: value for key, value in result["scores"].items() if isinstance(value, (int, float))}
    return {key: value for key, value in found.items() if value is not None}


def _components(results: Sequence[dict]) -> list[str]:
    return [name for name in results[0]["categories"] if all(name in result["categories"] for result in results)]


def _pooled(parts: list[dict]) -> dict:
    pooled = pool(parts)
    pooled["per_label"] = {label: _of_label(label, parts) for label in pooled["per_label"]}
    return pooled


def _of_label(label: str, parts: list[dict]) -> dict:
    found = [part["per_label"][label] for part in parts if part["per_label"].get(label, {}).get("support")]
    means = {key: fmean(x[key] for x in found) if found else None for key in PRF}
    deviation = stdev(x["f"] for x in found) if len(found) > 1 else None
    return {**means, "f_deviation": deviation, "support": sum(x["support"] for x in found), "folds": len(found)}
