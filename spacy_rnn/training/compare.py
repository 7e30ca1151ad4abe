"""Several files of scores side by side, one system a row."""

from collections.abc import Sequence
from pathlib import Path

import srsly

from ..errors import Errors, RNNError

COLUMNS = {
    "UPOS": ("gold_tokens", "upos"),
    "XPOS": ("gold_tokens", "xpos"),
    "UFeats": ("gold_tokens", "ufeats"),
    "AllTags": ("gold_tokens", "alltags"),
    "OOV UPOS": ("oov", "upos"),
    "OOV UFeats": ("oov", "ufeats"),
    "Raw words F1": ("raw_text", "tokens", "f"),
    "Raw UPOS F1": ("raw_text", "upos", "f"),
    "NER P": ("entities", "p"),
    "NER R": ("entities", "r"),
    "NER F1": ("entities", "f"),
    "Unseen NER F1": ("entities", "unseen", "f"),
    "Raw NER F1": ("raw_text", "entities", "f"),
    "ECE": ("entities", "calibration", "ece"),
    "Morphemes F1": ("morphemes", "morphemes_f"),
    "Segmented words": ("morphemes", "morphemes_acc"),
    "Words/s": ("words_per_second", "gold_tokens"),
}


def read_metrics(path: str | Path) -> dict:
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    try:
        metrics = srsly.read_json(path)
    except ValueError as error:
        raise RNNError(Errors.R323.format(path=path)) from error
    if not isinstance(metrics, dict) or not isinstance(metrics.get("gold_tokens"), dict):
        raise RNNError(Errors.R323.format(path=path))
    return metrics


def comparison(systems: dict[str, dict]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table. Scores in percent; columns in which no system has a score are left out."""
    values = {name: [lookup(metrics, keys) for metrics in systems.values()] for name, keys in COLUMNS.items()}
    values = {name: column for name, column in values.items() if any(value is not None for value in column)}
    cells = [[show(name, value) for value in column] for name, column in values.items()]
    return ["System", *values], [[system, *row] for system, row in zip(systems, zip(*cells, strict=True), strict=True)]


def lookup(metrics: dict, keys: Sequence[str]) -> float | None:
    value = metrics
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) else None


def show(column: str, value: float | None) -> str:
    if value is None:
        return "-"
    if column == "ECE":
        return f"{value:.4f}"
    return f"{value:,.0f}" if column == "Words/s" else f"{100 * value:.2f}"


def markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
