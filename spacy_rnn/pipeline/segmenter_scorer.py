"""How `rnn_segmenter` is scored."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator

from spacy.scorer import PRFScore
from spacy.training import Example

from .morphemes import Morpheme, add_extension, ends_of, letters


def segmenter_score(examples: Iterable[Example], **kwargs) -> dict:
    """Over the words of the gold that have morphemes; None for what there is no gold for.

    morphemes_acc: share of the words whose morphemes are all right.
    morphemes_p, _r, _f: of the morphemes, each word's compared as a bag, as in SIGMORPHON 2022.
    morpheme_boundaries_p, _r, _f: of the places inside of words where one morpheme ends.
    morphemes_typed_acc, morphemes_per_type: the same with the types of the morphemes, if there are any.
    """
    add_extension()
    words = right = typed_right = 0
    whole, boundaries, per_type = PRFScore(), PRFScore(), defaultdict(PRFScore)
    for text, gold, found in word_pairs(examples):
        words += 1
        texts, predicted = _texts(gold), _texts(found)
        right += texts == predicted
        _count(whole, Counter(texts), Counter(predicted))
        types, predicted_types = [m.type for m in gold], [m.type for m in found]
        typed_right += texts == predicted and types == predicted_types
        _count_types(per_type, zip(texts, types, strict=True), zip(predicted, predicted_types, strict=True))
        ends, predicted_ends = (ends_of(parts, letters(text, True)[0], True) for parts in (gold, found))
        if ends is not None:
            boundaries.score_set(set((predicted_ends or [])[:-1]), set(ends[:-1]))
    scores = {"morphemes_acc": right / words if words else None}
    for name, score in (("morphemes", whole), ("morpheme_boundaries", boundaries)):
        values = (score.precision, score.recall, score.fscore) if words else (None, None, None)
        scores.update({f"{name}_{part}": value for part, value in zip("prf", values, strict=True)})
    typed = words and any(per_type)
    scores["morphemes_typed_acc"] = typed_right / words if typed else None
    scores["morphemes_per_type"] = {t: per_type[t].to_dict() for t in sorted(per_type) if t} if typed else None
    return scores


def word_pairs(examples: Iterable[Example]) -> Iterator[tuple[str, list[Morpheme], list[Morpheme]]]:
    """Text, gold and predicted morphemes; no morphemes where the tokens differ."""
    for example in examples:
        predicted, reference = list(example.predicted), list(example.reference)
        same = [token.text for token in predicted] == [token.text for token in reference]
        for token in reference:
            if token._.morphemes:
                others = [token.i] if same else example.alignment.y2x[token.i].tolist()
                other = predicted[others[0]] if len(others) == 1 else None
                found = other._.morphemes if other is not None and other.text == token.text else None
                yield token.text, token._.morphemes, found or []


def _texts(morphemes: list[Morpheme]) -> list[str]:
    return [letters(morpheme, False)[0] for morpheme in morphemes]


def _count(score: PRFScore, gold: Counter, found: Counter) -> None:
    both = (gold & found).total()
    score.tp += both
    score.fp += found.total() - both
    score.fn += gold.total() - both


def _count_types(per_type: dict[str, PRFScore], gold: Iterable, found: Iterable) -> None:
    gold, found = Counter(gold), Counter(found)
    for type_ in {type_ for _, type_ in gold | found}:
        of_type = (Counter({k: n for k, n in bag.items() if k[1] == type_}) for bag in (gold, found))
        _count(per_type[type_], *of_type)


def make_segmenter_scorer() -> Callable:
    return segmenter_score
