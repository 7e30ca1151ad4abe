"""Runs in the fresh environment of ``spacy rnn verify``, by its path: imports, tags, and writes what it found.

Imports nothing of this package at its head, for it is the installed copy there that is tested, not this one.
"""

import importlib
import importlib.util
import json
import pkgutil
import sys
import warnings
from pathlib import Path


def main(jobs: str, report: str) -> None:
    import spacy

    found = {"modules": 0, "version": None, "rows": [], "cats": []}
    if importlib.util.find_spec("spacy_rnn"):
        found["modules"], found["version"] = import_all()
    warnings.filterwarnings("error", module="spacy_rnn")
    for name, text in json.loads(jobs):
        doc = spacy.load(name)(text)
        found["rows"].append([row_of(token) for token in doc])
        found["cats"].append(sorted(doc.cats.items(), key=lambda pair: -pair[1]))
    Path(report).write_text(json.dumps(found), encoding="utf8")


def row_of(token) -> tuple[str, ...]:
    """What a pipeline may have found out about a token; "" for what it has not."""
    entity = f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else ""
    parts = token._.morphemes if token.has_extension("morphemes") else None
    return token.text, token.pos_, token.tag_, str(token.morph), entity, "/".join(map(str, parts or []))


def import_all() -> tuple[int, str]:
    """Import every module of spacy-rnn with its warnings as errors."""
    warnings.filterwarnings("error", module="spacy_rnn")
    package = importlib.import_module("spacy_rnn")
    if not Path(package.__file__).is_relative_to(sys.prefix):
        raise ImportError(f"spacy_rnn was imported from {package.__file__}, not from {sys.prefix}")
    names = [module.name for module in pkgutil.walk_packages(package.__path__, "spacy_rnn.")]
    for name in names:
        importlib.import_module(name)
    return 1 + len(names), package.__version__


if __name__ == "__main__":
    main(*sys.argv[1:])
