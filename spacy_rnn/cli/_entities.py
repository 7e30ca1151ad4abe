"""Tables of entity scores and of confidences, for ``evaluate`` and ``calibrate``."""

from wasabi import msg

ERRORS = {
    "label": "right words, wrong label",
    "boundary": "right label, wrong words",
    "both": "overlap, wrong label",
    "missed": "missed",
    "spurious": "nothing there",
}


def percent(score: float | None) -> str:
    return "-" if score is None else f"{100 * score:.2f}"


def print_entities(scores: dict, raw: dict | None) -> None:
    """Of all, of each label, of the unseen ones; the mistakes; the confidences."""
    rows = [("All", scores), *scores["per_label"].items()]
    rows += [("Unseen", scores["unseen"])] if scores["unseen"] else []
    rows = [(name, *(percent(x[k]) for k in "prf"), f"{x['support']:,}") for name, x in rows]
    if raw:
        rows.append(("Raw text", *(percent(raw[k]) for k in "prf"), ""))
    msg.table(rows, header=("Entities", "P", "R", "F", "Gold"), divider=True, aligns=("l", "r", "r", "r", "r"))
    if scores["unknown_labels"]:
        msg.warn(f"Labels that no component of this pipeline has: {', '.join(scores['unknown_labels'])}")
    errors = [(ERRORS[kind], f"{count:,}") for kind, count in scores["errors"].items()]
    msg.table(errors, header=("Mistakes", "Entities"), divider=True, aligns=("l", "r"))
    wrong = [(gold or "-", guess or "-", f"{count:,}") for gold, guess, count in scores["confusions"]]
    if wrong:
        header = ("Entity gold", "predicted", "Entities")
        msg.table(wrong, header=header, divider=True, aligns=("l", "l", "r"), max_col=60)
    if scores["calibration"]:
        print_calibration(scores["calibration"])
    else:
        msg.info("Confidences: none, no entity was found by a component that sets span._.confidence")


def print_calibration(scores: dict, things: str = "entities") -> None:
    filled = [row for row in scores["bins"] if row["spans"]]
    rows = [
        (
            f"{row['from']:.3f} - {row['to']:.3f}",
            f"{row['spans']:,}",
            percent(row["confidence"]),
            percent(row["precision"]),
        )
        for row in filled
    ]
    header = ("Confidence", things.capitalize(), "Mean", "Right")
    msg.table(rows, header=header, divider=True, aligns=("l", "r", "r", "r"))
    sure = scores["sure"]
    counted = f"{scores['spans']:,} {things}, {len(scores['bins'])} bins"
    chance = f"exact confidences would show some {scores['chance']:.4f}, by chance"
    msg.info(f"Expected calibration error: {scores['ece']:.4f} ({counted}; {chance})")
    right = f", {percent(sure['precision'])}% of them right" if sure["spans"] else ""
    msg.info(f"Confidence {sure['from']} and more: {sure['spans']:,} {things}{right}")
