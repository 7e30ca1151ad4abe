"""Fit gensim's FastText to a corpus, epoch by epoch, with progress and loss known along the way.

gensim's ``corpus_file`` mode does the work, in C and without the interpreter lock. It reports nothing while it runs and
decays the learning rate once per call, so it is called once for each part of the corpus: between the calls progress is
known, and the learning rate is set by the words seen. Read ``run_epochs`` first.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .corpus import Corpus, Shard
from .settings import MIN_LR, VectorSettings

if TYPE_CHECKING:
    from gensim.models import FastText

SAME_IN_GENSIM = ("window", "min_count", "min_n", "max_n", "bucket", "negative", "sample", "seed")
WORDS_PER_THREAD = 100_000  # a thread takes 10,000 words at a time: with much fewer, words are trained on twice


@dataclass
class Progress:
    """What a progress callback is told. Reading: bytes. Training: words of this epoch, and the loss at its end."""

    stage: str  # "reading" or "training"
    done: int
    total: int
    epoch: int = 0
    loss: float | None = None


ProgressT = Callable[[Progress], None]


def create_model(corpus: Corpus, settings: VectorSettings) -> "FastText":
    from gensim.models import FastText

    class PartwiseFastText(FastText):
        """Trained in many calls: the words' vectors are composed after the last one, not after each."""

        def _clear_post_train(self) -> None:
            pass

    model = PartwiseFastText(
        sg=int(settings.model == "skipgram"),
        vector_size=settings.dim,
        alpha=settings.lr,
        min_alpha=MIN_LR,
        **{name: getattr(settings, name) for name in SAME_IN_GENSIM},
    )
    model.build_vocab_from_freq(dict(corpus.counts), corpus_count=corpus.sentences)
    return model


def run_epochs(model, corpus: Corpus, settings: VectorSettings, loss, progress: ProgressT) -> Iterator[dict]:
    """Train; one log entry for each epoch."""
    for epoch in range(settings.epochs):
        seconds, done = 0.0, 0
        progress(Progress("training", 0, corpus.words, epoch))
        for shard in corpus.shards:
            started = time.perf_counter()
            before = (epoch + done / corpus.words) / settings.epochs
            done += shard.words
            after = (epoch + done / corpus.words) / settings.epochs
            _train_shard(model, shard, settings, before, after)
            seconds += time.perf_counter() - started
            progress(Progress("training", done, corpus.words, epoch))
        value = loss()
        progress(Progress("training", done, corpus.words, epoch, loss=value))
        yield {"epoch": epoch + 1, "loss": value, "words_per_second": round(done / seconds), "seconds": seconds}


def _train_shard(model, shard: Shard, settings: VectorSettings, before: float, after: float) -> None:
    """Train on one part of the corpus, which takes the whole training from ``before`` to ``after`` (0 to 1)."""
    threads = settings.threads or os.cpu_count() or 1
    model.workers = max(1, min(threads, shard.words // WORDS_PER_THREAD))
    with _quiet_gensim():
        model.train(
            corpus_file=str(shard.path),
            total_examples=shard.sentences,
            total_words=shard.words,
            epochs=1,
            start_alpha=settings.lr + (MIN_LR - settings.lr) * before,
            end_alpha=settings.lr + (MIN_LR - settings.lr) * after,
        )


@contextmanager
def _quiet_gensim() -> Iterator[None]:
    """gensim warns that the counts differ from what it was told: each thread begins in the middle of a sentence."""
    logger = logging.getLogger("gensim")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
