"""The step of a Thinc optimizer, taken by torch.

The user writes an ordinary `[training.optimizer]` block. Its numbers (learning rate, betas, eps, L2, clipping,
averages, with their schedules) are read at each step and handed to torch's fused and foreach kernels, instead of
Thinc's loop over numpy arrays. Differences from Thinc: clipping is by the *global* norm, g <- threshold * g / ||g||
over all gradients together (Pascanu et al. 2013); an update with a gradient that is not finite is skipped with a
warning; tables with sparse gradients have no L2.
"""

import warnings

import torch
from thinc.api import Optimizer
from torch import Tensor, nn

from ..errors import Warnings
from .sparse_adam import SparseAdam

MAX_DECAY = 0.9999  # of the moving averages, as in Thinc


class TorchStep:
    """Moments and counters of one net, for one Thinc optimizer."""

    def __init__(self, net: nn.Module, optimizer: Optimizer):
        sparse = {id(m.weight) for m in net.modules() if isinstance(m, nn.Embedding | nn.EmbeddingBag) and m.sparse}
        dense = [p for p in net.parameters() if id(p) not in sparse]
        rare = [p for p in net.parameters() if id(p) in sparse]
        self.optimizer = optimizer
        self.updates = 0
        self.steppers = [_dense_stepper(dense, optimizer)] if dense else []
        self.sparse_stepper = _sparse_stepper(rare, optimizer) if rare else None
        if self.sparse_stepper is not None:
            self.steppers.append(self.sparse_stepper)

    def __call__(self) -> None:
        self.updates += 1
        for stepper in self.steppers:
            for group in stepper.param_groups:
                group["lr"] = self.optimizer.learn_rate
                if "betas" in group:
                    group["betas"], group["eps"] = (self.optimizer.b1, self.optimizer.b2), self.optimizer.eps
                if "weight_decay" in group and stepper is not self.sparse_stepper:  # rows not seen do not decay
                    group["weight_decay"] = self.optimizer.L2
            stepper.step()
            stepper.zero_grad()


def _dense_stepper(parameters: list[Tensor], optimizer: Optimizer) -> torch.optim.Optimizer:
    if not (optimizer.b1 > 0 and optimizer.b2 > 0):
        return torch.optim.SGD(parameters, foreach=True)
    if optimizer.use_radam:
        return torch.optim.RAdam(parameters, decoupled_weight_decay=optimizer.L2_is_weight_decay)
    adam = torch.optim.AdamW if optimizer.L2_is_weight_decay else torch.optim.Adam
    return adam(parameters, fused=parameters[0].device.type in ("cpu", "cuda"))


def _sparse_stepper(parameters: list[Tensor], optimizer: Optimizer) -> torch.optim.Optimizer:
    return SparseAdam(parameters) if optimizer.b1 > 0 and optimizer.b2 > 0 else torch.optim.SGD(parameters)


def clip_gradients(nets: list[nn.Module], threshold: float) -> bool:
    """Scale all gradients of all nets to a global norm of at most `threshold` (0: as they are).

    False, with a warning, when the norm is not finite: the gradients are dropped and the update is to be skipped.
    """
    gradients = [_values(p) for net in nets for p in net.parameters() if p.grad is not None]
    if not gradients:
        return True
    norm = float(torch.linalg.vector_norm(torch.stack([torch.linalg.vector_norm(g) for g in gradients])))
    if norm != norm or norm == float("inf"):
        warnings.warn(Warnings.W001.format(norm=norm), stacklevel=2)
        for net in nets:
            net.zero_grad()
        return False
    if threshold and norm > threshold:
        torch._foreach_mul_(gradients, threshold / norm)
    return True


def _values(parameter: Tensor) -> Tensor:
    """The gradient, or of a sparse one the rows that there are, each once."""
    if parameter.grad.is_sparse:
        parameter.grad = parameter.grad.coalesce()
        return parameter.grad._values()
    return parameter.grad


def update_averages(averages: list[Tensor], net: nn.Module, updates: int) -> None:
    """Move the averages towards the weights, faster while there were few updates, as Thinc does."""
    decay = min(MAX_DECAY, (1 + updates) / (10 + updates))
    torch._foreach_lerp_(averages, [p.detach() for p in net.parameters()], 1 - decay)
