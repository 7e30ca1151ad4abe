"""`rnn_segmenter`: cuts words into morphemes, by a label for each character.

The factory and its settings; a Doc (`predict`, `set_annotations`); disk. What it learns is in segment_learner.py. Words
are labelled once for each form, and remembered.
"""

from collections.abc import Callable, Iterable

from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab
from thinc.api import Model
from thinc.types import Floats2d

from ..bridge.convert import lengths_of
from ..errors import Errors, RNNError
from .cuts import LabelPath
from .edits import SAME
from .members import BestPath, best_paths
from .morphemes import add_extension, is_word, letters
from .segment_learner import SegmentLearner
from .teaching import Lesson

REMEMBERED = 200_000  # forms whose morphemes are kept; then the memory starts anew

DEFAULT_MODEL = {
    "@architectures": "spacy-rnn.Segmenter.v1",
    "encode": {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 192},
}
SETTINGS = {"lower": True, "overwrite": True, "edit_freq": 0, "memorise": False, "max_memory": 100_000}


@Language.factory(
    "rnn_segmenter",
    default_config={
        "model": DEFAULT_MODEL,
        **SETTINGS,
        "scorer": {"@scorers": "spacy-rnn.segmenter_scorer.v1"},
    },
    default_score_weights={
        "morphemes_acc": 0.5,
        "morphemes_f": 0.5,
        "morphemes_p": 0.0,
        "morphemes_r": 0.0,
        "morpheme_boundaries_f": 0.0,
        "morphemes_per_type": None,
    },
)
def make_rnn_segmenter(
    nlp: Language,
    name: str,
    model: Model[list[str], list[Floats2d]],
    lower: bool,
    overwrite: bool,
    edit_freq: int,
    memorise: bool,
    max_memory: int,
    scorer: Callable | None,
) -> "RNNSegmenter":
    """Construct an RNNSegmenter.

    model: scores of the labels for the characters of words, `spacy-rnn.Segmenter.v1`.
    lower: read words in lower case. Their morphemes keep the case of the text.
    overwrite: whether morphemes that a token already has are replaced.
    edit_freq: where the morphemes of the corpus are no cuts of their words (writer = write + er), an edit that it needs
        at least so often is learned; 0: words are only cut.
    memorise: keep the words of the training corpus that are always cut alike, at most max_memory of them, and cut these
        as the corpus does.
    """
    settings = dict(lower=lower, overwrite=overwrite, edit_freq=edit_freq, memorise=memorise, max_memory=max_memory)
    return RNNSegmenter(nlp.vocab, model, name, scorer, **settings)


class RNNSegmenter(SegmentLearner):
    """Sets token._.morphemes."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "rnn_segmenter",
        scorer: Callable | None = None,
        **settings: object,
    ):
        """settings: those of the factory, by name."""
        self.cfg = {"types": [], "edits": [SAME], **SETTINGS, **settings, "memory": {}}
        for setting in ("max_memory", "edit_freq"):
            if self.cfg[setting] < 0:
                raise RNNError(Errors.R149.format(setting=setting, value=self.cfg[setting], wanted="0 or more"))
        add_extension()
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self._known, self._warned = {}, set()
        self._lesson, self._taught = Lesson(), 0.0

    # -- a Doc

    def predict(self, docs: Iterable[Doc]) -> list[list[list[tuple[str, str]] | None]]:
        """For each token of each Doc its morphemes, pairs of text and type; None for white space."""
        if not self.labels:
            raise ValueError(SpacyErrors.E109.format(name=self.name))
        read = [[letters(token.text, self.cfg["lower"]) for token in doc] for doc in docs]
        paths = self.paths({form for doc in read for form, _ in doc if is_word(form)})
        return [[self._morphemes(pieces, paths.get(form)) for form, pieces in doc] for doc in read]

    def paths(self, forms: Iterable[str]) -> dict[str, LabelPath]:
        """The label of each character of each form, from the memory or the network."""
        memory = self.cfg["memory"]
        found = {form: memory.get(form) or self._known.get(form) for form in forms}
        new = sorted(form for form, path in found.items() if path is None)
        if new:
            found.update((form, path.labels) for form, path in zip(new, self.best_paths(new), strict=True))
            if len(self._known) + len(new) > REMEMBERED:
                self._known.clear()
            self._known.update((form, found[form]) for form in new)
        return found

    def best_paths(self, forms: list[str]) -> list[BestPath]:
        """What the network says of each form, and how sure it is."""
        scores = self.model.predict(forms)
        flat = self.model.ops.to_numpy(self.model.ops.xp.concatenate(scores))
        return best_paths(self._nets, flat, lengths_of(scores))

    def _morphemes(self, pieces: list[str], path: LabelPath | None) -> list[tuple[str, str]] | None:
        if path is not None:
            return self.cut_labels.morphemes(pieces, path)
        text = "".join(pieces)
        return None if text.isspace() else [(text, "")]

    def set_annotations(self, docs: Iterable[Doc], predictions: list) -> None:
        for doc, words in zip(docs, predictions, strict=True):
            for token, morphemes in zip(doc, words, strict=True):
                if self.cfg["overwrite"] or token._.morphemes is None:
                    token._.morphemes = morphemes

    # -- disk

    def loaded(self) -> None:
        self._known.clear()
        self.__dict__.pop("cut_labels", None)
        wanted = {"labels": self.cut_labels.names, "edits": self.cfg["edits"]}
        for head in self._heads:
            if head.shims[0].built and not wanted.items() <= head.shims[0].cfg.items():
                raise RNNError(Errors.R148.format(name=self.name, reason="they name other types or edits of morphemes"))
