"""CoNLL-U to spaCy: sentences become Docs, Docs become a .spacy file.

A layer that the corpus does not have stays unset on every token, so that no component learns "nothing" from it.
FEATS '_' means "no features" where the corpus has features anywhere, and "not annotated" where it has none.
spaCy sorts a bundle's features by code point (NumForm before Number), UD without case: the same features either way.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..atomic import write_bytes
from ..errors import Errors, RNNError
from .conllu import conllu_files, read_sentences
from .conllu_sentence import Sentence
from .rows import rows_of


@dataclass
class Counts:
    """What was converted, and how many words lack each layer."""

    docs: int = 0
    sentences: int = 0
    words: int = 0
    upos: int = 0
    xpos: int = 0
    feats: int = 0
    lemmas: int = 0
    heads: int = 0
    several_roots: int = 0  # sentences; spaCy makes one sentence of each root
    written_apart: int = 0  # multiword tokens

    def add(self, sentences: list[Sentence], features: bool) -> None:
        self.docs += 1
        self.sentences += len(sentences)
        for s in sentences:
            self.words += len(s.words)
            self.feats += 0 if features else len(s.words)
            self.upos += s.upos.count("")
            self.xpos += s.xpos.count("")
            self.lemmas += s.lemmas.count("")
            self.heads += s.heads.count(None)
            self.several_roots += s.roots > 1
            self.written_apart += s.apart


def has_features(path: str | Path) -> bool:
    """Does any word of the corpus have morphological features? Reads up to the first that has."""
    for file in conllu_files(path):
        for _, row in rows_of(file):
            columns = row.split(b"\t", 6)
            if len(columns) == 7 and columns[5] != b"_" and not row.startswith(b"#"):
                return True
    return False


def make_doc(vocab: Vocab, sentences: list[Sentence], features: bool) -> Doc:
    """One Doc of one or more sentences. Its tree is left out if any of its words has no head or no relation."""
    heads, deps, starts, offset = [], [], [], 0
    for s in sentences:
        heads += [None if head is None else head + offset for head in s.heads]
        deps += ["ROOT" if dep == "root" else dep for dep in s.deprels]
        starts += [True] + [False] * (len(s.words) - 1)
        offset += len(s.words)
    parsed = None not in heads and "" not in deps
    return Doc(
        vocab,
        words=[word for s in sentences for word in s.words],
        spaces=[space for s in sentences for space in s.spaces],
        pos=[tag for s in sentences for tag in s.upos],
        tags=[tag for s in sentences for tag in s.xpos],
        lemmas=[lemma for s in sentences for lemma in s.lemmas],
        morphs=[feats for s in sentences for feats in s.feats] if features else None,
        heads=heads if parsed else None,
        deps=deps if parsed else None,
        sent_starts=None if parsed else starts,
    )


def grouped(sentences: Iterable, group: int, by_document: bool, path: str | Path) -> Iterator[list]:
    """``group`` sentences at a time, or those of a document. R315: no such group, R363: documents are not known."""
    if group < 1:
        raise RNNError(Errors.R315.format(value=group))
    sentences, known = iter(sentences), False
    if not by_document:
        while batch := list(islice(sentences, group)):
            yield batch
        return
    batch = []
    for sentence in sentences:
        known |= sentence.new_document
        if sentence.new_document and batch:
            yield batch
            batch = []
        batch.append(sentence)
    if batch and not known:
        raise RNNError(Errors.R363.format(path=path))
    if batch:
        yield batch


def read_docs(
    path: str | Path,
    vocab: Vocab,
    *,
    group: int = 1,
    by_document: bool = False,
    counts: Counts | None = None,
    bad: list[RNNError] | None = None,
) -> Iterator[Doc]:
    """The Docs of a CoNLL-U file or folder, of ``group`` sentences or a document each; counted while they pass."""
    features = has_features(path)
    for batch in grouped(read_sentences(path, bad), group, by_document, path):
        if counts is not None:
            counts.add(batch, features)
        yield make_doc(vocab, batch, features)


def convert(path: str | Path, output: str | Path, vocab: Vocab, **settings) -> Counts:
    """Write the Docs of ``path`` to the .spacy file ``output``, whole or not at all. Settings as in read_docs."""
    counts, bad = Counts(), settings.get("bad")
    docs = DocBin(docs=read_docs(path, vocab, counts=counts, **settings))
    if bad and not counts.docs:
        raise bad[0]
    write_bytes(output, docs.to_bytes())
    return counts
