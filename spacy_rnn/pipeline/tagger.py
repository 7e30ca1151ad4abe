"""`rnn_tagger`: tags, parts of speech and morphology from one recurrent network.

The factory and its settings, and a Doc (`predict`, `set_annotations`). What it learns is in tag_learner.py, what its
logits mean in labels.py, its scores in scorer.py.
"""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Literal

import numpy
from spacy.attrs import MORPH, POS, TAG
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of
from ..bridge.module import predict_parts
from ..errors import Errors, RNNError
from .base import TOK2VEC
from .chains import best_labels, label_probabilities
from .labels import HEADS
from .opencorpora import require
from .scorer import SCORES, tag_scores
from .tag_learner import TagLearner

DEFAULT_MODEL = {"@architectures": "spacy-rnn.Tagger.v1", "tok2vec": TOK2VEC}


@Language.factory(
    "rnn_tagger",
    assigns=["token.tag", "token.pos", "token.morph"],
    default_config={
        "model": DEFAULT_MODEL,
        "heads": None,
        "overwrite": True,
        "label_smoothing": 0.0,
        "store_scores": False,
        "dictionary": None,
        "scorer": {"@scorers": "spacy-rnn.tagger_scorer.v1"},
    },
    default_score_weights={"tag_acc": 0.3, "pos_acc": 0.3, "morph_acc": 0.4, "morph_per_feat": None},
)
def make_rnn_tagger(
    nlp: Language,
    name: str,
    model: Model[list[Doc], list[Floats2d]],
    heads: list[str] | None,
    overwrite: bool,
    label_smoothing: float,
    store_scores: bool,
    dictionary: Literal["pymorphy3"] | None,
    scorer: Callable | None,
) -> "RNNTagger":
    """Construct an RNNTagger.

    model: logits of all heads side by side, `spacy-rnn.Tagger.v1`.
    heads: some of "tag", "pos" and "morph", each of which the corpus must annotate; null takes those that at least half
        of its words have.
    overwrite: whether annotation that a Doc already has is replaced.
    label_smoothing: the share of a label's probability that training spreads over all labels.
    store_scores: keep the probabilities, for `token._.tag_scores`; they know nothing of the dictionary.
    dictionary: "pymorphy3" lets words that this Russian dictionary knows have only such parts of speech and bundles as
        it has for them (dictionary.py). It may be switched on and off after training.
    """
    return RNNTagger(nlp.vocab, model, name, heads, overwrite, label_smoothing, store_scores, dictionary, scorer)


class RNNTagger(TagLearner):
    """Sets token.tag, token.pos and token.morph."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "rnn_tagger",
        heads: list[str] | None = None,
        overwrite: bool = True,
        label_smoothing: float = 0.0,
        store_scores: bool = False,
        dictionary: str | None = None,
        scorer: Callable | None = None,
    ):
        if heads is not None and (not heads or not set(heads) <= set(HEADS)):
            raise RNNError(Errors.R111.format(heads=heads))
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        if dictionary is not None:
            require(name)
        self.heads, self.dictionary_name = heads, dictionary  # the config's, whatever a saved cfg says
        self._warned = set()
        self.cfg = {
            "labels": {head: [] for head in HEADS},
            "overwrite": overwrite,
            "label_smoothing": label_smoothing,
            "store_scores": store_scores,
        }
        if not Token.has_extension("tag_scores"):
            Token.set_extension("tag_scores", getter=tag_scores)

    # -- a Doc

    def predict(self, docs: Iterable[Doc]) -> tuple[list[numpy.ndarray], list[numpy.ndarray] | None]:
        """For each Doc the ids of tag, part of speech and morphology, tokens x 3; and the probabilities on request."""
        if not self.labels:
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        docs = list(docs)
        lengths = lengths_of(docs)
        forms = (token.text for doc in docs for token in doc)
        ids, probabilities, chained = [], [], []
        for part in predict_parts(self.model, docs):
            scores = self.model.ops.to_numpy(part)
            ids.append(self.columns.decode(scores, self.dictionary, islice(forms, len(scores))))
            if self.cfg["store_scores"]:
                probabilities.append(self.columns.probabilities(scores))
            if self.chain_heads:
                chained.append(scores[:, : self.chain_heads[-1].columns.stop].copy())
        if not ids:
            return [], None
        all_ids = numpy.concatenate(ids)
        all_probabilities = numpy.concatenate(probabilities) if probabilities else None
        if chained and len(all_ids):
            self._decode_chains(docs, numpy.concatenate(chained), all_ids, all_probabilities)
        ends = numpy.cumsum(lengths)[:-1]
        return (
            numpy.split(all_ids, ends),
            None if all_probabilities is None else numpy.split(all_probabilities, ends),
        )

    def _decode_chains(
        self, docs: list[Doc], scores: numpy.ndarray, ids: numpy.ndarray, probabilities: numpy.ndarray | None
    ) -> None:
        """Put the best sequences in place of the best labels, and their probabilities."""
        lengths = lengths_of(docs)
        forms = [token.text for doc in docs for token in doc] if self.dictionary else []
        for head in self.chain_heads:
            best = best_labels(head, scores, lengths, self.dictionary, forms)
            ids[:, HEADS.index(head.name)] = self.columns.ids[head.name][best]
            if probabilities is not None:
                probabilities[:, head.columns] = label_probabilities(head, scores, lengths)

    def set_annotations(self, docs: Iterable[Doc], predictions: tuple) -> None:
        ids, probabilities = predictions
        columns = [i for i, head in enumerate(HEADS) if self.cfg["labels"][head]]
        attrs = [(TAG, POS, MORPH)[i] for i in columns]
        for doc, doc_ids in zip(docs, ids, strict=True):
            values = doc_ids[:, columns]
            if not self.cfg["overwrite"]:
                present = doc.to_array(attrs).reshape(values.shape)
                values = numpy.where(present != 0, present, values)
            doc.from_array(attrs, values)
        if probabilities is not None:
            labels = self.label_data
            for doc, p in zip(docs, probabilities, strict=True):
                doc.user_data.setdefault(SCORES, {})[self.name] = {"labels": labels, "probabilities": p}
