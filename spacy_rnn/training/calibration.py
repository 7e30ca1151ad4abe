"""Are probabilities what they say? Of spans with a confidence of 0.8, eight in ten should be right.

Expected calibration error (Guo et al. 2017, https://arxiv.org/abs/1706.04599): the confidences go into bins of equal
width; in each, the mean confidence is compared with the share that is right, weighted by how many there are. A bin of
few spans is off by chance, however exact they are: `chance` is how large the error of exact confidences would be, the
mean of normal distributions with the variances of the bins.
"""

import math
from collections.abc import Iterable

Confident = tuple[float, bool]  # the confidence of a prediction, and whether it is right
BINS, SURE = 15, 0.95
LEAST = 1e-6  # the probability that something impossible counts as having had in the log loss


def reliability(spans: Iterable[Confident], bins: int = BINS, sure: float = SURE) -> dict:
    """Of (confidence, is it right?): the error and what of it may be chance, the log loss (nats), a row for each bin,
    and the precision of those that are sure."""
    spans = list(spans)
    inside: list[list[Confident]] = [[] for _ in range(bins)]
    for p, right in spans:
        inside[min(int(p * bins), bins - 1)].append((p, right))
    rows = [{"from": i / bins, "to": (i + 1) / bins, "spans": len(x), **_means(x)} for i, x in enumerate(inside)]
    gaps = [row["spans"] * abs(row["confidence"] - row["precision"]) for row in rows if row["spans"]]
    chances = [math.sqrt(2 / math.pi * sum(p * (1 - p) for p, _ in x)) for x in inside]
    losses = [-math.log(max(p if right else 1 - p, LEAST)) for p, right in spans]
    certain = [(p, right) for p, right in spans if p >= sure]
    ece, chance, loss = (sum(each) / len(spans) if spans else None for each in (gaps, chances, losses))
    return {
        "spans": len(spans),
        "ece": ece,
        "chance": chance,
        "log_loss": loss,
        "sure": {"from": sure, "spans": len(certain), "precision": _means(certain)["precision"]},
        "bins": rows,
    }


def _means(spans: list[Confident]) -> dict[str, float | None]:
    if not spans:
        return {"confidence": None, "precision": None}
    confidences, rights = zip(*spans, strict=True)
    return {"confidence": sum(confidences) / len(spans), "precision": sum(rights) / len(spans)}
