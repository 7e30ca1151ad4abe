"""`rnn_ner`: named entities from a recurrent network, each with the probability that it is right.

In the order of a component's life: the factory and its default config, labels from the data (`initialize`), learning
(`get_loss`), a Doc (`predict`, `set_annotations`), what it thinks (`marginals`, `transitions`, `calibrate`), disk.
"""

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property

import numpy
import torch
from spacy.attrs import ENT_IOB, ENT_TYPE
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Config, Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..errors import Errors, RNNError, Warnings
from ..nets.crf import MISSING
from ..nets.labeller import LabellerHead
from ..nets.schemes import OUTSIDE, allowed
from .base import TorchPipe
from .confidence import forget, register, store
from .entities import Batch, EntityFinder, make_batch
from .spans import Found, SpanLabels, same_tokens

DEFAULT_MODEL = Config().from_str(
    """
    [model]
    @architectures = "spacy-rnn.Labeller.v1"
    decoder = "crf"

    [model.tok2vec]
    @architectures = "spacy.Tok2Vec.v2"

    [model.tok2vec.embed]
    @architectures = "spacy-rnn.CharWordEmbed.v1"
    width = 256

    [model.tok2vec.encode]
    @architectures = "spacy-rnn.RNNEncoder.v1"
    width = 512
    """
)["model"]
SCHEMES = ("BILUO", "IOB2")
DOCS_AT_ONCE = 256  # of a calibration


@Language.factory(
    "rnn_ner",
    assigns=["doc.ents", "token.ent_iob", "token.ent_type"],
    default_config={
        "model": DEFAULT_MODEL,
        "scheme": "BILUO",
        "threshold": None,
        "confidence": True,
        "temperature": 1.0,
        "nbest": 0,
        "overwrite": False,
        "label_weights": {},
        "scorer": {"@scorers": "spacy.ner_scorer.v1"},
    },
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
    settings = dict(threshold=threshold, confidence=confidence, temperature=temperature, nbest=nbest)
    settings.update(overwrite=overwrite, label_weights=label_weights)
    return RNNNER(nlp.vocab, model, name, scheme, scorer=scorer, **settings)


class RNNNER(TorchPipe):
    """Sets doc.ents and span._.confidence."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "rnn_ner",
        scheme: str = "BILUO",
        *,
        threshold: float | None = None,
        confidence: bool = True,
        temperature: float = 1.0,
        nbest: int = 0,
        overwrite: bool = False,
        label_weights: dict[str, float] | None = None,
        scorer: Callable | None = None,
    ):
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self._unknown: set[str] = set()  # labels already warned of
        self.cfg = {
            "labels": [],
            "scheme": scheme,
            "threshold": threshold,
            "confidence": confidence,
            "temperature": temperature,
            "nbest": nbest,
            "overwrite": overwrite,
            "label_weights": dict(label_weights or {}),
        }
        self._check()
        register()

    def _check(self) -> None:
        """The settings; some may be changed at any time, `spacy find-threshold` does."""
        cfg = self.cfg
        weights = cfg["label_weights"].values()
        wanted = {
            "scheme": (cfg["scheme"] in SCHEMES, " or ".join(SCHEMES)),
            "threshold": (cfg["threshold"] is None or 0 <= cfg["threshold"] <= 1, "null or a number from 0 to 1"),
            "temperature": (0 < cfg["temperature"] < math.inf, "a number above 0"),
            "nbest": (cfg["nbest"] >= 0, "0 or a number of labellings"),
            "label_weights": (all(0 <= weight < math.inf for weight in weights), "numbers from 0 up"),
        }
        for setting, (fine, what) in wanted.items():
            if not fine:
                raise RNNError(Errors.R131.format(name=self.name, setting=setting, value=cfg[setting], wanted=what))

    # -- labels

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of the entities."""
        return tuple(self.cfg["labels"])

    @property
    def label_data(self) -> list[str]:
        """What `spacy init labels` writes and `initialize(labels=...)` takes."""
        return list(self.cfg["labels"])

    def add_label(self, label: str) -> int:
        """Add a type of entity before the model is initialised. 0 if it was there already, otherwise 1."""
        if label in self.labels:
            return 0
        if self.model.get_ref("heads").shims[0].built:
            raise RNNError(Errors.R133.format(name=self.name, label=label))
        self._set_labels([*self.labels, label])
        return 1

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
    ) -> None:
        """Collect labels and words from all examples and build the model.

        labels: types of entities, as `spacy init labels` writes them, instead of those of the examples.
        """
        validate_get_examples(get_examples, "RNNNER.initialize")
        types, words, astray = _collect(get_examples())
        if not words:
            raise RNNError(Errors.R117.format(name=self.name))
        if not (labels or types):
            raise RNNError(Errors.R132.format(name=self.name))
        self._set_labels(list(labels or sorted(types)))
        if astray:
            message = Warnings.W111.format(name=self.name, count=len(astray), total=types.total(), first=astray[0])
            warnings.warn(message, stacklevel=2)
        unknown = self.cfg["label_weights"].keys() - {OUTSIDE, *self.labels}
        if unknown:
            names = [", ".join(sorted(types)) for types in (unknown, self.labels)]
            raise RNNError(Errors.R136.format(name=self.name, unknown=names[0], known=names[1]))
        self.build(get_examples, words)

    def _set_labels(self, types: list[str]) -> None:
        for label in types:
            if not isinstance(label, str) or not label.strip() or types.count(label) > 1:
                raise RNNError(Errors.R134.format(name=self.name, label=label))
        self.cfg["labels"] = types
        self.__dict__.pop("columns", None)
        self.model.get_ref("heads").attrs["labels"] = {"labels": self.columns.labels, "scheme": self.cfg["scheme"]}

    @cached_property
    def columns(self) -> SpanLabels:
        """Which score means what; made anew when the labels change or were loaded."""
        return SpanLabels(self.label_data, self.cfg["scheme"])

    @property
    def head(self) -> LabellerHead:
        return self.model.get_ref("heads").shims[0].net

    # -- learning

    def get_loss(self, examples: Iterable[Example], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        """The decoder's loss per token; tokens without gold annotation may be anything (partial CRF)."""
        validate_examples(examples, "RNNNER.get_loss")
        ops, lengths = self.model.ops, lengths_of(scores)
        flat = torch.as_tensor(ops.xp.concatenate(scores))
        gold = torch.from_numpy(self._gold(examples)).to(flat.device)
        weights = self._weights()
        if weights is not None:
            weights = weights.to(flat.device)
        loss, gradient = self.head.loss(flat, gold, lengths[lengths > 0], weights)
        return loss, split(ops, gradient, lengths)

    def _gold(self, examples: Iterable[Example]) -> numpy.ndarray:
        numbers, unknown = zip(*(self.columns.gold(example) for example in examples), strict=True)
        new = set().union(*unknown) - self._unknown
        if new:
            self._unknown |= new
            message = Warnings.W110.format(name=self.name, labels=", ".join(sorted(new)[:10]))
            warnings.warn(message, stacklevel=2)
        return numpy.concatenate(numbers)

    def _weights(self) -> torch.Tensor | None:
        """K, the weight of each label; None if all are 1."""
        given = self.cfg["label_weights"]
        if not given:
            return None
        types = [label.partition("-")[2] or OUTSIDE for label in self.columns.labels]
        return torch.tensor([float(given.get(type_, 1.0)) for type_ in types])

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
            sums = [spans.values() for spans in candidates]
            candidates = [dict(zip(spans, p, strict=True)) for spans, p in zip(weighed, sums, strict=True)]
        return _with_empty(docs, found, []), _with_empty(docs, candidates, {})

    def set_annotations(self, docs: Iterable[Doc], predictions: tuple) -> None:
        docs, (found, candidates) = list(docs), predictions
        for doc, spans in zip(docs, found, strict=True):
            if self.cfg["overwrite"]:
                _clear(doc)
            iob, type_ = doc.to_array([ENT_IOB, ENT_TYPE]).T
            blocked = [doc[i : i + 1] for i in numpy.flatnonzero((iob == 3) & (type_ == 0)).tolist()]
            doc.set_ents([*doc.ents, *self._spans(doc, spans)], blocked=blocked)
        for doc, spans in zip(docs, candidates or [], strict=bool(candidates)):
            key = f"{self.name}_nbest"
            attrs = {"scores": list(spans.values())}
            doc.spans[key] = SpanGroup(doc, name=key, spans=self._spans(doc, spans), attrs=attrs)

    def _spans(self, doc: Doc, found: Iterable[Found]) -> list[Span]:
        """The spans of a Doc, their confidences stored if they are to be."""
        spans = []
        for start, end, type_, probability in found:
            while doc[end - 1].is_space:  # which IOB2 cannot forbid
                end -= 1
            span = Span(doc, start, end, label=type_)
            if self.cfg["confidence"]:
                store(span, probability)
            spans.append(span)
        return spans

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
        """Set and give back the temperature under which the gold of these examples is the most probable.

        Guo et al. 2017 (arXiv:1706.04599), for whole labellings. The examples should not be those of the training.
        """
        examples = [example for example in examples if len(example.predicted)]
        gold = self._gold(examples) if examples else numpy.zeros(0)
        if not ((gold != MISSING) & (gold != self.columns.outside)).any():
            raise RNNError(Errors.R137.format(name=self.name))
        docs = [example.predicted for example in examples]
        starts = range(0, len(docs), DOCS_AT_ONCE)
        scores = [part for i in starts for part in self._scores(docs[i : i + DOCS_AT_ONCE])]
        batch = make_batch(docs, scores, self.columns, keep=False)
        self.cfg["temperature"] = self._finder().calibrated(batch, gold)
        return self.cfg["temperature"]

    # -- disk

    def loaded(self) -> None:
        self._check()
        self._set_labels(self.label_data)
        shim = self.model.get_ref("heads").shims[0]
        if shim.built and shim.cfg["labels"] != self.columns.labels:
            names = [", ".join(labels[:20]) for labels in (self.columns.labels, shim.cfg["labels"])]
            raise RNNError(Errors.R135.format(name=self.name, found=names[0], wanted=names[1]))


def _with_empty(docs: list[Doc], found: list, nothing: object) -> list:
    """What was found in the Docs that are not empty, for all of them."""
    rest = iter(found)
    return [next(rest) if len(doc) else nothing for doc in docs]


def _clear(doc: Doc) -> None:
    """Take away all entities, with what hangs on them."""
    for ent in doc.ents:
        for token in ent:
            token.ent_id = token.ent_kb_id = 0
    doc.set_ents([])
    forget(doc)


def _collect(examples: Iterable[Example]) -> tuple[Counter[str], Counter[str], list[str]]:
    """How often each type and each form occurs, and the entities that do not begin and end where tokens do."""
    types: Counter[str] = Counter()
    words: Counter[str] = Counter()
    astray: list[str] = []
    for example in examples:
        words.update(token.text for token in example.reference)
        ents = [ent for ent in example.reference.ents if ent.label_]
        types.update(ent.label_ for ent in ents)
        if ents and not same_tokens(example):
            astray += [ent.text for ent in ents if not example.get_aligned_spans_y2x([ent])]
    return types, words, astray
