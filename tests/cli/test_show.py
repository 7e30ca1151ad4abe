"""``spacy rnn show`` as a user types it."""

import re
import subprocess
import sys

import pytest
import spacy
from typer.testing import CliRunner

from spacy_rnn.cli import app

from ..viz.labelling import TEXTS


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """spaCy's own component of rules, which any spacy can load, and one of the tests."""
    nlp = spacy.blank("en")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "GPE", "pattern": name} for name in ("Oslo", "Осло")])
    nlp.to_disk(tmp_path_factory.mktemp("model") / "rules")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("stand_in")
    nlp.to_disk(tmp_path_factory.getbasetemp() / "all")
    return tmp_path_factory.getbasetemp() / "all"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*args):
    return CliRunner().invoke(app, ["show", *map(str, args)])


def unwrapped(result):
    return " ".join(result.output.split())


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("kind", ["html", "png", "svg"])
def test_show(model, here, lang, kind):
    if kind != "html":
        pytest.importorskip("matplotlib")
    result = call(model, TEXTS[lang], "--output", here / "new" / f"page.{kind}")
    assert result.exit_code == 0, result.output
    assert "3 sentences" in unwrapped(result) and "3 entities" in unwrapped(result)
    assert (here / "new" / f"page.{kind}").stat().st_size > 3000


def test_a_file_a_title_and_one_component(model, here):
    (here / "text.txt").write_text("\ufeff" + TEXTS["ru"], encoding="utf8")
    result = call(model, "text.txt", "-o", "page.html", "--title", "<Имена>", "-c", "entity_ruler")
    assert result.exit_code == 0, result.output
    page = (here / "page.html").read_text(encoding="utf8")
    assert "<h1>&lt;Имена&gt;</h1>" in page and "\ufeff" not in page
    assert page.count("<mark") == 3 and "<details" not in page
    assert "<details" in page_of(model, here, "text.txt")


def page_of(model, here, *args):
    result = call(model, *args, "-o", "page.html")
    assert result.exit_code == 0, result.output
    return (here / "page.html").read_text(encoding="utf8")


def test_the_sentence_to_look_at(model, here):
    opened = re.search('<details id="([^"]*)" open>', page_of(model, here, TEXTS["en"], "--sentence", 2)).group(1)
    assert opened == "s1-2"


def test_a_long_text_is_a_text_and_not_the_name_of_a_file(model, here):
    assert "<mark" in page_of(model, here, "Bob! " + 300 * "Много слов. ")
    assert "<mark" in page_of(model, here, "Bob/Oslo.")


def test_from_the_shell(model, here):
    """Also of a pipeline that is none of ours."""
    rules = next(model.parent.glob("model*/rules"))
    command = [sys.executable, "-m", "spacy", "rnn", "show", rules, "Из Осло.", "--output", "page.html"]
    run = subprocess.run(command, capture_output=True, encoding="utf8")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 entity" in run.stdout and "no confidences" in (here / "page.html").read_text(encoding="utf8")


@pytest.mark.parametrize(
    "code, args",
    [
        ("R322", ["nothing", "A text", "-o", "out.html"]),
        ("R460", ["M", "nothing.txt", "-o", "out.html"]),
        ("R461", ["M", "A text", "-o", "out.html", "-c", "sentencizer"]),
        ("R462", ["M", " ", "-o", "out.html"]),
        ("R462", ["M", "empty.txt", "-o", "out.html"]),
        ("R463", ["M", "One. Two.", "-o", "out.html", "-s", 3]),
        ("R464", ["M", "latin.txt", "-o", "out.html"]),
        ("R464", ["M", "Half \udcd0 a letter", "-o", "out.html"]),
        ("R465", ["M", "A text", "-o", "out.pdf"]),
        ("R465", ["M", "A text", "-o", "out"]),
        ("R466", ["M", "long.txt", "-o", "out.html"]),
        ("R466", ["M", "long.txt", "-o", "out.png"]),
        ("R467", ["M", "longer.txt", "-o", "out.html"]),
        ("R279", ["M", "A text", "-o", "latin.txt/out.html"]),
    ],
)
def test_mistakes(model, here, code, args):
    if args[3] == "out.png":
        pytest.importorskip("matplotlib")
    (here / "empty.txt").write_text("")
    (here / "latin.txt").write_text("déjà", encoding="latin-1")
    (here / "long.txt").write_text("слово " * 20_001, encoding="utf8")
    (here / "longer.txt").write_text("x" * 1_000_001, encoding="utf8")
    before = sorted(path.name for path in here.iterdir())
    result = call(*(model if arg == "M" else arg for arg in args))
    assert result.exit_code == 1 and code in unwrapped(result) and "Traceback" not in result.output
    assert sorted(path.name for path in here.iterdir()) == before


def test_a_component_that_was_never_trained(here):
    nlp = spacy.blank("en")
    nlp.add_pipe("rnn_tagger")
    nlp.to_disk("model")
    result = call("model", "A text", "-o", "out.html")
    assert result.exit_code == 1 and "R467" in result.output and "E109" in unwrapped(result)


@pytest.mark.parametrize("kind", ["html", "png"])
def test_no_room(model, here, small_files, kind):
    if kind == "png":
        pytest.importorskip("matplotlib")
    with small_files(100):
        result = call(model, "Bob came", "-o", f"out.{kind}")
    assert result.exit_code == 1 and "R279" in result.output
    assert not list(here.iterdir())


def test_without_matplotlib(model, here, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = call(model, "Bob came", "-o", "out.png")
    assert result.exit_code == 1 and 'pip install "spacy-rnn[viz]"' in unwrapped(result)
    assert call(model, "Bob came", "-o", "out.html").exit_code == 0


def test_help():
    shown = call("--help").output
    assert "\\b" not in shown and "--output page.html\n" in re.sub(" +\n", "\n", shown)
