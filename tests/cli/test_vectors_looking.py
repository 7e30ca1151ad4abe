"""``spacy rnn vectors evaluate, similar, analogy, plot`` as a user types them, and their page of the documentation."""

import doctest
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy
import pytest
from typer.testing import CliRunner

from spacy_rnn.cli import app

DOCS = Path(__file__).parents[2] / "docs" / "looking-at-vectors.md"
WORDS = {
    "king": [5, 1, 0.1],
    "queen": [5, 0.1, 1],
    "man": [0.2, 2, 0.2],
    "woman": [0.1, 0.2, 2],
    "король": [-5, 1, 0],
    "королева": [-5, 0, 1],
    "mother-in-law": [0, -1, -1],
}


@pytest.fixture
def vectors(tmp_path):
    path = tmp_path / "vectors.txt"
    lines = [f"{word} {' '.join(map(str, vector))}" for word, vector in WORDS.items()]
    path.write_text(f"{len(lines)} 3\n" + "\n".join(lines) + "\n", encoding="utf8")
    return path


@pytest.fixture
def sets(tmp_path):
    (tmp_path / "pairs.csv").write_text("word1,word2,sim\nking,queen,9\nking,man,3\nKing,король,0\nman,boy,8\n")
    (tmp_path / "questions.txt").write_text(": family\nman woman king queen\nman woman boy girl\n", encoding="utf8")
    (tmp_path / "typos.txt").write_text("kng king\nman men\n", encoding="utf8")
    return [tmp_path / name for name in ("pairs.csv", "questions.txt", "typos.txt")]


def call(*args):
    return CliRunner().invoke(app, ["vectors", *map(str, args)])


def unwrapped(result):
    return " ".join(result.output.split())


def words_in(output):
    return [line.split()[0] for line in output.splitlines() if re.search(r"\d\.\d{4}$", line.strip())]


def test_evaluate(vectors, sets, tmp_path):
    result = call("evaluate", vectors, *sets, "--output", tmp_path / "out.json")
    assert result.exit_code == 0, result.output
    for shown in ("pairs", "family", "100.0", "typos", "composed of their parts"):
        assert shown in result.output
    data = json.loads((tmp_path / "out.json").read_text(encoding="utf8"))
    assert data["similarity"][0]["seen"] | {"rho": 0, "low": 0, "high": 0} == {
        "pairs": 3,
        "rho": 0,
        "low": 0,
        "high": 0,
    }
    assert data["similarity"][0]["seen"]["rho"] == pytest.approx(1)
    assert data["analogies"][0]["totals"][0]["right"] == {"add": 1, "mul": 1}
    assert data["misspellings"][0] == {
        "name": "typos", "total": 2, "known": 1, "unknown": 0, "asked": 0, "first": None, "ten": None, "mrr": None
    }  # fmt: skip


def test_evaluate_as_markdown(vectors, sets):
    result = call("evaluate", vectors, sets[0], "--markdown")
    assert result.exit_code == 0 and "| pairs | 100.0 | - | 3 |" in result.output


def test_similar(vectors):
    result = call("similar", vectors, "king", "Король", "-n", 2)
    assert result.exit_code == 0, result.output
    assert words_in(result.output) == ["queen", "man", "королева", "man"]
    assert "'Король' is looked up as 'король'" in result.output


def test_similar_to_an_unseen_word(tmp_path, trained_file):
    result = call("similar", trained_file, "teacherr", "-n", 3)
    assert result.exit_code == 0, result.output
    assert "composed of its parts" in unwrapped(result) and len(words_in(result.output)) == 3


@pytest.fixture
def trained_file(tmp_path):
    from spacy_rnn.vectors.format import Table, save_table

    rng = numpy.random.default_rng(0)
    rows = rng.standard_normal((4, 8)).astype("f"), rng.standard_normal((100, 8)).astype("f")
    save_table(Table(["teacher", "dog", "кот", "пёс"], *rows, 3, 6, 100), tmp_path / "t.safetensors")
    return tmp_path / "t.safetensors"


@pytest.mark.parametrize("method", ["add", "mul"])
def test_analogy(vectors, method):
    for words in (["king", "-", "man", "+", "woman"], ["king - man + woman"], "man : woman :: king : ?".split()):
        result = call("analogy", vectors, *words, "--method", method, "-n", 1)
        assert result.exit_code == 0, result.output
        assert words_in(result.output) == ["queen"]


def test_from_the_shell(vectors):
    typed = "vectors analogy vectors.txt король - man + woman -n 1"
    command = [sys.executable, "-m", "spacy", "rnn", *typed.split()]
    run = subprocess.run(command, cwd=vectors.parent, capture_output=True, encoding="utf8")
    assert run.returncode == 0, run.stdout + run.stderr
    assert words_in(run.stdout) == ["королева"]


@pytest.mark.parametrize("kind", ["png", "svg", "html"])
@pytest.mark.parametrize("method", ["pca", "tsne"])
def test_plot(vectors, tmp_path, kind, method):
    if kind != "html":
        pytest.importorskip("matplotlib")
    out = tmp_path / "new" / f"map.{kind}"
    args = ["--pairs", "король:королева,king:queen", "--pairs", "man:woman", "--title", "Род", "--method", method]
    result = call("plot", vectors, out, "king", *args)
    assert result.exit_code == 0, result.output
    assert "6 words, 3 arrows" in unwrapped(result) and out.stat().st_size > 3000


def test_plot_of_neighbours_and_of_frequent_words(vectors, tmp_path):
    result = call("plot", vectors, tmp_path / "map.html", "king", "король", "--near", 2)
    assert "5 words, 0 arrows" in unwrapped(result)  # man is near to both
    data = re.search(r'"groups":(\[.*?\])', (tmp_path / "map.html").read_text(encoding="utf8")).group(1)
    assert json.loads(data) == ["king", "король"]
    assert "7 words" in unwrapped(call("plot", vectors, tmp_path / "map.html"))
    assert "4 words" in unwrapped(call("plot", vectors, tmp_path / "map.html", "--top", 4))


@pytest.mark.parametrize(
    "code, args",
    [
        ("R260", ["similar", "V", "unknown"]),
        ("R260", ["analogy", "V", "king - man + unknown"]),
        ("R262", ["evaluate", "V", "nothing.txt"]),
        ("R264", ["evaluate", "V", "text.md"]),
        ("R268", ["similar", "nothing", "king"]),
        ("R270", ["analogy", "V", "king", "man"]),
        ("R271", ["analogy", "V", "king", "-", "man", "--method", "sum"]),
        ("R273", ["evaluate", "V"]),
        ("R274", ["plot", "V", "OUT.html", "king"]),
        ("R275", ["plot", "V", "OUT.html", "--method", "umap"]),
        ("R276", ["plot", "V", "OUT.html", "--pairs", "king-queen"]),
        ("R456", ["plot", "V", "OUT.pdf"]),
        ("R457", ["plot", "V", "OUT.html", "--top", 4]),
        ("R458", ["plot", "V", "OUT.html", "--near", 5]),
        ("R459", ["plot", "V", "OUT.html", "--method", "tsne", "--perplexity", 30]),
        ("vectors convert --from", ["similar", "text.md", "king"]),
        ("R260", ["plot", "V", "OUT.html", "king", "queen", "unknown"]),
    ],
)
def test_mistakes(vectors, tmp_path, monkeypatch, code, args):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(
        importlib.import_module("spacy_rnn.cli.vectors.plot").MOST, ".html", 3 if code == "R457" else 100
    )
    (tmp_path / "text.md").write_text("Text, and nothing else\n", encoding="utf8")
    result = call(*(vectors if arg == "V" else arg for arg in args))
    assert result.exit_code == 1
    assert code in unwrapped(result) and "Traceback" not in result.output
    assert {path.name for path in tmp_path.iterdir()} == {"text.md", "vectors.txt"}


def test_vectors_that_are_not_finite(tmp_path):
    from spacy_rnn.vectors.format import Table, save_table

    rows = numpy.ones((4, 3), "f"), numpy.ones((9, 3), "f")
    rows[0][1, 2] = numpy.nan
    words = ["teacher", "кот", "dog", "пёс"]
    save_table(Table(words, *rows, 3, 5, 9), tmp_path / "t.safetensors")
    for verb, *args in (["similar", "dog"], ["analogy", "dog - teacher"], ["plot", "map.html"], ["evaluate"]):
        result = call(verb, tmp_path / "t.safetensors", *args)
        assert result.exit_code == 1 and "R257" in result.output and "кот" in unwrapped(result)
    rows[0][1, 2], rows[1][:] = 1, numpy.inf
    save_table(Table(words, *rows, 3, 5, 9), tmp_path / "t.safetensors")
    assert "R257" in call("similar", tmp_path / "t.safetensors", "котик").output
    assert call("similar", tmp_path / "t.safetensors", "кот").exit_code == 0


@pytest.mark.parametrize("out", ["map.png", "map.svg", "map.html", "scores.json"])
def test_no_room_and_no_such_place(vectors, sets, tmp_path, out, small_files):
    args = ["evaluate", vectors, sets[0], "-o"] if out == "scores.json" else ["plot", vectors]
    assert "R279" in call(*args, vectors / out).output
    with small_files(100):
        result = call(*args, tmp_path / out)
    assert result.exit_code == 1 and "R279" in result.output and "too large" in unwrapped(result)
    assert not [path for path in tmp_path.iterdir() if out in path.name]


def test_warnings_look_like_messages(vectors, tmp_path):
    pytest.importorskip("matplotlib")
    with vectors.open("a", encoding="utf8") as file:
        file.write("日本 1 1 1\n")
    vectors.write_text(vectors.read_text(encoding="utf8").replace("7 3", "8 3", 1), encoding="utf8")
    command = [sys.executable, "-m", "spacy_rnn.cli", "vectors", "plot", str(vectors), str(tmp_path / "map.png")]
    run = subprocess.run(command, capture_output=True, encoding="utf8")
    assert "⚠ [W210] " in run.stdout and run.stderr == "" and run.returncode == 0


def test_plot_without_matplotlib(vectors, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    result = call("plot", vectors, tmp_path / "map.png")
    assert result.exit_code == 1 and 'pip install "spacy-rnn[viz]"' in unwrapped(result)
    assert call("plot", vectors, tmp_path / "map.html").exit_code == 0


def test_the_examples_of_the_documentation():
    done = doctest.testfile(str(DOCS), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert done.attempted > 10 and done.failed == 0


def test_the_commands_of_the_documentation_exist():
    text = DOCS.read_text(encoding="utf8").replace("\\\n", " ")
    commands = re.findall(r"^\$ spacy rnn vectors (\w+)(.*)$", text, re.MULTILINE)
    assert {verb for verb, _ in commands} >= {"evaluate", "similar", "analogy", "plot"}
    for verb, rest in commands:
        shown = call(verb, "--help").output
        assert all(option in shown for option in re.findall(r"(?<=\s)--?[a-z]+", rest)), (verb, rest)
