"""Tables of a cross-validation: the folds, their mean and deviation, each category."""

from wasabi import msg

from ._categories import print_labels
from ._entities import percent

TITLES = {
    "accuracy": "Accuracy",
    "micro_f": "Micro F",
    "macro_p": "Macro P",
    "macro_r": "Macro R",
    "macro_f": "Macro F",
    "macro_auc": "AUC",
    "out_of_scope_auroc": "Out of scope AUC",
    "log_loss": "Log loss",
    "ece": "ECE",
}
PLAIN = ("log_loss", "ece")  # no percentages
COLUMNS = 8


def show(name: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.4f}" if name.rpartition(".")[2] in PLAIN else percent(value)


def short(result: dict) -> str:
    """One fold in one line."""
    parts = []
    for name, scores in result["categories"].items():
        before = f"{name} " if len(result["categories"]) > 1 else ""
        parts += [f"{before}accuracy {percent(scores['accuracy'])}", f"macro F {percent(scores['macro']['f'])}"]
    if not parts:
        names = _columns({key: x for key, x in result["scores"].items() if isinstance(x, (int, float))})
        parts = [f"{name} {percent(result['scores'][name])}" for name in names[:4]] or ["no scores"]
    return ", ".join([*parts, f"{sum(result['seconds'].values()):,.0f} s"])


def print_summary(found: dict) -> None:
    from ..training.fold_summary import numbers

    names = _columns(found["mean"])
    for first in range(0, len(names), COLUMNS):
        some = names[first : first + COLUMNS]
        rows = []
        for fold, result in enumerate(found["folds"], 1):
            values = numbers(result)
            rows.append((str(fold), f"{result['test']:,}", *(show(x, values.get(x)) for x in some)))
        rows.append(("Mean", "", *(show(x, found["mean"][x]) for x in some)))
        rows.append(("Deviation", "", *(show(x, found["deviation"][x]) for x in some)))
        header = ("Fold", "Texts", *(_title(name) for name in some))
        msg.table(rows, header=header, divider=True, aligns=["l"] + ["r"] * (len(header) - 1))
    for scores in found["categories"].values():
        print_labels(scores["per_label"], {"Deviation": "f_deviation"})


def _columns(mean: dict) -> list[str]:
    """Ours; of spaCy's scorers what those do not say. The tokenizer's are shown if there are no others."""
    ours = [name for title in TITLES for name in mean if name.rpartition(".")[2] == title]
    said = ("cats_", "micro_", "token_") if ours else ("token_",)
    others = [name for name in mean if name not in ours and not name.rpartition(".")[2].startswith(said)]
    return ours + others or list(mean)


def _title(name: str) -> str:
    before, _, last = name.rpartition(".")
    return " ".join(filter(None, [before, TITLES.get(last, last)]))
