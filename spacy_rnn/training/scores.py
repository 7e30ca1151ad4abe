"""Counting for tagging scores: pure Python over tags, no pipeline in sight.

A word's tags are one tuple (UPOS, XPOS, FEATS), with "_" for what is unset, as in CoNLL-U. Definitions follow the
CoNLL 2018 shared task (https://universaldependencies.org/conll18/evaluation.html): a predicted word counts if its
characters are exactly those of a gold word; UFeats is right if the whole bundle is. There, UFeats looks only at the
features common to all languages; here ``ufeats`` is all of FEATS, which is harder, and ``ufeats_universal`` is theirs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

LAYERS = ("upos", "xpos", "ufeats")
UNIVERSAL = frozenset(
    "PronType NumType Poss Reflex Foreign Abbr Gender Animacy Number Case Definite Degree VerbForm Mood Tense Aspect "
    "Voice Evident Polarity Person Polite".split()
)
Tags = tuple[str, str, str]  # UPOS, XPOS, FEATS


def fscore(correct: int, predicted: int, gold: int) -> dict[str, float]:
    return {
        "p": correct / predicted if predicted else 0.0,
        "r": correct / gold if gold else 0.0,
        "f": 2 * correct / (predicted + gold) if predicted + gold else 0.0,
    }


def universal(feats: str) -> str:
    """Only the features that CoNLL 2018 compares."""
    return "|".join(pair for pair in feats.split("|") if pair.split("=")[0] in UNIVERSAL) or "_"


def count_correct(gold: Sequence[Tags], guess: Sequence[Tags], layers: Sequence[str]) -> dict[str, int]:
    """How many words have the right tag on each layer, and (alltags) on all of ``layers`` together."""
    rows = [LAYERS.index(layer) for layer in layers]
    right = {LAYERS[row]: sum(g[row] == p[row] for g, p in zip(gold, guess, strict=True)) for row in rows}
    if "ufeats" in right:
        right["ufeats_universal"] = sum(universal(g[2]) == universal(p[2]) for g, p in zip(gold, guess, strict=True))
    right["alltags"] = sum(all(g[row] == p[row] for row in rows) for g, p in zip(gold, guess, strict=True))
    return right


def per_label(gold: Iterable[str], guess: Iterable[str]) -> dict[str, dict[str, float]]:
    """Precision, recall, F1 and support of every label."""
    pairs = list(zip(gold, guess, strict=True))
    return _table(Counter(g for g, p in pairs if g == p), Counter(p for _, p in pairs), Counter(g for g, _ in pairs))


def per_feature(gold: Iterable[str], guess: Iterable[str]) -> dict[str, dict[str, float]]:
    """The same of every feature name (Case, Number): right where its value is, summed over the values."""
    right, predicted, support = Counter(), Counter(), Counter()
    for wanted, given in zip(map(_features, gold), map(_features, guess), strict=True):
        support.update(feature.split("=")[0] for feature in wanted)
        predicted.update(feature.split("=")[0] for feature in given)
        right.update(feature.split("=")[0] for feature in wanted & given)
    return _table(right, predicted, support)


def _features(feats: str) -> set[str]:
    return set() if feats == "_" else set(feats.split("|"))


def _table(right: Counter, predicted: Counter, support: Counter) -> dict[str, dict[str, float]]:
    labels = sorted(support.keys() | predicted.keys())
    return {x: {**fscore(right[x], predicted[x], support[x]), "support": support[x]} for x in labels}


def confusions(gold: Iterable[str], guess: Iterable[str], top: int) -> list[tuple[str, str, int]]:
    """The most frequent mistakes: (gold, guess, how often)."""
    wrong = Counter((g, p) for g, p in zip(gold, guess, strict=True) if g != p)
    ranked = sorted(wrong.items(), key=lambda item: (-item[1], item[0]))
    return [(g, p, count) for (g, p), count in ranked[:top]]
