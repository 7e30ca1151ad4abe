"""Train fastText vectors on text files: ``train_vectors`` is ``spacy rnn vectors train`` without the shell.

The corpus is read (``corpus.py``), the model fitted to it (``fit.py``), its loss measured (``loss.py``), and the table
(``table.py``) saved in a folder of its own. The folder is built aside and renamed when complete.
"""

import json
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path

import spacy
from spacy.language import Language

from ..errors import Errors, RNNError, Warnings
from .corpus import Corpus, find_texts, read_texts, split_tokens, write_corpus
from .corpus import tokenize as tokenize_lines
from .fit import Progress, ProgressT, create_model, run_epochs
from .loss import NegativeSamplingLoss
from .settings import VectorSettings
from .table import FastTextVectors

LOG_NAME = "training.json"


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
    sentences = split_tokens(lines) if nlp is None else tokenize_lines(lines, nlp)
    if settings.lower:
        sentences = ([word.lower() for word in sentence] for sentence in sentences)
    corpus = write_corpus(sentences, folder, settings.seed)
    if not corpus.words:
        raise RNNError(Errors.R205.format(paths=", ".join(map(str, files))))
    word, count = corpus.counts.most_common(1)[0]
    if count < settings.min_count:
        raise RNNError(Errors.R206.format(min_count=settings.min_count, word=word, count=count))
    return corpus


def _train(corpus: Corpus, settings: VectorSettings, progress: ProgressT) -> tuple[FastTextVectors, dict]:
    """The trained table, and the training log."""
    model = create_model(corpus, settings)
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
    log["epochs"] = list(run_epochs(model, corpus, settings, loss, progress))
    if not log["epochs"][-1]["loss"] < log["loss"]["before"]:
        warnings.warn(Warnings.W202.format(lr=settings.lr), stacklevel=3)
    model.wv.adjust_vectors()
    return FastTextVectors.from_gensim(model.wv, lower=settings.lower), log
