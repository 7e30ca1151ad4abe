"""Every format gives the same texts, is found by itself, and is read a record at a time."""

import json
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from spacy_rnn.errors import RNNError
from spacy_rnn.training.annotated import find_kind
from spacy_rnn.training.texts import TextCounts, TextOptions, find_labels, read_texts
from spacy_rnn.training.texts.docs import convert_texts
from spacy_rnn.training.texts.formats import find_format
from spacy_rnn.training.texts.records import CHUNK, JsonStream

from .corpora import (
    FLAT,
    PAIRS,
    as_csv,
    as_fasttext,
    as_json,
    as_jsonl,
    as_parts,
    as_tsv,
    by_label,
    files_of,
    write,
    write_files,
    write_tar,
    write_zip,
)


def pairs_of(path, skip_bad=False, counts=None, **options):
    return [(t.text, *t.labels) for t in read_texts(path, TextOptions(**options), skip_bad=skip_bad, counts=counts)]


@pytest.fixture(params=PAIRS)
def lang(request):
    return request.param


@pytest.mark.parametrize(
    "name, content, kind",
    [
        ("a.csv", as_csv, "csv"),
        ("a.csv.gz", as_csv, "csv"),
        ("a.CSV", as_csv, "csv"),
        ("a.jsonl", as_jsonl, "jsonl"),
        ("a.ndjson", as_jsonl, "jsonl"),
        ("a.json", as_json, "json"),
        ("a.json.gz", as_json, "json"),
    ],
)
def test_one_file(tmp_path, lang, name, content, kind):
    path = write(tmp_path / name, content(PAIRS[lang]))
    assert find_format(path, TextOptions()) == kind == find_kind(path)
    assert pairs_of(path) == PAIRS[lang]
    assert find_labels(path) == sorted({label for _, label in PAIRS[lang]})


@pytest.mark.parametrize(
    "name, content, kind",
    [("a.tsv", as_tsv, "tsv"), ("a.txt", as_fasttext, "fasttext"), ("a.ft", as_fasttext, "fasttext")],
)
def test_one_line_a_text(tmp_path, lang, name, content, kind):
    path = write(tmp_path / name, content(FLAT[lang]))
    assert find_format(path, TextOptions()) == kind == find_kind(path)
    assert pairs_of(path) == FLAT[lang]


@pytest.mark.parametrize("folders", [False, True])
@pytest.mark.parametrize("write_to", ["folder", "a.zip", "a.tar", "a.tar.gz", "a.tgz"])
def test_a_file_or_folder_for_each_label(tmp_path, lang, folders, write_to):
    files = files_of(FLAT[lang], folders) | {"README.md": b"about", ".hidden": b"", "info.xml": b"<xml/>"}
    write_all = {"folder": write_files, "a.zip": write_zip}.get(write_to, write_tar)
    path = write_all(tmp_path / write_to, files)
    counts = TextCounts()
    assert find_kind(path) == ("folders" if folders else "lines")
    assert sorted(pairs_of(path, counts=counts)) == sorted(FLAT[lang])
    assert len(counts.passed_over) == 3 and counts.files == len(files) - 3
    mixed = pairs_of(path, mixed=True)
    assert sorted(mixed) == sorted(FLAT[lang])


def test_one_folder_is_one_label(tmp_path, monkeypatch, lang):
    label, files = PAIRS[lang][0][1], {"1.txt": b"a", "2.txt": b"b"}
    write_files(tmp_path / label, files)
    for path in (tmp_path, tmp_path / label):
        assert pairs_of(path, format="folders") == [("a", label), ("b", label)]
    monkeypatch.chdir(tmp_path / label)
    assert pairs_of(Path("."), format="folders") == [("a", label), ("b", label)]


def test_files_of_labels_come_in_turns(tmp_path):
    path = write_files(tmp_path, {name: b"text\n" * 500 for name in ("a.txt", "b.txt")})
    labels = "".join(label for _, label in pairs_of(path, mixed=True))
    assert labels.count("a") == 500 and labels[:400].count("ab") > 50
    assert labels == "".join(label for _, label in pairs_of(path, mixed=True))
    assert "".join(label for _, label in pairs_of(path)) == "a" * 500 + "b" * 500


@pytest.mark.parametrize(
    "names, labels",
    [
        (["rt-polarity.pos", "rt-polarity.neg"], "neg pos"),
        (["plot.tok.gt9.5000", "quote.tok.gt9.5000"], "plot quote"),
        (["pos.txt.gz", "neg.txt.gz"], "neg pos"),
        (["pos.txt", "very.neg.txt"], "pos very.neg"),
        (["a.b.txt", "a.c.md"], "b.txt c.md"),
    ],
)
def test_labels_by_file_names(tmp_path, names, labels):
    for name in names:
        write(tmp_path / name, "text\n")
    assert find_labels(tmp_path, TextOptions(format="lines")) == labels.split()


def test_parts_of_json(tmp_path, lang):
    path = write(tmp_path / "a.json", as_parts(PAIRS[lang]))
    assert find_kind(path) == "json"
    assert pairs_of(path, part=["train"]) == PAIRS[lang]
    assert pairs_of(path, part=["test", "train"]) == [*PAIRS[lang], ("?", "?")]
    for options, missing in (({}, "none named"), ({"part": ["dev"]}, "wanted: dev;")):
        with pytest.raises(RNNError, match=f"R514.*{missing}.*train, test"):
            pairs_of(path, **options)
    write(path, json.dumps({"data": {"train": PAIRS[lang], "version": "1.0"}, "by": ["me"] * 0}))
    assert pairs_of(path, part=["data"]) == PAIRS[lang] == pairs_of(path, part=["data.train"])


@pytest.mark.parametrize("name, content", [("a.csv", as_csv), ("a.jsonl", as_jsonl), ("a.ft", as_fasttext)])
def test_other_files_have_no_parts(tmp_path, name, content):
    path = write(tmp_path / name, content(FLAT["en"]))
    with pytest.raises(RNNError, match="R514.*wanted: train, dev; .*none"):
        pairs_of(path, part=["train", "dev"])


def test_texts_by_label(tmp_path, lang):
    path = write(tmp_path / "a.json", by_label(PAIRS[lang]))
    assert sorted(pairs_of(path)) == sorted(PAIRS[lang])
    write(path, json.dumps({"dev": {"a": ["x"]}, "test": {"b": ["y"]}}))
    assert pairs_of(path, part=["test"]) == [("y", "b")]


def test_parts_of_folders(tmp_path):
    files = {
        "train/pos/1.txt": b"good",
        "train/neg/1.txt": b"bad",
        "test/pos/1.txt": b"fine",
        "train/urls.txt": b"http",
    }
    for path in (write_files(tmp_path / "folder", files), write_zip(tmp_path / "a.zip", files)):
        with pytest.raises(RNNError, match="R514.*test, train"):
            pairs_of(path)
        counts = TextCounts()
        assert sorted(pairs_of(path, counts=counts, part=["train"])) == [("bad", "neg"), ("good", "pos")]
        assert len(counts.passed_over) == 1
        with pytest.raises(RNNError, match="R514.*wanted: dev.*test, train"):
            pairs_of(path, part=["dev"])


def test_several_files_of_one_format(tmp_path):
    write_files(tmp_path, {"1.csv": b"text,label\na,x\n", "2.csv": b"label,text\ny,b\n"})
    assert pairs_of(tmp_path) == [("a", "x"), ("b", "y")]
    assert pairs_of(tmp_path, part=["2.csv"]) == [("b", "y")]
    write(tmp_path / "labels.json", "[]")
    with pytest.raises(RNNError, match="R517.*csv and json"):
        pairs_of(tmp_path)
    counts = TextCounts()
    assert pairs_of(tmp_path, counts=counts, format="csv") == [("a", "x"), ("b", "y")]
    assert [name.rsplit("/")[-1] for name in counts.passed_over] == ["labels.json"]


def test_columns(tmp_path):
    path = write(tmp_path / "a.csv", "id;Title;Body;Класс\n1;Da;da;x\n2;;ja;y\n")
    assert pairs_of(path, text_column=["Body"]) == [("da", "x"), ("ja", "y")]
    assert pairs_of(path, text_column=["Title", "Body"], label_column="id") == [("Da\nda", "1"), ("ja", "2")]
    assert pairs_of(path, text_column=["0"], label_column="3")[1:] == [("1", "x"), ("2", "y")]
    write(path, "\n \ntext;label\na,b;x\n")  # its first line is blank
    assert pairs_of(path) == [("a,b", "x")]
    write(path, '"a, b",label\nx,y\n')
    assert pairs_of(path, text_column=["a, b"]) == [("x", "y")]


def test_column_names_in_any_case(tmp_path):
    assert pairs_of(write(tmp_path / "a.csv", " Sentence ,CATEGORY\nx,y\n")) == [("x", "y")]
    assert pairs_of(write(tmp_path / "a.jsonl", '{"Текст": "x", "Метка": "y"}')) == [("x", "y")]


def test_quotes(tmp_path):
    path = write(tmp_path / "a.tsv", 'text\tlabel\n"one "two\tx\n"three"\ty\n')
    assert pairs_of(path) == [('"one "two', "x"), ('"three"', "y")]
    write(path, 'text\tlabel\n"a ""b""\tc"\tx\n')
    assert pairs_of(path, quotes=True) == [('a "b"\tc', "x")]
    path = write(tmp_path / "a.csv", 'text,label\n"a,x\nb",y\n')
    assert pairs_of(path) == [("a,x\nb", "y")]
    assert pairs_of(path, quotes=False) == [('"a', "x"), ('b"', "y")]


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "utf-16", "utf-8-sig", "utf-8"])
def test_encodings(tmp_path, encoding):
    pairs = [("Фильм хорош", "радость"), ("нет", "страх")]
    path = write(tmp_path / "a.csv", as_csv(pairs).encode({"utf-8": "utf-8-sig"}.get(encoding, encoding)))
    assert pairs_of(path, encoding=encoding) == pairs  # utf-8 is said also of files with a byte order mark
    if encoding.startswith("utf"):
        assert pairs_of(path) == pairs
    else:
        with pytest.raises(RNNError, match=r"R506.*a\.csv, line 2"):
            pairs_of(path)


def test_docbins(tmp_path):
    source = write(tmp_path / "a.csv", as_csv(PAIRS["en"]))
    convert_texts(source, tmp_path / "a.spacy", spacy.blank("en"))
    assert pairs_of(tmp_path / "a.spacy") == PAIRS["en"]
    assert pairs_of(tmp_path / "a.spacy", rename={"pos": "good"}, drop=["neg"]) == [
        (text, "good") for text, label in PAIRS["en"] if label == "pos"
    ]
    docs = DocBin()
    for cats in ({"pos": 0.7, "neg": 0.3}, {"pos": 1.0, "neg": 0.0}):  # what a model thinks is no gold
        doc = Doc(spacy.blank("en").vocab, ["x"])
        doc.cats = cats
        docs.add(doc)
    docs.to_disk(tmp_path / "b.spacy")
    with pytest.raises(RNNError, match="R510.*Doc 1: 'pos' is 0.7"):
        pairs_of(tmp_path / "b.spacy")
    assert len(list(read_texts(tmp_path / "b.spacy", skip_bad=True))) == 1
    write(tmp_path / "b.spacy", "broken")
    with pytest.raises(RNNError, match="R318"):
        pairs_of(tmp_path / "b.spacy")


# -- JSON, read in pieces

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


class Slowly:
    """A file that gives a few characters at a time."""

    def __init__(self, text, size):
        self.text, self.size = text, size

    def read(self, _):
        part, self.text = self.text[: self.size], self.text[self.size :]
        return part


@given(st.lists(JSON), st.integers(1, 7), st.sampled_from([None, 2]))
def test_elements_are_those_of_the_whole(values, size, indent):
    stream = JsonStream(Slowly(json.dumps(values, indent=indent), size), "a.json")
    assert [value for _, value in stream.items()] == values


@given(JSON, st.integers(1, 7))
def test_items_come_with_their_keys(value, size):
    def walk(value, keys=()):
        if isinstance(value, list):
            yield from ((keys, item) for item in value)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from walk(item, (*keys, key))

    assert list(JsonStream(Slowly(json.dumps(value), size), "a.json").items()) == list(walk(value))


@given(st.text(alphabet='[]{},:" \n\\a1"'), st.integers(1, 7))
def test_what_is_no_json_is_refused(text, size):
    stream = JsonStream(Slowly(text, size), "a.json")
    try:
        json.loads(text)
    except ValueError:
        if text.strip():
            with pytest.raises(RNNError, match="R512"):
                list(stream.items())
    else:
        list(stream.items())


def test_json_is_not_read_as_a_whole(tmp_path):
    path = write(tmp_path / "a.json", json.dumps([["текст " * 10, "x"]] * 20000, ensure_ascii=False))
    held = []

    class Watched(JsonStream):
        def _more(self):
            held.append(len(self.text))
            return super()._more()

    with path.open(encoding="utf-8") as file:
        assert sum(1 for _ in Watched(file, "a").items()) == 20000
    assert max(held) <= 2 * CHUNK < path.stat().st_size / 10
