"""What `rnn_segmenter` learns: types of morphemes and words to memorise (`initialize`), then from words (`update`)."""

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from itertools import islice
from pathlib import Path

import torch
from spacy.language import Language
from spacy.training import Example, validate_examples, validate_get_examples
from thinc.api import Model, Optimizer
from thinc.types import Floats2d

from ..bridge.convert import lengths_of, split
from ..errors import Errors, RNNError, Warnings
from ..nets.segmenter import SegmenterHead
from .base import TorchPipe
from .cuts import SCHEME, CutLabels, GoldCut, LabelPath, gold_cuts
from .edits import SAME
from .members import members_loss
from .teaching import Lesson, load_teacher, raw_forms, taught_cuts, taught_paths


class SegmentLearner(TorchPipe):
    """A component whose `cfg` has "types" of morphemes, "edits", "memory" (form -> path), and the settings "lower",
    "edit_freq", "memorise" and "max_memory"."""

    cfg: dict
    _known: dict[str, LabelPath]  # what the network said of a form: forgotten when it learns
    _lesson: Lesson  # of a teacher; for training only, not saved
    _taught: float  # words of the lesson for one of gold

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
        if self.built:
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

        labels: the types, as `spacy init labels` writes them, instead of those of the examples and of `add_label`.
        words: words without gold, each once, such as `spacy-rnn.word_list.v1` finds in a text. What often comes before
            and after their n-grams helps to find morphemes, above all where there are few words with gold.
        teacher: a pipeline with a component of this name, trained before on the same gold. It cuts the words without
            gold; how often it cuts at an n-gram becomes one more statistic: what it knows of a whole family of words.
        taught: with a teacher, so many words that it has cut are learned in each batch for one of gold. They are those
            of which it is sure, and rather such as end like gold (teaching.py).
        """
        validate_get_examples(get_examples, "RNNSegmenter.initialize")
        if teacher and words is None:
            wanted = "given with a text whose words it cuts, --paths.text"
            raise RNNError(Errors.R149.format(setting="teacher", value=str(teacher), wanted=wanted))
        if taught < 0:
            raise RNNError(Errors.R149.format(setting="taught", value=taught, wanted="0 or more"))
        cuts = list(self._cuts(get_examples()))
        added = () if self.built else self.cfg["types"]  # those of an earlier training are forgotten
        types = {*added, *(type_ for cut in cuts for type_ in cut.types)}
        self._set_labels(labels or sorted(types), self._edits(cuts))
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
        return self.learn(self.model, [form for form, _ in gold], partial(self._loss, gold), drop, sgd, losses)

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
