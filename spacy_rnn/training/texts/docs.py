"""Classified texts as Docs with doc.cats: every label of the set, with 1.0 or 0.0; and as a .spacy file."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, DocBin

from ...atomic import check_apart, write_bytes
from ..formats import Settings
from ..sources import find_sources
from ..text import HeldOut
from .counts import TextCounts
from .options import TextOptions
from .plain import label_pattern
from .reading import Text, find_labels, read_texts


class Categories(dict):
    """The labels of a text -> its doc.cats. Texts with the same labels share one dictionary: with thousands of labels
    and texts, it is what the memory goes to."""

    def __init__(self, known: Sequence[str]):
        self.zeros = dict.fromkeys(known, 0.0)

    def __missing__(self, labels: tuple[str, ...]) -> dict[str, float]:
        self[labels] = cats = {**self.zeros, **dict.fromkeys(labels, 1.0)}
        return cats


def tokenize(nlp: Language, text: Text, counts: TextCounts, max_length: int = 0) -> Doc:
    """Cut at ``max_length`` tokens (0: not)."""
    doc = nlp.make_doc(text.text)
    if 0 < max_length < len(doc):
        doc = doc[:max_length].as_doc()
        counts.cut += 1
    counts.tokens += len(doc)
    return doc


def in_files(files: Sequence[str], options: TextOptions) -> Callable[[str], bool] | None:
    """Whether a text is in one of the files, but for case, blanks, punctuation and fastText's labels; None without."""
    if not files:
        return None
    fields = Settings(column=next(iter(options.text_column), None), encoding=options.encoding)
    texts = (text for source in find_sources(list(files)) for text in source.texts(fields))
    label = label_pattern(options)
    return HeldOut(label.sub("", text) for text in texts).has


def read_docs(
    path: str | Path,
    nlp: Language,
    options: TextOptions | None = None,
    *,
    labels: Sequence[str] | None = None,
    exclude: Sequence[str] = (),
    max_length: int = 0,
    drop_duplicates: bool = False,
    skip_bad: bool = False,
    counts: TextCounts | None = None,
) -> Iterator[Doc]:
    """The Docs of a corpus. Without ``labels``, the set of all there may be, it is read once before for those it has.

    exclude: files with texts to leave out, such as those of a test: whatever find_sources takes. max_length: longer
    texts are cut there (tokens, 0: not). W302 to W309, at the end: what was left out, and what to know of the rest.
    """
    options, counts = options or TextOptions(), counts if counts is not None else TextCounts()
    settings = {"skip_bad": skip_bad, "longest": nlp.max_length, "max_length": max_length}
    settings |= {"excluded": in_files(exclude, options), "duplicates": "drop" if drop_duplicates else "count"}
    known = labels if labels is not None else find_labels(path, options, **settings)
    cats = Categories(known)
    for text in read_texts(path, options, known=labels, counts=counts, **settings):
        doc = tokenize(nlp, text, counts, max_length)
        doc.cats = cats[text.labels]
        yield doc
    counts.warn(path, known, options)


def convert_texts(path: str | Path, output: str | Path, nlp: Language, *options, **settings) -> TextCounts:
    """Write the Docs of a corpus to the .spacy file ``output``, whole or not at all. Settings as in read_docs."""
    check_apart(output, path)
    counts = TextCounts()
    docs = DocBin(["ORTH"], docs=read_docs(path, nlp, *options, counts=counts, **settings))
    write_bytes(output, docs.to_bytes())
    return counts
