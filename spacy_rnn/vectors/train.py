"""Train word vectors on text: ``train_vectors`` is ``spacy rnn vectors train`` without the shell.

The text is counted and numbered (``vocabulary.py``), a model made (``model.py``) and fitted (``fit.py``) by an engine
(``engines/``), and saved with its table (``output.py``). Meanwhile everything lies in a folder beside OUT, where
training can be taken up again (``checkpoint.py``); OUT itself appears when it is complete.
"""

import shutil
import warnings
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import Errors, RNNError, Warnings
from . import native
from .checkpoint import CORPUS, IDS, PAIRS, UNFINISHED, Training, describe, is_saved, take_up, told
from .continuing import check_fit, extend_model
from .cooccurrence import PAIR, Cooccurrences, count_pairs
from .corpus import find_texts, read_blocks, read_texts
from .fit import CtrlC, Engine, Progress, ProgressT, fit, measured_on
from .model import Model, create_model
from .output import MODEL_NAME, check_free, check_language, check_suffix, create_pipeline, write_output
from .plan import tell_plan
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
    check_language(lang)
    folder = out.with_name(out.name + UNFINISHED)
    if is_saved(folder) and not (force or resume):
        raise RNNError(Errors.R295.format(path=folder))
    settings = choose_engine(settings) if settings or not resume else None
    files, start = find_texts(corpus_paths), find_start(start)
    source = describe(files, lang, tokenize, start)
    with told(folder):
        if resume:
            training = take_up(folder, settings, source)
        else:
            training = _begin_in(folder, out, files, settings, lang, tokenize, start, progress)
            training.source = source
        with CtrlC() as ctrl_c:
            run(training, progress, ctrl_c)
            write_output(training.model, out, training.log)  # Ctrl-C does not keep a complete training from its place
            shutil.rmtree(folder, ignore_errors=True)
    return training.log


def _begin_in(
    folder: Path,
    out: Path,
    files: list[Path],
    settings: VectorSettings,
    lang: str,
    tokenize: bool,
    start: Path | None,
    progress: ProgressT,
) -> Training:
    nlp = create_pipeline(lang) if tokenize else None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    size = sum(file.stat().st_size for file in files)
    blocks = read_blocks(files, nlp, lambda done: progress(Progress("reading", done, size)))
    old = load_start(start, settings, lang) if start else None
    training = _begin(folder, out, blocks, ", ".join(map(str, files)), settings, lang, old, progress)
    training.log["corpus"]["files"] = [file.name for file in files]
    training.corpus.save(folder / CORPUS)
    return training


def train_on_texts(
    texts: Iterable[str],
    settings: VectorSettings,
    *,
    lang: str | None = None,
    start: Model | None = None,
    progress: ProgressT = lambda state: None,
) -> tuple[Model, dict]:
    """The same in memory: the model trained on ``texts``, whose words are separated by spaces, and the log."""
    lang = lang or (start.lang if start else "xx")
    with TemporaryDirectory() as folder:
        training = _begin(
            Path(folder), None, read_texts(texts), "the given texts", choose_engine(settings), lang, start, progress
        )
        run(training, progress)
    return training.model, training.log


def choose_engine(settings: VectorSettings | None) -> VectorSettings:
    """gensim where there is no compiled engine, if it knows the method."""
    settings = settings or VectorSettings()
    reason = native.reason_missing()
    if settings.engine != "native" and settings.model == "glove":
        raise RNNError(Errors.R216.format(engine=settings.engine, method="glove"))
    if settings.engine == "gensim" and settings.loss == "softmax":
        raise RNNError(Errors.R216.format(engine="gensim", method="softmax"))
    if settings.engine == "torch":
        from .engines.torch import find_device

        find_device(settings.gpu_id)
    if settings.engine != "native" or reason is None:
        return settings
    if settings.loss == "softmax" or settings.model == "glove":
        raise RNNError(Errors.R217.format(reason=reason))
    warnings.warn(Warnings.W220.format(reason=reason), stacklevel=2)
    return replace(settings, engine="gensim")


def _begin(
    folder: Path,
    out: Path | None,
    blocks: Iterable[bytes],
    source: str,
    settings: VectorSettings,
    lang: str,
    start: Model | None,
    progress: ProgressT,
) -> Training:
    if start is not None:
        check_fit(start, settings, lang)
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
        model, corpus = extend_model(start, corpus, settings, lang)
    progress(Progress("plan", message=tell_plan(model, corpus, folder, out)))
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


def find_start(path: Path | None) -> Path | None:
    """The file of a model to continue with: ours, in its folder or by itself, or a fastText .bin."""
    if path and path.is_dir():
        path = path / MODEL_NAME
    if path and not path.is_file():
        raise RNNError(Errors.R215.format(path=path, error="no such file"))
    return path


def load_start(path: Path, settings: VectorSettings, lang: str) -> Model:
    if path.suffix != ".bin":
        return Model.load(path)
    from .formats import read

    model = read(path, model=True, lang=lang)  # the file does not tell how its words were written
    model.settings = replace(model.settings, lower=settings.lower, yo=settings.yo, stress=settings.stress)
    return model


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


def run(training: Training, progress: ProgressT, ctrl_c: CtrlC | None = None) -> None:
    """Fit the model to the corpus, from where it stands. With ``ctrl_c``, it is saved on the way."""
    model, corpus, settings, log = training.model, training.corpus, training.model.settings, training.log
    engine = create_engine(training)
    if "loss" not in log and settings.engine != "gensim":
        ids, name = measured_on(corpus)
        log["loss"] = {"unit": corpus.loss_unit, "of": name, "before": engine.loss(ids, settings.seed)}
    way = {"save": training.save, "ctrl_c": ctrl_c} if ctrl_c else {}
    fit(engine, corpus, model, training.position, progress=progress, log=log["epochs"], **way)
    before = log.get("loss", {}).get("before")
    if before is not None and not log["epochs"][-1]["loss"] < before:
        warnings.warn(Warnings.W202.format(lr=settings.lr), stacklevel=3)


def create_engine(training: Training) -> Engine:
    model = training.model
    if model.settings.engine == "gensim":
        from .engines.gensim import GensimEngine

        return GensimEngine(model, training.corpus, training.folder)
    if model.settings.engine == "torch":
        from .engines.torch import TorchEngine

        return TorchEngine(model)
    if model.settings.model == "glove":
        from .engines.glove import GloveEngine

        return GloveEngine(model)
    from .engines.native import NativeEngine

    return NativeEngine(model)
