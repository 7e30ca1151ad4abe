"""What cells say of labels, and what becomes of labels."""

import json

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.training.texts import TextCounts, TextOptions, find_labels, read_texts
from spacy_rnn.training.texts.cells import labels_in
from spacy_rnn.training.texts.docs import convert_texts
from spacy_rnn.training.texts.labels import read_labels
from spacy_rnn.training.texts.options import Row

from .corpora import as_csv, write

ROW = Row("a.csv", "line", 2)


@pytest.mark.parametrize(
    "value, labels",
    [
        ("joy", ["joy"]),
        (" credit card ", ["credit card"]),
        ("[0 2]", ["0", "2"]),
        ("[]", []),
        ("[ ]", []),
        ("['joy', 'fear']", ["joy", "fear"]),
        ("['joy' 'fear']", ["joy", "fear"]),
        ('["joy", "fear"]', ["joy", "fear"]),
        ("[\"it's\", 'a \\'b\\'']", ["it's", "a 'b'"]),
        ("[радость, сильный страх]", ["радость", "сильный страх"]),
        ("[1, 2]", ["1", "2"]),
        (["joy", 1], ["joy", "1"]),
        (3, ["3"]),
        ({"joy": 1, "fear": 0.0, "shame": True}, ["joy", "shame"]),
        ({"cats": {"joy": 1.0, "fear": False}}, ["joy"]),
        ({"cats": 1, "dogs": 0}, ["cats"]),
        ("", None),
        (None, None),
    ],
)
def test_cells(value, labels):
    assert labels_in(value, TextOptions(), ROW) == labels


@pytest.mark.parametrize("value", ["['joy' and 'fear']", [["joy"]], [None]])
def test_what_cannot_be_read(value):
    with pytest.raises(RNNError, match=r"R511.*a\.csv, line 2"):
        labels_in(value, TextOptions(), ROW)


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1).filter(str.isprintable)


@given(st.lists(NAMES, min_size=1))
def test_lists_come_back(labels):
    assert labels_in(json.dumps(labels), TextOptions(), ROW) == labels
    assert labels_in(str(labels), TextOptions(), ROW) == labels


@given(st.text(min_size=1))
def test_any_cell(cell):
    try:
        labels = labels_in(cell, TextOptions(), ROW)
    except RNNError as error:
        assert "R511" in str(error)
    else:
        assert labels is None or all(isinstance(label, str) for label in labels)


def labels_of(path, counts=None, known=None, skip_bad=False, **options):
    return [
        list(t.labels) for t in read_texts(path, TextOptions(**options), known=known, skip_bad=skip_bad, counts=counts)
    ]


@pytest.fixture
def corpus(tmp_path):
    def make(*cells, header=("text", "label")):
        return write(tmp_path / "a.csv", as_csv([(f"text {i}", cell) for i, cell in enumerate(cells)], header))

    return make


def test_separator(corpus):
    assert labels_of(corpus("b|a", "a", "a|")) == [["b|a"], ["a"], ["a|"]]
    assert labels_of(corpus("b|a|a", "a", "a|"), label_separator="|") == [["a", "b"], ["a"], ["a"]]


def test_names_of_numbers(corpus):
    names = ["joy", "sadness", "surprise"]
    assert labels_of(corpus("[0 2]", "1", "1.0", "[]"), label_names=names) == [
        *(["joy", "surprise"], ["sadness"], ["sadness"], [])
    ]
    with pytest.raises(RNNError, match="R511.*line 3.*'3'"):
        labels_of(corpus("0", "3"), label_names=names)
    assert labels_of(corpus("0", "joy", "1"), label_names=names) == [["joy"], ["joy"], ["sadness"]]


def test_names_that_are_numbers(corpus):
    """The stars from 1 to 3, numbered from 0: a number is never taken for a name."""
    assert labels_of(corpus("0", "1", "2.0"), label_names=["1", "2", "3"]) == [["1"], ["2"], ["3"]]
    with pytest.raises(RNNError, match="R511.*line 3.*'3'"):
        labels_of(corpus("1", "3"), label_names=["1", "2", "3"])


def test_rename_keep_drop(corpus):
    path = corpus("a", "b", "[a b]", "c")
    counts = TextCounts()
    assert labels_of(path, counts, drop=["b"]) == [["a"], ["a"], ["c"]]
    assert counts.unwanted == {"b": 2} and counts.without == 1 and counts.rows == 4
    assert labels_of(path, keep=["b", "c"]) == [["b"], ["b"], ["c"]]
    assert labels_of(path, rename={"a": "x", "b": "x"}) == [["x"], ["x"], ["x"], ["c"]]
    assert labels_of(path, rename={"b": ""}) == [["a"], [], ["a"], ["c"]]
    assert labels_of(path, rename={"b": "x"}, keep=["x"]) == [["x"], ["x"]]


def test_exclusive(corpus):
    assert labels_of(corpus("a", "[a]"), exclusive=True) == [["a"], ["a"]]
    with pytest.raises(RNNError, match="R508.*line 3.*a, b"):
        labels_of(corpus("a", "[a b]"), exclusive=True)
    with pytest.raises(RNNError, match="R507.*line 3"):
        labels_of(corpus("a", "[]"), exclusive=True)
    assert labels_of(corpus("a", "[]")) == [["a"], []]
    for cell in ("", "  "):
        with pytest.raises(RNNError, match="R507.*line 3"):
            labels_of(corpus("a", cell))
        assert labels_of(corpus("a", cell), exclusive=False) == [["a"], []]
    assert labels_of(corpus("[a b]", "[b c]"), exclusive=True, drop=["b"]) == [["a"], ["c"]]


def test_known_labels(corpus):
    path = corpus("a", "b", "[a c]")
    with pytest.raises(RNNError, match="R509.*line 3.*'b'"):
        labels_of(path, known=["a"])
    counts = TextCounts()
    assert labels_of(path, counts, known=["a", "b"], skip_bad=True) == [["a"], ["b"]]
    assert counts.bad == 1 and "'c'" in str(counts.first_bad[0])


def test_one_hot(tmp_path):
    path = write(tmp_path / "a.csv", "text,joy,fear,страх\na,1,0,1\nb,0,0.0,0\nc,true,False,1.0\n")
    assert labels_of(path) == [["joy", "страх"], [], ["joy", "страх"]] == labels_of(path, one_hot=["all"])
    assert labels_of(path, one_hot=["fear", "страх"]) == [["страх"], [], ["страх"]]
    write(path, "1,a,0\n0,b,1\n")
    assert labels_of(path, text_column=["1"], one_hot=["0", "2"]) == [["0"], ["2"]]
    assert labels_of(path, text_column=["1"], one_hot=["all"]) == [["0"], ["2"]]
    write(path, "text,joy,fear\na,1,0\nb,2,0\n")
    with pytest.raises(RNNError, match="R510.*line 3.*'joy'.*'2'"):
        labels_of(path)
    path = write(tmp_path / "a.jsonl", '{"text": "a", "joy": 1, "fear": false}\n')
    assert labels_of(path, one_hot=["all"]) == [["joy"]] == labels_of(path, one_hot=["joy", "fear"])
    with pytest.raises(RNNError, match="R501.*'shame'.*text, joy, fear"):
        labels_of(path, one_hot=["shame"])


def test_fasttext(tmp_path):
    path = write(
        tmp_path / "a.txt", "__label__a __label__b text one\n\nin the __label__b middle\n__label__в  два слова\n"
    )
    texts = [(t.text, t.labels) for t in read_texts(path)]
    assert texts == [("text one", ("a", "b")), ("in the middle", ("b",)), ("два слова", ("в",))]
    write(path, "#a text\n")
    assert labels_of(path, format="fasttext", label_prefix="#") == [["a"]]
    with pytest.raises(RNNError, match="R507.*line 1"):
        labels_of(path, format="fasttext")
    write(path, "__label__a x\n__label__ credit card y\n")
    with pytest.raises(RNNError, match="R521.*line 2"):
        labels_of(path)
    write(path, "__label__credit card y\n")
    with pytest.raises(RNNError, match="R509.*'credit'.*Is it 'credit card'"):
        labels_of(path, known=["credit card"])


def test_sets_of_labels(tmp_path):
    assert read_labels(["b", "a", "b"]) == ["b", "a"]
    assert read_labels(write(tmp_path / "a.json", '["b", "а"]')) == ["b", "а"]
    assert read_labels(write(tmp_path / "a.txt", "b\n\nсильный страх\n")) == ["b", "сильный страх"]
    source = write(tmp_path / "a.csv", as_csv([("x", "b"), ("y", "a")]))
    convert_texts(source, tmp_path / "a.spacy", spacy.blank("en"))
    assert read_labels(tmp_path / "a.spacy") == ["a", "b"] == find_labels(source)
    for name, content in (("a.json", "[]"), ("a.json", "[1]"), ("a.json", "{"), ("a.txt", ""), ("a.spacy", "x")):
        with pytest.raises(RNNError, match="R519"):
            read_labels(write(tmp_path / name, content))
    with pytest.raises(RNNError, match="R301"):
        read_labels(tmp_path / "none.json")
