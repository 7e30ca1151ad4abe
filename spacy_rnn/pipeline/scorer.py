"""How `rnn_tagger` is scored, and what `token._.tag_scores` shows."""

from collections.abc import Callable, Iterable

from spacy.scorer import Scorer
from spacy.tokens import Token
from spacy.training import Example

from .labels import HEADS, head_columns

SCORES = "rnn_tagger_scores"  # where Doc.user_data keeps the labels and probabilities of each component, by its name


def tag_scores(token: Token) -> dict[str, dict[str, float]] | None:
    """`token._.tag_scores`: for each head the probability of each label, the most probable first.

    Filled where the component has `store_scores`; None otherwise. Of several components the last with a head counts.
    """
    stored = token.doc.user_data.get(SCORES)
    if stored is None:
        return None
    found = {head: {} for head in HEADS}
    for scores in stored.values():
        for head, columns in head_columns(scores["labels"]).items():
            pairs = zip(scores["labels"][head], scores["probabilities"][token.i][columns].tolist(), strict=True)
            found[head] = dict(sorted(pairs, key=lambda pair: -pair[1]))
    return found


def tagger_score(examples: Iterable[Example], **kwargs) -> dict:
    """Accuracy of tags, parts of speech and whole bundles, and precision, recall and F1 of each attribute."""
    examples = list(examples)
    scores = Scorer.score_token_attr(examples, "tag", **kwargs)
    scores.update(Scorer.score_token_attr(examples, "pos", **kwargs))
    scores.update(Scorer.score_token_attr(examples, "morph", getter=_morph_key, **kwargs))
    scores.update(Scorer.score_token_attr_per_feat(examples, "morph", getter=_morph_key, **kwargs))
    return scores


def _morph_key(token: Token, attr: str) -> int:
    return token.morph.key


def make_tagger_scorer() -> Callable:
    return tagger_score
