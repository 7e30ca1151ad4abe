"""What a text classifier learns by: cross-entropy of one label or of each label by itself, with its gradient.

    exclusive    -w_y (1 - p_y)^g sum_k q_k log p_k,   p = softmax(z)
    multi-label  -sum_k w_k (1 - p_k)^g log p_k over the labels that are right, and
                 -sum_k p_k^g log(1 - p_k) over those that are not,  p = sigmoid(z)

g is the focus on what is not yet known (Lin et al. 2017, arXiv:1708.02002), q the label with some of its probability
spread over all of them (Szegedy et al. 2016, arXiv:1512.00567), w the weights of the labels.
"""

import numpy
import torch
from torch import Tensor
from torch.nn.functional import logsigmoid


def category_loss(
    logits: Tensor,
    gold: Tensor,
    exclusive: bool,
    weights: Tensor | None = None,
    smoothing: float = 0.0,
    focus: float = 0.0,
) -> tuple[float, Tensor]:
    """The mean loss of a text (nats), and its gradient by the logits.

    logits: texts x labels. gold: texts x labels, 1 or 0, or NaN where it is not known; an exclusive text has one 1, or
        it is not known. weights: of the labels.
    """
    logits = logits.detach().requires_grad_()
    known = ~torch.isnan(gold)
    gold = torch.where(known, gold, 0.0)
    loss = exclusive_losses if exclusive else label_losses
    total = loss(logits, gold, known, weights, smoothing, focus).sum() / max(len(logits), 1)
    total.backward()
    return float(total.detach()), logits.grad


def exclusive_losses(
    logits: Tensor, gold: Tensor, known: Tensor, weights: Tensor | None, smoothing: float, focus: float
) -> Tensor:  # texts
    log_p = torch.log_softmax(logits, dim=1)
    target = gold * (1 - smoothing) + smoothing / logits.shape[1]
    losses = -(target * log_p).sum(1)
    if focus:
        losses = losses * _power(-torch.expm1((gold * log_p).sum(1)), focus)
    if weights is not None:
        losses = losses * (gold * weights).sum(1)
    return losses * known.all(1)


def label_losses(
    logits: Tensor, gold: Tensor, known: Tensor, weights: Tensor | None, smoothing: float, focus: float
) -> Tensor:  # texts x labels
    right, wrong = -logsigmoid(logits), -logsigmoid(-logits)
    target = gold * (1 - smoothing) + smoothing / 2
    if focus:
        right, wrong = (loss * _power(torch.sigmoid(z), focus) for loss, z in ((right, -logits), (wrong, logits)))
    if weights is not None:
        right = right * weights
    return (target * right + (1 - target) * wrong) * known


def _power(doubt: Tensor, focus: float) -> Tensor:
    """Of probabilities; at 0 without the slope, which is infinite there for a focus below 1."""
    return doubt.clamp_min(torch.finfo(doubt.dtype).tiny) ** focus


def balanced_weights(counts: numpy.ndarray, texts: int, exclusive: bool) -> numpy.ndarray:
    """Weights under which all labels count alike, float32. counts: of each label's texts; one without any counts 1.

    Exclusive: as the inverse of how frequent a label is, 1 on the average of the texts. Multi-label: as many times as
    there are texts without it for one with it.
    """
    counts = numpy.maximum(counts, 1)
    weights = texts / (len(counts) * counts) if exclusive else numpy.maximum(texts - counts, 1) / counts
    return weights.astype("float32")
