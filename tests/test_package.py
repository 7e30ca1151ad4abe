"""What setup.cfg promises, constraints.txt tests and the sources import agree with each other."""

import re
import sys
from configparser import ConfigParser
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest
import spacy
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from spacy.tokens import Doc
from spacy.training import Example

import spacy_rnn

from .test_import_law import imports_of, modules

ROOT = Path(__file__).parent.parent
SETUP = ConfigParser()
SETUP.read(ROOT / "setup.cfg", encoding="utf8")
PYTHONS = ("3.10", "3.11", "3.12", "3.13")


def read_requirements(text):
    return [Requirement(line) for line in text.strip().splitlines() if line and not line.startswith("#")]


INSTALL = read_requirements(SETUP["options"]["install_requires"])
EXTRAS = {name: read_requirements(text) for name, text in SETUP["options.extras_require"].items()}
CONSTRAINTS = read_requirements((ROOT / "constraints.txt").read_text(encoding="utf8"))


def constrained(python):
    """name -> the version tested with this version of Python."""
    environment = {"python_version": python}
    pinned = {}
    for line in CONSTRAINTS:
        if line.marker is None or line.marker.evaluate(environment):
            assert canonicalize_name(line.name) not in pinned, f"{line.name} twice for Python {python}"
            (specifier,) = line.specifier
            assert specifier.operator == "=="
            pinned[canonicalize_name(line.name)] = Version(specifier.version)
    return pinned


@pytest.mark.parametrize("python", PYTHONS)
def test_tested_versions_are_in_the_promised_ranges(python):
    pinned = constrained(python)
    for requirement in INSTALL + sum(EXTRAS.values(), []):
        assert requirement.specifier.contains(pinned[canonicalize_name(requirement.name)]), requirement


def test_all_that_is_required_is_constrained():
    """Also what the required packages require, for the Python that runs."""
    pinned = constrained(f"{sys.version_info.major}.{sys.version_info.minor}")
    waiting, seen = [*INSTALL, *EXTRAS["test"]], set()
    while waiting:
        name = canonicalize_name(waiting.pop().name)
        if name in seen or name.startswith(("nvidia", "cuda", "triton")):  # these belong to torch's CUDA build
            continue
        seen.add(name)
        assert name in pinned, f"{name} is missing from constraints.txt"
        needs = [Requirement(line) for line in requires(name) or []]
        waiting += [need for need in needs if need.marker is None or need.marker.evaluate({"extra": ""})]


def test_every_import_is_required():
    promised = {requirement.name for requirement in INSTALL} | {"matplotlib", "pymorphy3"}
    ours = {"spacy_rnn", *sys.stdlib_module_names}
    for module, path in modules():
        for _, name, _ in imports_of(path.read_text(encoding="utf8"), module):
            assert name.split(".")[0] in promised | ours, f"{module} imports {name}"


def test_metadata():
    about = metadata("spacy-rnn")
    assert about["Version"] == SETUP["metadata"]["version"] == spacy_rnn.__version__
    assert about["License-Expression"] == "MIT"
    assert not any("License" in classifier for classifier in about.get_all("Classifier"))
    assert about["Requires-Python"] == ">=3.10"
    assert set(EXTRAS) == {"ru", "viz", "test", "dev"}


def test_the_version_has_its_entry_in_the_changelog():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf8")
    assert re.search(rf"^## {re.escape(spacy_rnn.__version__)}\b", changelog, re.MULTILINE)


def test_readme_is_short_and_its_links_lead_somewhere():
    readme = (ROOT / "README.md").read_text(encoding="utf8")
    assert readme.count("\n") <= 150
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert target.startswith("https://") or (ROOT / target).exists(), target


@pytest.mark.parametrize("lang, words", [("en", ["Time", "flies"]), ("ru", ["Мама", "мыла"])])
def test_the_example_in_the_readme_runs(lang, words):
    code = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf8"), re.DOTALL)[1]
    nlp = spacy.blank(lang)
    examples = [Example(nlp.make_doc(" ".join(words)), Doc(nlp.vocab, words=words, pos=["NOUN", "VERB"]))]
    values = {"examples": examples}
    exec(code.replace('"en"', f'"{lang}"'), values)
    assert values["losses"]["rnn_tagger"] > 0
    assert all(token.pos_ for token in values["doc"])
