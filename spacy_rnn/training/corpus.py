"""``spacy-rnn.conllu_corpus.v1``: train straight from CoNLL-U, without a .spacy file in between.

Its arguments mean what they mean in spacy.Corpus.v1, whose Examples it makes: the predicted Doc has no annotation.
"""

import random
import warnings
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.training import Corpus, Example

from ..errors import Errors, RNNError, Warnings
from .convert import read_docs


class ConlluCorpus(Corpus):
    """Examples from a .conllu file, or from all of a folder.

    group: sentences per Doc. skip_bad: leave out broken sentences with a warning, not stop at the first.
    max_length: Docs at least so long are split into sentences, and sentences at least so long left out (0: no limit).
    limit: read only so many Docs (0: all). gold_preproc: predict on gold words and sentences, not on the tokenizer's.
    """

    def __init__(self, path: str | Path, *, group: int = 1, skip_bad: bool = False, **settings) -> None:
        super().__init__(path, **settings)
        self.group = group
        self.skip_bad = skip_bad

    def __call__(self, nlp: Language) -> Iterator[Example]:
        bad: list[RNNError] = []
        docs = read_docs(self.path, nlp.vocab, group=self.group, bad=bad if self.skip_bad else None)
        if self.limit:
            docs = islice(docs, self.limit)
        if self.shuffle:
            docs = list(docs)
            random.shuffle(docs)
        make_examples = self.make_examples_gold_preproc if self.gold_preproc else self.make_examples
        for example in make_examples(nlp, docs):
            yield from self.augmenter(nlp, example)
        if bad:
            warnings.warn(Warnings.W301.format(count=len(bad), path=self.path, first=bad[0]), stacklevel=2)


def create_conllu_corpus(
    path: str | Path | None,
    gold_preproc: bool = False,
    max_length: int = 0,
    limit: int = 0,
    augmenter: Callable | None = None,
    shuffle: bool = False,
    group: int = 1,
    skip_bad: bool = False,
) -> Callable[[Language], Iterable[Example]]:
    """Registered as spacy-rnn.conllu_corpus.v1, for [corpora.train] and [corpora.dev]."""
    if path is None:
        raise RNNError(Errors.R316.format(reader="spacy-rnn.conllu_corpus.v1", example="FILE.conllu"))
    settings = {"gold_preproc": gold_preproc, "max_length": max_length, "limit": limit}
    return ConlluCorpus(path, augmenter=augmenter, shuffle=shuffle, group=group, skip_bad=skip_bad, **settings)
