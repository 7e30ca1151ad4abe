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
from .explain import Method, check_method, explain
from .explanation import Explanation
from .saliency import register, store, store_chosen
from .text_learner import TextLearner

EMBED = {"@architectures": "spacy-rnn.WordEmbed.v1", "char_width": 64}
CATEGORIES = "spacy_rnn_categories"  # where Doc.user_data keeps the labels chosen by each component, by its name

DEFAULTS: dict[str, Any] = {
    "threshold": None,
    "thresholds": {},
    "class_weights": None,
    "label_smoothing": 0.0,
    "focal_gamma": 0.0,
    "store_saliency": False,
    "scorer": {"@scorers": "spacy-rnn.textcat_scorer.v1"},
}
SCORE_WEIGHTS = {"cats_score": 1.0, "cats_acc": 0.0}


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
    store_saliency: bool | str,
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
    store_saliency: keep in `token._.saliency` what each token has added to the labels that its text got. Or by which
        method: "gradient" (the fastest), "integrated" (as with true) or "occlusion".
    """
    settings = (threshold, thresholds, class_weights, label_smoothing, focal_gamma, store_saliency, scorer)
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
        store_saliency: bool | str = False,
        scorer: Callable | None = None,
    ):
        if "logits" not in model.ref_names or not model.get_ref("logits"):
            raise RNNError(Errors.R156.format(name=name))
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self._warned = set()
        self.class_weights, self.thresholds = class_weights, dict(thresholds or {})
        self.cfg = {
            "labels": [],
            "exclusive": not model.attrs["multi_label"],
            "weights": None,
            "threshold": threshold,
            "thresholds": dict(self.thresholds),
            "temperature": 1.0,
            "label_smoothing": label_smoothing,
            "focal_gamma": focal_gamma,
            "store_saliency": store_saliency,
        }
        self._check_settings()
        check_method(store_saliency if isinstance(store_saliency, str) else None)
        if not Doc.has_extension("categories"):
            Doc.set_extension("categories", getter=categories_of)
        register()

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
        labels, docs = self.labels, list(docs)
        picked, blank = chosen(scores, self.limits, self.exclusive), dict.fromkeys(labels)
        if how := self.cfg.get("store_saliency"):
            store_chosen(self, docs, scores, picked, how if isinstance(how, str) else None)
        for doc, row, choice in zip(docs, scores.tolist(), picked, strict=True):
            cats = doc.cats
            cats.update(blank)  # makes room for all at once
            cats.update(zip(labels, row, strict=True))
            doc.user_data.setdefault(CATEGORIES, {})[self.name] = [labels[i] for i in choice]

    def explain(
        self, docs: Doc | Iterable[Doc], label: str | Iterable[str] | None = None, method: Method | None = None
    ) -> Any:
        """Why it says so: an `Explanation` of each Doc, or of the one Doc; see explain.py. Docs are not changed.

        label: None for the most probable one of each Doc; several labels make a list of Explanations.
        method: "gradient", "integrated" (the default) or "occlusion"; see nets/saliency.py.
        """
        return explain(self, docs, label, method)

    def set_saliency(
        self, docs: Doc | Iterable[Doc], label: str | Iterable[str] | None = None, method: Method | None = None
    ) -> None:
        """Keep in `token._.saliency` what `explain` tells, {label: value}."""
        docs = [docs] if isinstance(docs, Doc) else list(docs)
        found = explain(self, docs, label, method)
        store(self, docs, [[one] if isinstance(one, Explanation) else one for one in found])


def categories_of(doc: Doc) -> list[str]:
    """`doc._.categories`: what each component has chosen."""
    return [label for labels in doc.user_data.get(CATEGORIES, {}).values() for label in labels]
