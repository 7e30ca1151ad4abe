"""Are probabilities what they say? Of spans with a confidence of 0.8, eight in ten should be right.

Expected calibration error (Guo et al. 2017, https://arxiv.org/abs/1706.04599): the confidences go into bins of equal
width; in each, the mean confidence is compared with the share that is right, weighted by how many there are.
"""

from collections.abc import Iterable

Confident = tuple[float, bool]  # the confidence of a prediction, and whether it is right
BINS, SURE = 15, 0.95


def reliability(spans: Iterable[Confident], bins: int = BINS, sure: float = SURE) -> dict:
    """Of (confidence, is it right?): the error, a row for each bin, and the precision of those that are sure."""
    spans = list(spans)
    rows = []
    for i in range(bins):
        inside = [(p, right) for p, right in spans if min(int(p * bins), bins - 1) == i]
        rows.append({"from": i / bins, "to": (i + 1) / bins, "spans": len(inside), **_means(inside)})
    certain = [(p, right) for p, right in spans if p >= sure]
    gaps = [row["spans"] * abs(row["confidence"] - row["precision"]) for row in rows if row["spans"]]
    return {
        "spans": len(spans),
        "ece": sum(gaps) / len(spans) if spans else None,
        "sure": {"from": sure, "spans": len(certain), "precision": _means(certain)["precision"]},
        "bins": rows,
    }


def _means(spans: list[Confident]) -> dict[str, float | None]:
    if not spans:
        return {"confidence": None, "precision": None}
    confidences, rights = zip(*spans, strict=True)
    return {"confidence": sum(confidences) / len(spans), "precision": sum(rights) / len(spans)}
