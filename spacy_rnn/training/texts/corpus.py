"""``spacy-rnn.textcat_corpus.v1``: train a text categorizer straight from files, as large as they may be.

Without ``labels`` the corpus is read once before the first text is handed out, for every text says 0.0 or 1.0 of every
label; with ``balance`` so, too.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.training import Example

from ...errors import Errors, RNNError
from .counts import TextCounts
from .docs import Categories, in_files, tokenize
from .labels import read_labels
from .options import TextOptions, check
from .reading import Text, read_texts

BALANCE = {None: 0.0, "sqrt": 0.5, "equal": 1.0}


class TextcatCorpus:
    """Examples from classified texts; the predicted Doc has no annotation, and the tokenizer's tokens.

    path, options: what to read. labels: the set (a list, or a file as for read_labels); None: those that occur.
    sample: the share of the texts to take, by a hash of the text and the seed: always the same ones. limit: only so
        many of these (0: all).
    shuffle_buffer: so many texts wait, and one of them by chance comes next, in another order each time (0: the order
        of the file). For max_epochs = -1; else spaCy shuffles by itself.
    balance: "equal": texts with rare labels are repeated until all labels are as frequent as the most frequent one,
        "sqrt": until half way there (the square root of that many times). By chance where it is no whole number.
    exclude: files with texts to leave out, such as those of a test. max_length: longer texts are cut there (tokens, 0:
        not). drop_duplicates, skip_bad: as in read_texts.
    """

    def __init__(
        self,
        path: str | Path,
        options: TextOptions | None = None,
        *,
        labels: str | list[str] | None = None,
        limit: int = 0,
        sample: float = 1.0,
        seed: int = 0,
        shuffle_buffer: int = 0,
        balance: str | None = None,
        exclude: Sequence[str] = (),
        max_length: int = 0,
        drop_duplicates: bool = False,
        skip_bad: bool = False,
        augmenter: Callable[[Language, Example], Iterable[Example]] | None = None,
    ):
        for setting, value in (("limit", limit), ("shuffle_buffer", shuffle_buffer), ("max_length", max_length)):
            check(setting, value, value >= 0, "0 or more")
        check("sample", sample, 0 < sample <= 1, "above 0, and 1 at most")
        check("balance", balance, balance in BALANCE, 'null, "sqrt" or "equal"')
        options = replace(options or TextOptions(), mixed=shuffle_buffer > 0)
        self.path, self.options, self.augmenter = path, options, augmenter
        self.limit, self.sample, self.seed, self.max_length = limit, sample, seed, max_length
        self.shuffle_buffer, self.balance = shuffle_buffer, balance
        duplicates = "drop" if drop_duplicates else "keep"
        self.settings = {"skip_bad": skip_bad, "duplicates": duplicates, "max_length": max_length}
        self.given, self.exclude = labels, exclude
        self.passes, self.warned = 0, False

    def __call__(self, nlp: Language) -> Iterator[Example]:
        counts, cats = TextCounts(), Categories(self.labels)
        chance = random.Random(f"{self.seed} {self.passes}")
        self.passes += 1
        known = self.labels if self.given is not None else None
        texts = self._texts(counts, known=known, longest=nlp.max_length)
        for text in _shuffled(self._balanced(texts, chance), self.shuffle_buffer, chance):
            predicted = tokenize(nlp, text, counts, self.max_length)
            reference = predicted.copy()
            reference.cats = cats[text.labels]
            example = Example(predicted, reference)
            yield from self.augmenter(nlp, example) if self.augmenter else [example]
        if not self.warned:  # at the end of the first pass that comes so far
            self.warned = True
            known = () if self.limit or self.sample < 1 else self.labels
            counts.warn(self.path, known, self.options, self.shuffle_buffer)

    @cached_property
    def labels(self) -> list[str]:
        return read_labels(self.given) if self.given is not None else sorted(self._all.labels)

    @cached_property
    def _all(self) -> TextCounts:
        """Of the whole corpus."""
        counts = TextCounts()
        for _ in read_texts(self.path, self.options, excluded=self._excluded, counts=counts, **self.settings):
            pass
        return counts

    @cached_property
    def _excluded(self) -> Callable[[str], bool] | None:
        return in_files(self.exclude, self.options)

    @cached_property
    def _frequency(self) -> Counter:
        """Of labels in the texts that are taken."""
        if self.sample == 1 and not self.limit:
            return self._all.labels
        return Counter(label for text in self._texts(TextCounts()) for label in text.labels)

    def _texts(self, counts: TextCounts, **settings) -> Iterator[Text]:
        settings |= self.settings | {"excluded": self._excluded}
        texts = read_texts(self.path, self.options, counts=counts, **settings)
        if self.sample < 1:
            texts = (text for text in texts if in_sample(text.text, self.sample, self.seed))
        return islice(texts, self.limit or None)

    def _balanced(self, texts: Iterator[Text], chance: random.Random) -> Iterator[Text]:
        power = BALANCE[self.balance]
        most = max(self._frequency.values(), default=0) if power else 0
        for text in texts:
            rarest = min((self._frequency[label] for label in text.labels), default=most) if power else 0
            times = (most / rarest) ** power if rarest else 1.0
            for _ in range(int(times + chance.random()) if power else 1):
                yield text


def in_sample(text: str, share: float, seed: int) -> bool:
    digest = blake2b(f"{seed} {' '.join(text.split())}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < share * 2**64


def _shuffled(texts: Iterator[Text], size: int, chance: random.Random) -> Iterator[Text]:
    waiting = list(islice(texts, size))
    for text in texts:
        if waiting:
            place = chance.randrange(size)
            text, waiting[place] = waiting[place], text
        yield text
    chance.shuffle(waiting)
    yield from waiting


def create_textcat_corpus(
    path: str | Path | None,
    format: str = "auto",
    text_column: str | list[str] | None = None,
    label_column: str | None = None,
    one_hot: list[str] | None = None,
    separator: str | None = None,
    quotes: bool | None = None,
    label_separator: str | None = None,
    label_prefix: str = "__label__",
    label_names: str | list[str] | None = None,
    rename: dict[str, str] | None = None,
    keep: list[str] | None = None,
    drop: list[str] | None = None,
    part: str | list[str] | None = None,
    exclusive: bool | None = None,
    encoding: str | None = None,
    labels: str | list[str] | None = None,
    limit: int = 0,
    sample: float = 1.0,
    seed: int = 0,
    shuffle_buffer: int = 0,
    balance: str | None = None,
    exclude: list[str] | None = None,
    max_length: int = 0,
    drop_duplicates: bool = False,
    skip_bad: bool = False,
    augmenter: Callable | None = None,
) -> Callable[[Language], Iterable[Example]]:
    """Registered as spacy-rnn.textcat_corpus.v1, for [corpora.train] and [corpora.dev]: TextOptions, and what
    TextcatCorpus takes. R316: no path."""
    if path is None:
        raise RNNError(Errors.R316.format(reader="spacy-rnn.textcat_corpus.v1", example="FILE.csv"))
    options = TextOptions(
        *(format, _listed(text_column), label_column, one_hot or (), separator, quotes, label_separator, label_prefix),
        *(read_labels(label_names) if label_names else (), rename or {}, keep or (), drop or (), _listed(part)),
        *(exclusive, encoding),
    )
    taken = {"limit": limit, "sample": sample, "seed": seed, "shuffle_buffer": shuffle_buffer, "balance": balance}
    taken |= {"max_length": max_length, "drop_duplicates": drop_duplicates, "skip_bad": skip_bad}
    return TextcatCorpus(path, options, labels=labels, exclude=exclude or (), augmenter=augmenter, **taken)


def _listed(names: str | list[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else list(names or ())
