"""Arrows point down only: cli, viz -> training -> pipeline | vectors -> models -> bridge -> nets -> torch.

Read from the source, not from what happens to be imported: every import statement of every module is held to LAW.
"""

import ast
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

PACKAGE = Path(__file__).parent.parent / "spacy_rnn"

# room -> the rooms it may import, and the third-party packages
LAW: dict[str, tuple[set[str], set[str]]] = {
    "__init__": (set(), set()),
    "errors": (set(), set()),
    "atomic": ({"errors"}, set()),
    "forms": (set(), set()),
    "types": (set(), {"thinc"}),
    "nets": ({"errors"}, {"numpy", "torch"}),
    "bridge": ({"errors", "types", "nets"}, {"numpy", "torch", "thinc", "safetensors"}),
    "models": ({"errors", "types", "forms", "nets", "bridge"}, {"numpy", "torch", "thinc", "spacy"}),
    "pipeline": ({"errors", "types", "forms", "nets", "bridge"}, {"numpy", "torch", "thinc", "spacy", "pymorphy3"}),
    "vectors": ({"errors", "types", "atomic"}, {"numpy", "torch", "thinc", "spacy", "gensim", "srsly"}),
    "training": (
        {"errors", "types", "atomic", "nets", "bridge", "models", "pipeline", "vectors"},
        {"numpy", "torch", "thinc", "spacy", "srsly", "tqdm"},
    ),
    "sample": ({"errors"}, set()),
    "viz": (
        {"errors", "types", "atomic", "nets", "bridge", "models", "pipeline", "vectors", "training"},
        {"numpy", "torch", "thinc", "spacy", "matplotlib"},
    ),
    "cli": (
        {"errors", "types", "atomic", "nets", "bridge", "models", "pipeline", "vectors", "training", "viz", "sample"},
        {"numpy", "torch", "thinc", "spacy", "typer", "wasabi", "srsly", "tqdm"},
    ),
}
# Within these rooms every module is a story of its own, and may only use what is declared to be shared.
SHARED = {
    "pipeline": {
        *("base", "labels", "scorer", "dictionary", "opencorpora", "chains", "tag_learner"),
        *("confidence", "entities", "spans", "batch", "set_entities", "temperature", "entity_learner"),
        *("cuts", "edits", "morphemes", "members", "teaching", "segment_learner"),
        *("categories", "text_learner", "explain", "explanation", "saliency"),
    },
    "models": {"words", "rows", "pretrained", "long", "heads", "windows", "ngrams"},
}
# module -> a sibling of its room that it may import all the same: the component that trains vectors
SIBLINGS = {"spacy_rnn.pipeline.fasttext_vectors": {"vectors"}}
LAZY = {"gensim", "matplotlib", "pymorphy3"}  # heavy, and not needed to load a pipeline: imported inside functions only
NOT_IN_CLI_HEAD = {"torch", "thinc", "numpy"}  # every `spacy` command loads the modules of cli
STDLIB = sys.stdlib_module_names


class Import(NamedTuple):
    line: int
    name: str  # absolute, dotted
    inside: bool  # a function, or for type checking only


def imports_of(source: str, module: str) -> list[Import]:
    """All imports of a module, relative ones resolved."""
    found = []

    def visit(node: ast.AST, inside: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(node.lineno, alias.name, inside) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.split(".")[: -node.level] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            found.extend(Import(node.lineno, f"{name}.{alias.name}", inside) for alias in node.names)
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, inside or typing_only or function)

    visit(ast.parse(source), False)
    return found


def offences(source: str, module: str) -> list[str]:
    """What a module, given by its dotted name (``spacy_rnn.nets.masks``), may not import but does."""
    parts = module.split(".")
    room = parts[1]
    rooms, packages = LAW[room]
    rooms = rooms | SIBLINGS.get(module, set())
    found = []
    for line, name, inside in imports_of(source, module):
        top, *rest = name.split(".")
        if top == "spacy_rnn":
            fine = rest == ["__version__"] or rest[0] in rooms or (rest[0] == room and _shared(room, rest))
        elif top in LAZY:
            fine = top in packages and inside
        elif room == "cli" and top in NOT_IN_CLI_HEAD:
            fine = inside
        else:
            fine = top in packages or top in STDLIB
        if not fine:
            found.append(f"{module}, line {line}: {name}")
    return found


def _shared(room: str, rest: list[str]) -> bool:
    return room not in SHARED or rest[1] in SHARED[room]


def modules() -> list[tuple[str, Path]]:
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found.append((".".join(parts), path))
    return found


@pytest.mark.parametrize("module, path", modules(), ids=[name for name, _ in modules()])
def test_the_law_holds(module, path):
    assert offences(path.read_text(encoding="utf8"), module) == []


def test_every_room_has_its_law():
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms <= set(LAW)


@pytest.mark.parametrize(
    "module, source",
    [
        ("spacy_rnn.nets.masks", "import thinc"),
        ("spacy_rnn.nets.masks", "from ..bridge import shim"),
        ("spacy_rnn.nets.masks", "from .. import bridge"),
        ("spacy_rnn.bridge.shim", "from spacy.tokens import Doc"),
        ("spacy_rnn.models.tagger", "from ..pipeline.tagger import RNNTagger"),
        ("spacy_rnn.models.tagger", "from .encoders import RNNEncoder"),
        ("spacy_rnn.pipeline.tagger", "def f():\n    from ..models.tagger import Tagger"),
        ("spacy_rnn.pipeline.tagger", "from ..vectors.table import FastTextVectors"),
        ("spacy_rnn.vectors.train", "from gensim.models import FastText"),
        ("spacy_rnn.training.corpus", "def f():\n    import gensim"),
        ("spacy_rnn.training.corpus", "import typer"),
        ("spacy_rnn.sample.world", "import numpy"),
        ("spacy_rnn.cli.evaluate", "import torch"),
        ("spacy_rnn.errors", "from .nets import masks"),
    ],
)
def test_offences_are_found(module, source):
    assert len(offences(source, module)) == 1


@pytest.mark.parametrize(
    "module, source",
    [
        ("spacy_rnn.nets.masks", "import torch, numpy, json"),
        ("spacy_rnn.nets.tagger", "from .masks import layout"),
        ("spacy_rnn.models.tagger", "from ..nets.tagger import TaggerNet"),
        ("spacy_rnn.pipeline.fasttext_vectors", "from ..vectors.table import FastTextVectors"),
        ("spacy_rnn.vectors.train", "def f():\n    from gensim.models import FastText"),
        ("spacy_rnn.cli.evaluate", "def f():\n    import torch"),
    ],
)
def test_what_is_allowed_is_not_an_offence(module, source):
    assert offences(source, module) == []
