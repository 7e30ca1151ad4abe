"""Train word vectors on text: ``train_vectors`` is ``spacy rnn vectors train`` without the shell.

The text is counted and numbered (``vocabulary.py``), a model made (``model.py``) and fitted (``fit.py``) by an engine
(``engines/``), and saved with its table (``output.py``). Meanwhile everything lies in a folder beside OUT, where
training can be taken up again (``checkpoint.py``); OUT itself appears when it is complete.
"""

import shutil
import warnings
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import Errors, RNNError, Warnings
from . import native
from .checkpoint import CORPUS, IDS, PAIRS, UNFINISHED, Training, is_saved, take_up, thrown_away_unless_saved
from .continuing import extend_model
from .cooccurrence import PAIR, Cooccurrences, count_pairs
from .corpus import find_texts, read_blocks, read_texts
from .fit import Engine, Progress, ProgressT, fit, measured_on
from .model import Model, create_model
from .output import MODEL_NAME, check_free, check_language, check_suffix, create_pipeline, write_output, writing
from .settings import VectorSettings
from .vocabulary import Corpus, encode


def train_vectors(
    corpus_paths: list[Path],
    out: Path,
    *,
    lang: str,
    tokenize: bool = False,
    settings: VectorSettings | None = None,
    force: bool = False,
    resume: bool = False,
    start: Path | None = None,
    progress: ProgressT = lambda state: None,
) -> dict:
    """Train on ``corpus_paths`` and write ``out``: a folder with a pipeline that has these vectors and nothing else,
    which ``spacy.load`` and ``[initialize] vectors`` take, the training log, which is also returned, and the model to
    train on; or, with a suffix, a file. With ``tokenize``, the corpus is raw text, else its words are separated by
    spaces. ``start``: a model trained before, to continue with. ``resume``: go on where Ctrl-C stopped."""
    check_suffix(out)
    check_free(out, force)
    folder = out.with_name(out.name + UNFINISHED)
    if resume:
        training = take_up(folder, choose_engine(settings) if settings else None)
    else:
        if is_saved(folder) and not force:
            raise RNNError(Errors.R295.format(path=folder))
        check_language(lang)
        files = find_texts(corpus_paths)
        training = _begin_in(folder, files, settings or VectorSettings(), lang, tokenize, start, progress)
    with thrown_away_unless_saved(folder):
        run(training, progress, training.save)
    try:
        write_output(training.model, out, training.log)
    except RNNError:  # a full disk: hours of training are not thrown away
        training.save()
        raise
    shutil.rmtree(folder)
    return training.log


def _begin_in(
    folder: Path,
    files: list[Path],
    settings: VectorSettings,
    lang: str,
    tokenize: bool,
    start: Path | None,
    progress: ProgressT,
) -> Training:
    settings = choose_engine(settings)
    nlp = create_pipeline(lang) if tokenize else None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    size = sum(file.stat().st_size for file in files)
    blocks = read_blocks(files, nlp, lambda done: progress(Progress("reading", done, size)))
    with thrown_away_unless_saved(folder):
        old = load_start(start, lang) if start else None
        training = _begin(folder, blocks, ", ".join(map(str, files)), settings, lang, old, progress)
        training.log["corpus"]["files"] = [file.name for file in files]
        with writing(folder):
            training.corpus.save(folder / CORPUS)
    return training


def train_on_texts(
    texts: Iterable[str],
    settings: VectorSettings,
    *,
    lang: str = "xx",
    start: Model | None = None,
    progress: ProgressT = lambda state: None,
) -> tuple[Model, dict]:
    """The same in memory: the model trained on ``texts``, whose words are separated by spaces, and the log."""
    with TemporaryDirectory() as folder:
        training = _begin(
            Path(folder), read_texts(texts), "the given texts", choose_engine(settings), lang, start, progress
        )
        run(training, progress)
    return training.model, training.log


def choose_engine(settings: VectorSettings) -> VectorSettings:
    """gensim where there is no compiled engine, if it knows the method."""
    reason = native.reason_missing()
    if settings.engine != "native" and settings.model == "glove":
        raise RNNError(Errors.R216.format(engine=settings.engine, method="glove"))
    if settings.engine == "gensim" and settings.loss == "softmax":
        raise RNNError(Errors.R216.format(engine="gensim", method="softmax"))
    if settings.engine != "native" or reason is None:
        return settings
    if settings.loss == "softmax" or settings.model == "glove":
        raise RNNError(Errors.R217.format(reason=reason))
    warnings.warn(Warnings.W220.format(reason=reason), stacklevel=2)
    return replace(settings, engine="gensim")


def _begin(
    folder: Path,
    blocks: Iterable[bytes],
    source: str,
    settings: VectorSettings,
    lang: str,
    start: Model | None,
    progress: ProgressT,
) -> Training:
    corpus = encode(
        blocks,
        folder / IDS,
        settings.normalization,
        min_count=settings.min_count,
        most=settings.max_vocab,
        hold_out=settings.model != "glove",
        phrases=settings.phrases,
        report=lambda message: progress(Progress("plan", message=message)),
    )
    _check_corpus(corpus, source, settings)
    if start is None:
        model = create_model(corpus.words, corpus.counts, settings, lang)
    else:
        model, corpus = extend_model(start, corpus, settings)
    progress(Progress("plan", message=plan(model, corpus)))
    log = {
        "settings": asdict(settings),
        "corpus": {"sentences": corpus.sentences, "words": corpus.total, "types": corpus.types},
        "vocabulary": len(corpus.words),
        "ngrams": len(model.buckets),
        "epochs": [],
    }
    if settings.model == "glove":
        corpus = _count_pairs(corpus, folder, settings, progress)
        log["pairs"] = corpus.known
    return Training(folder, corpus, model, log=log)


def load_start(path: Path, lang: str) -> Model:
    """A model to continue with: ours, in its folder or by itself, or a fastText .bin."""
    if path.is_dir():
        path = path / MODEL_NAME
    if path.suffix != ".bin":
        return Model.load(path)
    from .formats import read

    return read(path, model=True, lang=lang)


def _count_pairs(corpus: Corpus, folder: Path, settings: VectorSettings, progress: ProgressT) -> Cooccurrences:
    """GloVe is trained on pairs of words instead of the text."""
    pairs = count_pairs(
        corpus, folder / PAIRS, settings, lambda done: progress(Progress("counting", done, int(corpus.blocks[-1])))
    )
    corpus.path.unlink()
    size = pairs.known * PAIR.itemsize / 1e6
    progress(Progress("plan", message=f"{pairs.known:,} different pairs of words: {size:,.0f} MB on disk"))
    return pairs


def _check_corpus(corpus: Corpus, source: str, settings: VectorSettings) -> None:
    if not corpus.total:
        raise RNNError(Errors.R205.format(paths=source))
    if not corpus.words:
        raise RNNError(Errors.R206.format(min_count=settings.min_count, total=corpus.total, types=corpus.types))
    if corpus.known <= corpus.sentences:
        raise RNNError(Errors.R210)
    if corpus.pruned:
        warnings.warn(Warnings.W221.format(pruned=corpus.pruned, most=settings.max_vocab), stacklevel=4)
    if corpus.too_long:
        warnings.warn(Warnings.W222.format(count=corpus.too_long), stacklevel=4)


def plan(model: Model, corpus: Corpus) -> str:
    """What training will need, told beforehand."""
    weights = (model.inputs.nbytes + model.outputs.nbytes) * (2 if model.settings.model == "glove" else 1)
    index = sum(array.nbytes for array in model.index())
    words = f"{len(model.words):,} words"
    if len(model.buckets):
        words += f" and {len(model.buckets):,} n-grams"
    disk = int(corpus.blocks[-1]) * 4 + weights * (model.settings.epochs > 1)
    return (
        f"{words} of {corpus.total:,} words of text. Training takes {(weights + index) / 1e6:,.0f} MB of memory "
        f"for them, and {disk / 1e6:,.0f} MB on disk"
    )


def run(training: Training, progress: ProgressT, save: Callable[[], None] | None = None) -> None:
    """Fit the model to the corpus, from where it stands."""
    model, corpus, settings, log = training.model, training.corpus, training.model.settings, training.log
    if settings.engine == "gensim":
        from .engines.gensim import train_with_gensim

        train_with_gensim(model, corpus, training.folder, training.position, progress, log["epochs"])
    else:
        engine = create_engine(model)
        if "loss" not in log:
            ids, name = measured_on(corpus)
            log["loss"] = {"unit": corpus.loss_unit, "of": name, "before": engine.loss(ids, settings.seed)}
        fit(engine, corpus, settings, training.position, save=save, progress=progress, log=log["epochs"])
    before = log.get("loss", {}).get("before")
    if before is not None and not log["epochs"][-1]["loss"] < before:
        warnings.warn(Warnings.W202.format(lr=settings.lr), stacklevel=3)


def create_engine(model: Model) -> Engine:
    if model.settings.engine == "torch":
        from .engines.torch import TorchEngine

        return TorchEngine(model)
    if model.settings.model == "glove":
        from .engines.glove import GloveEngine

        return GloveEngine(model)
    from .engines.native import NativeEngine

    return NativeEngine(model)
