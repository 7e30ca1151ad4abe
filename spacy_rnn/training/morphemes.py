"""Words and their morphemes, from files of three kinds; and words without gold, from any text.

    slashes     переписчик<TAB>пере/пис/чик, or with types: пере:PREF/пис:ROOT/чик:SUFF
    sigmorphon  writers<TAB>write @@er @@s (SIGMORPHON 2022; further columns are left alone, and so are
                the empty morphemes that its Mongolian part has)
    jsonl       {"original": "листовой", "segmented": "лист|ов|ой"} (NeuralMorphemeSegmenter)

A .spacy file of Docs with morphemes is read as well.
Start reading at `read_morphemes`; an error names the file and the line.
"""

import gzip
import json
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from ..pipeline.morphemes import Morpheme, add_extension

FORMATS = ("auto", "slashes", "sigmorphon", "jsonl")
WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
LONGEST_RAW = 40  # characters of a word without gold: longer ones are addresses and the like


class Entry(NamedTuple):
    word: str
    morphemes: list[Morpheme]


def read_morphemes(path: str | Path, format: str = "auto") -> Iterator[Entry]:
    """The words of a file in their order. Blank lines are passed over. R145: a broken line, R146: no words at all."""
    if format not in FORMATS:
        raise RNNError(Errors.R149.format(setting="format", value=format, wanted=" or ".join(FORMATS)))
    if Path(path).suffix == ".spacy":
        yield from _stored(path)
        return
    lines = [(number, line) for number, line in _lines(path) if line.strip()]
    if not lines:
        raise RNNError(Errors.R146.format(path=path))
    parse = PARSERS[_guess(lines) if format == "auto" else format]
    for number, line in lines:
        try:
            yield parse(line)
        except (ValueError, RecursionError) as error:
            raise RNNError(Errors.R145.format(path=path, line=number, reason=error)) from error


def _stored(path: str | Path) -> Iterator[Entry]:
    """The words with morphemes of the Docs of a .spacy file, such as `spacy rnn convert` writes."""
    from .gold import read_gold

    add_extension()
    tokens = [token for doc in read_gold(path, Vocab()) for token in doc if token._.morphemes]
    if not tokens:
        raise RNNError(Errors.R146.format(path=path))
    yield from (Entry(token.text, token._.morphemes) for token in tokens)


def _lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Lines with their numbers, of a gzipped file too; read as they are asked for."""
    number = 0
    try:
        with Path(path).open("rb") as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            for number, line in enumerate(gzip.GzipFile(fileobj=raw) if packed else raw, start=1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except (OSError, EOFError, zlib.error) as error:
        raise RNNError(Errors.R147.format(path=path, reason=getattr(error, "strerror", None) or error)) from error
    except UnicodeDecodeError as error:
        reason = f"line {number} is not UTF-8 (byte {error.start})"
        raise RNNError(Errors.R147.format(path=path, reason=reason)) from error


def _guess(lines: list[tuple[int, str]]) -> str:
    if lines[0][1].lstrip().startswith("{"):
        return "jsonl"
    return "sigmorphon" if any(" @@" in line for _, line in lines) else "slashes"


def _parse_slashes(line: str) -> Entry:
    word, gold = _columns(line)
    return _entry(word, [_typed(part) for part in gold.split("/")] if gold != "/" else [Morpheme("/")])


def _typed(part: str) -> Morpheme:
    text, colon, type_ = part.rpartition(":")
    return Morpheme(text, type_) if colon and text and type_ else Morpheme(part)


def _parse_sigmorphon(line: str) -> Entry:
    word, gold = _columns(line)
    parts = gold.split(" @@")
    return _entry(word, [Morpheme(part) for part in parts if part.strip()] or [Morpheme("")])


def _columns(line: str) -> tuple[str, str]:
    columns = line.split("\t")
    if len(columns) < 2:
        raise ValueError("no tab between the word and its morphemes")
    return columns[0].strip(), columns[1].strip()


def _parse_json(line: str) -> Entry:
    record = json.loads(line)
    fields = [record.get(name) for name in ("original", "segmented")] if isinstance(record, dict) else [None]
    if not all(isinstance(field, str) for field in fields):
        raise ValueError('a record needs the texts "original" and "segmented"')
    return _entry(fields[0], [Morpheme(part) for part in fields[1].split("|")])


def _entry(word: str, morphemes: list[Morpheme]) -> Entry:
    if not word:
        raise ValueError("no word")
    if not all(morphemes):
        raise ValueError(f"the word '{word}' has an empty morpheme")
    return Entry(word, morphemes)


PARSERS: dict[str, Callable[[str], Entry]] = {
    "slashes": _parse_slashes,
    "sigmorphon": _parse_sigmorphon,
    "jsonl": _parse_json,
}


# -- to spaCy


def make_doc(vocab: Vocab, entries: list[Entry]) -> Doc:
    """A Doc of these words, which stand beside each other by chance."""
    add_extension()
    doc = Doc(vocab, words=[entry.word for entry in entries])
    for token, entry in zip(doc, entries, strict=True):
        token._.morphemes = entry.morphemes
    return doc


def convert_morphemes(path: str | Path, vocab: Vocab, *, format: str = "auto", group: int = 1) -> DocBin:
    """The words of a file, `group` in a Doc, for a .spacy file."""
    entries = read_morphemes(path, format)
    docs = DocBin(store_user_data=True)
    while batch := list(islice(entries, group)):
        docs.add(make_doc(vocab, batch))
    return docs


class MorphemeCorpus:
    """Examples from a file of words: the words stay as they are, whatever the tokenizer makes of them."""

    def __init__(self, path: str | Path, format: str, group: int, limit: int, shuffle: bool):
        self.path, self.format, self.group, self.limit, self.shuffle = path, format, group, limit, shuffle

    def __call__(self, nlp: Language) -> Iterator[Example]:
        entries = islice(read_morphemes(self.path, self.format), self.limit or None)
        if self.shuffle:
            entries = list(entries)
            random.shuffle(entries)
            entries = iter(entries)
        while batch := list(islice(entries, self.group)):
            reference = make_doc(nlp.vocab, batch)
            yield Example(Doc(nlp.vocab, words=[entry.word for entry in batch]), reference)


def create_morpheme_corpus(
    path: str | Path | None, format: str = "auto", group: int = 1, limit: int = 0, shuffle: bool = False
) -> Callable[[Language], Iterable[Example]]:
    """Registered as spacy-rnn.morpheme_corpus.v1, for [corpora.train] and [corpora.dev].

    path: a file of one of the formats. format: which, if it cannot be told from the file ("auto"). group: words in a
        Doc. limit: read only so many words (0: all).
    """
    if path is None:
        raise RNNError(Errors.R316.format(reader="spacy-rnn.morpheme_corpus.v1", example="WORDS.tsv"))
    for setting, value, least in (("group", group, 1), ("limit", limit, 0)):
        if value < least:
            raise RNNError(Errors.R149.format(setting=setting, value=value, wanted=f"{least} or more"))
    return MorphemeCorpus(path, format, group, limit, shuffle)


# -- words without gold


def create_word_list(path: str | Path | list[str] | None = None, min_freq: int = 2) -> list[str] | None:
    """Registered as spacy-rnn.word_list.v1: the words of a text in lower case, each once; without a path, none.

    path: a text, or a list of words, also gzipped; or several. min_freq: how often a word must occur in all of them; 1
        for a list of words.
    """
    if path is None:
        return None
    counts: Counter[str] = Counter()
    for each in path if isinstance(path, list) else [path]:
        for _, line in _lines(each):
            counts.update(word.lower() for word in WORD.findall(line))
    words = sorted(word for word, count in counts.items() if count >= min_freq and len(word) <= LONGEST_RAW)
    if not words:
        raise RNNError(Errors.R146.format(path=path))
    return words
