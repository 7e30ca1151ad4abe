"""How Thinc holds a torch net: builds it, runs it, steps it, averages it, saves it. Every net of this package goes
through here.

The life of a net: a config names an architecture -> `TorchShim(net_class, fixed)` knows what the config said ->
`build(**found)` adds what only the data can tell (numbers of words, labels) -> `begin_update` / `predict` ->
`finish_update` -> `to_bytes` / `from_bytes`.
"""

import contextlib
import copy
import os
from collections.abc import Callable, Iterator
from typing import Any

import torch
from thinc.api import Optimizer
from thinc.shims import Shim
from thinc.util import get_torch_default_device, torch2xp
from torch import Tensor, nn

from ..errors import Errors, RNNError
from ..nets.dropout import set_dropout
from .optimizer import TorchStep, clip_gradients, update_averages
from .weights import net_from_bytes, net_to_bytes, weights_of

if hasattr(os, "register_at_fork"):
    # nlp.pipe(n_process=2) forks where it can: the child would wait for OpenMP threads that only its parent has
    os.register_at_fork(after_in_child=lambda: torch.set_num_threads(1))


class TorchShim(Shim):
    """One torch net inside a Thinc model.

    net_class: built as net_class(**fixed, **found).
    fixed: the arguments the config gives, JSON-able; a saved net is refused when it was built with others.
    mixed_precision: bfloat16 autocast where the net runs on a CUDA device; without effect elsewhere.
    """

    _model: nn.Module | None

    def __init__(self, net_class: type[nn.Module], fixed: dict[str, Any], mixed_precision: bool = True):
        super().__init__(None, config=fixed)
        self.net_class, self.fixed, self.mixed_precision = net_class, fixed, mixed_precision
        self._step: TorchStep | None = None

    @property
    def net(self) -> nn.Module:
        if self._model is None:
            raise RNNError(Errors.R001.format(net=self.net_class.__name__))
        return self._model

    @property
    def built(self) -> bool:
        return self._model is not None

    @property
    def device(self) -> torch.device:
        parameter = next(self.net.parameters(), None)
        return get_torch_default_device() if parameter is None else parameter.device

    def build(self, **found: Any) -> None:
        """Build the net on the current device, with what the data told."""
        self.cfg = {**self.fixed, **found}
        self._model = self.net_class(**self.cfg).to(get_torch_default_device()).eval()
        if self._step is not None and self._step.optimizer.averages:
            self._step.optimizer.averages.pop(self._key, None)  # of weights that are gone
        self._step = None

    def resize(self, **found: Any) -> None:
        """Build the net anew with other sizes. What both nets have in common keeps its weights."""
        old = weights_of(self.net)
        self.build(**{**self.cfg, **found})
        with torch.no_grad():
            for name, weight in weights_of(self.net).items():
                common = tuple(slice(min(sizes)) for sizes in zip(weight.shape, old[name].shape, strict=True))
                weight[common] = old[name][common]

    def predict(self, *args: Any) -> Tensor:
        """Run the net without gradients, in evaluation mode."""
        return self.infer(self.net, *args)

    def infer(self, function: Callable[..., Tensor], *args: Any) -> Tensor:
        """Run something else made of the net, in the same way."""
        if self.net.training:
            self.net.eval()
        with torch.no_grad(), self._autocast():
            return function(*args).float()

    def begin_update(self, *args: Any, dropout: float = 0.0) -> tuple[Tensor, Callable[[Tensor], None]]:
        """Run the net with gradients; the callback takes the output's and adds to `.grad` of weights and inputs."""
        if not self.net.training:
            self.net.train()
        set_dropout(self.net, dropout)
        with self._autocast():
            output = self.net(*args).float()

        def backprop(d_output: Tensor) -> None:
            if output.requires_grad:  # not of a net without weights, such as vectors as they are
                output.backward(d_output)

        return output.detach(), backprop

    def finish_update(self, optimizer: Optimizer, clip: bool = True) -> None:
        """Step the net with the numbers of a Thinc optimizer and move its averages; without gradients do nothing."""
        if self._model is None or all(p.grad is None for p in self._model.parameters()):
            return
        if not isinstance(optimizer, Optimizer):
            return self._hand_over(optimizer)
        if clip and not clip_gradients([self._model], optimizer.grad_clip):
            return
        if self._step is None or self._step.optimizer is not optimizer:
            self._step = TorchStep(self._model, optimizer)
        self._step()
        if optimizer.averages is not None:
            if self._key not in optimizer.averages:
                optimizer.averages[self._key] = [torch.zeros_like(p) for p in self._model.parameters()]
            update_averages(optimizer.averages[self._key], self._model, self._step.updates)

    def _hand_over(self, collect: Callable[[tuple, Any, Any], Any]) -> None:
        """What `nlp.rehearse` gives is no optimizer: it collects weights and gradients, which spaCy steps in place."""
        for name, weight in self._model.named_parameters():
            if weight.grad is not None:
                gradient = weight.grad.to_dense() if weight.grad.is_sparse else weight.grad
                collect((self.id, name), torch2xp(weight.detach()), torch2xp(gradient))
        self._model.zero_grad()

    @contextlib.contextmanager
    def use_params(self, params: dict) -> Iterator[None]:
        """The averages in place of the weights, to evaluate and to save; the weights come back even after an error."""
        if self._key not in params:
            yield
            return
        weights = list(self.net.parameters())
        backup = [weight.detach().clone() for weight in weights]
        with torch.no_grad():
            torch._foreach_copy_(weights, params[self._key])
        try:
            yield
        finally:
            with torch.no_grad():
                torch._foreach_copy_(weights, backup)

    def to_device(self, device_type: str, device_id: int) -> None:
        if self._model is not None:
            self._model.to("cpu" if device_type == "cpu" else torch.device("cuda", device_id))

    def copy(self) -> "TorchShim":
        """An independent net with the same weights, which averages and steps on its own."""
        other = TorchShim(self.net_class, self.fixed, self.mixed_precision)
        other.cfg, other._model = dict(self.cfg), copy.deepcopy(self._model)
        return other

    def to_bytes(self) -> bytes:
        return net_to_bytes(self._model, self.cfg) if self._model is not None else b""

    def from_bytes(self, data: bytes) -> "TorchShim":
        if data:
            net, self.cfg = net_from_bytes(data, self.net_class, self.fixed)
            self._model = net.to(get_torch_default_device()).eval()
            self._step = None
        return self

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_step": None}  # moments and schedules (generators) stay where the training is

    @property
    def _key(self) -> str:
        return f"torch_{self.id}"

    def _autocast(self) -> contextlib.AbstractContextManager:
        device = self.device
        if device.type == "cuda" and self.mixed_precision and torch.cuda.is_bf16_supported():
            return torch.autocast("cuda", torch.bfloat16)
        return contextlib.nullcontext()
