"""``spacy rnn evaluate`` and ``compare`` of text categories, as a user types them."""

import json

import pytest
from spacy.language import Language
from spacy.tokens import Doc, Span
from typer.testing import CliRunner

from spacy_rnn.cli import app

from ..training.categories import blank, text, write

SURE = {"ура": {"радость": 0.9, "грусть": 0.05, "anger": 0.05}, "жаль": {"радость": 0.1, "грусть": 0.6, "anger": 0.3}}
UNSURE = {"радость": 0.4, "грусть": 0.3, "anger": 0.3}


class ByWords:
    """Knows two words."""

    labels = ("радость", "грусть", "anger")

    def __init__(self, exclusive):
        self.cfg = {"exclusive": exclusive}

    def __call__(self, doc):
        doc.cats.update(SURE.get(doc[0].text if len(doc) else "", UNSURE))
        return doc

    def to_disk(self, path, exclude=()):
        pass

    from_disk = to_disk


@Language.factory("test_by_words", assigns=["doc.cats"], default_config={"exclusive": True})
def make_by_words(nlp, name, exclusive: bool):
    return ByWords(exclusive)


def call(*args):
    return CliRunner().invoke(app, [*map(str, args)])


def saved(folder, **config):
    nlp = blank()
    nlp.add_pipe("test_by_words", config=config)
    nlp.to_disk(folder)
    return folder


@pytest.fixture
def files(tmp_path):
    nlp = blank()
    docs = [text(nlp, ["ура"], "радость"), text(nlp, ["жаль", "!"], "грусть"), text(nlp, ["жаль"], "anger")]
    docs += [text(nlp, [], "радость"), text(nlp, ["что", "?"]), Doc(nlp.vocab, words=["без", "меток"])]
    return saved(tmp_path / "model"), write(tmp_path / "gold.spacy", docs), tmp_path / "scores.json"


def test_exclusive_categories(files):
    model, gold, output = files
    result = call("evaluate", model, gold, "--output", output)
    assert result.exit_code == 0, result.output
    scores = json.loads(output.read_text(encoding="utf8"))
    found = scores["categories"]["test_by_words"]
    assert found["exclusive"] and found["accuracy"] == 0.75  # the empty text is told right, and counts
    assert found["texts"] == 5 and found["unlabelled"] == 1 and found["out_of_scope"]["texts"] == 1
    assert found["out_of_scope"]["auroc"] == pytest.approx(3.5 / 4)
    assert scores["docs"] == 6 and scores["docs_per_second"] > 0 and scores["gold_tokens"]["upos"] is None
    said = " ".join(result.output.split())
    assert "Accuracy 75.00" in said and "Without gold categories, and not scored: 1" in said
    assert "anger грусть 1" in said and "Of no category: 1 texts" in said
    assert "Words" not in said and "Expected calibration error" in said


def test_any_number_of_categories(files):
    _, gold, output = files
    model = saved(output.with_name("several"), exclusive=False)
    result = call("evaluate", model, gold, "--output", output)
    found = json.loads(output.read_text(encoding="utf8"))["categories"]["test_by_words"]
    assert not found["exclusive"] and found["out_of_scope"] is None
    assert found["accuracy"] == 0.6  # of five texts that have gold: two of four, and the one of no category
    assert found["micro"]["p"] == pytest.approx(2 / 3) and found["micro"]["r"] == 0.5
    assert "Exactly right" in result.output and found["per_label"]["anger"]["threshold"] == 0.5


def test_with_entities_beside_them(files):
    model, gold, output = files
    nlp = blank()
    doc = text(nlp, ["ура", "Осло"], "радость")
    doc.ents = [Span(doc, 1, 2, "LOC")]
    gold = write(gold, [doc])
    result = call("evaluate", model, gold, "--output", output)
    scores = json.loads(output.read_text(encoding="utf8"))
    assert scores["has_entities"] and scores["entities"] is None and scores["words_per_second"]["gold_tokens"] > 0
    assert scores["categories"]["test_by_words"]["accuracy"] == 1.0
    assert "Entities: not predicted" in result.output


def test_what_cannot_be_scored(files):
    model, gold, _ = files
    blank().to_disk(gold.with_name("nothing"))
    result = call("evaluate", gold.with_name("nothing"), gold)
    assert result.exit_code == 1 and "[R546]" in result.output
    nlp = blank()
    write(gold, [text(nlp, ["ура"], "радость"), text(nlp, ["a"], "радость", "anger")])
    result = call("evaluate", model, gold)
    assert result.exit_code == 1 and "[R533] Text 2 " in " ".join(result.output.split())
    write(gold, [Doc(nlp.vocab, words=["a"])])
    assert "[R320]" in call("evaluate", model, gold).output


def test_comparison_with_a_cross_validation(files):
    model, gold, output = files
    call("evaluate", model, gold, "--output", output)
    folds = output.with_name("folds.json")
    numbers = {"accuracy": 0.8, "macro_f": 0.7, "ece": 0.02, "ents_f": 0.5}
    folds.write_text(json.dumps({"mean": numbers, "deviation": {key: 0.011 for key in numbers}}))
    result = call("compare", output, folds, "--markdown")
    assert result.exit_code == 0, result.output
    header, _, one, two = [line.strip("| ").split(" | ") for line in result.output.splitlines()]
    rows = [dict(zip(header, row, strict=True)) for row in (one, two)]
    assert rows[0]["Accuracy"] == "75.00" and rows[1]["Accuracy"] == "80.00 ± 1.10"
    assert rows[1]["Text ECE"] == "0.0200 ± 0.0110" and rows[1]["NER F1"] == "50.00 ± 1.10" and rows[0]["NER F1"] == "-"
    assert rows[0]["Docs/s"] != "-"
    for damaged in ('{"mean": 1}', '{"mean": {"accuracy": 0.8}}', '{"gold_tokens": {}, "categories": {"a": 1}}'):
        folds.write_text(damaged)
        assert "[R323]" in call("compare", folds).output
    assert "[R323]" in call("compare", folds.parent).output  # a folder
