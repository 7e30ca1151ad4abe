"""``spacy-rnn.textcat_corpus.v1`` as spaCy uses it."""

from collections import Counter

import pytest
import spacy
from spacy.training import Corpus, Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config_from_str, registry
from thinc.api import Config

from spacy_rnn.errors import RNNError
from spacy_rnn.training.texts.corpus import create_textcat_corpus
from spacy_rnn.training.texts.docs import convert_texts

from .corpora import PAIRS, as_csv, write, write_files

NLP = spacy.blank("en")


def positive(example):
    return tuple(label for label, value in example.reference.cats.items() if value == 1.0)


def read(path, **settings):
    return list(create_textcat_corpus(path, **settings)(NLP))


def many(tmp_path, **counts):
    pairs = [(f"{label} number {i}", label) for label, count in counts.items() for i in range(count)]
    return write(tmp_path / "many.csv", as_csv(pairs))


@pytest.fixture(params=PAIRS)
def corpus(request, tmp_path):
    return PAIRS[request.param], write(tmp_path / "corpus.csv", as_csv(PAIRS[request.param]))


def test_from_config(corpus):
    pairs, path = corpus
    config = load_config_from_str(
        f'[corpora]\n[corpora.train]\n@readers = "spacy-rnn.textcat_corpus.v1"\npath = "{path}"\n'
        'rename = {"nothing": "else"}\nlabels = null\nsample = 1\nlabel_names = null\ntext_column = "text"'
    )
    reader = registry.resolve(config)["corpora"]["train"]
    labels = sorted({label for _, label in pairs})
    with pytest.warns(UserWarning, match="W309.*nothing"):
        examples = list(reader(NLP))
    for (text, label), example in zip(pairs, examples, strict=True):
        assert isinstance(example, Example) and example.text == text == example.predicted.text
        assert example.reference.cats == {name: float(name == label) for name in labels}
        assert not example.predicted.cats
    assert len(list(reader(NLP))) == len(pairs)  # again, and without a warning


CONFIG = """
[nlp]
lang = "en"
pipeline = ["textcat"]
[components]
[components.textcat]
factory = "{factory}"
[corpora]
[corpora.train]
@readers = "spacy-rnn.textcat_corpus.v1"
path = "{path}"
shuffle_buffer = 20
[corpora.dev]
@readers = "spacy-rnn.textcat_corpus.v1"
path = "{path}"
[training]
max_epochs = {epochs}
max_steps = 12
eval_frequency = 6
[training.batcher]
@batchers = "spacy.batch_by_sequence.v1"
size = 8
[initialize]
[initialize.components]
[initialize.components.textcat]
labels = {labels}
"""


@pytest.mark.parametrize("factory", ["textcat", "textcat_multilabel"])
@pytest.mark.parametrize("epochs, labels", [(0, "null"), (-1, "null"), (-1, '["a", "b", "c"]')])
def test_trains(tmp_path, factory, epochs, labels):
    path = many(tmp_path, a=8, b=8, c=8)
    config = Config().from_str(CONFIG.format(factory=factory, path=path, epochs=epochs, labels=labels))
    nlp = init_nlp(spacy.blank("en").config.merge(config))
    assert nlp.get_pipe("textcat").label_data == ("a", "b", "c")  # what `spacy init labels` writes
    train(nlp)
    assert nlp("c number 3").cats["c"] > 1 / 3


def test_texts_with_the_same_labels_share_their_categories(tmp_path):
    one, two, other = read(many(tmp_path, a=2, b=1))
    assert one.reference.cats is two.reference.cats is not other.reference.cats


@pytest.mark.filterwarnings("ignore:.W305")
def test_sample(tmp_path):
    path = many(tmp_path, a=500, b=500)
    taken = {example.text for example in read(path, sample=0.2, seed=1)}
    assert 150 < len(taken) < 250
    assert taken == {example.text for example in read(path, sample=0.2, seed=1)}
    assert taken < {example.text for example in read(path, sample=0.4, seed=1)}
    assert taken != {example.text for example in read(path, sample=0.2, seed=2)}
    assert [positive(e) for e in read(path, limit=3)] == [("a",)] * 3 and "b" in read(path, limit=1)[0].reference.cats
    assert len(read(path, sample=0.2, limit=30)) == 30


@pytest.mark.filterwarnings("ignore:.W307")
def test_shuffle_buffer(tmp_path):
    path = many(tmp_path, a=30, b=30)
    plain = [example.text for example in read(path)]
    reader = create_textcat_corpus(path, shuffle_buffer=1000)
    first, second = ([example.text for example in reader(NLP)] for _ in range(2))
    assert sorted(first) == sorted(second) == sorted(plain) and plain != first != second != plain
    again = create_textcat_corpus(path, shuffle_buffer=1000)
    assert [example.text for example in again(NLP)] == first
    some = [example.text for example in create_textcat_corpus(path, shuffle_buffer=5, labels=["a", "b"])(NLP)]
    assert sorted(some) == sorted(plain) and some != plain
    assert all(plain.index(text) >= place - 59 for place, text in enumerate(some))


def test_a_buffer_too_small_for_sorted_texts(tmp_path):
    with pytest.warns(UserWarning, match="W307.*buffer of 10 .* 600 texts"):
        read(many(tmp_path, a=300, b=300), shuffle_buffer=10)
    files = write_files(tmp_path / "f", {name: b"text\n" * 300 for name in ("a.txt", "b.txt")})
    labels = [positive(example) for example in read(files, shuffle_buffer=10)]  # no warning: they are mixed
    assert Counter(labels[:200]).most_common()[-1][1] > 60


@pytest.mark.parametrize("balance, rare", [(None, 10), ("sqrt", 100), ("equal", 1000)])
def test_balance(tmp_path, balance, rare):
    counts = Counter(positive(example) for example in read(many(tmp_path, a=1000, b=10), balance=balance))
    assert counts == {("a",): 1000, ("b",): rare}


def test_balance_of_parts_of_times(tmp_path):
    counts = Counter(positive(example) for example in read(many(tmp_path, a=250, b=100), balance="equal"))
    assert counts[("a",)] == 250 and 215 < counts[("b",)] < 285


def test_balance_of_several_labels(tmp_path):
    path = write(tmp_path / "a.csv", as_csv([("x", "[a]")] * 4 + [("y", "[a b]"), ("z", "[]")]))
    counts = Counter(positive(example) for example in read(path, balance="equal"))
    assert counts == {("a",): 4, ("a", "b"): 5, (): 1}


@pytest.mark.filterwarnings("ignore:.W305")
def test_labels(tmp_path):
    path = many(tmp_path, a=2, b=2)
    for labels in (["b", "a"], str(write(tmp_path / "labels.json", '["b", "a"]'))):
        assert list(read(path, labels=labels)[0].reference.cats) == ["b", "a"]
    with pytest.raises(RNNError, match="R509.*line 4.*'b'"):
        read(path, labels=["a", "c"])
    with pytest.warns(UserWarning, match="W302.* 2 bad row.*R509"):
        assert len(read(path, labels=["a"], skip_bad=True)) == 2
    with pytest.warns(UserWarning, match="W304.* 1 label.*: c"):
        read(path, labels=["a", "b", "c"])


def test_max_length_and_duplicates(tmp_path):
    path = write(tmp_path / "a.csv", as_csv([("one two three", "a"), ("one", "b"), ("one", "b")]))
    with pytest.warns(UserWarning, match="W306.* 1 text"):
        examples = read(path, max_length=2, drop_duplicates=True)
    assert (
        [len(example.predicted) for example in examples] == [2, 1] == [len(example.reference) for example in examples]
    )
    assert examples[0].reference.cats == {"a": 1.0, "b": 0.0}


def test_exclude(tmp_path):
    test = write(tmp_path / "test.csv", as_csv([("A number 1!", "a"), ("b  number 0", "b"), ("c", "c")]))
    path = many(tmp_path, a=2, b=1, c=1)
    (example, other) = read(path, exclude=[str(test)])
    assert (example.text, other.text) == ("a number 0", "c number 0")
    assert list(example.reference.cats) == ["a", "c"]  # b is not left


def test_a_converted_corpus_trains_as_well(tmp_path):
    convert_texts(many(tmp_path, a=3, b=3), tmp_path / "a.spacy", NLP)
    nlp = spacy.blank("en")
    nlp.add_pipe("textcat")
    examples = list(Corpus(tmp_path / "a.spacy")(nlp))
    assert [e.text for e in examples] == [e.text for e in read(tmp_path / "a.spacy")]
    assert [e.reference.cats for e in examples] == [e.reference.cats for e in read(tmp_path / "a.spacy")]
    nlp.initialize(lambda: examples)
    assert nlp.update(examples)["textcat"] > 0


def test_augmenter(tmp_path):
    assert len(read(many(tmp_path, a=2, b=2), augmenter=lambda nlp, example: [example, example])) == 8


@pytest.mark.parametrize(
    "settings",
    [{"limit": -1}, {"sample": 0}, {"sample": 1.5}, {"shuffle_buffer": -1}, {"balance": "no"}, {"max_length": -2}],
)
def test_mistakes(settings):
    with pytest.raises(RNNError, match="R149"):
        create_textcat_corpus("a.csv", **settings)


def test_no_path():
    with pytest.raises(RNNError, match="R316.*textcat_corpus"):
        create_textcat_corpus(None)
