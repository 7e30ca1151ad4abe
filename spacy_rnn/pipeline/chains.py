"""Tags and parts of speech as sequences: what `rnn_tagger` does with the CRFs of its model, if it has any.

A Doc is one sequence. Logits are cut out of those of all heads (labels.py) by `columns`.
"""

from typing import NamedTuple

import numpy
from torch import Tensor

from ..nets.crf import LinearChainCRF
from .dictionary import Dictionary
from .labels import head_columns


class ChainHead(NamedTuple):
    name: str  # "tag" or "pos"
    crf: LinearChainCRF
    columns: slice  # of the logits
    target: int  # which column of the targets

    def add_loss(self, scores: Tensor, targets: Tensor, lengths: numpy.ndarray, gradient: Tensor) -> float:
        """The mean loss per token; puts its gradient in place, and adds that of the transition scores to their .grad.

        scores, gradient: N x all columns. targets: N x classifications.
        """
        logits = scores[:, self.columns].detach().clone().requires_grad_()
        each = self.crf.negative_log_likelihood(logits, targets[:, self.target], lengths)
        loss = each.sum() / len(scores)
        loss.backward()
        gradient[:, self.columns] = logits.grad
        return float(loss.detach())


def chain_heads(crfs: dict[str, LinearChainCRF], labels: dict[str, list[str]]) -> list[ChainHead]:
    places = enumerate(head_columns(labels).items())
    return [ChainHead(name, crfs[name], columns, target) for target, (name, columns) in places if name in crfs]


def best_labels(
    head: ChainHead, scores: numpy.ndarray, lengths: numpy.ndarray, dictionary: Dictionary | None, forms: list[str]
) -> numpy.ndarray:
    """The best sequence, N label numbers. scores: N x the columns of tags and parts of speech."""
    bound = dictionary is not None and head.name == "pos"
    allowed = dictionary.may_be(dictionary.kinds_of(forms)) if bound else None
    return head.crf.viterbi(scores[:, head.columns], lengths[lengths > 0], allowed)


def label_probabilities(head: ChainHead, scores: numpy.ndarray, lengths: numpy.ndarray) -> numpy.ndarray:
    """N x labels, over all sequences."""
    return head.crf.marginals(scores[:, head.columns], lengths[lengths > 0]).tokens
