"""`bag_textcat`, `cnn_textcat`, `rnn_textcat`: the categories of a text, by what reads it.

The factories and their settings, and a Doc (`predict`, `set_annotations`). What is learned is in text_learner.py, gold
categories and decisions in categories.py, scores in textcat_scorer.py.
"""

from collections.abc import Callable, Iterable
from typing import Any

import numpy
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from ..errors import Errors, RNNError
from .categories import chosen, probabilities
from .text_learner import TextLearner

EMBED = {"@architectures": "spacy-rnn.WordEmbed.v1", "char_width": 64}
CATEGORIES = "spacy_rnn_categories"  # where Doc.user_data keeps the labels chosen by each component, by its name

DEFAULTS: dict[str, Any] = {
    "threshold": None,
    "thresholds": {},
    "class_weights": None,
    "label_smoothing": 0.0,
    "focal_gamma": 0.0,
    "scorer": {"@scorers": "spacy-rnn.textcat_scorer.v1"},
}
SCORE_WEIGHTS = {
    "cats_score": 1.0,
    "cats_score_desc": None,
    "cats_acc": None,
    **{f"cats_{mean}_{score}": None for mean in ("micro", "macro") for score in "prf"},
    "cats_macro_auc": None,
    "cats_f_per_type": None,
}


def _default(architecture: str) -> dict[str, Any]:
    return {"model": {"@architectures": architecture, "tok2vec": EMBED}, **DEFAULTS}


def make_textcat(
    nlp: Language,
    name: str,
    model: Model[list[Doc], Floats2d],
    threshold: float | None,
    thresholds: dict[str, float],
    class_weights: str | dict[str, float] | None,
    label_smoothing: float,
    focal_gamma: float,
    scorer: Callable | None,
) -> "TextClassifier":
    """Construct a TextClassifier.

    model: `spacy-rnn.TextCatBag.v1`, `spacy-rnn.TextCatCNN.v1` or `spacy-rnn.TextCatRNN.v1`. Its `exclusive_classes`
        says whether a text has one label or any number of them.
    threshold: how probable a label must be to be chosen. null is 0.5, and with exclusive classes 0, always the best.
    thresholds: of single labels, in place of `threshold`. `spacy rnn calibrate --thresholds` finds them.
    class_weights: "balanced" lets rare labels count as much as frequent ones; or the weights of some labels, 1 for the
        others.
    label_smoothing: the share of a label's probability that training spreads over all labels.
    focal_gamma: how much training turns to the texts that are not yet told right; 0 is cross-entropy.
    """
    settings = (threshold, thresholds, class_weights, label_smoothing, focal_gamma, scorer)
    return TextClassifier(nlp.vocab, model, name, *settings)


for _name, _architecture in {
    "bag_textcat": "spacy-rnn.TextCatBag.v1",
    "cnn_textcat": "spacy-rnn.TextCatCNN.v1",
    "rnn_textcat": "spacy-rnn.TextCatRNN.v1",
}.items():
    Language.factory(
        _name,
        assigns=["doc.cats"],
        default_config=_default(_architecture),
        default_score_weights=SCORE_WEIGHTS,
        func=make_textcat,
    )


class TextClassifier(TextLearner):
    """Sets doc.cats, and `doc._.categories`: the labels chosen, the most probable first."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "cnn_textcat",
        threshold: float | None = None,
        thresholds: dict[str, float] | None = None,
        class_weights: str | dict[str, float] | None = None,
        label_smoothing: float = 0.0,
        focal_gamma: float = 0.0,
        scorer: Callable | None = None,
    ):
        if "logits" not in model.ref_names or not model.get_ref("logits"):
            raise RNNError(Errors.R156.format(name=name))
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self._warned = set()
        self.class_weights = class_weights
        self.cfg = {
            "labels": [],
            "exclusive": not model.attrs["multi_label"],
            "weights": None,
            "threshold": threshold,
            "thresholds": dict(thresholds or {}),
            "temperature": 1.0,
            "label_smoothing": label_smoothing,
            "focal_gamma": focal_gamma,
        }
        self._check_settings()
        if not Doc.has_extension("categories"):
            Doc.set_extension("categories", getter=categories_of)

    @property
    def exclusive(self) -> bool:
        """Whether a text has exactly one label."""
        return not self.model.attrs["multi_label"]

    def loaded(self) -> None:
        self.cfg["exclusive"] = self.exclusive

    # -- a Doc

    def predict(self, docs: Iterable[Doc]) -> numpy.ndarray:
        """The probability of each label: docs x labels, float32."""
        if not self.labels:
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        logits = self.model.ops.to_numpy(self.model.get_ref("logits").predict(list(docs)))
        return probabilities(logits, self.exclusive, self.cfg["temperature"])

    def set_annotations(self, docs: Iterable[Doc], scores: numpy.ndarray) -> None:
        labels = self.labels
        picked, blank = chosen(scores, self.limits, self.exclusive), dict.fromkeys(labels)
        for doc, row, choice in zip(docs, scores.tolist(), picked, strict=True):
            cats = doc.cats
            cats.update(blank)  # makes room for all at once
            cats.update(zip(labels, row, strict=True))
            doc.user_data.setdefault(CATEGORIES, {})[self.name] = [labels[i] for i in choice]


def categories_of(doc: Doc) -> list[str]:
    """`doc._.categories`: what each component has chosen."""
    return [label for labels in doc.user_data.get(CATEGORIES, {}).values() for label in labels]
