"""Adam for tables of which a batch sees a few rows: only these are read and written (as torch's SparseAdam, without its
sparse tensors)."""

import torch
from torch import Tensor


class SparseAdam(torch.optim.Optimizer):
    """Parameters with sparse gradients. The moments of a row move when it is seen (Kingma and Ba 2015,
    arXiv:1412.6980)."""

    def __init__(self, parameters: list[Tensor]):
        super().__init__(parameters, dict(lr=1e-3, betas=(0.9, 0.999), eps=1e-8))

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        for group in self.param_groups:
            for table in group["params"]:
                if table.grad is not None:
                    self._move(table, table.grad.coalesce(), group)

    def _move(self, table: Tensor, gradient: Tensor, group: dict) -> None:
        state, (b1, b2) = self.state[table], group["betas"]
        if not state:
            state.update(step=0, mean=torch.zeros_like(table), square=torch.zeros_like(table))
        state["step"] += 1
        rows, values = gradient.indices()[0], gradient.values()
        mean = state["mean"].index_select(0, rows).lerp_(values, 1 - b1)
        square = state["square"].index_select(0, rows).mul_(b2).addcmul_(values, values, value=1 - b2)
        rate = group["lr"] * (1 - b2 ** state["step"]) ** 0.5 / (1 - b1 ** state["step"])
        moved = table.index_select(0, rows).addcdiv_(mean, square.sqrt().add_(group["eps"]), value=-rate)
        for whole, part in ((state["mean"], mean), (state["square"], square), (table, moved)):
            whole.index_copy_(0, rows, part)
