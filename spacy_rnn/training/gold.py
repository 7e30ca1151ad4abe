"""Open an annotated corpus, .spacy or one that we convert, as gold Docs."""

from collections.abc import Iterable
from pathlib import Path

from spacy import blank
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..errors import Errors, RNNError
from .annotated import ENTITIES, find_kind, read_entities
from .convert import read_docs
from .morphemes import convert_morphemes
from .texts import FORMATS
from .texts.docs import read_docs as read_classified

WORDS_IN_DOC = 100  # of a list


def read_gold(path: str | Path, vocab: Vocab) -> list[Doc]:
    """The Docs of a .spacy file, the sentences of CoNLL-U or of a corpus with entities, classified texts, or a list of
    words."""
    path = Path(path)
    if path.suffix == ".spacy" and path.is_file():
        try:
            return list(DocBin().from_disk(path).get_docs(vocab))
        except Exception as error:  # zlib, msgpack or spaCy, depending on where the file is broken
            raise RNNError(Errors.R318.format(path=path, reason=error)) from error
    kind = find_kind(path)
    if kind in ENTITIES:
        return list(read_entities(path, vocab, kind))
    if kind in FORMATS:
        return list(read_classified(path, blank(vocab.lang or "xx", vocab=vocab)))
    if kind == "conllu":
        return list(read_docs(path, vocab))
    return list(convert_morphemes(path, vocab, group=WORDS_IN_DOC).get_docs(vocab))


def word_forms(docs: Iterable[Doc]) -> set[str]:
    return {word.text for doc in docs for word in doc}


def bare_copy(doc: Doc, nlp: Language) -> Doc:
    """The gold words and spaces, nothing else."""
    return Doc(nlp.vocab, words=[word.text for word in doc], spaces=[bool(word.whitespace_) for word in doc])


def as_met(nlp: Language, name: str, docs: Iterable[Doc], batch_size: int | None = None) -> list[Doc]:
    """Docs as this component meets them: with what those before it found, whose vectors it may listen to."""
    with nlp.select_pipes(disable=nlp.pipe_names[nlp.pipe_names.index(name) :]):
        return list(nlp.pipe(docs, batch_size=batch_size))
