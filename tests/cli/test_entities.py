"""Entities from a column file to scores and calibrated confidences, as a user types it."""

import json

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Span
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.pipeline.confidence import register, store

TRAIN = "Anna B-PER\nmet O\nOlga B-PER\nin O\nRome B-LOC\n. O\n\n"
TEST = "Rome B-LOC\nmet O\nЮрий B-PER\nГагарин I-PER\nand O\nAnna B-PER\n. O\n\n" * 4


class Confident:
    """Every word with a capital is a person, with a confidence that its temperature scales."""

    def __init__(self, name, temperature=1.0):
        self.name, self.cfg = name, {"temperature": temperature}
        register()

    def __call__(self, doc):
        doc.ents = [Span(doc, word.i, word.i + 1, "PER") for word in doc if word.text[:1].isupper()]
        for ent in doc.ents:
            store(ent, min(1.0, 1 / self.cfg["temperature"]))
        return doc

    def calibrate(self, examples):
        right = [ent for x in examples for ent in x.predicted.ents]
        assert not right and all(len(x.reference.ents) == 3 for x in examples)
        self.cfg["temperature"] = self.wanted
        return self.wanted

    def to_disk(self, path, exclude=()):
        path.mkdir()
        (path / "cfg").write_text(json.dumps(self.cfg))

    def from_disk(self, path, exclude=()):
        self.cfg = json.loads((path / "cfg").read_text())
        return self


@Language.factory("test_confident", assigns=["doc.ents"])
def make_confident(nlp, name):
    return Confident(name)


def call(*args):
    return CliRunner().invoke(app, [*map(str, args)])


def unwrapped(result):
    return " ".join(result.output.split())


@pytest.fixture
def files(tmp_path):
    (tmp_path / "train.iob").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "test.iob").write_text(TEST, encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("test_confident")
    nlp.to_disk(tmp_path / "model")
    return tmp_path


def test_convert(files):
    result = call("convert", files / "test.iob", files / "a.spacy", "--lang", "ru", "--group", 2)
    assert result.exit_code == 0, result.output
    assert "Entities: LOC 4, PER 8 (tags: IOB2)" in unwrapped(result)
    assert "4 sentences come without spaces" in unwrapped(result)
    assert "2 Docs, 4 sentences, 28 words" in unwrapped(result)
    result = call("convert", files / "test.iob", files / "a.spacy", "--labels", "LOC, ORG")
    assert "Left out: PER 8" in unwrapped(result)


def test_convert_tells_what_it_repairs(files):
    (files / "a.iob").write_text(TEST.replace("B-LOC", "I-LOC"), encoding="utf-8")
    result = call("convert", files / "a.iob", files / "a.spacy")
    assert result.exit_code == 0 and "4 tags break their scheme" in unwrapped(result)
    assert "line 1;" in unwrapped(result) and "line 9;" in unwrapped(result)
    result = call("convert", files / "a.iob", files / "b.spacy", "--illegal", "refuse")
    assert result.exit_code == 1 and "R345" in result.output and not (files / "b.spacy").exists()
    result = call("convert", files / "a.iob", files / "b.spacy", "--column", 0)
    assert result.exit_code == 1 and "R343" in result.output
    (files / "a.iob").write_text("a O\n\nb\n\nc O\n", encoding="utf-8")
    assert "1 broken sentences left out" in unwrapped(call("convert", files / "a.iob", files / "b.spacy", "--skip-bad"))


def test_split(files):
    call("convert", files / "test.iob", files / "a.spacy")
    result = call("split", files / "a.spacy", files / "b.spacy", files / "c.spacy", "--share", 0.25)
    assert result.exit_code == 0 and "3 Docs" in result.output and "1 Docs" in result.output
    assert "R353" in call("split", files / "a.spacy", files / "b.spacy", files / "c.spacy", "--share", 2).output


def test_a_place_that_cannot_be_written_to(files):
    (files / "file").write_text("in the way")
    for args in (
        ["convert", files / "test.iob", files / "file" / "a.spacy"],
        ["split", files / "test.iob", files / "a.spacy", files / "file" / "a.spacy"],
        ["evaluate", files / "model", files / "test.iob", "--output", files / "file" / "a.json"],
    ):
        result = call(*args)
        assert result.exit_code == 1 and "R279" in result.output, result.output
    assert not (files / "a.spacy").exists()


def test_evaluate_and_compare(files):
    result = call(
        "evaluate", files / "model", files / "test.iob", "--train", files / "train.iob", "--output", files / "a.json"
    )
    assert result.exit_code == 0, result.output
    scores = json.loads((files / "a.json").read_text(encoding="utf-8"))
    entities = scores["entities"]
    assert entities["p"] == 4 / 16 and entities["r"] == pytest.approx(1 / 3)
    assert entities["unseen"]["support"] == 4 and entities["unseen"]["r"] == 0
    assert entities["errors"] == {"label": 4, "boundary": 4, "both": 0, "missed": 0, "spurious": 0}
    assert entities["calibration"]["ece"] == pytest.approx(0.75)
    assert entities["calibration"]["sure"] == {"from": 0.95, "spans": 16, "precision": 0.25}
    assert scores["raw_text"]["entities"]["p"] == 4 / 16
    assert scores["gold_tokens"]["upos"] is None and scores["morphemes"] is None
    assert "Expected calibration error: 0.7500" in unwrapped(result)
    table = call("compare", files / "a.json").output
    assert "NER F1" in table and "0.7500" in table and "UPOS" not in table


def test_a_pipeline_without_confidences(files):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Rome"}])
    nlp.to_disk(files / "ruler")
    result = call("evaluate", files / "ruler", files / "test.iob", "--output", files / "a.json")
    assert result.exit_code == 0 and "by a component that sets span._.confidence" in unwrapped(result)
    scores = json.loads((files / "a.json").read_text(encoding="utf-8"))["entities"]
    assert scores["p"] == 1 and scores["calibration"] is None
    result = call("calibrate", files / "ruler", files / "test.iob", "--output", files / "new")
    assert result.exit_code == 1 and "R355" in result.output
    assert "R356" in call("calibrate", files / "ruler", files / "test.iob", "-F", "-c", "entity_ruler").output


def test_labels_that_it_cannot_know(files):
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "LOC", "pattern": "Rome"}])
    nlp.to_disk(files / "ruler")
    (files / "b.iob").write_text("Rome B-LOC\nAcme B-ORG\nOslo B-LOC\n", encoding="utf-8")
    result = call("evaluate", files / "ruler", files / "b.iob")
    assert "no component of this pipeline has: ORG" in unwrapped(result)
    (files / "b.iob").write_text("Oslo B-LOC\n", encoding="utf-8")  # not found, but known
    assert "no component of this pipeline has" not in unwrapped(call("evaluate", files / "ruler", files / "b.iob"))


def test_an_input_is_not_replaced(files):
    before = (files / "test.iob").read_bytes()
    for command in (("convert", files / "test.iob"), ("evaluate", files / "model", files / "test.iob", "--output")):
        result = call(*command, files / "." / "test.iob")
        assert result.exit_code == 1 and "R354" in result.output and (files / "test.iob").read_bytes() == before


def test_a_damaged_pipeline(files):
    spacy.blank("en").to_disk(files / "blank")
    (files / "blank" / "meta.json").write_text("{")
    result = call("evaluate", files / "blank", files / "test.iob")
    assert result.exit_code == 1 and "R322" in result.output and "is damaged" in unwrapped(result)


def test_a_pipeline_without_entities(files):
    spacy.blank("en").to_disk(files / "blank")
    result = call("evaluate", files / "blank", files / "test.iob")
    assert result.exit_code == 0 and "Entities: not predicted" in unwrapped(result)


def temperature(folder):
    return json.loads((folder / "test_confident" / "cfg").read_text())["temperature"]


def test_calibrate(files, monkeypatch):
    monkeypatch.setattr(Confident, "wanted", 4.0, raising=False)
    (files / "model" / "notes.txt").write_text("mine")
    assert "R360" in call("calibrate", files / "model", files / "test.iob").output and temperature(files / "model") == 1
    result = call("calibrate", files / "model", files / "test.iob", "--force")
    assert result.exit_code == 0, result.output
    assert "expected calibration error 0.7500 to 0.0000" in unwrapped(result)
    assert temperature(files / "model") == 4.0 and (files / "model" / "notes.txt").read_text() == "mine"
    assert spacy.load(files / "model").get_pipe("test_confident").cfg == {"temperature": 4.0}
    assert not [path for path in files.iterdir() if path.name.startswith(".")]


def test_calibrate_does_no_harm(files, monkeypatch):
    monkeypatch.setattr(Confident, "wanted", 4.0, raising=False)
    call("calibrate", files / "model", files / "test.iob", "--component", "test_confident", "--force")
    monkeypatch.setattr(Confident, "wanted", 1.5, raising=False)
    result = call("calibrate", files / "model", files / "test.iob", "--component", "test_confident", "--force")
    assert result.exit_code == 0 and "it stays as it was" in unwrapped(result)
    assert temperature(files / "model") == 4.0
    result = call("calibrate", files / "model", files / "test.iob", "--output", files / "copy")
    assert result.exit_code == 0 and temperature(files / "copy") == 4.0
    monkeypatch.setattr(Confident, "wanted", float("nan"), raising=False)
    result = call("calibrate", files / "model", files / "test.iob", "--output", files / "other")
    assert result.exit_code == 1 and "R361" in result.output and not (files / "other").exists()


def test_calibrate_to_another_folder(files, monkeypatch):
    monkeypatch.setattr(Confident, "wanted", 2.0, raising=False)
    args = ["calibrate", files / "model", files / "test.iob", "--output", files / "deep" / "other"]
    assert call(*args).exit_code == 0
    assert temperature(files / "deep" / "other") == 2.0 and temperature(files / "model") == 1.0
    assert "R360" in call(*args).output and call(*args, "--force").exit_code == 0
    assert "R360" in call(*args[:-1], files, "--force").output
    assert "R358" in call("calibrate", files / "missing", files / "test.iob").output
    assert "R321" in call("calibrate", files / "model", files / "test.iob", "-F", "-c", "ner").output
    (files / "low.iob").write_text("anna B-PER\n", encoding="utf-8")
    assert "R357" in call("calibrate", files / "model", files / "low.iob", "-F").output
    (files / "none.iob").write_text("a O\n", encoding="utf-8")
    assert "R359" in call("calibrate", files / "model", files / "none.iob", "-F").output


def test_no_such_gpu(files):
    spacy.blank("en").to_disk(files / "blank")
    for command in (["evaluate"], ["calibrate", "--force"]):
        result = call(*command, files / "blank", files / "test.iob", "--gpu-id", 99)
        assert result.exit_code == 1 and "R324" in result.output
