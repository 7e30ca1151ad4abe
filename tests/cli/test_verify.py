"""A fresh environment takes seconds; torch and spaCy in it minutes. So tiny stand-ins play their parts here, and the
demo installs the real ones."""

import os
import zipfile

import pytest
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.cli.verify import newest_wheels
from spacy_rnn.errors import RNNError

TAGGER = """
class Token:
    def __init__(self, text):
        self.text, self.pos_, self.tag_, self.morph = text, "NOUN" if text.istitle() else "X", "", "Case=Nom"
        self.ent_iob_, self.ent_type_ = ("B", "PER") if text.istitle() else ("O", "")

    def has_extension(self, name):
        return False


class Doc(list):
    def __init__(self, text):
        super().__init__(Token(word) for word in text.split())
        self.cats = {"bad": 0.25, "good": 0.75} if "funny" in text else {}


def load(name):
    return Doc
"""


@pytest.fixture
def verify(monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    def run(*arguments):
        return CliRunner().invoke(app, ["verify", *map(str, arguments)])

    return run


def make_wheel(folder, name, files, entry_points="", requires=()):
    info = f"{name}-1.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n" + "".join(
        f"Requires-Dist: {r}\n" for r in requires
    )
    files = {
        **files,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entry_points,
    }
    folder.mkdir(exist_ok=True)
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
        archive.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"]))
    return wheel


def make_pipeline(folder, name, requires=()):
    return make_wheel(folder, name, {f"{name}.py": ""}, f"[spacy_models]\n{name} = {name}\n", requires)


def make_package(folder, source=""):
    return make_wheel(
        folder, "spacy_rnn", {"spacy_rnn/__init__.py": '__version__ = "1.0"\n', "spacy_rnn/nets.py": source}
    )


@pytest.fixture
def links(tmp_path):
    make_wheel(tmp_path / "links", "spacy", {"spacy.py": TAGGER})
    return tmp_path / "links"


def test_each_pipeline_tags_its_text(tmp_path, links, verify):
    english, russian = make_pipeline(tmp_path, "en_test", ["spacy"]), make_pipeline(tmp_path, "ru_test", ["spacy"])
    texts = ["--text", "the funny Captain", "--text", "старый Капитан"]
    result = verify(make_package(tmp_path), english, russian, *texts, "--find-links", links)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    assert ["Captain", "NOUN", "Case=Nom", "B-PER"] in lines and ["Капитан", "NOUN", "Case=Nom", "B-PER"] in lines
    assert ["Category", "Probability"] in lines and lines.index(["good", "0.750"]) < lines.index(["bad", "0.250"])
    assert ["Token", "POS", "Morphology", "Entity"] in lines and ["the", "X", "Case=Nom"] in lines
    assert "2 modules of spacy-rnn 1.0" in " ".join(result.output.split())


def test_a_warning_of_ours_at_import_is_an_error(tmp_path, links, verify):
    package = make_package(tmp_path, "import warnings\n\nwarnings.warn('soon gone', DeprecationWarning)\n")
    result = verify(package, make_pipeline(tmp_path, "en_test", ["spacy"]), "--text", "a", "--find-links", links)
    assert result.exit_code == 1
    assert "R403" in result.output and "soon gone" in result.output


def test_what_a_wheel_asks_for_must_be_there(tmp_path, verify):
    result = verify(make_pipeline(tmp_path, "en_test", ["nowhere-to-be-found"]), "--text", "a")
    assert result.exit_code == 1
    assert "R403" in result.output and "nowhere-to-be-found" in result.output


def test_one_text_for_each_pipeline(tmp_path, verify):
    result = verify(make_pipeline(tmp_path, "en_test"), "--text", "one", "--text", "two")
    assert result.exit_code == 1
    assert "R401" in result.output and "en_test" in result.output


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", "не архив".encode()])
def test_not_a_wheel(tmp_path, verify, content):
    path = tmp_path / "x-1.0-py3-none-any.whl"
    path.write_bytes(content)
    result = verify(path)
    assert result.exit_code == 1
    assert "R402" in result.output


@pytest.mark.parametrize("missing", [["--constraint", "none.txt"], ["--find-links", "none"]])
def test_missing_files(tmp_path, verify, missing):
    result = verify(make_pipeline(tmp_path, "en_test"), "--text", "a", *missing)
    assert result.exit_code == 1
    assert "R301" in result.output and "none" in result.output


def test_newest_wheel_of_each_distribution(tmp_path):
    names = ("spacy_rnn-0.1.0-py3-none-any.whl", "spacy_rnn-0.1.0-cp310-abi3-linux.whl", "en_x-1.0-py3-none-any.whl")
    for age, name in enumerate(names):
        (tmp_path / name).write_bytes(b"")
        os.utime(tmp_path / name, (1000 + age, 1000 + age))
    assert [wheel.name for wheel in newest_wheels(tmp_path)] == list(names[1:])
    with pytest.raises(RNNError, match="R404"):
        newest_wheels(tmp_path.parent / "nothing")
