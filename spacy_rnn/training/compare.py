"""Several files of scores side by side, one system a row: of evaluations, and of cross-validations."""

from collections.abc import Sequence
from pathlib import Path

import srsly

from ..errors import Errors, RNNError
from .fold_summary import numbers

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
    "Accuracy": ("cats", "accuracy"),
    "Micro F1": ("cats", "micro_f"),
    "Macro F1": ("cats", "macro_f"),
    "Log loss": ("cats", "log_loss"),
    "Text ECE": ("cats", "ece"),
    "Out of scope AUC": ("cats", "out_of_scope_auroc"),
    "Words/s": ("words_per_second", "gold_tokens"),
    "Docs/s": ("docs_per_second",),
}
PLAIN, SPEEDS = ("ECE", "Text ECE", "Log loss"), ("Words/s", "Docs/s")
# of a cross-validation, what spaCy's scorers call it
SCORERS = {
    "gold_tokens": {"upos": "pos_acc", "xpos": "tag_acc", "ufeats": "morph_acc"},
    "entities": {"p": "ents_p", "r": "ents_r", "f": "ents_f"},
    "morphemes": {"morphemes_f": "morphemes_f", "morphemes_acc": "morphemes_acc"},
}


def read_metrics(path: str | Path) -> dict:
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    try:
        metrics = srsly.read_json(path)
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R323.format(path=path)) from error
    try:
        if "mean" in metrics:
            name = metrics.get("about", {}).get("name")
            return {"name": name, **_by_name(metrics["mean"]), "deviation": _by_name(metrics["deviation"])}
        if not isinstance(metrics["gold_tokens"], dict):
            raise TypeError("gold_tokens")
        first = dict(list((metrics.get("categories") or {}).items())[:1])
        return {**metrics, "cats": numbers({"categories": first, "scores": {}})}
    except (KeyError, TypeError, AttributeError) as error:
        raise RNNError(Errors.R323.format(path=path)) from error


def _by_name(flat: dict) -> dict:
    """The numbers of a cross-validation in the places where those of an evaluation are; of several components that set
    categories, the first one's."""
    cats: dict = {}
    for name, value in flat.items():
        cats.setdefault(name.rpartition(".")[2], value)
    return {"cats": cats, **{kind: {ours: flat.get(x) for ours, x in keys.items()} for kind, keys in SCORERS.items()}}


def comparison(systems: dict[str, dict]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of the table. Scores in percent; columns in which no system has a score are left out."""
    values = {
        name: [(lookup(metrics, keys), lookup(metrics, ("deviation", *keys))) for metrics in systems.values()]
        for name, keys in COLUMNS.items()
    }
    values = {name: column for name, column in values.items() if any(value is not None for value, _ in column)}
    cells = [[show(name, *value) for value in column] for name, column in values.items()]
    return ["System", *values], [[system, *row] for system, row in zip(systems, zip(*cells, strict=True), strict=True)]


def lookup(metrics: dict, keys: Sequence[str]) -> float | None:
    value = metrics
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, (int, float)) else None


def show(column: str, value: float | None, deviation: float | None = None) -> str:
    if value is None:
        return "-"
    if deviation is not None:
        return f"{show(column, value)} ± {show(column, deviation)}"
    if column in PLAIN:
        return f"{value:.4f}"
    return f"{value:,.0f}" if column in SPEEDS else f"{100 * value:.2f}"


def markdown(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)
