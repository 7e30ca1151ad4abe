"""What the benchmarks count with: trainings and timings are not run here."""

import importlib
import json
from collections import Counter
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy
import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import floats
from scipy import special
from spacy.attrs import ORTH
from spacy.ml.extract_ngrams import extract_ngrams
from spacy.tokens import Doc, Span
from thinc.api import SparseLinear_v2

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


# -- Categories of texts


def test_folds_have_as_many_of_each_label(load):
    data = load("textcat_data")
    texts = [data.Text(str(i), [["a"], ["b"], ["a", "b"], []][i % 4]) for i in range(86)]
    numbers = data.deal(texts)
    assert numbers == data.deal(texts) and numbers != data.deal(texts, seed=1)
    for labels in ([], ["a"], ["b"], ["a", "b"]):
        counts = Counter(number for text, number in zip(texts, numbers, strict=True) if text.labels == labels)
        assert set(counts) == set(range(10)) and max(counts.values()) - min(counts.values()) <= 1
    held = data.hold_out(texts)
    assert len(held["dev"]) == 9 and sorted(held["train"] + held["dev"]) == sorted(texts)


def test_splits_of_raw_files(load, tmp_path):
    """Everyone gets the same texts in the same order; a text may have no label, or two."""
    data, runs, scores = load("textcat_data"), load("textcat_runs"), load("textcat_scores")
    raw, splits = tmp_path / "raw", tmp_path / "splits"
    write_raw(raw)
    data.prepare(SimpleNamespace(data=raw, splits=splits))
    cedr, labels = splits / "cedr", ["anger", "fear", "joy", "sadness", "surprise"]
    assert scores.about_all(cedr) == {"labels": labels, "exclusive": False, "lang": "ru"}
    assert scores.gold_of(cedr, "test", labels).tolist() == [[False] * 5, [True, False, True, False, False]]
    assert (cedr / "test.fasttext").read_text(encoding="utf8") == "тихо .\n__label__joy __label__anger ура , ой !\n"
    assert sum(len(scores.gold_of(cedr, part, labels)) for part in ("train", "dev")) == 20
    mr = [runs.fold_split(SimpleNamespace(splits=splits, work=tmp_path, dataset="mr"), fold) for fold in (0, 9)]
    parts = [(mr[0] / f"{part}.fasttext").read_text(encoding="utf8") for part in ("train", "dev", "test")]
    assert [part.count("\n") for part in parts] == [16, 2, 2]
    assert sorted("".join(parts)) == sorted((splits / "mr" / "all.fasttext").read_text(encoding="utf8"))
    assert (mr[1] / "dev.jsonl").read_bytes() == (mr[0] / "test.jsonl").read_bytes()
    nlp = spacy.blank("en")
    for part in ("train", "dev", "test"):
        docs = runs.read(mr[0] / f"{part}.spacy", nlp)
        rows = [json.loads(line) for line in (mr[0] / f"{part}.jsonl").read_text(encoding="utf8").splitlines()]
        assert [(doc.text, doc.cats[row["label"]]) for doc, row in zip(docs, rows, strict=True)] == [
            (row["text"], 1.0) for row in rows
        ]


def write_raw(folder: Path) -> None:
    files = {"BANKING77/test.csv": "text,category\nHow?,card\nWhy?,cash\n"}
    files["BANKING77/train.csv"] = "text,category\n" + "".join(
        f"No {i}?,{'card' if i % 2 else 'cash'}\n" for i in range(20)
    )
    clinc = {name: [["hi", "greet"]] for name in ("train", "val", "test")} | {"oos_test": [["what", "oos"]]}
    files["CLINC150/data_full.json"] = json.dumps(clinc)
    head = "text,labels,source\n"
    files["CEDR/cedr-main-train.csv"] = head + "".join(f"Слово {i},[{i % 5}],lj\n" for i in range(20))
    files["CEDR/cedr-main-test.csv"] = head + 'Тихо.,[],lj\n"Ура, ой!",[0 4],lj\n'
    for name in ("sentence_polarity/rt-polarity.neg", "sentence_polarity/rt-polarity.pos"):
        files[name] = "".join(f"{name[-3:]} film {i} . \n" for i in range(10))
    for name in ("subjectivity/plot.tok.gt9.5000", "subjectivity/quote.tok.gt9.5000"):
        files[name] = "".join(f"{name[13:17]} {i}\n" for i in range(10))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf8")


def test_texts_without_label_for_fasttext(load, tmp_path):
    file = tmp_path / "some.fasttext"
    file.write_text("__label__joy ура !\nтихо .\n\n", encoding="utf8")
    made = load("textcat_peers").with_none(file, tmp_path / "out")
    assert made.read_text(encoding="utf8") == "__label__joy ура !\n__label__none тихо .\n"


def test_scores_of_labels(load):
    scores = load("textcat_scores")
    gold = numpy.array([[1, 0], [1, 1], [0, 0], [0, 1]], dtype=bool)
    found = numpy.array([[0.9, 0.2], [0.4, 0.3], [0.3, 0.1], [0.2, 0.8]])
    at_half = scores.f_scores(gold, found >= 0.5)
    assert at_half == {"micro_f": pytest.approx(2 / 3), "macro_f": pytest.approx(2 / 3), "exact": 0.75}
    tuned = scores.several({"dev": gold, "test": gold}, {"dev": found, "test": found}, 0.5)
    assert tuned == {**at_half, "micro_f_tuned": 1, "macro_f_tuned": 1, "exact_tuned": 1}
    assert scores.one(numpy.eye(3, dtype=bool), numpy.eye(3)[[0, 1, 1]])["accuracy"] == pytest.approx(2 / 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(arrays(float, (6, 3), elements=floats(-8, 8)), floats(0.2, 5))
def test_temperature_of_probabilities(load, logits, temperature):
    """Logits need not be known."""
    tempered = load("textcat_scores").tempered
    softmax = special.softmax(logits, axis=1)
    assert tempered(softmax, temperature, True) == pytest.approx(
        special.softmax(logits / temperature, axis=1), abs=1e-5
    )
    assert tempered(special.expit(logits), temperature, False) == pytest.approx(special.expit(logits / temperature))


def test_calibration_of_what_is_too_sure(load):
    rng = numpy.random.default_rng(0)
    logits = rng.normal(size=(4000, 3))
    gold = numpy.stack([rng.multinomial(1, p) for p in special.softmax(logits, axis=1)]).astype(bool)
    parts = {"dev": slice(2000), "test": slice(2000, 4000)}
    found = {name: special.softmax(3 * logits, axis=1)[part] for name, part in parts.items()}
    scores = load("textcat_scores").calibration({name: gold[part] for name, part in parts.items()}, found, True)
    assert scores["ece"] > 0.2 and scores["ece_tempered"] < 0.04 and scores["temperature"] == pytest.approx(3, rel=0.1)


def test_out_of_scope(load):
    out_of_scope = load("textcat_scores").out_of_scope
    dev = numpy.linspace(0, 1, 101)
    found = out_of_scope(dev, inside=numpy.array([0.01, 0.5, 0.9]), outside=numpy.array([0.01, 0.04, 0.6]))
    assert found == pytest.approx({"oos_recall": 2 / 3, "oos_false": 1 / 3, "oos_auroc": (0.5 + 2 + 3) / 9})


def test_table_of_results(load):
    runs = [{"texts": 1000, "accuracy": 0.9, "ece": 0.02}, {"texts": 1000, "accuracy": 0.92, "ece": 0.04}]
    results = [{"system": "slow", "runs": [{"texts": 1000, "accuracy": 0.8}]}, {"system": "good", "runs": runs}]
    assert load("textcat_scores").markdown("mr", results) == [
        "| mr (1,000 texts) | runs | accuracy | ECE |",
        "|---|---:|---:|---:|",
        "| good | 2 | 91.0 ± 1.4 | 0.030 ± 0.014 |",
        "| slow | 1 | 80.0 |  |",
    ]


def test_settings_from_the_command_line(load):
    pairs = ["training.max_steps=10", "paths.vectors=null", "a.b=en", 'c.d=["x"]']
    assert load("textcat_runs").overrides(pairs) == {
        "training.max_steps": 10,
        "paths.vectors": None,
        "a.b": "en",
        "c.d": ["x"],
    }


def test_smaller_bag_of_words_is_spacys(load, monkeypatch):
    """The same scores and gradients as Thinc's layer; words that training does not have count as zero there too."""
    sparse, rng, length = load("textcat_sparse"), numpy.random.default_rng(0), 2**18
    monkeypatch.setattr(sparse.spacy_textcat, "SparseLinear_v2", SparseLinear_v2)
    nlp = spacy.blank("en")
    docs = [nlp(text) for text in ("a cat sat on a mat", "", "кошка на ковре", "a new one")]
    inputs = extract_ngrams(1, attr=ORTH).predict(docs)
    sparse.only_for(docs[:3], length)
    theirs, ours = SparseLinear_v2(nO=3, length=length), sparse.spacy_textcat.SparseLinear_v2(nO=3, length=length)
    assert ours.initialize().get_param("W").size == 3 * len(sparse.BUCKETS) <= 3 * 2 * 8
    weights = numpy.zeros((3, length), dtype="f")
    weights[:, sparse.BUCKETS] = rng.normal(size=(3, len(sparse.BUCKETS)))
    theirs.initialize().set_param("W", weights.ravel())
    ours.set_param("W", weights[:, sparse.BUCKETS].ravel())
    (expected, backprop), (scores, our_backprop) = theirs(inputs, is_train=True), ours(inputs, is_train=True)
    assert scores == pytest.approx(expected, abs=1e-5)
    gradient = rng.normal(size=scores.shape).astype("f")
    gradient[3] = 0  # of words that training does not have, there is no gradient
    backprop(gradient), our_backprop(gradient)
    wanted = theirs.get_grad("W").reshape(3, length)
    assert ours.get_grad("W").reshape(3, -1) == pytest.approx(wanted[:, sparse.BUCKETS], abs=1e-6)
    assert numpy.count_nonzero(wanted) == numpy.count_nonzero(ours.get_grad("W"))
    assert ours.get_grad("b") == pytest.approx(theirs.get_grad("b"), abs=1e-6)


def test_what_the_networks_of_a_pipeline_got(load):
    """Called again with it, they give the same."""
    nlp = make_nlp("en")
    docs = [example.reference for example in make_examples(nlp, "en")]
    nlp.initialize(lambda: make_examples(nlp, "en"))
    speed = load("textcat_speed")
    calls = speed.recorded(nlp, docs, 2)
    assert len({net for net, _ in calls}) == len(speed.torch_shims(nlp)) and len(calls) >= 2 * -(-len(docs) // 2)
    assert speed.bare(calls)(0) > 0 and speed.in_plain_torch(speed.bare(calls))(0) > 0
