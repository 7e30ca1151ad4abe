"""Where trained vectors go: a pipeline in a folder, or a file in the format its suffix tells."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ..errors import Errors, RNNError
from .format import Table, save_table
from .model import Model

if TYPE_CHECKING:
    from spacy.language import Language

TRAINING_LOG, CONVERSION_LOG = "training.json", "conversion.json"  # the folders have one that our commands make
MODEL_NAME = "model.safetensors"


def check_suffix(out: Path) -> None:
    """Before hours of training: can vectors be written to a file of this name?"""
    from .formats.kinds import kind_of_target
    from .formats.writing import check_writable

    check_writable(kind_of_target(out))


def check_free(out: Path, force: bool) -> None:
    """May ``out`` be written? Never in place of a folder that none of our commands made."""
    if not out.exists():
        return
    if not force:
        raise RNNError(Errors.R207.format(path=out))
    if out.is_dir() and not any((out / name).is_file() for name in (TRAINING_LOG, CONVERSION_LOG)):
        raise RNNError(Errors.R211.format(path=out))


def write_output(model: Model, out: Path, log: dict) -> None:
    """A folder appears whole: it is built aside and renamed."""
    if out.suffix == ".safetensors":
        save_table(model.to_table(), out)
    elif out.suffix:
        from .formats import write

        write(model, out)
    else:
        _write_folder(model, out, log)


def _write_folder(model: Model, out: Path, log: dict) -> None:
    nlp = create_pipeline(model.lang, model.to_table())
    with whole_folder(out, TRAINING_LOG, log) as built:
        nlp.to_disk(built)
        model.save(built / MODEL_NAME)


@contextmanager
def whole_folder(out: Path, log_name: str, log: dict) -> Iterator[Path]:
    """A folder to fill, which then gets its log and becomes ``out``, in place of what was there; or nothing does."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as workplace:
        built = Path(workplace) / "built"
        yield built
        (built / log_name).write_text(json.dumps(log, indent=2, ensure_ascii=False) + "\n", encoding="utf8")
        if out.exists():
            out.rename(Path(workplace) / "replaced")
        built.rename(out)


def check_language(lang: str) -> None:
    """Before hours of training, and without loading spaCy: does it know the language?"""
    spacy = find_spec("spacy")
    known = spacy and spacy.origin and (Path(spacy.origin).parent / "lang" / lang).is_dir()
    if not (known or any(point.name == lang for point in entry_points(group="spacy_languages"))):
        raise RNNError(Errors.R209.format(lang=lang, error="no such language"))


def create_pipeline(lang: str, table: Table | None = None) -> "Language":
    """A tokenizer and vectors, if they are given."""
    import spacy

    from .table import FastTextVectors

    try:
        config = {"nlp": {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}}}
        nlp = spacy.blank(lang, config=config, meta={"name": "vectors"})
    except ImportError as error:
        raise RNNError(Errors.R209.format(lang=lang, error=error)) from error
    if table is not None:
        nlp.vocab.vectors = FastTextVectors.from_table(table, nlp.vocab.strings)
        nlp.vocab.vectors.name = f"{lang}_vectors"
    return nlp
