"""Words that belong together, such as "new york", joined into one: new_york (Mikolov et al. 2013b, section 4).

score(a, b) = (count(a b) - MIN_COUNT) / (count(a) * count(b)) * types, where types is how many different words and
different pairs the text has. Pairs that score above THRESHOLD are joined, from left to right; a second pass joins
new_york with city. Score and defaults are those of gensim's Phrases; but punctuation, which has neither letters nor
digits, is no part of a phrase. Read ``join_phrases`` first.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy

from .counting import Vocabulary, find_places, in_order, read_sentences

MIN_COUNT = 5  # words seen less often are no part of a phrase
THRESHOLD = 10.0
JOINT = "_"
PAIRS_AT_ONCE = 2**26  # counted together at most: a gigabyte, if all are different
EXAMPLES = 5


class Phrases(NamedTuple):
    """Pairs to join, by falling score."""

    keys: numpy.ndarray  # int64: number of the first word << 32 | number of the second
    first: numpy.ndarray  # places in the vocabulary
    second: numpy.ndarray
    scores: numpy.ndarray  # float64
    top: int  # the highest number of the text

    def names(self, words: list[str]) -> list[str]:
        pairs = zip(self.first.tolist(), self.second.tolist(), strict=True)
        return [words[first] + JOINT + words[second] for first, second in pairs]


def join_phrases(
    path: Path, vocabulary: Vocabulary, passes: int, min_count: int, report: Callable[[str], None] = lambda line: None
) -> Vocabulary:
    """Rewrite the ids in ``path`` (numbers of the first pass, rare words included), and correct the vocabulary, which
    must have all words seen MIN_COUNT times; those seen ``min_count`` times are kept."""
    for _ in range(passes):
        phrases = find_phrases(path, vocabulary)
        if not len(phrases.keys):
            report("No words belong together often enough to join them")
            break
        examples = ", ".join(phrases.names(vocabulary.words)[:EXAMPLES])
        report(f"{len(phrases.keys):,} phrases, such as {examples}")
        vocabulary = _join(path, vocabulary, phrases)
    kept = in_order(vocabulary.counts, vocabulary.numbers, min_count)
    words = [vocabulary.words[i] for i in kept.tolist()]
    return replace(vocabulary, words=words, counts=vocabulary.counts[kept], numbers=vocabulary.numbers[kept])


def find_phrases(path: Path, vocabulary: Vocabulary) -> Phrases:
    keys, counts, pairs, top = _count_pairs(path)
    place = find_places(vocabulary.numbers)
    first, second = place(keys >> 32), place(keys & 0xFFFFFFFF)
    known = (first >= 0) & (second >= 0)
    keys, counts, first, second = keys[known], counts[known], first[known], second[known]
    spelt = _is_spelt(vocabulary.words, first) & _is_spelt(vocabulary.words, second)
    keys, counts, first, second = keys[spelt], counts[spelt], first[spelt], second[spelt]
    both = vocabulary.counts[first] * vocabulary.counts[second]
    scores = (counts - MIN_COUNT) / both * (vocabulary.types + pairs)
    best = numpy.argsort(-scores, kind="stable")
    best = best[: int((scores > THRESHOLD).sum())]
    return Phrases(keys[best], first[best], second[best], scores[best], top)


def _is_spelt(words: list[str], places: numpy.ndarray) -> numpy.ndarray:  # bool
    """Have these words letters or digits?"""
    different, which = numpy.unique(places, return_inverse=True)
    return numpy.array([any(map(str.isalnum, words[place])) for place in different.tolist()], dtype=bool)[which]


def _count_pairs(path: Path) -> tuple[numpy.ndarray, numpy.ndarray, int, int]:
    """The pairs seen more than MIN_COUNT times and their counts, how many different pairs there are, and the highest
    number. A large text is read several times, each for a share of the pairs."""
    shares = max(1, path.stat().st_size // 4 // PAIRS_AT_ONCE)
    found, different, top = [], 0, 0
    for share in range(shares):
        runs: list[tuple[numpy.ndarray, numpy.ndarray]] = []
        for ids in read_sentences(path):
            top = max(top, int(ids.max()))
            keys = _pair_keys(ids)[1]
            if shares > 1:
                keys = keys[(keys * 0x9E3779B1 >> 20) % shares == share]
            runs.append(numpy.unique(keys, return_counts=True))
            while len(runs) > 1 and len(runs[-1][0]) > len(runs[-2][0]) // 2:
                runs[-2:] = [_merge(runs[-2], runs[-1])]
        while len(runs) > 1:
            runs[-2:] = [_merge(runs[-2], runs[-1])]
        for keys, counts in runs:
            different += len(keys)
            found.append((keys[counts > MIN_COUNT], counts[counts > MIN_COUNT]))
    if not found:
        return numpy.zeros(0, dtype=numpy.int64), numpy.zeros(0, dtype=numpy.int64), 0, top
    keys, counts = map(numpy.concatenate, zip(*found, strict=True))
    return keys, counts, different, top


def _pair_keys(ids: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Where neighbours within a sentence begin, and what they are."""
    at = numpy.flatnonzero((ids[:-1] >= 0) & (ids[1:] >= 0))
    return at, ids[at].astype(numpy.int64) << 32 | ids[at + 1]


def _merge(a, b):
    """Of two ascending runs of keys with their counts, one."""
    keys, counts = map(numpy.concatenate, zip(a, b, strict=True))
    order = numpy.argsort(keys, kind="stable")  # Timsort: linear on two runs
    keys = keys[order]
    starts = numpy.flatnonzero(numpy.diff(keys, prepend=-1))
    return keys[starts], numpy.add.reduceat(counts[order], starts)


# -- Joining


def _join(path: Path, vocabulary: Vocabulary, phrases: Phrases) -> Vocabulary:
    """The text rewritten, and the vocabulary of what came out."""
    numbers = {word: int(number) for word, number in zip(vocabulary.words, vocabulary.numbers, strict=True)}
    names = phrases.names(vocabulary.words)
    for name in names:  # a word of the text may have this name, or two phrases: a_b c, a b_c
        numbers.setdefault(name, phrases.top + 1 + len(numbers))
    becomes = numpy.array([numbers[name] for name in names], dtype=numpy.int32)
    joins = numpy.zeros(len(names), dtype=numpy.int64)
    joined = path.with_suffix(".joined")
    with joined.open("wb") as file:
        for ids, used in _rewrite(path, phrases, becomes):
            ids.tofile(file)
            joins += numpy.bincount(used, minlength=len(names))
    joined.replace(path)
    return _correct(vocabulary, phrases, names, numbers, joins)


def _rewrite(
    path: Path, phrases: Phrases, becomes: numpy.ndarray
) -> Iterator[tuple[numpy.ndarray, numpy.ndarray]]:  # ids, phrases
    order = numpy.argsort(phrases.keys)
    keys = phrases.keys[order]
    begins, ends = (numpy.zeros(phrases.top + 1, dtype=bool) for _ in range(2))
    begins[keys >> 32] = True
    ends[keys & 0xFFFFFFFF] = True
    for ids in read_sentences(path):
        at, found = _pair_keys(ids)
        maybe = begins[ids[at]] & ends[ids[at + 1]]
        at, found = at[maybe], found[maybe]
        place = numpy.minimum(numpy.searchsorted(keys, found), len(keys) - 1)
        right = keys[place] == found
        at, place = at[right], place[right]
        chosen = _every_other(at)
        at, used = at[chosen], order[place[chosen]]
        ids[at] = becomes[used]
        yield numpy.delete(ids, at + 1), used


def _every_other(at: numpy.ndarray) -> numpy.ndarray:  # bool
    """Which of the pairs that begin at ``at`` to join, from left to right: of those that overlap every other."""
    step = numpy.arange(len(at))
    new = numpy.diff(at, prepend=-2) > 1
    first = numpy.maximum.accumulate(numpy.where(new, step, 0))
    return (step - first) % 2 == 0


def _correct(
    vocabulary: Vocabulary, phrases: Phrases, names: list[str], numbers: dict[str, int], joins: numpy.ndarray
) -> Vocabulary:
    """Counts without what was joined, and with what came of it."""
    words = list(numbers)
    new = len(words) - len(vocabulary.words)
    counts = numpy.concatenate([vocabulary.counts, numpy.zeros(new, dtype=numpy.int64)])
    place = {word: i for i, word in enumerate(words)}
    for where, change in ((phrases.first, -joins), (phrases.second, -joins), ([place[name] for name in names], joins)):
        numpy.add.at(counts, where, change)
    left = numpy.flatnonzero(counts)
    types = vocabulary.types + len(left) - len(vocabulary.words)
    kept = numpy.fromiter(numbers.values(), dtype=numpy.int32, count=len(words))[left]
    return replace(vocabulary, words=[words[i] for i in left.tolist()], counts=counts[left], numbers=kept, types=types)
