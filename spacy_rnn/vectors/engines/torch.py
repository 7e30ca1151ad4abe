"""Skip-gram and CBOW on a GPU, or on the processor where there is no compiler: native/train.c in large steps.

A block of text becomes matrices (``torch_text.py``): positions are taken in groups of sixteen, which share their noise
words, and each position of a group is told what it should predict and what not. Scores, losses and gradients of many
groups together are then a few products of matrices, with the same expectation as in train.c. Gradients are those of the
formulas, written by hand: every row of a word gets the whole gradient of their mean, as in fastText.

Many positions move at once and from the same place, so a frequent word would be moved much too far by the sum of their
gradients: see ``safe_step``. Read ``_step`` first.

The same seed gives the same vectors on the processor with one thread (``--deterministic``); a GPU adds up in any order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy
import torch
from torch import Tensor
from torch.nn.functional import embedding_bag, pad, softplus

from ...errors import Errors, RNNError
from ..huffman import huffman_paths
from ..model import Model
from ..native import Result
from ..noise import SCALE, alias_table
from .torch_text import GROUP, Text, TextReader

NOISE = 32  # noise words of a group
BATCH = 64  # groups that move together
SCORES_MOST = 2**25  # of one step: with a large vocabulary or deep trees fewer groups move together
STEP_MOST = 3  # see safe_step; with 1, frequent words learn too slowly


class Targets(NamedTuple):
    """What some groups should predict: ``right[g, i, j]`` is how often position i should predict ``words[g, j]``."""

    words: Tensor  # groups x words
    right: Tensor  # groups x GROUP x words


class Loss(NamedTuple):
    """Of some groups, all of it summed over pairs."""

    value: Tensor
    gradient: Tensor  # groups x GROUP x dim: by which the inputs would fall
    curvature: Tensor  # groups x GROUP


class TorchEngine:
    """Trains ``model`` on the device ``settings.gpu_id``; ``finish`` copies the weights back."""

    workers = 1  # one call of ``train`` at a time: the device does the rest

    def __init__(self, model: Model):
        self.model, self.settings = model, model.settings
        self.device = find_device(self.settings.gpu_id)
        with self._enough_memory():
            self._lay_out(model)

    def _lay_out(self, model: Model) -> None:
        self.inputs, self.outputs = (self._send(array).clone() for array in (model.inputs, model.outputs))
        self.reader = TextReader(model, self.device)
        self.predict = {"ns": self._negative_sampling, "hs": self._tree, "softmax": self._softmax}[self.settings.loss]
        span = GROUP + 2 * self.settings.window
        if self.settings.loss == "ns":
            share, alias = alias_table(model.counts, self.settings.ns_exponent)
            self.alias_share, self.alias = self._send(share.astype(numpy.int64)), self._send(alias)
            scores = span + NOISE
        elif self.settings.loss == "hs":
            self.nodes, self.right_turns, self.left_turns = map(self._send, pad_paths(model.counts))
            scores = max(1, span * self.nodes.shape[1])  # an only word has no node
        else:
            scores = len(model.words)
        self.batch = max(1, min(BATCH, SCORES_MOST // (GROUP * scores)))

    def _send(self, array: numpy.ndarray) -> Tensor:
        return torch.from_numpy(array).to(self.device)

    @contextmanager
    def _enough_memory(self) -> Iterator[None]:
        try:
            yield
        except torch.cuda.OutOfMemoryError as error:
            reason, weights = str(error).splitlines()[0], self.model.inputs.nbytes + self.model.outputs.nbytes
            raise RNNError(Errors.R291.format(reason=reason.rstrip("."), weights=weights / 1e6)) from error

    def train(self, ids: numpy.ndarray, lr: float, seed: int) -> Result:
        """Train on sentences of ids that end with -1."""
        return self._run(ids, lr, seed, thin=True)

    def loss(self, ids: numpy.ndarray, seed: int) -> float | None:
        """Nats per pair of words; None without any pair. Frequent words are not thinned out."""
        return self._run(ids, 0.0, seed, thin=False).mean

    def finish(self) -> None:
        self.model.inputs[:] = self.inputs.cpu().numpy()
        self.model.outputs[:] = self.outputs.cpu().numpy()

    def _run(self, ids: numpy.ndarray, lr: float, seed: int, thin: bool) -> Result:
        random = torch.Generator(self.device).manual_seed(seed)
        loss = torch.zeros((), dtype=torch.float64, device=self.device)
        with self._enough_memory(), torch.no_grad(), threads(self.settings.workers):
            text = self.reader.read(self._send(ids), thin, random)
            for first in range(0, len(text.near), self.batch):
                loss += self._step(text, first, min(first + self.batch, len(text.near)), lr, random)
            pairs = text.near.sum() if self.settings.model == "skipgram" else text.near.any(2).sum()
        return Result(float(loss), int(pairs), int((ids >= 0).sum()))

    # -- A step

    def _step(self, text: Text, first: int, last: int, lr: float, random: torch.Generator) -> Tensor:
        """Move on what groups ``first`` to ``last`` say, and give their loss before it."""
        window, dim = self.settings.window, self.settings.dim
        near = text.near[first:last].float()
        if self.settings.model == "skipgram":
            places = slice(first * GROUP + window, last * GROUP + window)
            hidden = self._compose(text, places).view(-1, GROUP, dim)
            targets = Targets(text.around(first, last, window), near)
        else:
            places = slice(first * GROUP, last * GROUP + 2 * window)
            vectors = self._compose(text, places).unfold(0, near.shape[2], GROUP).transpose(1, 2)
            hidden = near / near.sum(2, keepdim=True).clamp(1) @ vectors
            targets = Targets(text.around(first, last, 0), near.amax(2).diag_embed())
        loss, gradient, curvature = self.predict(hidden, targets, lr, random)
        if lr > 0:
            if self.settings.model == "cbow":
                gradient, curvature = self._spread(near, gradient), self._spread(near, curvature[..., None])
            self._move_words(text, places, gradient.reshape(-1, dim), curvature.reshape(-1), lr)
        return loss

    def _compose(self, text: Text, places: slice) -> Tensor:  # places x dim
        """The mean of each word's rows; zero at empty places."""
        starts = text.starts[places.start : places.stop + 1]
        rows = text.rows[text.bounds[places.start] : text.bounds[places.stop]]
        sums = embedding_bag(rows, self.inputs, (starts[:-1] - starts[0]).to(rows.dtype), mode="sum")
        return sums / starts.diff().clamp(1)[:, None]

    def _spread(self, near: Tensor, gradient: Tensor) -> Tensor:  # places x n
        """What each word of the windows gets: the whole gradient of their mean."""
        shares = near.transpose(1, 2) @ gradient  # groups x span x n
        groups, span = near.shape[0], near.shape[2]
        total = shares.new_zeros(groups * GROUP + span - GROUP, shares.shape[2])
        place = torch.arange(len(total), device=self.device).unfold(0, span, GROUP)
        return total.index_add_(0, place.reshape(-1), shares.flatten(0, 1))

    def _move_words(self, text: Text, places: slice, gradient: Tensor, curvature: Tensor, lr: float) -> None:
        starts = text.starts[places.start : places.stop + 1]
        begin, end = text.bounds[places.start], text.bounds[places.stop]
        place = torch.arange(len(gradient), device=self.device)
        place = place.repeat_interleave(starts.diff(), output_size=end - begin)
        self._move(
            self.inputs, text.rows[begin:end], gradient.index_select(0, place), curvature.index_select(0, place), lr
        )

    def _move(self, weights: Tensor, rows: Tensor, gradient: Tensor, curvature: Tensor, lr: float) -> None:
        """Add up what each row gets."""
        total = weights.new_zeros(len(weights)).index_add_(0, rows, curvature)
        weights.index_add_(0, rows, gradient.mul_(safe_step(lr, total.index_select(0, rows))[:, None]))

    # -- Losses

    def _negative_sampling(self, hidden: Tensor, targets: Targets, lr: float, random: torch.Generator) -> Loss:
        """Each pair weighs every noise word of its group negative / NOISE times, but for the word it should predict."""
        noise = self._draw_noise(len(hidden), random)
        same = (targets.words[:, :, None] == noise[:, None]).float()  # groups x words x NOISE
        wrong = (targets.right.sum(2, keepdim=True) - targets.right @ same) * (self.settings.negative / NOISE)
        rows = torch.cat([targets.words, noise], 1)
        right = pad(targets.right, (0, NOISE))
        wrong = pad(wrong, (targets.words.shape[1], 0))
        return self._classify(hidden, rows, right, wrong, lr)

    def _draw_noise(self, groups: int, random: torch.Generator) -> Tensor:  # groups x NOISE
        column = torch.randint(len(self.alias), (groups, NOISE), generator=random, device=self.device)
        number = torch.randint(SCALE, (groups, NOISE), generator=random, device=self.device)
        return torch.where(number < self.alias_share[column], column, self.alias[column])

    def _tree(self, hidden: Tensor, targets: Targets, lr: float, random: torch.Generator) -> Loss:
        """The way to each word, as as many choices between left and right."""
        rows = self.nodes[targets.words].flatten(1)
        left, right = (
            (targets.right[..., None] * turns[targets.words][:, None]).flatten(2)
            for turns in (self.left_turns, self.right_turns)
        )
        return self._classify(hidden, rows, left, right, lr)

    def _classify(self, hidden: Tensor, rows: Tensor, right: Tensor, wrong: Tensor, lr: float) -> Loss:
        """Logistic regressions: does ``hidden`` go with these rows of the outputs? ``right`` and ``wrong`` say how
        often yes and how often no."""
        outputs = self.outputs.index_select(0, rows.reshape(-1)).view(*rows.shape, self.settings.dim)
        scores = hidden @ outputs.transpose(1, 2)  # groups x GROUP x rows
        loss = (right * softplus(-scores) + wrong * softplus(scores)).sum()
        both = right + wrong
        steps = right - both * scores.sigmoid()
        curvature = both / 4  # the second derivative of -log sigmoid is at most 1/4
        found = Loss(loss, steps @ outputs, (curvature @ square(outputs)).squeeze(2))
        if lr > 0:
            change = (steps.transpose(1, 2) @ hidden).flatten(0, 1)
            bend = (curvature.transpose(1, 2) @ square(hidden)).flatten()
            self._move(self.outputs, rows.reshape(-1), change, bend, lr)
        return found

    def _softmax(self, hidden: Tensor, targets: Targets, lr: float, random: torch.Generator) -> Loss:
        """-log p(word | hidden) = log sum over all w of exp(u_w.h) - u_word.h"""
        hidden = hidden.flatten(0, 1)
        right, words = targets.right.flatten(0, 1), targets.words.repeat_interleave(GROUP, 0)  # positions x words
        count = right.sum(1, keepdim=True)
        logs = (hidden @ self.outputs.T).log_softmax(1)  # positions x vocabulary
        loss = -(right * logs.gather(1, words)).sum()
        chances = logs.exp_().mul_(count)
        curvature = chances.scatter_add(1, words, right / 4)  # p(1 - p) is below p, and as p rises to 1 at most 1/4
        steps = chances.neg_().scatter_add_(1, words, right)
        bends = curvature @ square(self.outputs)  # positions x 1
        found = Loss(loss, (steps @ self.outputs).view(-1, GROUP, hidden.shape[1]), bends.view(-1, GROUP))
        if lr > 0:
            self.outputs.add_((steps.T @ hidden).mul_(safe_step(lr, curvature.T @ square(hidden))))
        return found


def safe_step(lr: float, curvature: Tensor) -> Tensor:
    """lr, but less for rows that so many words of the batch pull at that it would go too far. Where the second
    derivative is nowhere above a bound, descent converges with steps up to 1 / bound. The bound, a sum over words, is
    reached only if all their vectors point the same way; they do not, and ``STEP_MOST`` times that is still stable."""
    return lr / (curvature * (lr / STEP_MOST)).clamp(1)


def square(vectors: Tensor) -> Tensor:  # ... x 1
    return vectors.square().sum(-1, keepdim=True)


def pad_paths(counts: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """The Huffman paths of all words as matrices: the nodes, and whether they go right or left there. Where a path has
    ended it goes neither way, and the node is its last one.  # words x depth, 0 for a single word"""
    starts, nodes, codes = huffman_paths(counts)
    lengths = numpy.diff(starts)
    step = numpy.arange(lengths.max())
    at = numpy.minimum(starts[:-1, None] + step, starts[1:, None] - 1)
    inside = step < lengths[:, None]
    right = codes[at].astype(bool)
    return nodes[at], (inside & right).astype("f"), (inside & ~right).astype("f")


def find_device(gpu_id: int) -> torch.device:
    if gpu_id < 0:
        return torch.device("cpu")
    try:
        device = torch.device("cuda", gpu_id)
        torch.zeros(1, device=device)
    except (AssertionError, RuntimeError) as error:
        raise RNNError(Errors.R290.format(gpu=gpu_id, reason=str(error).splitlines()[0].rstrip("."))) from error
    return device


@contextmanager
def threads(count: int) -> Iterator[None]:
    """torch works with so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    try:
        yield
    finally:
        torch.set_num_threads(before)
