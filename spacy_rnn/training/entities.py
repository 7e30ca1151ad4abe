"""Texts with entities to Docs, whatever format they come in. Start at ``entity_docs``.

A format's reader yields Sentences; this module leaves out unwanted labels, guesses spaces where the format does not
say, groups sentences, and counts what it did.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from .columns import Columns, TaggedSentence, read_columns
from .convert import grouped
from .spaces import guess_spaces, spaces_in
from .tags import MISSING, breaks, find_scheme, spans_of
from .tags import Span as TokenSpan

LINES_SHOWN = 5


@dataclass
class Sentence:
    """Words with their entities. spaces: None where the format does not say. missing: words that are not annotated."""

    words: list[str]
    spans: list[TokenSpan]
    spaces: list[bool] | None = None
    missing: list[int] = field(default_factory=list)
    new_document: bool = False


@dataclass
class EntityCounts:
    """What was converted, and what had to be done to it."""

    docs: int = 0
    sentences: int = 0
    words: int = 0
    labels: Counter = field(default_factory=Counter)  # spans
    dropped: Counter = field(default_factory=Counter)  # spans whose label is not wanted
    missing: int = 0  # words
    guessed: int = 0  # sentences whose spaces were guessed
    documents: int = 0
    schemes: set[str] = field(default_factory=set)
    illegal: list[tuple[Path, int]] = field(default_factory=list)  # files and lines of tags that break them
    overlapping: int = 0  # spans inside others, or across their ends
    divided: int = 0  # spans that reached over the end of a sentence


@dataclass(frozen=True)
class EntityOptions:
    """How to make Docs.

    group: sentences a Doc. labels: those to keep, None for all. spaces: where the format does not say, "guess" or
    "unknown". illegal: tags that break their scheme, "repair" or "refuse". scheme: one of tags.SCHEMES, None: found.
    """

    group: int = 1
    by_document: bool = False
    labels: tuple[str, ...] | None = None
    spaces: str = "guess"
    illegal: str = "repair"
    scheme: str | None = None


def from_columns(
    path: Path, columns: Columns, options: EntityOptions, counts: EntityCounts, bad: list[RNNError] | None
) -> Iterator[Sentence]:
    """The sentences of a column file. R345: tags that break the scheme, where that is refused."""
    tagged = list(read_columns(path, columns, bad))
    if tagged and all(tag.letter == MISSING for sentence in tagged for tag in sentence.tags):
        raise RNNError(Errors.R364.format(path=path))
    scheme = options.scheme or find_scheme(sentence.tags for sentence in tagged)
    lines = [s.lines[i] for s in tagged for i in breaks(s.tags, scheme)]
    if lines and options.illegal == "refuse":
        first = ", ".join(map(str, lines[:LINES_SHOWN])) + (", ..." if len(lines) > LINES_SHOWN else "")
        raise RNNError(Errors.R345.format(path=path, count=len(lines), scheme=scheme, lines=first))
    counts.schemes.add(scheme)
    counts.illegal += [(path, line) for line in lines]
    return map(_sentence, tagged)


def _sentence(tagged: TaggedSentence) -> Sentence:
    spaces = spaces_in(tagged.text, tagged.words) if tagged.text is not None else None
    missing = [i for i, tag in enumerate(tagged.tags) if tag.letter == MISSING]
    return Sentence(tagged.words, spans_of(tagged.tags), spaces, missing, tagged.new_document)


def entity_docs(
    sentences: Iterable[Sentence], vocab: Vocab, options: EntityOptions, counts: EntityCounts, path: Path
) -> Iterator[Doc]:
    """Docs of one document or of ``options.group`` sentences each; counted in ``counts`` while they pass."""
    for batch in grouped(sentences, options.group, options.by_document, path):
        counts.docs += 1
        counts.sentences += len(batch)
        yield _make_doc(vocab, [_chosen(s, options, counts) for s in batch])
    if options.labels and not counts.labels:
        found = ", ".join(sorted(counts.dropped)) or "none"
        raise RNNError(Errors.R351.format(labels=", ".join(options.labels), path=path, found=found))


def _chosen(sentence: Sentence, options: EntityOptions, counts: EntityCounts) -> Sentence:
    """Only the wanted labels; with spaces if they are to be guessed."""
    kept = [span for span in sentence.spans if options.labels is None or span[2] in options.labels]
    counts.labels.update(label for *_, label in kept)
    counts.dropped.update(span[2] for span in sentence.spans if span not in kept)
    counts.words += len(sentence.words)
    counts.missing += len(sentence.missing)
    counts.documents += sentence.new_document
    spaces = sentence.spaces
    if spaces is None:
        counts.guessed += 1
        spaces = guess_spaces(sentence.words) if options.spaces == "guess" else None
    return Sentence(sentence.words, kept, spaces, sentence.missing)


def _make_doc(vocab: Vocab, sentences: list[Sentence]) -> Doc:
    words = [word for s in sentences for word in s.words]
    starts = [i == 0 for s in sentences for i in range(len(s.words))]
    known = all(s.spaces is not None for s in sentences)
    spaces = [space for s in sentences for space in s.spaces] if known else None
    doc = Doc(vocab, words=words, spaces=spaces, sent_starts=starts)
    spans, missing, offset = [], [], 0
    for s in sentences:
        spans += [Span(doc, start + offset, end + offset, label=label) for start, end, label in s.spans]
        missing += [doc[i + offset : i + offset + 1] for i in s.missing]
        offset += len(s.words)
    doc.set_ents(spans, missing=missing, default="outside")
    return doc
