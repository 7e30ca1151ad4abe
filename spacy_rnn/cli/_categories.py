"""Tables of text categories, for ``evaluate`` and ``crossval``."""

from wasabi import msg

from ._entities import percent, print_calibration

MOST_LABELS = 40


def print_categories(component: str, scores: dict) -> None:
    kind = "exclusive" if scores["exclusive"] else "any number for a text"
    msg.divider(f"{component}: {len(scores['per_label']):,} categories, {kind}")
    rows = [("Accuracy" if scores["exclusive"] else "Exactly right", "", "", percent(scores["accuracy"]))]
    for name in ("micro", "macro"):
        if scores[name]:
            rows.append((name.capitalize(), *(percent(scores[name][key]) for key in "prf")))
    rows.append(("AUC", "", "", percent(scores["macro_auc"])))
    loss = scores["log_loss"]
    rows.append(("Log loss", "", "", "-" if loss is None else f"{loss:.4f}"))
    texts = scores["texts"] - (scores["out_of_scope"] or {"texts": 0})["texts"]
    header = (f"{texts:,} texts", "P", "R", "F / score")
    msg.table(rows, header=header, divider=True, aligns=("l", "r", "r", "r"))
    if scores["unlabelled"]:
        msg.warn(f"Without gold categories, and not scored: {scores['unlabelled']:,} texts")
    if scores["unknown_labels"]:
        msg.warn(f"Categories of the gold that {component} does not have: {', '.join(scores['unknown_labels'])}")
    print_labels(scores["per_label"], {"AUC": "auc"})
    _print_confusions(scores)
    if scores["out_of_scope"]:
        _print_out_of_scope(scores["out_of_scope"])
    if scores["calibration"]:
        print_calibration(scores["calibration"], "texts" if scores["exclusive"] else "decisions")


def print_labels(labels: dict, more: dict[str, str]) -> None:
    """Precision, recall, F, and columns by their titles. Of many, the worst ones."""
    ranked = sorted(labels.items(), key=lambda item: (item[1]["f"] is None, item[1]["f"], item[0]))
    shown = ranked[:MOST_LABELS] if len(ranked) > MOST_LABELS else sorted(labels.items())
    keys = (*"prf", *more.values())
    rows = [(label, *(percent(x[key]) for key in keys), f"{x['support']:,}") for label, x in shown]
    header = ("Category", "P", "R", "F", *more, "Texts")
    msg.table(rows, header=header, divider=True, aligns=["l"] + ["r"] * (len(header) - 1), max_col=60)
    if len(shown) < len(ranked):
        msg.info(f"The {len(shown)} worst of {len(ranked):,} categories: all are in the file of scores")


def _print_confusions(scores: dict) -> None:
    wrong = [(gold or "-", guess or "-", f"{count:,}") for gold, guess, count in scores["confusions"]]
    if wrong:
        header = ("Category gold", "predicted", "Texts")
        msg.table(wrong, header=header, divider=True, aligns=("l", "l", "r"), max_col=60)


def _print_out_of_scope(scores: dict) -> None:
    msg.info(
        f"Of no category: {scores['texts']:,} texts; told from the others by probability, AUC {scores['auroc']:.4f}"
    )
    keys = ("rejected", "kept", "accuracy")
    rows = [(f"{x['threshold']:.4f}", *(percent(x[key]) for key in keys)) for x in scores["thresholds"]]
    header = ("Reject below", "Of no category, rejected", "Others, kept", "Others, kept and right")
    msg.table(rows, header=header, divider=True, aligns=("r", "r", "r", "r"))
