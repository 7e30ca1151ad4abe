"""Reading fastText's ``.bin``: the whole model, to train on, or the table of finished vectors.

File      magic, version | args | dictionary | quantised?, inputs | quantised?, outputs     (FastText::saveModel)
args      12 int32 and a double; see ARGS                                                   (Args::save)
words     sizes, then for each entry its bytes, 0, count int64, type int8 (0 word, 1 label) (Dictionary::save)
inputs    rows int64, dim int64, float32: the words' own rows, then one for each bucket     (DenseMatrix::save)
Source: github.com/facebookresearch/fastText, version 12 of the file. Version 11 differs in supervised models only; the
oldest files have neither magic number nor version, and no flags before the matrices.

The matrices, which may have many gigabytes, are read straight into their place, or mapped and read a little at a time.
Read ``read_table`` first.
"""

from pathlib import Path
from typing import NamedTuple

import numpy

from ...errors import Errors, RNNError
from ..format import MAX_N, Table
from .binary import Cursor, map_matrix, open_mapped
from .composing import finish
from .progress import ProgressT, silent
from .words import check_encoding, check_finite, decode_words, first_of_each

MAGIC = 793712314
NEWEST = 12
ARGS = (
    *("dim", "window", "epochs", "min_count", "negative", "word_ngrams"),
    *("loss", "model", "bucket", "min_n", "max_n", "lr_update_rate"),
)
HIERARCHICAL, NEGATIVE, SOFTMAX, ONE_VS_ALL = 1, 2, 3, 4  # args["loss"]
CBOW, SKIPGRAM, SUPERVISED = 1, 2, 3  # args["model"]
ENTRY = 10  # bytes of the shortest entry of the dictionary
WORDS_AT_ONCE = 2**12  # composed between two reports of progress


class Matrix(NamedTuple):
    """Where a matrix lies in the file."""

    start: int  # byte
    rows: int
    dim: int


class Contents(NamedTuple):
    """What a file holds; its matrices are still there."""

    args: dict
    words: list[bytes]
    counts: numpy.ndarray  # words, int64
    tokens: int
    inputs: Matrix
    outputs: Matrix


def is_fasttext(start: bytes) -> bool:
    """By the first 56 bytes. Old files have no magic number: are their arguments likely ones?"""
    numbers = numpy.frombuffer(start[:48].ljust(48, b"\0"), dtype="<i4").tolist()
    if numbers[0] == MAGIC:
        return True
    args = dict(zip(ARGS, numbers, strict=True))
    return len(start) >= 56 and 0 < args["dim"] < 10**5 and _unlikely(args) is None


def parse(path: Path) -> Contents:
    """Everything but the matrices, all sizes checked against the file's."""
    with open_mapped(path) as cursor:
        args = _read_args(cursor)
        words, counts, tokens = _read_dictionary(cursor, args)
        inputs = _read_matrix(cursor, args, "input matrix")
        if args["model"] != SUPERVISED and inputs.rows != len(words) + args["bucket"]:
            raise cursor.refuse(
                "rows of the input matrix", inputs.rows, f"{len(words)} words + {args['bucket']} buckets"
            )
        if inputs.rows < len(words):
            raise cursor.refuse("rows of the input matrix", inputs.rows, f"{len(words)} or more")
        outputs = _read_matrix(cursor, args, "output matrix")
        if args["model"] != SUPERVISED and outputs.rows != len(words):
            raise cursor.refuse("rows of the output matrix", outputs.rows, len(words))
        if cursor.at != len(cursor.data):
            raise cursor.refuse("the end of the file", len(cursor.data), cursor.at)
    return Contents(args, words, counts, tokens, inputs, outputs)


def _read_args(cursor: Cursor) -> dict:
    magic, version = cursor.read("2i", "header")
    signed = magic == MAGIC
    if not signed:
        cursor.at, version = 0, 0
    if version > NEWEST:
        raise cursor.refuse("version", version, f"{NEWEST} or older")
    args = dict(zip(ARGS, cursor.read("12i", "arguments"), strict=True))
    args |= {"sample": cursor.read("d", "arguments")[0], "signed": signed}
    if (problem := _unlikely(args)) is not None:
        raise cursor.refuse(problem, args[problem], "that of a fastText model")
    if args["model"] == SUPERVISED and version <= 11:
        args["max_n"] = 0  # not used when these were trained, whatever it says
    if args["max_n"] < max(1, args["min_n"]):
        args |= {"min_n": 0, "max_n": 0, "bucket_used": 0}
    elif not args["bucket"]:
        raise cursor.refuse("bucket", 0, "1 or more, for a model with n-grams")
    else:
        args |= {"min_n": max(1, args["min_n"]), "bucket_used": args["bucket"]}
    return args


def _unlikely(args: dict) -> str | None:
    """The first argument that no model can have."""
    least = {"dim": 1, "window": 0, "epochs": 0, "loss": 1, "model": 1, "bucket": 0, "min_n": 0, "max_n": 0}
    most = {"loss": ONE_VS_ALL, "model": SUPERVISED, "max_n": MAX_N, "min_n": MAX_N}
    wrong = (name for name in least if not least[name] <= args[name] <= most.get(name, 2**31))
    return next(wrong, None)


def _read_dictionary(cursor: Cursor, args: dict) -> tuple[list[bytes], numpy.ndarray, int]:
    """The words without the labels, their counts, and the number of tokens they were counted in."""
    size, words, labels, tokens = cursor.read("3iq", "dictionary")
    pruned = cursor.read("q", "dictionary")[0] if args["signed"] else -1
    if min(words, labels) < 0 or words + labels != size:
        raise cursor.refuse("size of the dictionary", size, f"{words} words + {labels} labels")
    if size * ENTRY > len(cursor.data) - cursor.at:
        raise cursor.refuse("size of the dictionary", size, "no more than the file can hold")
    if labels and args["model"] != SUPERVISED:
        raise cursor.refuse("number of labels", labels, "0 in a model that is not supervised")
    if pruned > 0:
        raise RNNError(Errors.R250.format(path=cursor.source, kind="pruned"))
    found: list[bytes] = []
    counts = numpy.zeros(size, dtype=numpy.int64)
    for row in range(size):
        found.append(cursor.until_zero("dictionary"))
        counts[row], kind = cursor.read("qb", "dictionary")
        if kind != (row >= words):
            raise cursor.refuse("type of an entry", kind, int(row >= words))
    if not words:
        raise RNNError(Errors.R247.format(path=cursor.source))
    return found[:words], counts[:words], tokens


def _read_matrix(cursor: Cursor, args: dict, what: str) -> Matrix:
    if args["signed"] and cursor.read("b", what)[0]:
        raise RNNError(Errors.R250.format(path=cursor.source, kind="quantised (.ftz)"))
    rows, dim = cursor.read("2q", what)
    if dim != args["dim"] or rows < 0:
        raise cursor.refuse(f"shape of the {what}", (rows, dim), f"(rows, {args['dim']})")
    return Matrix(cursor.skip(rows * dim * 4, what), rows, dim)


def read_table(
    path: Path,
    *,
    limit: int = 0,
    encoding: str = "utf8",
    progress: ProgressT = silent,
) -> Table:
    """The finished vectors of the words (the first ``limit`` ones, if not 0); the n-grams' stay on disk, mapped."""
    check_encoding(encoding)
    args, raw, _, _, inputs, _ = parse(path)
    count = min(limit, len(raw)) if limit else len(raw)
    names = decode_words(raw[:count], encoding, path)
    matrix = map_matrix(path, *inputs)
    min_n, max_n, bucket = args["min_n"], args["max_n"], args["bucket_used"]
    ngrams = matrix[len(raw) : len(raw) + bucket]
    vectors = numpy.empty((count, inputs.dim), dtype=numpy.float32)
    for start in range(0, count, WORDS_AT_ONCE):
        part = slice(start, min(start + WORDS_AT_ONCE, count))
        vectors[part] = finish(matrix[part], names[part], raw[part], ngrams, min_n, max_n)
        progress(part.stop, count)
    kept = first_of_each(names, path)
    if kept is not None:
        names, vectors = [names[row] for row in kept], vectors[kept]
    check_finite(names, vectors, path)
    return Table(names, vectors, ngrams, min_n, max_n, bucket)
