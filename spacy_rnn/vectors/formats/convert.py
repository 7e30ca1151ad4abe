"""``convert`` is ``spacy rnn vectors convert`` without the shell: read vectors, make them smaller, write them."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from ...atomic import writing_to
from ...errors import Errors, RNNError
from ..format import Table
from ..model import Model
from ..output import check_free
from . import fasttext, floret, kinds
from .floret import Floret
from .pipeline import language, write_pipeline
from .reading import Reading, has_model, read_any, read_model
from .words import check_finite
from .writing import write

SMALLER = "pipeline", "safetensors"  # can hold half precision and quantised vectors

ProgressT = Callable[[str, int, int], None]  # what is done: "reading" or "writing"; done, total


class Options(NamedTuple):
    lang: str | None = None  # None: that of a pipeline, else xx
    source_kind: str | None = None  # one of kinds.KINDS; None: by content
    target_kind: str | None = None  # None: by suffix
    dtype: str | None = None  # float32 or float16; None: as it is
    compress: bool = False  # product-quantise, to a tenth of the size
    pq: int = 0  # product-quantise, each vector to so many bytes
    limit: int = 0  # the first words only; 0: all
    lower: bool = False  # the vectors were trained on lower-case text
    encoding: str = "utf8"
    words: Path | None = None  # which words to look up in a floret table
    force: bool = False  # replace what is there


class Summary(NamedTuple):
    """What was written."""

    source_kind: str
    target_kind: str
    words: int
    dim: int
    ngrams: int  # rows
    bytes: int


def convert(
    source: Path, target: Path, options: Options, progress: ProgressT = lambda stage, done, total: None
) -> Summary:
    """RNNError if ``source`` cannot be read, or ``target`` cannot hold it; nothing is then written."""
    source_kind = options.source_kind or kinds.kind_of_source(source)
    target_kind = options.target_kind or kinds.kind_of_target(target)
    _check(source_kind, target_kind, target, options)
    lang = options.lang or language(source)
    if target_kind == "fasttext" and _is_model(source, source_kind, options):
        vectors = read_model(source, source_kind, lang, options.encoding)
    else:
        vectors = _read(source, source_kind, target_kind, options, progress)
    _check_finite(vectors, source)
    target_kind = options.target_kind or kinds.kind_of_target(target, vectors)
    options = options._replace(lang=lang)
    with writing_to(target):
        if target_kind == "pipeline":
            log = {"source": source.name, "kind": source_kind, "options": _as_log(options)}
            write_pipeline(target, vectors, lang=lang, log=log, progress=_stage(progress, "writing"))
        else:
            write(vectors, target, kind=target_kind, lang=lang, progress=_stage(progress, "writing"))
    return Summary(source_kind, target_kind, *_sizes(vectors), _bytes(target))


def _is_model(source: Path, kind: str, options: Options) -> bool:
    """Can the weights of training be kept?"""
    if options.limit or options.lower or kind == "safetensors" or not has_model(source, kind):
        return False
    return kind != "fasttext" or fasttext.parse(source).args["model"] != fasttext.SUPERVISED


def _check(source_kind: str, target_kind: str, target: Path, options: Options) -> None:
    kinds.check_kind(source_kind, "from")
    kinds.check_kind(target_kind, "to")
    check_free(target, options.force)
    if target.is_dir() != (target_kind == "pipeline") and target.exists():
        raise RNNError(Errors.R255.format(option="to", kind=target_kind, reason=f"{target} is {kinds.noun(target)}"))
    for option in ("dtype", "compress", "pq"):
        if getattr(options, option) and target_kind not in SMALLER:
            reason = f"only {' and '.join(SMALLER)} can hold smaller vectors"
            raise RNNError(Errors.R255.format(option=option, kind=target_kind, reason=reason))
    if options.dtype not in (None, "float32", "float16"):
        raise RNNError(Errors.R208.format(setting="--dtype", value=options.dtype, expected="float32 or float16"))
    if options.words and source_kind != "floret" and source_kind != "pipeline":
        raise RNNError(Errors.R255.format(option="words", kind=source_kind, reason="it has a list of words of its own"))
    if options.limit < 0 or options.pq < 0:
        name = "limit" if options.limit < 0 else "pq"
        raise RNNError(Errors.R208.format(setting=f"--{name}", value=getattr(options, name), expected="0 or more"))


def _read(source: Path, source_kind: str, target_kind: str, options: Options, progress: ProgressT) -> Table | Floret:
    dtype = options.dtype or "float32"
    how = Reading(options.limit, options.lower, options.encoding, dtype, _stage(progress, "reading"))
    vectors = read_any(source, source_kind, how)
    if isinstance(vectors, Floret):
        return _read_floret(vectors, source, target_kind, options)
    if options.words:
        raise RNNError(Errors.R255.format(option="words", kind=source, reason="it has a list of words of its own"))
    return _smaller(vectors, options)


def _read_floret(vectors: Floret, source: Path, target_kind: str, options: Options) -> Table | Floret:
    for option in ("limit", "lower", "dtype", "compress", "pq"):
        if getattr(options, option) and not options.words:
            reason = "spaCy's own table cannot do that"
            raise RNNError(Errors.R255.format(option=option, kind="floret", reason=reason))
    if options.words is None:
        if target_kind not in ("pipeline", "floret"):
            raise RNNError(Errors.R253.format(path=source, kind=target_kind))
        return vectors
    words = floret.read_words(options.words, options.lower)[: options.limit or None]
    table = floret.to_table(vectors, words, options.lower)
    return _smaller(table, options)


def _smaller(table: Table, options: Options) -> Table:
    if options.compress or options.pq:
        return table.astype("float32").quantize(options.pq or None)
    return table.astype(options.dtype) if options.dtype else table


def _check_finite(vectors: Table | Model | Floret, source: Path) -> None:
    if isinstance(vectors, Table):
        check_finite(vectors.words, vectors.vectors, source)
        check_finite(None, vectors.ngrams, source)
    else:
        check_finite(None, vectors.inputs if isinstance(vectors, Model) else vectors.vectors, source)


def _stage(progress: ProgressT, stage: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(stage, done, total)


def _as_log(options: Options) -> dict:
    return {name: str(value) if isinstance(value, Path) else value for name, value in options._asdict().items()}


def _sizes(vectors: Table | Model | Floret) -> tuple[int, int, int]:
    """Words, numbers in a vector, rows of n-grams."""
    if isinstance(vectors, Floret):
        return 0, vectors.vectors.shape[1], len(vectors.vectors)
    if isinstance(vectors, Model):
        return len(vectors.words), vectors.inputs.shape[1], len(vectors.buckets)
    return len(vectors.words), vectors.vectors.shape[1], len(vectors.ngrams)


def _bytes(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
