"""The config of one fold: the user's, but for where its texts come from and what it logs."""

from pathlib import Path

from spacy import util
from spacy.language import Language
from thinc.api import Config

from ..errors import Errors, RNNError

READER = "spacy.Corpus.v1"
ALIKE = (READER, "spacy-rnn.conllu_corpus.v1")  # their settings mean the same
KEPT = ("gold_preproc", "max_length", "limit", "augmenter")
LOGGER, JSONL = "spacy.ConsoleLogger", "train.jsonl"
CORPORA = ("train", "dev")
EVAL_FREQUENCY = 200  # where the config does not say: spaCy's default


def read_config(path: str | Path, overrides: dict, without_dev: bool) -> Config:
    """R540: cannot be read, or has no pipeline. R541: without a development set, it would train for ever. R542: with
    one, it would end before its first evaluation."""
    if not Path(path).is_file():
        raise RNNError(Errors.R301.format(path=path))
    try:
        config = util.load_config(path, overrides=overrides, interpolate=False)
    except (ValueError, OSError, KeyError, TypeError) as error:  # of confection, configparser or the JSON of a value
        raise RNNError(Errors.R540.format(path=path, reason=str(error).strip())) from error
    if not (config.get("nlp", {}).get("pipeline") and config.get("components")):
        raise RNNError(Errors.R540.format(path=path, reason="it has no [nlp] pipeline, or no [components]."))
    training = config.setdefault("training", {})
    steps, often = training.get("max_steps"), training.get("eval_frequency", EVAL_FREQUENCY)
    if without_dev and steps == 0 and not training.get("max_epochs"):
        raise RNNError(Errors.R541)
    if not without_dev and isinstance(steps, int) and isinstance(often, int) and 0 < steps < often:
        wanted = (
            f"at most training.max_steps, which is {steps}: else nothing but the untrained model would be evaluated"
        )
        raise RNNError(Errors.R542.format(setting="--training.eval_frequency", value=often, wanted=wanted))
    return config


def sets_cats(config: Config) -> list[str]:
    """The components whose factory is known to set ``doc.cats``."""
    names = []
    for name, block in config["components"].items():
        factory = block.get("factory") if isinstance(block, dict) else None
        if (
            isinstance(factory, str)
            and Language.has_factory(factory)
            and "doc.cats" in Language.get_factory_meta(factory).assigns
        ):
            names.append(name)
    return names


def is_exclusive(config: Config, name: str) -> bool:
    """Does a component say so of its categories?"""
    block = config["components"][name]
    return block["factory"] == "textcat" or (block.get("model") or {}).get("exclusive_classes") is True


def lost_settings(config: Config) -> list[str]:
    """Settings of the corpora that have no place in the folds, which spacy.Corpus.v1 reads."""
    if "@readers" in config.get("corpora", {}):
        return ["corpora"]
    blocks = {name: _block(config, name) for name in CORPORA}
    given = {name: {key for key in block if block[key]} - {"path", "@readers"} for name, block in blocks.items()}
    return sorted(f"corpora.{name}.{key}" for name in CORPORA for key in given[name] - set(_kept(blocks[name])))


def fold_config(config: Config, folder: Path, has_dev: bool) -> Config:
    """Corpora train, dev and test are the .spacy files in ``folder``, read as the config reads its own."""
    new, folder = config.copy(), folder.resolve()
    training = new["training"]
    test = {**_reader(new, "dev", folder / "test.spacy"), "max_length": 0, "limit": 0}
    blocks = {name: _reader(new, name, folder / f"{name}.spacy") for name in CORPORA}
    others = {} if "@readers" in new.get("corpora", {}) else new.get("corpora", {})
    new["corpora"] = {**others, **blocks, "test": test}
    for name in CORPORA:
        training[f"{name}_corpus"] = f"corpora.{name}"
        new.setdefault("paths", {})[name] = str(folder / f"{name}.spacy")
    if not has_dev:  # what the log shows are scores of training texts: no reason to stop
        training["patience"] = 0
    logger = training.get("logger", {"@loggers": LOGGER})
    if str(logger.get("@loggers")).startswith(LOGGER):
        output = {"progress_bar": None, "console_output": True, "output_file": str(folder / JSONL)}
        training["logger"] = {"@loggers": f"{LOGGER}.v3", **output}
    return new


def _block(config: Config, name: str) -> dict:
    """The settings of a corpus, by the name that [training] calls it."""
    found = config
    for key in str(config["training"].get(f"{name}_corpus", f"corpora.{name}")).split("."):
        found = found.get(key, {}) if isinstance(found, dict) else {}
    return found if isinstance(found, dict) else {}


def _kept(block: dict) -> dict:
    """What spacy.Corpus.v1 takes as well: of a reader of another kind, texts that are added."""
    names = KEPT if block.get("@readers", READER) in ALIKE else ("augmenter",)
    return {key: block[key] for key in names if key in block}


def _reader(config: Config, name: str, path: Path) -> dict:
    return {"@readers": READER, "gold_preproc": False, **_kept(_block(config, name)), "path": str(path)}
