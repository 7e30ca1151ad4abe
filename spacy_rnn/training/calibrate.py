"""Fit the temperature of a component on a development corpus, so that its confidences say how often it is right."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from ..atomic import writing_to
from ..errors import Errors, RNNError
from .calibration import Confident, reliability
from .cat_scores import confident
from .cats import tables
from .gold import as_met, bare_copy
from .span_scores import collect


def calibrate(
    nlp: Language,
    name: str | None,
    gold: list[Doc],
    path: str | Path,
    batch_size: int = 256,
    thresholds: bool = False,
) -> dict:
    """Fit the temperature of a component on gold Docs. What it was like before and after, and the temperature.

    name: the component; None takes the one that can be calibrated. thresholds: of text categories, find those too.
    If its confidences become worse, by their log loss, the component keeps the temperature it had.
    """
    name = name or _only_component(nlp)
    if name not in nlp.pipe_names:
        raise RNNError(Errors.R321.format(name=name, names=", ".join(nlp.pipe_names) or "none"))
    component = nlp.get_pipe(name)
    if not callable(getattr(component, "calibrate", None)):
        raise RNNError(Errors.R356.format(name=name))
    gold = [doc for doc in gold if len(doc)]
    of_texts = "doc.cats" in nlp.get_pipe_meta(name).assigns
    if not any(doc.cats if of_texts else doc.ents for doc in gold):
        wanted = "categories of texts (doc.cats)" if of_texts else "entities"
        raise RNNError(Errors.R359.format(path=path, wanted=wanted))

    def measured() -> dict:
        guesses = list(nlp.pipe([bare_copy(doc, nlp) for doc in gold], batch_size=batch_size))
        confident = _of_texts(nlp, name, gold, guesses) if of_texts else collect(gold, guesses).confident
        if not confident:
            raise RNNError(Errors.R357.format(path=path))
        return reliability(confident)

    before = measured()
    inputs = as_met(nlp, name, [bare_copy(doc, nlp) for doc in gold], batch_size)
    earlier = component.cfg["temperature"]
    if thresholds and not of_texts:
        raise RNNError(Errors.R371.format(name=name))
    examples = [Example(x, doc) for x, doc in zip(inputs, gold, strict=True)]
    value = component.calibrate(examples)
    if not isinstance(value, float) or not 0 < value < float("inf"):
        raise RNNError(Errors.R361.format(value=value))
    after = measured()
    better = after["log_loss"] <= before["log_loss"]
    if not better:
        component.cfg["temperature"] = earlier
    if thresholds:
        component.find_thresholds(examples)
    found = {"component": name, "temperature": value, "better": better, "before": before, "after": after}
    things = ("texts" if component.exclusive else "decisions") if of_texts else "entities"
    limits = dict(zip(component.labels, component.limits.tolist(), strict=True)) if thresholds else None
    return {**found, "things": things, "thresholds": limits}


def _of_texts(nlp: Language, name: str, gold: list[Doc], guesses: list[Doc]) -> list[Confident]:
    """Of exclusive categories how probable the best one is, otherwise how probable each is; and whether it is right."""
    table = next((table for table in tables(nlp, gold, guesses) if table.task.component == name), None)
    return confident(table) if table else []


def _only_component(nlp: Language) -> str:
    found = [name for name, pipe in nlp.pipeline if callable(getattr(pipe, "calibrate", None))]
    if not found:
        raise RNNError(Errors.R355.format(model=nlp.meta["name"], names=", ".join(nlp.pipe_names) or "nothing"))
    return found[0]


def check_output(model: str, output: Path | None, force: bool) -> Path:
    """Where the pipeline is to be written: ``output``, or with force where it comes from. R358, R360: not there."""
    target = Path(output or model)
    if not output and not is_pipeline(target):
        raise RNNError(Errors.R358.format(path=model))
    if target.exists() and not (force and is_pipeline(target)):
        raise RNNError(Errors.R360.format(path=target))
    return target


def is_pipeline(folder: Path) -> bool:
    """Whether the folder holds one."""
    return (folder / "meta.json").is_file() and (folder / "config.cfg").is_file()


def save(nlp: Language, target: Path) -> None:
    """The whole folder or nothing: it is written aside, with what else lay in the old one, and renamed."""
    target = target.resolve()
    with writing_to(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=target.parent, prefix=f".{target.name}-") as workplace:
            built, replaced = Path(workplace, "built"), Path(workplace, "replaced")
            nlp.to_disk(built)
            if target.exists():
                for path in target.iterdir():
                    if not (built / path.name).exists():
                        (shutil.copytree if path.is_dir() else shutil.copy2)(path, built / path.name)
                target.rename(replaced)
            try:
                built.rename(target)
            except BaseException:
                if replaced.exists():
                    replaced.rename(target)
                raise
