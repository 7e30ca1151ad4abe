"""Train a `bag_textcat` at full speed: ``train_bag`` is ``spacy rnn textcat`` without the shell.

What comes out is an ordinary pipeline. spaCy's own training makes Examples anew at each step, which takes ten times as
long as the step itself; here texts become numbers once (`bag_corpus.py`), and the weights of the model are filled in
place (`nets/bag.py`). Read ``train_bag`` first.
"""

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy
import spacy
from spacy.attrs import LOWER, NORM
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import get_lang_class

from ..errors import Errors, RNNError, Warnings
from ..models.word_embed import rows_of
from ..nets.bag import BagTexts, BagWeights, make_bag, reason_missing
from .bag_corpus import BagCorpus, read_classified
from .calibrate import is_pipeline, save
from .gold import bare_copy
from .texts import TextOptions

NAME = "bag_textcat"
CHUNK = 256  # texts that a thread takes at a time
FAR = 10  # times the loss of knowing nothing: that is no learning any more


@dataclass(frozen=True)
class BagSettings:
    """dim: numbers in a word vector and in an n-gram vector. ngrams: words of the longest; 1: words only. buckets: rows
    for them. loss: "softmax", "ova" (each label by itself), or None, as the corpus is. dropout: the share of words and
    n-grams left out. min_count: words that are rarer share the row of unknown ones. lr falls to 0."""

    dim: int = 100
    ngrams: int = 2
    buckets: int = 100000
    epochs: int = 25
    lr: float = 0.5
    dropout: float = 0.3
    min_count: int = 1
    loss: str | None = None
    attr: str = "LOWER"
    threads: int = 1
    seed: int = 0

    def __post_init__(self) -> None:
        """R573: what cannot be."""
        for name in ("dim", "ngrams", "buckets", "epochs", "min_count", "threads"):
            _check(name, getattr(self, name), getattr(self, name) >= 1, "1 or more")
        _check("buckets", self.buckets, self.buckets < 2**31, "below 2,147,483,648")
        _check("lr", self.lr, 0 < self.lr < float("inf"), "above 0")
        _check("dropout", self.dropout, 0 <= self.dropout < 1, "0 or more, and below 1")
        _check("seed", self.seed, 0 <= self.seed < 2**32, "from 0 to 4,294,967,295")
        _check("loss", self.loss, self.loss in (None, "softmax", "ova"), "softmax or ova")
        _check("attr", self.attr, self.attr in ("ORTH", "LOWER", "NORM"), "ORTH, LOWER or NORM")


def _check(setting: str, value: object, fine: bool, wanted: str) -> None:
    if not fine:
        raise RNNError(Errors.R573.format(setting=f"--{setting.replace('_', '-')}", value=value, wanted=wanted))


@dataclass
class Progress:
    """What a progress callback is told. reading: texts so far. training: words of this epoch, and the loss so far (nats
    a text)."""

    stage: str
    done: int = 0
    total: int = 0
    epoch: int = 0
    loss: float | None = None


def train_bag(
    path: Path,
    out: Path,
    *,
    lang: str,
    dev: Path | None = None,
    vectors: Path | None = None,
    settings: BagSettings | None = None,
    options: TextOptions | None = None,
    reading: dict | None = None,
    force: bool = False,
    progress: Callable[[Progress], None] = lambda state: None,
) -> dict:
    """Train on the texts of ``path`` and write the pipeline ``out``. What is told of it: texts, words, labels, the loss
    of each epoch, and the scores on ``dev``.

    vectors: a pipeline whose word vectors are the starting value. options, reading: how files that are not .spacy are
    read (for reading: `skip_bad` and `max_length`, as in read_texts).
    """
    settings, options = settings or BagSettings(), options or TextOptions()
    check_free(out, force)
    nlp = _begin(lang, vectors)
    known = nlp.vocab.lex_attr_getters  # what spaCy asks of a new word, by a dozen functions; only these count here
    nlp.vocab.lex_attr_getters = {attr: known[attr] for attr in (LOWER, NORM) if attr in known}
    exclusive = {"softmax": True, "ova": False, None: options.exclusive}[settings.loss]
    options, reading = replace(options, exclusive=exclusive), reading or {}
    corpus = BagCorpus(nlp, settings.attr, settings.ngrams, settings.buckets, vectors is not None)
    for texts in corpus.read(read_classified(path, nlp, options, **reading)):
        progress(Progress("reading", texts))
    if exclusive is None:
        exclusive = not (corpus.several or corpus.none)
    labels = _check_labels(path, corpus, exclusive)
    options = replace(options, exclusive=exclusive, part=())  # of the training texts only: nobody tests on them
    gold = list(read_classified(dev, nlp, options, labels, **reading)) if dev is not None else None
    try:
        texts, weights = assemble(nlp, corpus, labels, exclusive, settings)
        log = {"texts": len(texts), "words": len(texts.words.rows), "exclusive": exclusive, "labels": labels}
        log["vocabulary"] = len(weights.words) - 1
        log["losses"] = fit(texts, weights, exclusive, settings, progress)
    except (MemoryError, RuntimeError) as error:  # of numpy, and of torch
        if isinstance(error, RuntimeError) and "alloc" not in str(error):
            raise
        raise RNNError(Errors.R582.format(reason=error)) from error
    if gold is not None:
        log["dev"] = nlp.meta["performance"] = _scores(nlp, gold, labels)
    save(nlp, out)
    return log


def check_free(out: Path, force: bool) -> None:
    """R571, R572: there is something in the way."""
    if not out.exists():
        return
    if not force:
        raise RNNError(Errors.R571.format(path=out))
    if not is_pipeline(out):
        raise RNNError(Errors.R572.format(path=out))


def _begin(lang: str, vectors: Path | None) -> Language:
    """A pipeline without components. R209, R580, R581: language or vectors that cannot be used."""
    if vectors is None:
        try:
            return get_lang_class(lang)()
        except (ImportError, ValueError) as error:
            raise RNNError(Errors.R209.format(lang=lang, error=error)) from error
    try:
        nlp = spacy.load(vectors)
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R322.format(path=vectors, reason=error)) from error
    if nlp.lang != lang:
        raise RNNError(Errors.R581.format(path=vectors, found=nlp.lang, wanted=lang))
    for name in nlp.component_names:
        nlp.remove_pipe(name)
    if not nlp.vocab.vectors.shape[1]:
        raise RNNError(Errors.R580.format(path=vectors))
    return nlp


def _check_labels(path: Path, corpus: BagCorpus, exclusive: bool) -> list[str]:
    labels = sorted(corpus.labels)
    if not labels or not corpus.types:
        raise RNNError(Errors.R576.format(path=path, count=corpus.texts))
    if exclusive and len(labels) == 1:
        raise RNNError(Errors.R577.format(path=path, count=corpus.texts, label=labels[0]))
    return labels


# -- The model


def assemble(
    nlp: Language, corpus: BagCorpus, labels: list[str], exclusive: bool, settings: BagSettings
) -> tuple[BagTexts, BagWeights]:
    """Add the component. Its weights, as they are before training, and the texts in rows of its tables."""
    words, width = corpus.frequent(settings.min_count), settings.dim if settings.ngrams > 1 else 0
    tok2vec = {
        "@architectures": "spacy-rnn.WordEmbed.v1",
        "vectors": "finetuned" if corpus.vectors else "none",
        "width": settings.dim,
        "attr": settings.attr,
        "min_freq": settings.min_count,
        "max_words": max(50000, len(words)),
        "char_width": 0,
    }
    model = {
        "@architectures": "spacy-rnn.TextCatBag.v1",
        "tok2vec": tok2vec,
        "exclusive_classes": exclusive,
        "ngram_rows": settings.buckets if width else 0,
        "ngram_width": width,
        "ngram_sizes": [1, settings.ngrams],
        "ngram_attr": settings.attr,
        "ngram_dropout": settings.dropout if width else 0.0,
        "word_dropout": settings.dropout,
    }
    component = nlp.add_pipe(NAME, config={"model": model})
    component.cfg["labels"] = labels
    embed, decide = component.model.get_ref("tok2vec"), component.model.get_ref("heads")
    embed.attrs.update(words=words, closed=True)
    for node in (component.model.get_ref("logits"), component.model):
        node.set_dim("nO", len(labels), force=True)
    component.model.initialize(X=[Doc(nlp.vocab, words=words[:1] or ["."])])

    rows = rows_of(embed).rows(numpy.fromiter(corpus.types, dtype="uint64", count=len(corpus.types)))
    base = corpus.mean_vectors(embed.shims[0].net.scale)
    texts = BagTexts(corpus.words(rows), corpus.ngram_rows(), corpus.right(labels), base)
    net = decide.shims[0].net
    ngrams = net.ngrams.weight if net.ngrams is not None else net.output.weight[:0, :0]
    tables = [embed.shims[0].net.words.weight, ngrams, net.output.weight, net.output.bias]
    weights = BagWeights(*(table.detach().numpy() for table in tables))
    start(weights, texts, settings.seed)
    return texts, weights


def start(weights: BagWeights, texts: BagTexts, seed: int) -> None:
    """Small numbers by chance for what occurs, as in fastText; zeros for all else, which then says nothing."""
    random = numpy.random.default_rng(seed)
    for table, lists in ((weights.words, texts.words), (weights.ngrams, texts.ngrams)):
        table[:] = 0.0
        if texts.base is None or table is weights.ngrams:
            rows = numpy.flatnonzero(numpy.bincount(lists.rows, minlength=len(table)))
            most = numpy.float32(1 / max(table.shape[1], 1))
            table[rows] = (2 * random.random((len(rows), table.shape[1]), dtype="float32") - 1) * most
    weights.output[:] = 0.0
    weights.bias[:] = 0.0


# -- Training


def fit(
    texts: BagTexts,
    weights: BagWeights,
    exclusive: bool,
    settings: BagSettings,
    progress: Callable[[Progress], None] = lambda state: None,
) -> list[float]:
    """The mean loss of each epoch (nats a text). Order, learning rates and random numbers depend on the seed alone, so
    that one thread gives the same weights each time. R579: it diverges."""
    if reason := reason_missing():
        warnings.warn(Warnings.W312.format(reason=reason), stacklevel=2)
    bag, losses = make_bag(weights, texts, exclusive, settings.dropout), []
    unlearned = numpy.log(len(weights.bias)) if exclusive else len(weights.bias) * numpy.log(2)
    random, lengths = numpy.random.default_rng(settings.seed), numpy.diff(texts.words.starts)
    with _workers(settings.threads) as run:
        for epoch in range(settings.epochs):
            order, loss, words = random.permutation(len(texts)).astype("int32"), 0.0, 0
            begins = range(0, len(texts), CHUNK)
            seeds = random.integers(2**63, size=len(begins)).tolist()

            def train(begin: int, seed: int, epoch=epoch, order=order) -> tuple[float, int]:
                chunk = order[begin : begin + CHUNK]
                steps = settings.epochs * len(texts)
                rates = [settings.lr * (1 - (epoch * len(texts) + at) / steps) for at in (begin, begin + len(chunk))]
                return bag.train(chunk, *rates, seed), int(lengths[chunk].sum())

            for done, (part, count) in enumerate(run(train, begins, seeds), start=1):
                loss, words = loss + part, words + count
                seen = min(done * CHUNK, len(texts))
                progress(Progress("training", words, len(texts.words.rows), epoch, loss / seen))
            losses.append(loss / len(texts))
            if not losses[-1] < FAR * unlearned:
                raise RNNError(
                    Errors.R579.format(loss=f"{losses[-1]:.3g} nats a text", epoch=epoch + 1, lr=settings.lr)
                )
    return losses


@contextmanager
def _workers(threads: int) -> Iterator[Callable[..., Iterator]]:
    """`map`, by so many threads. An error, or Ctrl-C, ends them."""
    if threads == 1:
        yield map
        return
    with ThreadPoolExecutor(threads) as pool:
        try:
            yield pool.map
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _scores(nlp: Language, gold: list, labels: list[str]) -> dict:
    examples = []
    for doc, right in gold:
        doc.cats = {label: float(label in right) for label in labels}
        examples.append(Example(bare_copy(doc, nlp), doc))
    return nlp.evaluate(examples)
