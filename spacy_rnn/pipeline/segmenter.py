"""`rnn_segmenter`: cuts words into morphemes, by a label for each character.

In the order of a component's life: the factory and its default config, types and words from the data (`initialize`),
learning (`update`), a Doc (`predict`, `set_annotations`), disk. Words are labelled once for each form, and remembered.
"""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import islice
from pathlib import Path

import torch
from spacy.errors import Errors as SpacyErrors
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example, validate_examples, validate_get_examples
from spacy.vocab import Vocab
from thinc.api import Model, Optimizer, set_dropout_rate
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..errors import Errors, RNNError, Warnings
from ..nets.segmenter import SegmenterHead
from .base import TorchPipe
from .cuts import SCHEME, CutLabels, GoldCut, LabelPath, gold_cuts
from .edits import SAME
from .members import BestPath, best_paths, members_loss
from .morphemes import add_extension, is_word, letters
from .teaching import Lesson, load_teacher, raw_forms, taught_cuts, taught_paths

REMEMBERED = 200_000  # forms whose morphemes are kept; then the memory starts anew

DEFAULT_MODEL = {
    "@architectures": "spacy-rnn.Segmenter.v1",
    "encode": {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 192},
}


@Language.factory(
    "rnn_segmenter",
    default_config={
        "model": DEFAULT_MODEL,
        "lower": True,
        "overwrite": True,
        "edit_freq": 0,
        "memorise": False,
        "max_memory": 100_000,
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
    return RNNSegmenter(
        nlp.vocab,
        model,
        name,
        lower=lower,
        overwrite=overwrite,
        edit_freq=edit_freq,
        memorise=memorise,
        max_memory=max_memory,
        scorer=scorer,
    )


class RNNSegmenter(TorchPipe):
    """Sets token._.morphemes."""

    def __init__(
        self,
        vocab: Vocab,
        model: Model,
        name: str = "rnn_segmenter",
        *,
        lower: bool = True,
        overwrite: bool = True,
        edit_freq: int = 0,
        memorise: bool = False,
        max_memory: int = 100_000,
        scorer: Callable | None = None,
    ):
        for setting, value in (("max_memory", max_memory), ("edit_freq", edit_freq)):
            if value < 0:
                raise RNNError(Errors.R149.format(setting=setting, value=value, wanted="0 or more"))
        add_extension()
        self.vocab, self.model, self.name, self.scorer = vocab, model, name, scorer
        self.cfg = {
            "types": [],
            "edits": [SAME],
            "edit_freq": edit_freq,
            "lower": lower,
            "overwrite": overwrite,
            "memorise": memorise,
            "max_memory": max_memory,
            "memory": {},  # form -> path
        }
        self._known: dict[str, LabelPath] = {}  # what the network said of a form
        self._warned = set()
        self._lesson, self._taught = Lesson(), 0.0  # of a teacher; for training only, not saved

    # -- types

    @property
    def labels(self) -> tuple[str, ...]:
        """The types of morphemes; a single one where the corpus has no types."""
        return tuple(self.cfg["types"])

    @property
    def label_data(self) -> list[str]:
        """What `spacy init labels` writes and `initialize(labels=...)` takes."""
        return list(self.cfg["types"])

    def add_label(self, label: str) -> int:
        """Add a type such as "ROOT" before the model is initialised. 0 if it was there already, otherwise 1."""
        if not isinstance(label, str) or not label:
            raise RNNError(Errors.R144.format(name=self.name, label=label))
        if label in self.cfg["types"]:
            return 0
        if self._heads[0].shims[0].built:
            raise RNNError(Errors.R143.format(name=self.name, label=label))
        self._set_labels([*self.cfg["types"], label], self.cfg["edits"])
        return 1

    def _set_labels(self, types: list[str], edits: list[str]) -> None:
        self.cfg.update(types=list(types), edits=edits)
        self.__dict__.pop("cut_labels", None)
        for head in self._heads:
            head.attrs["labels"] = {"labels": self.cut_labels.names, "scheme": SCHEME, "edits": edits}

    @cached_property
    def cut_labels(self) -> CutLabels:
        """Which number means what; made anew when the labels change or were loaded."""
        return CutLabels(self.cfg["types"], self.cfg["edits"])

    @property
    def _heads(self) -> list[Model]:
        """The output layer of each member."""
        wanted = self.model.get_ref("heads").name
        return [node for node in self.model.walk() if node.name == wanted]

    @property
    def _nets(self) -> list[SegmenterHead]:
        return [head.shims[0].net for head in self._heads]

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]],
        *,
        nlp: Language | None = None,
        labels: list[str] | None = None,
        words: Iterable[str] | None = None,
        teacher: str | Path | None = None,
        taught: float = 0.0,
    ) -> None:
        """Collect types, and words to memorise, from all examples, and build the model.

        labels: the types, as `spacy init labels` writes them, instead of those of the examples.
        words: words without gold, each once, such as `spacy-rnn.word_list.v1` finds in a text. What often comes before
            and after their n-grams helps to find morphemes, above all where there are few words with gold.
        teacher: a pipeline with a component of this name, trained before on the same gold. It cuts the words without
            gold; how often it cuts at an n-gram becomes one more statistic: what it knows of a whole family of words.
        taught: with a teacher, so many words that it has cut are learned in each batch for one of gold. They are those
            of which it is sure, and rather such as end like gold (teaching.py).
        """
        validate_get_examples(get_examples, "RNNSegmenter.initialize")
        if teacher and words is None:
            raise RNNError(Errors.R149.format(setting="teacher", value=str(teacher), wanted="given with words to cut"))
        if taught < 0:
            raise RNNError(Errors.R149.format(setting="taught", value=taught, wanted="0 or more"))
        cuts = list(self._cuts(get_examples()))
        self._set_labels(labels or sorted({type_ for cut in cuts for type_ in cut.types}), self._edits(cuts))
        self.cfg["memory"] = self._memory(cuts) if self.cfg["memorise"] else {}
        self._lesson, self._taught = Lesson(), taught
        raw = {} if words is None else self._raw(words, teacher, [cut.form for cut in cuts])
        for node in self.model.walk():
            if "raw_words" in node.attrs:
                node.attrs.update(raw)
        self.model.initialize(X=[cut.form for cut in cuts[:10]])
        self._known.clear()

    def _edits(self, cuts: list[GoldCut]) -> list[str]:
        """Those frequent enough. R142: none of the words can be learned with them; W115 tells how many cannot."""
        counts = Counter(edit for cut in cuts for edit in cut.edits)
        del counts[SAME]
        edits = [SAME, *sorted(edit for edit, count in counts.items() if count >= self.cfg["edit_freq"])]
        bad = [cut for cut in cuts if not cut.ends or not set(cut.edits) <= set(edits)]
        first = f"{bad[0].form}: {', '.join(bad[0].parts)}" if bad else ""
        if len(bad) == len(cuts):
            raise RNNError(Errors.R142.format(name=self.name, found=f", such as {first}" if bad else ""))
        if bad:
            message = Warnings.W115.format(name=self.name, count=len(bad), total=len(cuts), first=first)
            warnings.warn(message, stacklevel=3)
        return edits

    def _raw(self, words: Iterable[str], teacher: str | Path | None, gold: list[str]) -> dict:
        """The words without gold as the network reads them; with a teacher, those new to it, and where it cuts them."""
        forms = raw_forms(words, self.cfg["lower"])
        if not teacher:
            return {"raw_words": forms}
        known = set(gold)
        forms = [form for form in forms if form not in known]
        paths = taught_paths(load_teacher(teacher, self).best_paths, forms)
        self._lesson = Lesson(forms, paths, gold)
        return {"raw_words": forms, "raw_cuts": taught_cuts(paths)}

    def _cuts(self, examples: Iterable[Example]) -> Iterator[GoldCut]:
        return gold_cuts(examples, self.cfg["lower"], edits=self.cfg["edit_freq"] > 0)

    def _memory(self, cuts: list[GoldCut]) -> dict[str, LabelPath]:
        """The paths of the words on which the corpus agrees."""
        paths: dict[str, LabelPath | None] = {}
        for cut in cuts:
            path = self.cut_labels.path(cut)
            paths[cut.form] = path if paths.setdefault(cut.form, path) == path else None
        agreed = ((form, path) for form, path in paths.items() if path is not None)
        return dict(islice(agreed, self.cfg["max_memory"]))

    # -- learning

    def update(
        self,
        examples: Iterable[Example],
        *,
        drop: float = 0.0,
        sgd: Optimizer | None = None,
        losses: dict[str, float] | None = None,
    ) -> dict[str, float]:
        """Learn from the words of the examples that have morphemes, each way of cutting a word counted once."""
        losses = {} if losses is None else losses
        losses.setdefault(self.name, 0.0)
        examples = list(examples)
        validate_examples(examples, "RNNSegmenter.update")
        gold = self._gold(examples)
        if not gold:
            return losses
        gold += self._lesson.draw(round(self._taught * len(gold)))
        set_dropout_rate(self.model, drop)
        scores, backprop = self.model.begin_update([form for form, _ in gold])
        loss, gradient = self._loss(gold, scores)
        backprop(gradient)
        if sgd not in (None, False):
            self.finish_update(sgd)
        losses[self.name] += loss
        return losses

    def get_loss(self, examples: Iterable[Example], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        """scores: of the words that the examples cut, each way of cutting a word once, in the order they come."""
        examples = list(examples)
        validate_examples(examples, "RNNSegmenter.get_loss")
        return self._loss(self._gold(examples), scores)

    def _gold(self, examples: list[Example]) -> list[tuple[str, tuple[int, ...]]]:
        """Forms and paths, each pair once. What has no path was counted and told when the component was initialised."""
        found: dict[tuple[str, tuple[int, ...]], None] = {}
        for cut in self._cuts(examples):
            path = self.cut_labels.path(cut)
            if path is not None:
                found[cut.form, tuple(path)] = None
            elif cut.ends:
                self.warn_unknown(set(cut.types) - set(self.labels), Warnings.W116)
        return list(found)

    def _loss(self, gold: list[tuple[str, tuple[int, ...]]], scores: list[Floats2d]) -> tuple[float, list[Floats2d]]:
        ops, lengths = self.model.ops, lengths_of(scores)
        flat = torch.as_tensor(ops.xp.concatenate(scores))
        paths = torch.tensor([label for _, path in gold for label in path], device=flat.device)
        loss, gradient = members_loss(self._nets, flat, paths, lengths)
        return loss, split(ops, gradient, lengths)

    def finish_update(self, sgd: Optimizer) -> None:
        super().finish_update(sgd)
        self._known.clear()

    def use_params(self, params: dict) -> Iterator[None]:
        """Other weights know other words. A plain generator, as spaCy wants it."""
        self._known.clear()
        try:
            with self.model.use_params(params):
                yield
        finally:
            self._known.clear()

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
