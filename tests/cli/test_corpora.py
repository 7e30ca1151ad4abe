"""convert, text, evaluate and compare as a user types them."""

import json

import pytest
import spacy
from spacy.tokens import DocBin
from typer.testing import CliRunner

from spacy_rnn.cli import app

CORPUS = {
    "en": "1\tCats\tcat\tNOUN\tNNS\tNumber=Plur\t2\tnsubj\t_\t_\n2\tran\trun\tVERB\tVBD\tTense=Past\t0\troot\t_\t_\n",
    "ru": "1\tКоты\tкот\tNOUN\t_\tNumber=Plur\t2\tnsubj\t_\t_\n2\tели\tесть\tVERB\t_\tTense=Past\t0\troot\t_\t_\n",
}
BROKEN = CORPUS["en"].replace("VERB", "WORD")


def call(*args):
    return CliRunner().invoke(app, [*map(str, args)])


def unwrapped(result):
    """What was printed, without the line breaks of the terminal's width."""
    return " ".join(result.output.split())


@pytest.fixture(params=CORPUS)
def lang(request, tmp_path):
    (tmp_path / "gold.conllu").write_text(CORPUS[request.param], encoding="utf-8")
    nlp = spacy.blank(request.param)
    ruler = nlp.add_pipe("attribute_ruler")
    ruler.add([[{"LENGTH": 4}]], {"POS": "NOUN", "TAG": "NNS", "MORPH": "Number=Plur"})
    nlp.to_disk(tmp_path / "model")
    return request.param


def test_convert(tmp_path, lang):
    result = call("convert", tmp_path / "gold.conllu", tmp_path / "gold.spacy", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert ("XPOS: not annotated on all words" in unwrapped(result)) == (lang == "ru")
    (doc,) = DocBin().from_disk(tmp_path / "gold.spacy").get_docs(spacy.blank(lang).vocab)
    assert [word.pos_ for word in doc] == ["NOUN", "VERB"]


def test_convert_broken(tmp_path):
    (tmp_path / "a.conllu").write_text(BROKEN + "\n" + CORPUS["en"], encoding="utf-8")
    result = call("convert", tmp_path / "a.conllu", tmp_path / "a.spacy")
    assert result.exit_code == 1 and "R312" in result.output and "line 2" in unwrapped(result)
    assert not (tmp_path / "a.spacy").exists()
    result = call("convert", tmp_path / "a.conllu", tmp_path / "a.spacy", "--skip-bad", "--group", 5)
    assert result.exit_code == 0 and "1 broken sentences left out" in unwrapped(result)
    assert "1 Docs, 1 sentences, 2 words" in unwrapped(result)
    assert "R209" in call("convert", tmp_path / "a.conllu", tmp_path / "b.spacy", "--lang", "qqq").output


def test_text(tmp_path, lang):
    (tmp_path / "a.csv").write_text('line\n"One, two."\n"One, two."\n', encoding="utf-8")
    args = [tmp_path / "out.txt", tmp_path / "a.csv", tmp_path / "gold.conllu", "--lang", lang]
    result = call("text", *args, "--column", "line")
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "out.txt").read_text(encoding="utf-8").splitlines()
    assert lines == ["One , two .", {"en": "Cats ran", "ru": "Коты ели"}[lang]]
    assert "1 short duplicates left out" in unwrapped(result) and "2 lines, 6 tokens" in unwrapped(result)
    result = call("text", *args, "--column", "line", "--exclude", tmp_path / "gold.conllu")
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "One , two .\n"
    assert "R332" in call("text", *args).output


def test_evaluate_and_compare(tmp_path, lang):
    gold, output = tmp_path / "gold.conllu", tmp_path / "metrics" / "base.json"
    result = call("evaluate", tmp_path / "model", gold, "--train", gold, "--output", output)
    assert result.exit_code == 0, result.output
    assert ("XPOS: not annotated" in unwrapped(result)) == (lang == "ru")
    scores = json.loads(output.read_text(encoding="utf-8"))
    assert scores["gold_tokens"]["upos"] == 0.5 and scores["oov"]["words"] == 0
    assert scores["raw_text"]["tokens"]["f"] == 1
    output.with_name("copy.json").write_text(output.read_text(encoding="utf-8"), encoding="utf-8")
    table = call("compare", output, output.with_name("copy.json"))
    assert table.exit_code == 0 and "base" in table.output and "50.00" in table.output
    assert ("XPOS" in table.output) == (lang == "en")
    lines = call("compare", output, output.with_name("copy.json"), "--markdown").output.splitlines()
    assert lines[0].startswith("| System | UPOS |") and lines[1].startswith("| --- | ---: |")
    assert lines[2].startswith("| base | 50.00 |") and len(lines) == 4


def test_evaluate_only_some_components(tmp_path, lang):
    nlp = spacy.load(tmp_path / "model")
    nlp.add_pipe("attribute_ruler", name="other").add([[{}]], {"POS": "X"})
    nlp.to_disk(tmp_path / "model")
    for component, score in (("attribute_ruler", 0.5), ("other", 0.0)):
        call("evaluate", tmp_path / "model", tmp_path / "gold.conllu", "-c", component, "-o", tmp_path / "a.json")
        assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["gold_tokens"]["upos"] == score


@pytest.mark.parametrize(
    "code, args",
    [
        ("R322", ["missing", "gold.conllu"]),
        ("R301", ["model", "missing.spacy"]),
        ("R346", ["model", "model/meta.json"]),
        ("R321", ["model", "gold.conllu", "--component", "tagger"]),
        ("R301", ["model", "gold.conllu", "--train", "missing.spacy"]),
    ],
)
def test_evaluate_mistakes(tmp_path, lang, code, args, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = call("evaluate", *args, "--output", "a.json")
    assert result.exit_code == 1 and code in result.output, result.output
    assert not (tmp_path / "a.json").exists()


def test_compare_mistakes(tmp_path):
    assert "R301" in call("compare", tmp_path / "missing.json").output
    for content in ("{", "[]", "{}", '{"gold_tokens": 3}'):
        (tmp_path / "a.json").write_text(content, encoding="utf-8")
        assert "R323" in call("compare", tmp_path / "a.json").output
