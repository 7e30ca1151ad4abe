"""The reference: gensim's Word2Vec and FastText, trained on the same ids, with progress and loss known along the way.

gensim's ``corpus_file`` mode does the work, in C and without the interpreter lock. It reports nothing while it runs and
decays the learning rate once per call, so it is called once for each part of the corpus: between the calls progress is
known, and the learning rate is set by the words seen. Read ``GensimEngine.run_epoch`` first.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy

from ..fit import CtrlC, Position, Progress, ProgressT, known_between, measured_on
from ..model import Model
from ..settings import MIN_LR, VectorSettings
from ..vocabulary import Corpus
from .gensim_loss import NegativeSamplingLoss

SAME_IN_GENSIM = ("window", "sample", "seed", "ns_exponent", "epochs")
PART = 50  # blocks: a million words
WORDS_PER_THREAD = 100_000  # a thread takes 10,000 words at a time: with much fewer, words are trained on twice


class GensimEngine:
    """Trains ``model`` part by part; each is written to ``folder`` as text, for gensim to read. It draws its random
    numbers from the start again when a training is taken up, so the outcome is another, and as good."""

    def __init__(self, model: Model, corpus: Corpus, folder: Path):
        self.model, self.folder = model, folder
        self.trained = _create(model, corpus)
        self.measure = _create_loss(self.trained, corpus, model.settings)

    def run_epoch(
        self, corpus: Corpus, settings: VectorSettings, position: Position, ctrl_c: CtrlC, progress: ProgressT
    ) -> None:
        """In place of the blocks one by one, which ``fit`` hands out to other engines."""
        done = known_between(corpus, 0, position.block)
        while position.block < len(corpus) and not ctrl_c.asked:
            path, sentences, words = _write_part(corpus, position.block, self.folder / "part")
            before = (position.epoch + done / corpus.known) / settings.epochs
            done += words
            after = (position.epoch + done / corpus.known) / settings.epochs
            _train_part(self.trained, path, sentences, words, settings, before, after)
            position.block = min(position.block + PART, len(corpus))
            progress(Progress("training", done, corpus.known, position.epoch))

    def loss(self, ids: numpy.ndarray, seed: int) -> float | None:
        """Of the sentences it was made with, which are these ids."""
        return self.measure() if self.measure else None  # without any pair it is empty

    def finish(self) -> None:
        _copy_back(self.trained, self.model)


def _create(model: Model, corpus: Corpus):
    from gensim.models import FastText, Word2Vec

    settings = model.settings

    class PartwiseFastText(FastText):
        """Trained in many calls: the words' vectors are composed after the last one, not after each."""

        def _clear_post_train(self) -> None:
            pass

    shared = {name: getattr(settings, name) for name in SAME_IN_GENSIM}
    shared |= {"vector_size": settings.dim, "alpha": settings.lr, "min_alpha": MIN_LR, "min_count": 1}
    shared |= {"sg": int(settings.model == "skipgram"), "sorted_vocab": 0, "hs": int(settings.loss == "hs")}
    shared["negative"] = settings.negative if settings.loss == "ns" else 0
    if settings.max_n:
        ngrams = {"min_n": settings.min_n, "max_n": settings.max_n, "bucket": settings.bucket}
        trained = PartwiseFastText(**shared, **ngrams)
    else:
        trained = Word2Vec(**shared)
    counts = dict(zip(model.words, model.counts.tolist(), strict=True))
    with _quiet_gensim():
        trained.build_vocab_from_freq(counts, corpus_count=corpus.sentences)
    _copy_in(model, trained)
    return trained


def _copy_in(model: Model, trained) -> None:
    """Begin where the model stands, if it has been trained before."""
    words = len(model.words)
    if not model.outputs.any():
        return
    output = trained.syn1neg if model.settings.loss == "ns" else trained.syn1
    output[: len(model.outputs)] = model.outputs
    if model.settings.max_n:
        trained.wv.vectors_vocab[:] = model.inputs[:words]
        trained.wv.vectors_ngrams[model.buckets] = model.inputs[words:]
    else:
        trained.wv.vectors[:] = model.inputs[:words]


def _copy_back(trained, model: Model) -> None:
    words = len(model.words)
    output = trained.syn1neg if model.settings.loss == "ns" else trained.syn1
    model.outputs[:] = output[: len(model.outputs)]
    if model.settings.max_n:
        model.inputs[:words] = trained.wv.vectors_vocab
        model.inputs[words:] = trained.wv.vectors_ngrams[model.buckets]
    else:
        model.inputs[:] = trained.wv.vectors


def _write_part(corpus: Corpus, first: int, path: Path) -> tuple[Path, int, int]:
    """PART blocks as text, one sentence a line; how many sentences and words."""
    ids = corpus.read(first, PART)
    names = numpy.array([*corpus.words, "\n"], dtype=object)
    path.write_text(" ".join(names[ids]).replace("\n ", "\n"), encoding="utf8", newline="\n")
    sentences = int((ids < 0).sum())
    return path, sentences, len(ids) - sentences


def _train_part(trained, path: Path, sentences: int, words: int, settings: VectorSettings, before, after) -> None:
    """Train on one part of the corpus, which takes the whole training from ``before`` to ``after`` (0 to 1)."""
    trained.workers = max(1, min(settings.workers, words // WORDS_PER_THREAD))
    with _quiet_gensim():
        trained.train(
            corpus_file=str(path),
            total_examples=sentences,
            total_words=words,
            epochs=1,
            start_alpha=settings.lr_at(before),
            end_alpha=settings.lr_at(after),
        )


def _create_loss(trained, corpus: Corpus, settings: VectorSettings) -> NegativeSamplingLoss | None:
    """Of fastText with negative sampling; gensim can measure it neither there nor elsewhere."""
    if settings.loss != "ns" or not settings.max_n:
        return None
    ids, _ = measured_on(corpus)
    sentences = [part[part >= 0].tolist() for part in numpy.split(ids, numpy.flatnonzero(ids < 0))]
    return NegativeSamplingLoss(trained, sentences, settings.seed)


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
