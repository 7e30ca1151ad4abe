"""A corpus in two: some of its Docs, drawn by a seed, become the second part. Both keep the order of the corpus."""

import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..atomic import check_apart, whole_file, writing_to
from ..errors import Errors, RNNError
from .gold import read_gold


def split_corpus(
    path: str | Path, first: str | Path, second: str | Path, vocab: Vocab, *, share: float, seed: int, sentences: bool
) -> tuple[int, int]:
    """Write both parts, and return how many Docs each has.

    share: of the Docs, for the second part; each part gets at least one. sentences: divide the Docs of both parts into
    their sentences, after the drawing: so no document is in both.
    """
    if not 0 < share < 1:
        raise RNNError(Errors.R353.format(share=share))
    check_apart(first, second, path)
    check_apart(second, path)
    docs = read_gold(path, vocab)
    if len(docs) < 2:
        raise RNNError(Errors.R352.format(path=path, docs=len(docs)))
    drawn = draw(len(docs), share, seed)
    parts = [doc for i, doc in enumerate(docs) if i not in drawn], [docs[i] for i in sorted(drawn)]
    if sentences:
        parts = list(divide(parts[0])), list(divide(parts[1]))
    with writing_to(first), whole_file(first) as one, writing_to(second), whole_file(second) as two:
        one.write(DocBin(docs=parts[0], store_user_data=True).to_bytes())
        two.write(DocBin(docs=parts[1], store_user_data=True).to_bytes())
    return len(parts[0]), len(parts[1])


def draw(size: int, share: float, seed: int) -> set[int]:
    """The numbers of the Docs of the second part."""
    count = min(max(1, round(share * size)), size - 1)
    return set(random.Random(seed).sample(range(size), count))


def divide(docs: Iterable[Doc]) -> Iterator[Doc]:
    """The sentences of Docs that know them; Docs that do not stay whole."""
    for doc in docs:
        if not doc.has_annotation("SENT_START"):
            yield doc
            continue
        for sentence in doc.sents:
            part = sentence.as_doc(copy_user_data=True)
            if not part.has_annotation("DEP"):  # as_doc keeps sentence starts only in trees
                for token in part:
                    token.is_sent_start = token.i == 0
            yield part
