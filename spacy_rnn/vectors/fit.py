"""Train a model on a corpus, block by block, epoch by epoch, with progress, loss, and a way to stop and go on.

Blocks are shuffled, and taken by as many threads as there are processors. Learning rate and random numbers depend on
the block alone, so one thread gives the same vectors each time, also after a stop. Read ``fit`` first.
"""

import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Protocol

import numpy

from ..errors import Errors, RNNError
from .model import Model
from .native import Result
from .settings import VectorSettings
from .vocabulary import Corpus


@dataclass
class Progress:
    """What a progress callback is told. Reading: bytes. Training: words of this epoch, and the loss at its end."""

    stage: str  # "reading", "counting" (of pairs, in words), "plan" or "training"
    done: int = 0
    total: int = 0
    epoch: int = 0
    loss: float | None = None  # nats per pair, of what was just trained on, and at the end of the epoch as measured
    lr: float = 0.0
    message: str = ""
    measured: bool = False


ProgressT = Callable[[Progress], None]


class Engine(Protocol):
    """Trains a model on blocks of ids (sentences that end with -1)."""

    def train(self, ids: numpy.ndarray, lr: float, seed: int) -> Result: ...

    def loss(self, ids: numpy.ndarray, seed: int) -> float | None: ...

    def finish(self) -> None: ...


@dataclass
class Position:
    """How far training has come: epochs that are complete, and blocks of the next one."""

    epoch: int = 0
    block: int = 0


class Stopped(RNNError):
    """Ctrl-C, told with what is saved."""


class CtrlC:
    """Within the block, Ctrl-C interrupts nothing, and sets ``asked``: whoever works looks there where he can stop."""

    asked = False

    def __enter__(self) -> "CtrlC":
        self.before = None
        if threading.current_thread() is threading.main_thread():  # signals come to no other
            self.before = signal.signal(signal.SIGINT, lambda number, frame: setattr(self, "asked", True))
        return self

    def __exit__(self, *error) -> None:
        if self.before is not None:
            signal.signal(signal.SIGINT, self.before)


def fit(
    engine: Engine,
    corpus: Corpus,
    model: Model,
    position: Position,
    *,
    save: Callable[[], None] = lambda: None,
    ctrl_c: CtrlC | None = None,
    progress: ProgressT,
    log: list[dict],
) -> None:
    """Train ``model`` from ``position``, which moves along, to the end. ``save`` is called after each epoch, and when
    ``ctrl_c`` asks to stop; without it, Ctrl-C is what it always is."""
    settings, ctrl_c = model.settings, ctrl_c or CtrlC()
    measured, _ = measured_on(corpus)
    run_epoch = getattr(engine, "run_epoch", partial(_run_epoch, engine))  # gensim has its own
    while position.epoch < settings.epochs:
        started, before = time.perf_counter(), position.block
        run_epoch(corpus, settings, position, ctrl_c, progress)
        if position.block < len(corpus):
            _keep(engine, model, position, save)
            raise Stopped(Errors.R214.format(epoch=position.epoch + 1, epochs=settings.epochs))
        seconds = time.perf_counter() - started
        words = known_between(corpus, before, len(corpus))
        position.epoch, position.block = position.epoch + 1, 0
        loss = engine.loss(measured, settings.seed)
        progress(Progress("training", corpus.known, corpus.known, position.epoch - 1, loss, measured=True))
        speed = {f"{corpus.counted}_per_second": round(words / seconds), "seconds": round(seconds, 3)}
        log.append({"epoch": position.epoch, "loss": loss, **speed})
        _keep(engine, model, position, save)


def _keep(engine: Engine, model: Model, position: Position, save: Callable[[], None]) -> None:
    """Save what was trained, if it is worth it."""
    engine.finish()
    if not model.is_finite():
        raise RNNError(Errors.R286.format(epoch=max(1, position.epoch + bool(position.block)), lr=model.settings.lr))
    save()


def measured_on(corpus: Corpus) -> tuple[numpy.ndarray, str]:
    """The ids the loss is measured on, and what they are. Of a small corpus nothing is held out."""
    if len(corpus.held_out):
        return corpus.held_out, "held-out sentences"
    return corpus.read(0), f"training {corpus.parts}"


def _run_epoch(
    engine: Engine, corpus: Corpus, settings: VectorSettings, position: Position, ctrl_c: CtrlC, progress: ProgressT
) -> None:
    """Blocks are handed out in order. At Ctrl-C those in work are finished, and ``position`` is the one after them."""

    def is_more() -> bool:
        return position.block < len(corpus) and not ctrl_c.asked

    done = known_between(corpus, 0, position.block)
    progress(Progress("training", done, corpus.known, position.epoch))
    running: set[Future] = set()
    workers = getattr(engine, "workers", settings.workers)  # torch has threads of its own
    with ThreadPoolExecutor(workers) as pool:
        while is_more() or running:
            while len(running) < workers and is_more():
                running.add(pool.submit(_run_block, engine, corpus, settings, position.epoch, position.block))
                position.block += 1
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                result, lr = future.result()
                done += result.words
                progress(Progress("training", done, corpus.known, position.epoch, result.mean, lr))


def _run_block(
    engine: Engine, corpus: Corpus, settings: VectorSettings, epoch: int, block: int
) -> tuple[Result, float]:  # and the learning rate
    """Train on the block whose turn it is."""
    order = _shuffle(settings.seed, epoch, len(corpus))
    lr = settings.lr_at((epoch + block / len(corpus)) / settings.epochs)
    seed = (settings.seed * 1_000_003 + epoch) * 1_000_003 + block
    return engine.train(corpus.read(int(order[block])), lr, seed % 2**64), lr


@lru_cache(maxsize=2)
def _shuffle(seed: int, epoch: int, blocks: int) -> numpy.ndarray:
    """In each epoch the blocks come in another order: a text changes on its way, and what comes last is remembered
    best. In the order of the text, vectors are clearly worse."""
    return numpy.random.default_rng([seed, epoch]).permutation(blocks)


def known_between(corpus: Corpus, first: int, last: int) -> int:
    """About how many words lie between two blocks: ends of sentences are not told from words."""
    share = corpus.known / max(1, int(corpus.blocks[-1]))
    return round(float(corpus.blocks[last] - corpus.blocks[first]) * share)
