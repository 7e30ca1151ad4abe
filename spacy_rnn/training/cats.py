"""Text categories as arrays: what the gold says and what a pipeline says, for each component that sets ``doc.cats``.

Categories are exclusive (each text has one) or not (a text has any number of them). A component says which, by its
settings or by being spaCy's; of others the gold is asked.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy
from spacy.language import Language
from spacy.tokens import Doc

from ..errors import Errors, RNNError

EXCLUSIVE = {"textcat": True, "textcat_multilabel": False}  # spaCy's own factories
THRESHOLD = 0.5


class Task(NamedTuple):
    """What one component decides: a category among ``labels``, or whether each of them applies."""

    component: str
    labels: list[str]
    exclusive: bool
    thresholds: list[float]  # one for each label; of exclusive ones the best counts in any case
    unknown: list[str]  # labels of the gold that the component does not have; they are among `labels`


class Table(NamedTuple):
    """The texts that the gold gives categories."""

    task: Task
    gold: numpy.ndarray  # texts x labels: 1, 0, or NaN where the gold does not say
    guess: numpy.ndarray  # texts x labels: probabilities
    numbers: list[int]  # of these texts, among all
    unlabelled: int  # texts without gold categories, left out


def has_cats(docs: Collection[Doc]) -> bool:
    return any(doc.cats for doc in docs)


def positive(doc: Doc) -> list[str]:
    """The categories a gold text has."""
    return [label for label, value in doc.cats.items() if value > 0]


def tables(nlp: Language, gold: Sequence[Doc], guesses: Sequence[Doc]) -> list[Table]:
    """One for each component; none if gold or guesses have no categories. R532, R533: gold that cannot be scored."""
    check_gold(gold)
    return [_table(task, gold, guesses) for task in _tasks(nlp, gold, guesses)]


def check_gold(gold: Sequence[Doc]) -> None:
    """R532: a category that neither applies nor does not."""
    for number, doc in enumerate(gold, 1):
        for label, value in doc.cats.items():
            if value not in (0, 1):
                raise RNNError(Errors.R532.format(number=number, label=label, value=value))


def check_exclusive(name: str, labels: Sequence[list[str]]) -> None:
    """R533: one of the texts has several categories."""
    several = [i for i, own in enumerate(labels) if len(own) > 1]
    if several:
        found = ", ".join(labels[several[0]])
        raise RNNError(Errors.R533.format(number=several[0] + 1, found=found, count=len(several), name=name))


def _tasks(nlp: Language, gold: Sequence[Doc], guesses: Sequence[Doc]) -> list[Task]:
    said = list(dict.fromkeys(label for doc in guesses for label in doc.cats))
    wanted = list(dict.fromkeys(label for doc in gold for label in doc.cats))
    if not (said and wanted):
        return []
    setters = {name: list(nlp.get_pipe(name).labels) for name in nlp.pipe_names if _sets_cats(nlp, name)}
    known = {label for labels in setters.values() for label in labels}
    others = [label for label in said if label not in known]
    if others:
        setters["doc.cats"] = others
    unknown = [label for label in wanted if label not in known and label not in others]
    new = unknown if len(setters) == 1 else []  # of several components, nobody knows whose it would be
    return [_task(nlp, name, labels, new, gold) for name, labels in setters.items() if set(labels + new) & set(wanted)]


def _sets_cats(nlp: Language, name: str) -> bool:
    return "doc.cats" in nlp.get_pipe_meta(name).assigns and bool(getattr(nlp.get_pipe(name), "labels", ()))


def _task(nlp: Language, name: str, labels: list[str], new: list[str], gold: Sequence[Doc]) -> Task:
    cfg = getattr(nlp.get_pipe(name), "cfg", None) if name in nlp.pipe_names else None
    cfg = cfg if isinstance(cfg, dict) else {}
    factory = nlp.get_pipe_meta(name).factory if name in nlp.pipe_names else ""
    own = cfg.get("thresholds") if isinstance(cfg.get("thresholds"), dict) else {}
    exclusive = cfg.get("exclusive", EXCLUSIVE.get(factory))
    if not isinstance(exclusive, bool):
        exclusive = len(labels) > 1 and all(len(set(positive(doc)) & set(labels)) < 2 for doc in gold)
    common = cfg.get("threshold")
    common = float(common) if isinstance(common, (int, float)) else 0.0 if exclusive else THRESHOLD
    labels = labels + new
    return Task(name, labels, exclusive, [float(own.get(label, common)) for label in labels], new)


def _table(task: Task, gold: Sequence[Doc], guesses: Sequence[Doc]) -> Table:
    """Gold that never says no to a category means it by saying nothing."""
    labels = set(task.labels)
    numbers = [i for i, doc in enumerate(gold) if not labels.isdisjoint(doc.cats)]
    says_no = any(value == 0 for i in numbers for label, value in gold[i].cats.items() if label in labels)
    absent = 0.0 if task.exclusive or not says_no else numpy.nan
    shape = (len(numbers), len(task.labels))
    table = Table(task, numpy.empty(shape), numpy.empty(shape), numbers, len(gold) - len(numbers))
    for row, i in enumerate(numbers):
        table.gold[row] = [gold[i].cats.get(label, absent) for label in task.labels]
        table.guess[row] = [guesses[i].cats.get(label, 0.0) for label in task.labels]
    if not numpy.isfinite(table.guess).all():
        raise RNNError(Errors.R022)
    if task.exclusive:
        check_exclusive(task.component, [[x for x in positive(doc) if x in labels] for doc in gold])
    return table
