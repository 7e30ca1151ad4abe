"""``spacy rnn vectors convert`` as a user types it."""

import json
from pathlib import Path

import numpy
import pytest
import spacy
from gensim.models import KeyedVectors
from gensim.models.fasttext import load_facebook_vectors
from gensim.test.utils import datapath
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.vectors.format import Table, save_table
from spacy_rnn.vectors.formats import read
from spacy_rnn.vectors.quantize import Quantized

MODEL = datapath("crime-and-punishment.bin")
GLOVE = datapath("test_glove.txt")


def call(*args):
    result = CliRunner().invoke(app, ["vectors", "convert", *map(str, args)])
    assert "Traceback" not in result.output and (result.exception is None or isinstance(result.exception, SystemExit))
    return result


def said(result) -> str:
    """What was printed, without the breaks of its lines."""
    return " ".join(result.output.split())


@pytest.fixture
def theirs():
    return load_facebook_vectors(MODEL)


def test_to_a_pipeline(tmp_path, theirs):
    result = call(MODEL, tmp_path / "out", "--lang", "ru")
    assert result.exit_code == 0, result.output
    assert "291 words of 5 numbers, 100 rows for parts of words" in said(result)
    nlp = spacy.load(tmp_path / "out")
    assert nlp.lang == "ru"
    for token in nlp("человек небывалый unseen"):
        assert numpy.allclose(token.vector, theirs[token.text], atol=1e-5)
    log = json.loads((tmp_path / "out" / "conversion.json").read_text(encoding="utf8"))
    assert log["source"] == "crime-and-punishment.bin" and log["kind"] == "fasttext"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_round_trip(tmp_path, lang, theirs):
    """From file to file, through all kinds that have n-grams, and out again."""
    steps = [MODEL, *(tmp_path / name for name in ("a.safetensors", "pipeline", "b.bin", "c.bin", "d.vec.gz", "e.bin"))]
    for source, target in zip(steps, steps[1:], strict=False):
        result = call(source, target, "--lang", lang)
        assert result.exit_code == 0, result.output
        assert ("W207" in result.output) == (target.name == "b.bin")
        assert ("without the vectors of their parts" in said(result)) == (target.name == "d.vec.gz")
    word = {"en": "exceptionally", "ru": "человек"}[lang]
    assert numpy.allclose(KeyedVectors.load_word2vec_format(tmp_path / "e.bin", binary=True)[word], theirs[word])
    back = load_facebook_vectors(str(tmp_path / "c.bin"))
    for known in (word, "небывалый", "unseen"):
        assert numpy.allclose(back[known], theirs[known], atol=1e-5)


def test_bin_to_bin_keeps_the_training(tmp_path):
    assert call(MODEL, tmp_path / "a.bin").exit_code == 0
    ours, source = read(tmp_path / "a.bin", model=True), read(MODEL, model=True)
    assert (ours.outputs == source.outputs).all() and source.outputs.any() and (ours.counts == source.counts).all()


def test_what_was_trained_keeps_its_training(tmp_path):
    model = read(MODEL, model=True, lang="ru")
    (tmp_path / "trained").mkdir()
    model.save(tmp_path / "trained" / "model.safetensors")
    result = call(tmp_path / "trained", tmp_path / "a.bin")
    assert result.exit_code == 0 and "W207" not in result.output, result.output
    assert (read(tmp_path / "a.bin", model=True).outputs == model.outputs).all()


def test_smaller(tmp_path):
    result = call(MODEL, tmp_path / "half", "--dtype", "float16", "--limit", 100)
    assert result.exit_code == 0, result.output
    table = read(tmp_path / "half")
    assert len(table.words) == 100 and table.vectors.dtype == table.ngrams.dtype == numpy.float16
    result = call(MODEL, tmp_path / "a.safetensors", "--pq", 5)
    assert result.exit_code == 0, result.output
    table = read(tmp_path / "a.safetensors")
    assert isinstance(table.vectors, Quantized) and isinstance(table.ngrams, Quantized)
    assert numpy.abs(table.vectors.decode() - read(MODEL).vectors).mean() < 0.02
    assert call(tmp_path / "a.safetensors", tmp_path / "a.vec").exit_code == 0
    assert call(MODEL, tmp_path / "c.safetensors", "--compress").exit_code == 0
    assert isinstance(read(tmp_path / "c.safetensors").vectors, Quantized)
    assert call(tmp_path / "a.safetensors", tmp_path / "b.safetensors", "--dtype", "float32").exit_code == 0
    assert read(tmp_path / "b.safetensors").vectors.dtype == numpy.float32


def test_glove_in_lower_case(tmp_path):
    assert call(GLOVE, tmp_path / "out", "--lang", "en", "--lower").exit_code == 0
    doc = spacy.load(tmp_path / "out")("The qwertyuiop")
    assert doc[0].vector.any() and not doc[1].vector.any()
    assert (doc[0].vector == read(GLOVE).vectors[0]).all()


def test_kinds_that_are_named(tmp_path):
    assert call(GLOVE, tmp_path / "a.data", "--from", "glove", "--to", "word2vec-binary").exit_code == 0
    assert call(tmp_path / "a.data", tmp_path / "b.txt", "--to", "glove").exit_code == 0
    assert len((tmp_path / "b.txt").read_text(encoding="utf8").splitlines()) == len(read(GLOVE).words)


def test_floret(tmp_path):
    rows = "".join(f"{row} {row / 10} 0.5\n" for row in range(20))
    (tmp_path / "a.floret").write_text(f"20 2 2 3 1 0 < >\n{rows}", encoding="utf8")
    (tmp_path / "words.txt").write_text("кот\nthe\n", encoding="utf8")
    assert "R253" in call(tmp_path / "a.floret", tmp_path / "a.vec").output
    assert call(tmp_path / "a.floret", tmp_path / "out", "--lang", "ru").exit_code == 0
    assert call(tmp_path / "out", tmp_path / "b.floret").exit_code == 0
    assert (tmp_path / "b.floret").read_text(encoding="utf8").split("\n")[0] == "20 2 2 3 1 0 < >"
    result = call(tmp_path / "out", tmp_path / "a.vec", "--words", tmp_path / "words.txt")
    assert result.exit_code == 0, result.output
    nlp = spacy.load(tmp_path / "out")
    table = read(tmp_path / "a.vec")
    assert table.words == ["кот", "the"]
    assert numpy.allclose(table.vectors, [nlp.vocab[word].vector for word in table.words], atol=1e-6)


def test_warnings_are_printed(tmp_path):
    result = call(datapath("cp852_fasttext.bin"), tmp_path / "out", "--lang", "hu")
    assert result.exit_code == 0 and "W208" in result.output


def test_force(tmp_path):
    for name in ("out", "a.vec"):
        assert call(GLOVE, tmp_path / name).exit_code == 0
        assert "R207" in call(GLOVE, tmp_path / name).output
        assert call(MODEL, tmp_path / name, "--force").exit_code == 0
        assert len(read(tmp_path / name).words) == 291
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letters.txt").touch()
    assert "R211" in call(GLOVE, tmp_path / "mine", "--force").output
    assert "R255" in call(GLOVE, tmp_path / "out", "--force", "--to", "glove").output
    assert "R255" in call(GLOVE, tmp_path / "a.vec", "--force", "--to", "pipeline").output
    assert call(tmp_path / "out", tmp_path / "out", "--force").exit_code == 0
    assert len(read(tmp_path / "out").words) == 291
    assert {path.name for path in tmp_path.iterdir()} == {"out", "a.vec", "mine"}


@pytest.mark.parametrize(
    "code, args",
    [
        ("R240", ["nothing.vec", "out"]),
        ("R255", [GLOVE, "out", "--from", "bert"]),
        ("R255", [GLOVE, "out", "--to", "bert"]),
        ("R254", [GLOVE, "a.xyz"]),
        ("R254", [GLOVE, "a.bin.gz"]),
        ("R254", [GLOVE, "a.tar"]),
        ("R254", [GLOVE, "a.floret"]),
        ("R254", [GLOVE, "a", "--to", "navec"]),
        ("R255", [GLOVE, "a.vec", "--dtype", "float16"]),
        ("R255", [GLOVE, "a.vec", "--pq", "5"]),
        ("R255", [GLOVE, "a.vec", "--compress"]),
        ("R255", [GLOVE, "out", "--words", GLOVE]),
        ("R208", [GLOVE, "out", "--dtype", "int8"]),
        ("R208", [GLOVE, "out", "--limit", "-1"]),
        ("R230", [GLOVE, "out", "--pq", "1000"]),
        ("R209", [GLOVE, "out", "--lang", "qqq"]),
        ("R256", [GLOVE, "out", "--encoding", "klingon"]),
        ("R24", [GLOVE, "out", "--from", "fasttext"]),
        ("R24", [MODEL, "out", "--from", "word2vec"]),
    ],
)
def test_mistakes(tmp_path, monkeypatch, code, args):
    monkeypatch.chdir(tmp_path)
    result = call(*args)
    assert result.exit_code == 1
    assert code in result.output
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_language_is_that_of_the_pipeline(tmp_path, lang):
    assert call(GLOVE, tmp_path / "a", "--lang", lang).exit_code == 0
    assert call(tmp_path / "a", tmp_path / "b", "--dtype", "float16").exit_code == 0
    assert call(tmp_path / "a", tmp_path / "c", "--lang", "de").exit_code == 0
    assert [spacy.load(tmp_path / name).lang for name in "bc"] == [lang, "de"]


def test_the_first_line_tells_another_dimension(tmp_path):
    lines = Path(GLOVE).read_text(encoding="utf8").splitlines()
    dim = len(lines[0].split()) - 1
    (tmp_path / "a.vec").write_text("\n".join([f"{len(lines)} {dim - 1}", *lines]) + "\n", encoding="utf8")
    assert f"R278] a.vec: the first line announces vectors of {dim - 1} numbers" in said(
        call(tmp_path / "a.vec", tmp_path / "out")
    ).replace(f"{tmp_path}/", "")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", [numpy.nan, numpy.inf])
@pytest.mark.parametrize("out", ["out", "a.vec", "a.bin", "b.safetensors"])
def test_vectors_that_are_not_finite(tmp_path, value, out):
    for name, spoilt in (("vectors", "'кот'"), ("ngrams", "row 7")):
        rows = {"vectors": numpy.ones((2, 3), "f"), "ngrams": numpy.ones((9, 3), "f")}
        rows[name][{"vectors": 1, "ngrams": 7}[name], 2] = value
        save_table(Table(["dog", "кот"], *rows.values(), 3, 5, 9), tmp_path / "in.safetensors")
        result = call(tmp_path / "in.safetensors", tmp_path / out)
        assert result.exit_code == 1 and "R257" in result.output and spoilt in said(result)
        assert [path.name for path in tmp_path.iterdir()] == ["in.safetensors"]


def test_spacys_own_vectors_that_are_not_finite(tmp_path):
    nlp = spacy.blank("ru")
    nlp.vocab.set_vector("кот", numpy.array([1, numpy.nan], "f"))
    nlp.to_disk(tmp_path / "in")
    assert "'кот'" in said(call(tmp_path / "in", tmp_path / "out")) and not (tmp_path / "out").exists()


@pytest.mark.parametrize("out", ["out", "a.bin", "a.vec", "a.vec.gz", "a.safetensors"])
def test_no_room_and_no_such_place(tmp_path, out, small_files):
    (tmp_path / "file").touch()
    assert "R279" in call(MODEL, tmp_path / "file" / out).output
    with small_files(500):
        result = call(MODEL, tmp_path / out)
    assert result.exit_code == 1 and "R279" in result.output and "too large" in said(result)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_help_names_all_kinds():
    from spacy_rnn.cli.vectors.convert import KINDS as SHOWN
    from spacy_rnn.vectors.formats.kinds import KINDS

    assert all(kind in SHOWN for kind in KINDS)
    assert "conversion" not in call("--help").output and call("--help").exit_code == 0
