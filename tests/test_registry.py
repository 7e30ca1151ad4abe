"""setup.cfg is the table of contents: every name in it leads somewhere, and every name that a config uses is in it."""

import re
import subprocess
import sys
from configparser import ConfigParser
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import catalogue
import pytest
import spacy

ROOT = Path(__file__).parent.parent
SETUP = ConfigParser(delimiters=("=",))
SETUP.optionxform = str
SETUP.read(ROOT / "setup.cfg", encoding="utf8")
GROUPS = {
    group: dict(line.split(" = ") for line in lines.strip().splitlines() if line)
    for group, lines in SETUP["options.entry_points"].items()
}
NAMES = [(group, name, target) for group, names in GROUPS.items() for name, target in names.items()]


def load(target):
    module, attribute = target.split(":")
    return getattr(import_module(module), attribute)


@pytest.mark.parametrize("group, name, target", NAMES)
def test_installed_under_its_name(group, name, target):
    installed = {point.name: point.value for point in entry_points(group=group)}
    assert installed.get(name) == target, "install again: pip install --no-deps -e ."


@pytest.mark.parametrize("group, name, target", [n for n in NAMES if n[0] not in ("spacy_cli", "spacy_factories")])
def test_spacy_finds_it(group, name, target):
    registry = getattr(spacy.registry, group.removeprefix("spacy_"))
    assert isinstance(registry, catalogue.Registry)
    assert registry.get(name) is load(target)
    assert spacy.registry.get(group.removeprefix("spacy_"), name) is load(target)


@pytest.mark.parametrize("name, target", GROUPS["spacy_factories"].items())
def test_factories_load_in_a_fresh_process(name, target):
    """Here the module is imported by the test before; there only the entry point can lead to it."""
    code = f"import spacy; nlp = spacy.blank('ru'); nlp.add_pipe({name!r}); print(nlp.pipe_factories)"
    done = subprocess.run([sys.executable, "-W", "error:::spacy_rnn", "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert name in done.stdout
    assert spacy.blank("en").has_factory(name) and load(target)  # a pipeline has read the entry points


def test_the_command_is_mounted():
    done = subprocess.run([sys.executable, "-m", "spacy", "rnn", "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for verb in ("sample", "convert", "text", "vectors", "evaluate", "compare", "verify"):
        assert re.search(rf"\b{verb}\b", done.stdout)


def test_names_follow_the_rules():
    for group, name, target in NAMES:
        if group in ("spacy_cli", "spacy_factories"):
            assert re.fullmatch(r"[a-z_]+", name)
        else:
            assert re.fullmatch(r"spacy-rnn\.\w+\.v1", name)
        if group == "spacy_architectures":
            assert name == f"spacy-rnn.{target.split(':')[1]}.v1"


def test_each_name_is_used_or_shown():
    """Configs and default configs name what is registered, and nothing that is not."""
    registered = {name for _, name, _ in NAMES}
    files = [*(ROOT / "configs").glob("*.cfg"), *(ROOT / "spacy_rnn").rglob("*.py"), ROOT / "README.md"]
    used = {name for file in files for name in re.findall(r"spacy-rnn\.\w+\.v\d+", file.read_text(encoding="utf8"))}
    assert used <= registered
