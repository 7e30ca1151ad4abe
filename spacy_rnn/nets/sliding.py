"""Filters over texts by our own kernel (native/filters.c), on a CPU: the largest sum of each filter in each text.

What a filter adds up is known for each different word of the batch and each place in the window, one matrix product.
The kernel adds these up window by window and keeps the largest, so that what the filters say of each window is never
written down. A gradient reaches one window of each text for each filter: backwards no matrix is needed. The result is
torch's but for rounding, and that of a text the same in any batch. What a predicting model knows of the words it has
met is remembered (memory.py).
"""

from functools import partial
from typing import Any

import numpy
import torch
from torch import Tensor, nn
from torch.autograd.function import once_differentiable

from . import memory, native
from .masks import Words

FEWEST = 16  # filters, of which a vector is made


def fits(rows: Tensor, filters: int) -> bool:
    """Whether the kernel can do what so many filters of float32 ask of these rows."""
    return (
        filters >= FEWEST
        and rows.device.type == "cpu"
        and rows.dtype == torch.float32
        and not torch.is_autocast_enabled("cpu")
        and native.reason_missing() is None
    )


def known_of(rows: Tensor, weights: list[Tensor]) -> Tensor:
    """What each filter adds up for each row in each place of its window: T x sum(sizes) * filters, size after size.

    weights: of each size, filters x size * width.
    """
    return rows @ _in_places(rows.shape[1], weights).T


def _in_places(width: int, weights: list[Tensor]) -> Tensor:  # sum(sizes) * filters x width
    return torch.cat([weight.view(len(weight), -1, width).transpose(0, 1).flatten(0, 1) for weight in weights])


def largest(bank: nn.ModuleList, sizes: list[int], words: Words) -> Tensor:
    """texts x len(sizes) * filters, without bias."""
    rows, weights = words.rows.contiguous(), [linear.weight for linear in bank]
    filters, place = bank[0].out_features, words.place.numpy()
    if torch.is_grad_enabled():
        return _Largest.apply(native.Slide(filters, sizes, place, words.lengths), rows, *weights)
    again = memory.products(bank, rows, weights, partial(_in_places, rows.shape[1])) if words.again else None
    known, place = (again[0], again[1][place]) if again else (known_of(rows, weights), place)
    return torch.from_numpy(native.Slide(filters, sizes, place, words.lengths).tops(known.numpy(), False)[0])


def largest_numbers(flat: Tensor, lengths: numpy.ndarray) -> Tensor:
    """Each column a filter of one word: N x width -> texts x width. Without gradients."""
    slide = native.Slide(flat.shape[1], [1], numpy.arange(len(flat)), lengths)
    return torch.from_numpy(slide.tops(flat.detach().contiguous().numpy(), False)[0])


class _Largest(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, slide: native.Slide, rows: Tensor, *weights: Tensor) -> Tensor:
        tops, where = slide.tops(known_of(rows, weights).numpy(), True)
        ctx.slide, ctx.where = slide, where
        ctx.save_for_backward(rows, *weights)
        return torch.from_numpy(tops)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_tops: Tensor) -> tuple:
        needed = zip(ctx.saved_tensors, ctx.needs_input_grad[1:], strict=True)
        made = [torch.zeros_like(x) if wanted else None for x, wanted in needed]
        (rows, *weights), (d_rows, *d_weights) = (
            [None if x is None else x.detach().numpy() for x in tensors] for tensors in (ctx.saved_tensors, made)
        )
        ctx.slide.back(d_tops.contiguous().numpy(), ctx.where, rows, weights, d_rows, d_weights)
        return None, *made
