"""What the benchmarks count with: trainings and timings are not run here."""

import importlib
import json
from pathlib import Path
from types import ModuleType

import pytest
import spacy
from spacy.tokens import Doc, Span

from .pipeline.tiny_ner import make_examples, make_nlp, train

FOLDER = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(FOLDER))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    return load


@pytest.mark.parametrize(
    "tags, spans",
    [
        ("O S-PER O", [(1, 2, "PER")]),
        ("B-LOC I-LOC E-LOC S-LOC", [(0, 3, "LOC"), (3, 4, "LOC")]),
        ("B-LOC E-LOC B-ORG E-ORG", [(0, 2, "LOC"), (2, 4, "ORG")]),
        ("E-PER I-PER O I-PER", [(0, 1, "PER"), (1, 2, "PER"), (3, 4, "PER")]),
        ("B-PER I-ORG E-ORG", [(0, 1, "PER"), (1, 3, "ORG")]),
        ("O O", []),
    ],
)
def test_spans_of_stanzas_tags(load, tags, spans):
    assert load("labelling_peers").spans_of(tags.split()) == spans


def test_words_for_stanza(load):
    made = load("labelling_peers").stanza_words([(["Анна", "Ли", "в", "Риме"], [(0, 2, "PER"), (3, 4, "LOC")])])
    assert [word["ner"] for word in made[0]] == ["B-PER", "I-PER", "O", "B-LOC"]
    assert [word["id"] for word in made[0]] == [1, 2, 3, 4]


def test_predictions_are_read_and_scored(load, tmp_path):
    ner = load("labelling_ner")
    vocab = spacy.blank("en").vocab
    gold = [Doc(vocab, words=["Ann", "Lee", "saw", "Rome"]), Doc(vocab, words=["Nobody"])]
    gold[0].ents = [Span(gold[0], 0, 2, "PER"), Span(gold[0], 3, 4, "LOC")]
    gold[1].ents = []
    file = tmp_path / "test.json"
    file.write_text(json.dumps([[[0, 2, "PER"], [2, 4, "LOC"]], [[0, 1, "PER"]]]), encoding="utf8")
    found = ner.read_found(file)
    assert found == [[(0, 2, "PER"), (2, 4, "LOC")], [(0, 1, "PER")]]
    assert ner.score(gold, found, ["LOC", "PER"]) == pytest.approx([40, 100 / 3, 50, 0, 200 / 3])
    assert ner.score(gold, [ner.spans_of(doc) for doc in gold], ["LOC", "PER"]) == [100] * 5


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_what_a_recogniser_says_of_itself(load, lang):
    """One that has learned its few sentences is right and nearly sure."""
    benchmark = load("labelling_ner")
    nlp = make_nlp(lang, decoder="softmax")
    examples = make_examples(nlp, lang)
    train(nlp, examples, 60)
    gold = [example.reference for example in examples]
    wanted = [benchmark.spans_of(doc) for doc in gold]
    assert benchmark.token_by_token(nlp, gold) == wanted
    spans, ece, chance, sure, right, marginals, token_ece = benchmark.how_sure(nlp, gold)
    assert spans == sum(map(len, wanted)) and sure <= spans and right in (0, 100)
    assert max(ece, chance, token_ece) < 0.3
    assert marginals >= sum(end - start for found in wanted for start, end, _ in found)
    nlp.get_pipe("rnn_ner").cfg["temperature"] = 5.0
    assert benchmark.how_sure(nlp, gold)[1] > ece


def test_mean_and_deviation(load):
    mean_and_deviation = load("labelling_ner").mean_and_deviation
    assert [mean_and_deviation([70]), mean_and_deviation([70, 72])] == ["70.0", "71.0 ± 1.4"]


def test_sentence_lengths(load, tmp_path):
    file = tmp_path / "some.iob2"
    file.write_text("# text = a b\n1\ta\tO\n2\tb\tB-PER\n\n\n# text = c\n1\tc\tO\n", encoding="utf8")
    assert load("labelling").sentence_lengths(file) == [2, 1]
