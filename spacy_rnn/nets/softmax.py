"""Cross-entropy of several classifications whose logits stand side by side, with its gradient written out.

    loss = -sum_k q_k log p_k,  p = softmax(z),  dloss/dz = p - q

q is 1 for the right label, or with label smoothing e (Szegedy et al. 2016, arXiv:1512.00567) 1 - e and e/K spread
over all K labels.
"""

import torch
from torch import Tensor

MISSING = -1  # the target of a token without gold annotation


def side_by_side_cross_entropy(
    scores: Tensor, targets: Tensor, sizes: list[int], smoothing: float = 0.0, weights: list[float] | None = None
) -> tuple[float, Tensor]:
    """Mean loss per token, summed over the classifications with their weights (1 each by default), and its gradient.

    scores: N x sum(sizes). targets: N x len(sizes), the label's number within its own classification, or MISSING.
    """
    segments = torch.repeat_interleave(
        torch.arange(len(sizes), device=scores.device), torch.tensor(sizes, device=scores.device)
    )
    first = torch.cumsum(torch.tensor([0, *sizes[:-1]], device=scores.device), 0)
    annotated = targets != MISSING  # N x S
    index = segments.expand(len(scores), -1)
    top = scores.new_full((len(scores), len(sizes)), -torch.inf).scatter_reduce_(1, index, scores, "amax")
    exp = torch.exp(scores - top[:, segments])
    total = torch.zeros_like(top).scatter_add_(1, index, exp)
    p = exp / total[:, segments]
    log_p = scores - (top + total.log())[:, segments]
    q = torch.zeros_like(scores).scatter_(1, first + targets.clamp(min=0), 1.0 - smoothing)
    if smoothing:
        q += smoothing / torch.tensor(sizes, device=scores.device)[segments]
    counted = annotated.to(scores.dtype) / max(len(scores), 1)  # N x S
    if weights is not None:
        counted *= torch.tensor(weights, device=scores.device)
    counted = counted[:, segments]
    return float(-(q * log_p * counted).sum()), (p - q) * counted
