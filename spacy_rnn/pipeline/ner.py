"""`rnn_ner`: named entities from a recurrent network, each with the probability that it is right.

The factory and its settings; a Doc (`predict`, `set_annotations`); what it thinks (`marginals`, `transitions`,
`calibrate`). What it learns is in entity_learner.py, how scores become entities in entities.py.
"""

import math
from collections.abc import Callable, Iterable
from copy import deepcopy

import numpy
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example, validate_examples
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of
from ..errors import Errors, RNNError
from ..nets.crf import MISSING
from ..nets.schemes import allowed
from .base import TOK2VEC
from .batch import Batch, make_batch
from .confidence import register
from .entities import EntityFinder
from .entity_learner import EntityLearner
from .set_entities import set_candidates, set_entities
from .spans import Found
from .temperature import fit_temperature

DEFAULT_MODEL = {"@architectures": "spacy-rnn.Labeller.v1", "decoder": "crf", "tok2vec": TOK2VEC}
SCHEMES = ("BILUO", "IOB2")
SETTINGS = {
    "scheme": "BILUO",
    "threshold": None,
    "confidence": True,
    "temperature": 1.0,
    "nbest": 0,
    "overwrite": False,
    "label_weights": {},
}
# what each must be, and how to say that
RULES = {
    "scheme": (lambda value: value in SCHEMES, " or ".join(SCHEMES)),
    "threshold": (lambda value: value is None or 0 <= value <= 1, "null or a number from 0 to 1"),
    "temperature": (lambda value: 0 < value < math.inf, "a number above 0"),
    "nbest": (lambda value: isinstance(value, int) and value >= 0, "0 or a number of labellings"),
    "label_weights": (lambda value: all(0 <= x < math.inf for x in value.values()), "numbers from 0 up, for labels"),
}
DOCS_AT_ONCE = 256  # of a calibration


@Language.factory(
    "rnn_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={"model": DEFAULT_MODEL, **SETTINGS, "scorer": {"@scorers": "spacy.ner_scorer.v1"}},
    default_score_weights={"ents_f": 1.0, "ents_p": 0.0, "ents_r": 0.0, "ents_per_type": None},
)
def make_rnn_ner(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    scheme: str,
    threshold: float | None,
    confidence: bool,
    temperature: float,
    nbest: int,
    overwrite: bool,
    label_weights: dict[str, float],
    scorer: Callable | None,
) -> "RNNNER":
    """Construct an RNNNER.

    model: scores of the labels of the scheme, `spacy-rnn.Labeller.v1`.
    scheme: how entities are written as labels of tokens, "BILUO" or "IOB2".
    threshold: null takes the best labelling of a Doc; a number takes every span at least so probable, and of those that
        overlap the most probable.
    confidence: keep the probability of each entity, for `span._.confidence`.
    temperature: divides the scores wherever probabilities are asked for; `calibrate` finds it.
    nbest: show the entities of so many best labellings of each Doc in doc.spans["NAME_nbest"]; 0 does not.
    overwrite: whether entities that a Doc already has are replaced. If not, they stay, and the others fit in.
    label_weights: what an entity of a type counts in training, 1 where nothing is said; "O" for what is outside. With
        softmax each token counts so, with a CRF each Doc as its heaviest entity.
    """
    settings = dict(scheme=scheme, threshold=threshold, confidence=confidence, temperature=temperature, nbest=nbest)
    settings.update(overwrite=overwrite, label_weights=label_weights)
    return RNNNER(nlp.vocab, model, name, scorer, **settings)


class RNNNER(EntityLearner):
    """Sets doc.ents and span._.confidence."""

    def __init__(
        self, vocab: Vocab, model: Model, name: str = "rnn_ner", scorer: Callable | None = None, **settings: object
    ):
        """settings: those of the factory, by name."""
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self._warned = set()
        self.cfg = {"labels": [], **deepcopy(SETTINGS), **settings}
        self._check()
        register()

    def _check(self) -> None:
        """The settings; some may be changed at any time, `spacy find-threshold` does."""
        for setting, (is_fine, wanted) in RULES.items():
            value = self.cfg[setting]
            try:
                fine = is_fine(value)
            except (TypeError, AttributeError):  # of another kind
                fine = False
            if not fine:
                raise RNNError(Errors.R131.format(name=self.name, setting=setting, value=repr(value), wanted=wanted))

    # -- a Doc

    def predict(self, docs: Iterable[Doc]) -> tuple[list[list[Found]], list[dict[Found, float]] | None]:
        """For each Doc its entities, but those it had before; and with `nbest` the spans of the best labellings."""
        self._check()
        docs = list(docs)
        batch, finder, cfg = self._batch(docs, keep=not self.cfg["overwrite"]), self._finder(), self.cfg
        if batch is None:
            return [[] for _ in docs], [{} for _ in docs] if cfg["nbest"] else None
        if cfg["threshold"] is not None:
            found = finder.likely(batch, cfg["threshold"])
        else:
            found = finder.best(batch)
            found = finder.weighed(batch, found) if cfg["confidence"] else found
        if not cfg["nbest"]:
            return _with_empty(docs, found, []), None
        candidates = finder.n_best(batch, cfg["nbest"])
        if cfg["confidence"]:
            weighed = finder.weighed(batch, [list(spans) for spans in candidates])
            shares = [spans.values() for spans in candidates]
            candidates = [dict(zip(spans, p, strict=True)) for spans, p in zip(weighed, shares, strict=True)]
        return _with_empty(docs, found, []), _with_empty(docs, candidates, {})

    def set_annotations(self, docs: Iterable[Doc], predictions: tuple) -> None:
        docs, (found, candidates), cfg = list(docs), predictions, self.cfg
        for doc, spans in zip(docs, found, strict=True):
            set_entities(doc, spans, cfg["overwrite"], cfg["confidence"])
        for doc, spans in zip(docs, candidates or [], strict=bool(candidates)):
            set_candidates(doc, f"{self.name}_nbest", spans, cfg["confidence"])

    def _scores(self, docs: list[Doc]) -> list[numpy.ndarray]:
        if not self.labels:
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        return [self.model.ops.to_numpy(scores) for scores in self.model.predict(docs)]

    def _batch(self, docs: list[Doc], keep: bool) -> Batch | None:
        """What there is to decode; None if all Docs are empty."""
        scores = [part for part in self._scores(docs) if len(part)]
        return make_batch([doc for doc in docs if len(doc)], scores, self.columns, keep) if scores else None

    def _finder(self) -> EntityFinder:
        return EntityFinder(self.head.crf, self.columns, self.cfg["temperature"])

    # -- what it thinks

    def marginals(self, docs: Iterable[Doc]) -> list[tuple[list[str], numpy.ndarray]]:
        """For each Doc the labels, and for each token the probability of each of them, tokens x K."""
        docs, labels = list(docs), self.columns.labels
        batch = self._batch(docs, keep=not self.cfg["overwrite"])
        if batch is None:
            return [(labels, numpy.zeros((0, len(labels)))) for _ in docs]
        tokens = self._finder().marginals(batch).tokens
        return [(labels, part) for part in numpy.split(tokens, numpy.cumsum(lengths_of(docs))[:-1])]

    def transitions(self) -> tuple[list[str], numpy.ndarray, numpy.ndarray]:
        """The labels; the scores from the row's label to the column's, K x K (zeros with softmax); which may be."""
        labels, crf = self.columns.labels, self.head.crf
        may = allowed(labels, self.cfg["scheme"]).transitions
        learned = crf.scores()[0].detach().cpu().numpy() if crf.learned else numpy.zeros(may.shape)
        return labels, learned, may

    def calibrate(self, examples: Iterable[Example]) -> float:
        """Set and give back the temperature under which confidences say how often entities are right (temperature.py).

        The examples should not be those of the training.
        """
        examples = list(examples)
        validate_examples(examples, "RNNNER.calibrate")
        examples = [example for example in examples if len(example.predicted)]
        gold = self._gold(examples) if examples else numpy.zeros(0)
        if not ((gold != MISSING) & (gold != self.columns.outside)).any():
            raise RNNError(Errors.R137.format(name=self.name))
        docs = [example.predicted for example in examples]
        starts = range(0, len(docs), DOCS_AT_ONCE)
        scores = [part for i in starts for part in self._scores(docs[i : i + DOCS_AT_ONCE])]
        batch = make_batch(docs, scores, self.columns, keep=False)
        self.cfg["temperature"] = fit_temperature(self.head.crf, self.columns, batch, gold)
        return self.cfg["temperature"]

    # -- disk

    def loaded(self) -> None:
        self._check()
        super().loaded()


def _with_empty(docs: list[Doc], found: list, nothing: object) -> list:
    """What was found in the Docs that are not empty, for all of them."""
    rest = iter(found)
    return [next(rest) if len(doc) else nothing for doc in docs]
