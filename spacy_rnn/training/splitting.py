"""A corpus in two: some of its Docs, drawn by a seed, become the second part. Both keep the order of the corpus."""

import random
import warnings
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from ..atomic import check_apart, whole_file, writing_to
from ..errors import Errors, RNNError, Warnings
from .gold import read_gold
from .texts.counts import listed


def split_corpus(
    path: str | Path,
    first: str | Path,
    second: str | Path,
    vocab: Vocab,
    *,
    share: float,
    seed: int,
    sentences: bool = False,
    stratify: bool = False,
) -> tuple[int, int]:
    """Write both parts, and return how many Docs each has.

    share: of the Docs, for the second part; each part gets at least one. sentences: divide the Docs of both parts into
    their sentences, after the drawing: so no document is in both. stratify: draw the share of each label in doc.cats,
    as near as may be; W304 tells which labels a part has not.
    """
    if not 0 < share < 1:
        raise RNNError(Errors.R353.format(share=share))
    check_apart(first, second, path)
    check_apart(second, path)
    docs = read_gold(path, vocab)
    if len(docs) < 2:
        raise RNNError(Errors.R352.format(path=path, docs=len(docs)))
    labels = [labels_of(doc) for doc in docs]
    if stratify and not any(labels):
        raise RNNError(Errors.R523.format(path=path))
    drawn = draw_stratified(labels, share, seed) if stratify else draw(len(docs), share, seed)
    parts = [doc for i, doc in enumerate(docs) if i not in drawn], [docs[i] for i in sorted(drawn)]
    if sentences:
        parts = list(divide(parts[0])), list(divide(parts[1]))
    with writing_to(first), whole_file(first) as one, writing_to(second), whole_file(second) as two:
        one.write(DocBin(docs=parts[0], store_user_data=True).to_bytes())
        two.write(DocBin(docs=parts[1], store_user_data=True).to_bytes())
    if stratify:
        _warn_of_missing(docs, parts, (first, second))
    return len(parts[0]), len(parts[1])


def labels_of(doc: Doc) -> list[str]:
    return [label for label, value in doc.cats.items() if value >= 0.5]


def _warn_of_missing(docs: list[Doc], parts: tuple[list[Doc], list[Doc]], paths: tuple[str | Path, str | Path]) -> None:
    known = {label for doc in docs for label in labels_of(doc)}
    for part, path in zip(parts, paths, strict=True):
        if missing := sorted(known - {label for doc in part for label in labels_of(doc)}):
            message = Warnings.W304.format(count=len(missing), path=path, labels=listed(missing))
            warnings.warn(message, stacklevel=3)


def draw(size: int, share: float, seed: int) -> set[int]:
    """The numbers of the Docs of the second part."""
    count = min(max(1, round(share * size)), size - 1)
    return set(random.Random(seed).sample(range(size), count))


def draw_stratified(labels: Sequence[Collection[str]], share: float, seed: int) -> set[int]:
    """As many as ``draw`` would, but of each label its share, rounded up or down: the Docs are sorted by their labels,
    the rarest of a Doc first, and those at equal distances are taken. A label's only Doc stays in the first part."""
    counts, chance = Counter(label for group in labels for label in group), random.Random(seed)
    keys = [tuple(sorted((counts[label], label) for label in group)) for group in labels]
    several = [i for i, key in enumerate(keys) if not key or key[0][0] > 1]
    if not several:
        return draw(len(labels), share, seed)
    order = sorted(several, key=lambda i: (keys[i], chance.random()))
    size = min(max(1, round(share * len(labels))), len(labels) - 1, len(order))
    start = chance.random()
    return {order[int((start + i) * len(order) / size)] for i in range(size)}


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
