"""Train fastText vectors on text files: ``train_vectors`` is ``spacy rnn vectors train`` without the shell.

gensim's ``corpus_file`` mode does the work, in C and without the interpreter lock. It reports nothing while it runs and
decays the learning rate once per call, so it is called once for each part of the corpus: between the calls progress is
known, and the learning rate is set by the words seen. Read ``train_vectors``, then ``_run_epochs``.
"""

import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import spacy
from spacy.language import Language

from ..errors import Errors, RNNError
from .corpus import Corpus, Shard, find_texts, read_texts, split_tokens, write_corpus
from .corpus import tokenize as tokenize_lines
from .loss import NegativeSamplingLoss
from .settings import MIN_LR, VectorSettings
from .table import FastTextVectors

if TYPE_CHECKING:
    from gensim.models import FastText

SAME_IN_GENSIM = ("window", "min_count", "min_n", "max_n", "bucket", "negative", "sample", "seed")
LOG_NAME = "training.json"
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


def train_vectors(
    corpus_paths: list[Path],
    out: Path,
    *,
    lang: str,
    tokenize: bool = False,
    settings: VectorSettings | None = None,
    force: bool = False,
    progress: ProgressT = lambda state: None,
) -> dict:
    """Train on ``corpus_paths`` and write the folder ``out``: a pipeline with these vectors and nothing else, which
    ``spacy.load`` and ``[initialize] vectors`` take, and the training log, which is also returned. With ``tokenize``,
    the corpus is raw text, else its tokens are separated by spaces."""
    settings = settings or VectorSettings()
    _check_free(out, force)
    files = find_texts(corpus_paths)
    nlp = _create_pipeline(lang)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as workplace:
        corpus = _read(files, Path(workplace) / "corpus", settings, nlp if tokenize else None, progress)
        nlp.vocab.vectors, log = _train(corpus, settings, progress)
        nlp.vocab.vectors.name = f"{lang}_vectors"
        log["corpus"]["files"] = [file.name for file in files]
        built = Path(workplace) / "built"
        nlp.to_disk(built)
        (built / LOG_NAME).write_text(json.dumps(log, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
        if out.exists():
            out.rename(Path(workplace) / "replaced")
        built.rename(out)
    return log


def _check_free(out: Path, force: bool) -> None:
    if not out.exists():
        return
    if not force:
        raise RNNError(Errors.R207.format(path=out))
    if not (out / LOG_NAME).is_file():
        raise RNNError(Errors.R211.format(path=out))


def _create_pipeline(lang: str) -> Language:
    try:
        config = {"nlp": {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}}}
        return spacy.blank(lang, config=config, meta={"name": "vectors"})
    except ImportError as error:
        raise RNNError(Errors.R209.format(lang=lang, error=error)) from error


def _read(
    files: list[Path], folder: Path, settings: VectorSettings, nlp: Language | None, progress: ProgressT
) -> Corpus:
    folder.mkdir()
    size = sum(file.stat().st_size for file in files)
    lines = read_texts(files, lambda done: progress(Progress("reading", done, size)))
    corpus = write_corpus(split_tokens(lines) if nlp is None else tokenize_lines(lines, nlp), folder, settings.seed)
    if not corpus.words:
        raise RNNError(Errors.R205.format(paths=", ".join(map(str, files))))
    word, count = corpus.counts.most_common(1)[0]
    if count < settings.min_count:
        raise RNNError(Errors.R206.format(min_count=settings.min_count, word=word, count=count))
    return corpus


def _train(corpus: Corpus, settings: VectorSettings, progress: ProgressT) -> tuple[FastTextVectors, dict]:
    """The trained table, and the training log."""
    model = _create_model(corpus, settings)
    loss = NegativeSamplingLoss(model, corpus.held_out, settings.seed)
    measured_on = "held-out sentences"
    if not len(loss):  # a small corpus
        loss = NegativeSamplingLoss(model, corpus, settings.seed)
        measured_on = "training sentences"
    if not len(loss):
        raise RNNError(Errors.R210)
    log = {
        "settings": asdict(settings),
        "corpus": {"sentences": corpus.sentences, "words": corpus.words, "types": len(corpus.counts)},
        "vocabulary": len(model.wv),
        "loss": {"unit": "nats per pair", "pairs": len(loss), "of": measured_on, "before": loss()},
    }
    log["epochs"] = list(_run_epochs(model, corpus, settings, loss, progress))
    model.wv.adjust_vectors()
    return FastTextVectors.from_gensim(model.wv), log


def _create_model(corpus: Corpus, settings: VectorSettings) -> "FastText":
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


def _run_epochs(model, corpus: Corpus, settings: VectorSettings, loss, progress: ProgressT) -> Iterator[dict]:
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
