"""From any text files to the plain files gensim trains on: one sentence per line, tokens separated by single spaces.

Gzip is unpacked, invalid UTF-8 reported by file and line, control characters dropped, overlong lines cut (gensim
silently ignores what comes after 10,000 tokens). Words are counted on the way, and a sample of the sentences is kept
back to measure the loss on. Read ``write_corpus`` first.
"""

import gzip
import random
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from spacy.language import Language
from spacy.util import minibatch

from ..errors import Errors, RNNError

MAX_SENTENCE = 10_000  # tokens
SHARD_WORDS = 1_000_000  # the corpus is written in parts: between two of them, progress is known
HOLD_OUT_EVERY = 100  # the share of the sentences which may be held out ...
HOLD_OUT_MOST = 1000  # ... and their number at most
LINES_AT_ONCE = 1000  # read between two reports of progress, or tokenized together
CONTROLS = {code: " " for code in [*range(0x20), *range(0x7F, 0xA0), 0xFEFF]}


@dataclass
class Shard:
    """A part of the corpus, as a file gensim can read."""

    path: Path
    sentences: int = 0
    words: int = 0


@dataclass
class Corpus:
    """A normalised corpus: its parts, the sentences held out of them, and how often each word occurs."""

    folder: Path
    shards: list[Shard] = field(default_factory=list)
    held_out: list[list[str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def sentences(self) -> int:
        return sum(shard.sentences for shard in self.shards)

    @property
    def words(self) -> int:
        return sum(shard.words for shard in self.shards)

    def __iter__(self) -> Iterator[list[str]]:
        for shard in self.shards:
            with shard.path.open(encoding="utf8", newline="\n") as lines:
                yield from (line.split() for line in lines)


def find_texts(paths: Iterable[Path]) -> list[Path]:
    """The files among ``paths``, and all .txt and .txt.gz files in the folders among them."""
    files = []
    for path in paths:
        if path.is_dir():
            found = sorted(file for pattern in ("*.txt", "*.txt.gz") for file in path.rglob(pattern) if file.is_file())
            if not found:
                raise RNNError(Errors.R202.format(path=path))
            files.extend(found)
        elif path.is_file():
            files.append(path)
        else:
            raise RNNError(Errors.R201.format(path=path))
    return files


def read_texts(files: list[Path], progress: Callable[[int], None]) -> Iterator[str]:
    """The lines of all files, cleaned. ``progress`` is told how many bytes have been read on disk."""
    before = 0
    for file in files:
        with file.open("rb") as raw:
            for number, line in enumerate(_read_lines(file, raw), start=1):
                yield line
                if number % LINES_AT_ONCE == 0:
                    progress(before + raw.tell())
        before += file.stat().st_size
        progress(before)


def _read_lines(file: Path, raw: BinaryIO) -> Iterator[str]:
    lines = gzip.GzipFile(fileobj=raw) if file.suffix == ".gz" else raw
    number = 0
    try:
        for line in lines:
            number += 1
            yield line.decode("utf8").translate(CONTROLS)
    except UnicodeDecodeError as error:
        raise RNNError(Errors.R203.format(path=file, line=number, reason=error.reason, byte=error.start + 1)) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RNNError(Errors.R204.format(path=file, line=number, error=error)) from error


def split_tokens(lines: Iterable[str]) -> Iterator[list[str]]:
    return (line.split() for line in lines)


def tokenize(lines: Iterable[str], nlp: Language) -> Iterator[list[str]]:
    """Raw text instead of tokens: cut each line with spaCy's tokenizer."""
    for batch in minibatch(lines, LINES_AT_ONCE):
        with nlp.memory_zone():
            for doc in nlp.tokenizer.pipe(batch):
                yield [token.text for token in doc if not token.is_space]


def write_corpus(sentences: Iterable[list[str]], folder: Path, seed: int) -> Corpus:
    """Write sentences to shards in ``folder``, but for a random sample of them which is held out."""
    corpus = Corpus(folder)
    rng = random.Random(seed)
    pieces = (sentence[i : i + MAX_SENTENCE] for sentence in sentences for i in range(0, len(sentence), MAX_SENTENCE))
    writer = _ShardWriter(corpus)
    for number, sentence in enumerate(pieces):
        kept: list[str] | None = sentence
        if number % HOLD_OUT_EVERY == HOLD_OUT_EVERY - 1:
            kept = _hold_out(corpus.held_out, sentence, number // HOLD_OUT_EVERY, rng)
        if kept is not None:
            writer.write(kept)
    writer.close()
    rng.shuffle(corpus.held_out)
    return corpus


def _hold_out(held_out: list[list[str]], sentence: list[str], seen: int, rng: random.Random) -> list[str] | None:
    """Reservoir sampling: take the sentence into the sample or not; give back the one that is trained on instead."""
    if len(held_out) < HOLD_OUT_MOST:
        held_out.append(sentence)
        return None
    place = rng.randrange(seen + 1)
    if place >= HOLD_OUT_MOST:
        return sentence
    held_out[place], sentence = sentence, held_out[place]
    return sentence


class _ShardWriter:
    """Appends sentences to the corpus' last shard, and begins a new one when it is full."""

    def __init__(self, corpus: Corpus):
        self.corpus = corpus
        self.file = None

    def write(self, sentence: list[str]) -> None:
        if self.file is None or self.corpus.shards[-1].words >= SHARD_WORDS:
            self._begin()
        self.file.write(" ".join(sentence) + "\n")
        self.corpus.counts.update(sentence)
        self.corpus.shards[-1].sentences += 1
        self.corpus.shards[-1].words += len(sentence)

    def _begin(self) -> None:
        self.close()
        shard = Shard(self.corpus.folder / f"{len(self.corpus.shards):05}.txt")
        self.corpus.shards.append(shard)
        self.file = shard.path.open("w", encoding="utf8", newline="\n")

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
