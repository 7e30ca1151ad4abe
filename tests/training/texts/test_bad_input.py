"""Nothing is dropped without a count, and every error says where it is."""

import gzip
import zipfile

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.training.texts import FORMATS, TextCounts, TextOptions, read_texts, tables
from spacy_rnn.training.texts.docs import convert_texts
from spacy_rnn.training.texts.files import open_files

from .corpora import as_csv, write, write_files

NLP = spacy.blank("xx")


def texts_of(path, counts=None, skip_bad=False, known=None, **options):
    return [t.text for t in read_texts(path, TextOptions(**options), counts=counts, skip_bad=skip_bad, known=known)]


@pytest.mark.parametrize(
    "name, content, code, where",
    [
        ("a.csv", "text,name\na,b\n", "R502", "text, name"),
        ("a.csv", "name,label\na,b\n", "R501", "'text'.*name, label"),
        ("a.csv", "text,label,label\na,b,c\n", "R503", "'label' 2 times"),
        ("a.csv", "text,text,label\na,b,c\n", "R503", "'text' 2 times"),
        ("a.csv", "text,a,a\nx,0,1\n", "R503", "'a' 2 times"),
        ("a.csv", 'text,label\n"a" b,c\n', "R505", "line 2"),
        ("a.csv", '"text" s,label\na,b\n', "R505", "line 1"),
        ("a.csv", 'text,label\na,b\n"c,d\n', "R505", "line 3"),
        ("a.csv", "text,label\na,b\nc\n", "R504", "line 3: 1 cell"),
        ("a.csv", "text,label\na,b,c\n", "R504", "line 2: 3 cell"),
        ("a.csv", 'text,label\n"a\nb",c\nd,e,f\n', "R504", "line 4"),
        ("a.csv", b"text,label\na,b\n\xff\xfe,c\n", "R506", "line 3"),
        ("a.csv", b"text,label\na,b\nc,\xd0\n", "R506", "line 3"),
        ("a.csv", "текст,метка\nда,нет\n".encode("cp1251"), "R506", "line 1"),
        ("a.csv", "text,да\na,2\n".encode("cp1251"), "R506", "line 1"),
        ("a.jsonl", '{"текст": "да", "метка": "нет"}'.encode("cp1251"), "R506", "line 1"),
        ("a.json", '{"один": [["a", "b"]], "два": []}'.encode("cp1251"), "R506", "record 1|a.json"),
        ("a.csv", "text,label\na,\n", "R507", "line 2"),
        ("a.csv", "", "R516", "0 rows"),
        ("a.csv", "\n\n", "R516", "0 rows"),
        ("a.csv", "text,label\n", "R516", "0 rows"),
        ("a.csv", "text,label\n ,a\n", "R516", "1 rows"),
        ("a.tsv", "text\tlabel\na\n", "R504", "line 2"),
        ("a.jsonl", '{"text": "a", "label": "b"}\n{"text": "a"\n', "R512", "line 2"),
        ("a.jsonl", '{"text": "a", "name": "b"}\n', "R502", "line 1.*text, name"),
        ("a.jsonl", '{"label": "b"}\n', "R501", "line 1.*label"),
        ("a.jsonl", '{"text": 3, "label": "b"}\n', "R513", "line 1.*text = 3"),
        ("a.jsonl", '{"text": "a", "label": null}\n', "R507", "line 1"),
        ("a.jsonl", '{"text": "a", "label": NaN}\n', "R507", "line 1"),
        ("a.jsonl", '{"text": "\\ud83d", "label": "b"}\n', "R506", "line 1"),
        ("a.jsonl", "3\n", "R513", "line 1.*3"),
        ("a.jsonl", "[" * 100_000 + "\n", "R512", "line 1"),
        ("a.json", '[["a", "b"],\n["c", ]]', "R512", "line 2"),
        ("a.json", '[["a", "b"]', "R512", "line 1"),
        ("a.json", f'[["a", {"1" * 5000}]]', "R512", "line 1.*4300"),
        ("a.json", '[["a", "b"]] x', "R512", "after its end"),
        ("a.json", '["a"]', "R513", "record 1"),
        ("a.json", '[["a", "b"], ["c"]]', "R513", "record 2"),
        ("a.json", '{"text": ["a", "b"], "label": ["c", "d"]}', "R513", "record 3.*label, text"),
        ("a.json", '{"text": ["a", "b"], "label": [0, 1]}', "R513", "record 3"),
        ("a.json", '{"train": [["a", "b"]], "x": ["y"]}', "R514", "train, texts by label"),
        ("a.json", "[]", "R516", "0 rows"),
        ("a.txt", "", "R346", "a.txt"),
        ("a.csv.gz", b"\x1f\x8bno", "R333", "a.csv.gz"),
        ("a.csv.gz", gzip.compress(b"text,label\n" + b"a,b\n" * 9999, mtime=0)[:-20], "R333", "a.csv.gz"),
        ("a.zip", b"no zip", "R333", "a.zip"),
        ("a.tar.gz", b"no tar", "R333", "a.tar.gz"),
    ],
)
def test_errors(tmp_path, name, content, code, where):
    path = write(tmp_path / name, b"")
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(RNNError, match=rf"(?s)({code}).*{where}"):
        texts_of(path)


@pytest.mark.parametrize(
    "content, left, bad",
    [
        ('text,label\n"a" b,c\nd,e\n', ["d"], 1),
        ('text,label\nx,y\n"a,b\nd,e\nf,g\n', ["x", "d", "f"], 1),  # an open quote takes no other row with it
        ('text,label\nx,y\n"a,b\nd,e\n"f,g\nh,i\n', ["x", "d", "h"], 2),
        ("text,label\na\nb,c\nd,e,f\n", ["b"], 2),
        (b"text,label\n\xff,a\nb,c\n", ["b"], 1),
        ("text,label\na,\nb,c\n", ["b"], 1),
    ],
)
def test_bad_rows_are_left_out_and_counted(tmp_path, content, left, bad):
    path, counts = tmp_path / "a.csv", TextCounts()
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert texts_of(path, counts, skip_bad=True) == left
    assert counts.bad == bad and counts.texts == len(left) and len(counts.first_bad) == min(bad, 5)


@pytest.mark.parametrize("options", [{"known": ["да"]}, {"exclusive": True, "label_separator": ";"}])
def test_labels_of_another_encoding(tmp_path, options):
    """It is not their set or their number that is wrong."""
    path = write(tmp_path / "a.csv", "text,label\nпривет,да;нет\n".encode("cp1251"))
    with pytest.raises(RNNError, match="R506.*line 2"):
        texts_of(path, **options)
    assert texts_of(path, encoding="cp1251") == ["привет"]


def test_only_bad_rows(tmp_path):
    with pytest.raises(RNNError, match="R504.*line 2"):
        texts_of(write(tmp_path / "a.csv", "text,label\na\nb\n"), skip_bad=True)


def test_an_open_quote_takes_no_more_memory_than_a_cell(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "LONGEST", 1000)
    path, counts = write(tmp_path / "a.csv", 'text,label\n"' + "x,y\n" * 1000), TextCounts()
    assert len(texts_of(path, counts, skip_bad=True)) == 999
    assert "line 2" in str(counts.first_bad[0]) and "field larger" in str(counts.first_bad[0])


def test_empty_texts(tmp_path):
    path = write(tmp_path / "a.csv", 'text,label\na,b\n" \n",b\n,c\n,\n\n')
    counts = TextCounts()
    assert texts_of(path, counts) == ["a"]
    assert counts.empty == 3 and str(counts.first_empty) == f"{path}, line 3" and counts.rows == 4
    with pytest.warns(UserWarning, match="W303.*3 row.*line 3"):
        convert_texts(path, tmp_path / "a.spacy", NLP)
    assert texts_of(write_files(tmp_path / "f", {"a.txt": b"x\n\ny\n", "b.txt": b"z"}), counts) == ["x", "y", "z"]
    assert counts.empty == 4


def test_duplicates(tmp_path):
    pairs = [("да", "a"), (" да ", "a"), ("да", "b"), ("нет", "b")]
    path, counts = write(tmp_path / "a.csv", as_csv(pairs)), TextCounts()
    assert len(list(read_texts(path, duplicates="count", counts=counts))) == 4
    assert (counts.duplicates, counts.repeated, counts.contradictions) == (2, 0, 1)
    with pytest.warns(UserWarning, match="W308.* 1 text.*line 4"):
        counts = convert_texts(path, tmp_path / "a.spacy", NLP, drop_duplicates=True)
    assert (counts.duplicates, counts.repeated, counts.contradictions, counts.texts, counts.rows) == (2, 2, 1, 2, 4)


def test_classes(tmp_path):
    path = write(tmp_path / "a.csv", as_csv([("x", "a"), ("y", "a")]))
    with pytest.warns(UserWarning, match="W305.*all 2 texts.*'a'"):
        convert_texts(path, tmp_path / "a.spacy", NLP)
    write(path, as_csv([("x", "a"), ("y", "b")]))
    with pytest.warns(UserWarning, match="W304.* 2 label.*c, d"):
        convert_texts(path, tmp_path / "a.spacy", NLP, labels=["a", "c", "b", "d"])
    with pytest.warns(UserWarning, match="W309.*bb.*drop"):
        convert_texts(path, tmp_path / "a.spacy", NLP, TextOptions(drop=["bb"]))


def test_a_huge_document(tmp_path):
    huge = "слово word 🙂 " * 400_000  # five megabytes
    path = write(tmp_path / "a.csv", as_csv([("короткий", "a"), (huge, "b")]))
    with pytest.raises(RNNError, match=r"R515.*line 3: the text has 5,199,999 characters.*1,000,000"):
        convert_texts(path, tmp_path / "a.spacy", NLP)
    assert not (tmp_path / "a.spacy").exists()
    with pytest.warns(UserWarning, match="W306.* 1 text"):
        counts = convert_texts(path, tmp_path / "a.spacy", NLP, max_length=1000)
    assert counts.texts == 2 and counts.cut == 1 and counts.tokens == 1001
    with pytest.warns(UserWarning, match="W30[25]"):
        counts = convert_texts(path, tmp_path / "a.spacy", NLP, skip_bad=True)
    assert counts.texts == 1 and counts.bad == 1
    write(path, as_csv([("short", "a"), ("x" * 2_000_000, "b")]))
    with pytest.raises(RNNError, match="R515.*line 3.*2,000,000"):
        convert_texts(path, tmp_path / "a.spacy", NLP, max_length=10)


def test_mixed_scripts(tmp_path):
    pairs = [("Привет 你好 مرحبا 👨‍👩‍👧 ẞ e\u0301", "语言 язык 🙂"), ("\u200b", "b"), ("…!", "b")]
    path = write(tmp_path / "a.csv", as_csv(pairs))
    convert_texts(path, tmp_path / "a.spacy", NLP)
    assert [(t.text, *t.labels) for t in read_texts(tmp_path / "a.spacy")] == pairs


def test_nothing_to_read(tmp_path):
    for files in ({}, {"README": b"x", ".git/x": b"y"}):
        with pytest.raises(RNNError, match="R522"):
            texts_of(write_files(tmp_path / "a", files | {"LICENSE": b""}))
    with pytest.raises(RNNError, match="R301"):
        texts_of(tmp_path / "none.csv")
    for encoding in ("utf-9", "utf\0"):
        with pytest.raises(RNNError, match="R331"):
            texts_of(write(tmp_path / "a.csv", as_csv([("a", "b")])), encoding=encoding)
    with pytest.raises(RNNError, match="R506"):
        texts_of(write(tmp_path / "a.csv", b"\xff\xfet"), format="csv")


def test_a_locked_zip(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", "text,label\na,b\n")
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # says that it is encrypted
    path.write_bytes(data)
    with pytest.raises(RNNError, match="R333.*password"):
        texts_of(path)


@pytest.mark.parametrize(
    "options",
    [
        {"format": "xml"},
        {"separator": ",,"},
        {"label_separator": ""},
        {"label_prefix": ""},
        {"label_prefix": "a b"},
        {"label_column": "a", "one_hot": ["b"]},
    ],
)
def test_options(options):
    with pytest.raises(RNNError, match="R149"):
        TextOptions(**options)


def test_tables_without_header_need_both_columns(tmp_path):
    path = write(tmp_path / "a.csv", "a,b\nc,d\n")
    assert texts_of(path, text_column=["1"], label_column="0") == ["b", "d"]
    with pytest.raises(RNNError, match="R502.*0, 1"):
        texts_of(path, text_column=["1"])
    with pytest.raises(RNNError, match="R501.*'text'.*0, 1"):
        texts_of(path, label_column="1")
    with pytest.raises(RNNError, match="R501.*'2'"):
        texts_of(path, text_column=["2"], label_column="0")


def test_an_archive_may_hold_odd_names(tmp_path):
    """They are never written to the disk."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../a.txt", "../../b.txt", "/c.txt"):
            archive.writestr(name, "text\n")
    with open_files(path) as files:
        assert len(files.taken) == 3
    assert texts_of(path, format="lines") == ["text"] * 3


ROWS = b'text,label\n"a","b"\n{"text": "a", "label": "b"}\n__label__a b\n[["a", "b"]]\n\xd0\xff'
PIECES = st.lists(st.sampled_from([ROWS[i : i + 3] for i in range(0, len(ROWS), 3)])).map(b"".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary() | PIECES, st.booleans())
@pytest.mark.parametrize("format", [f for f in FORMATS if f != "folders"])
def test_any_bytes(tmp_path, format, content, skip_bad):
    """They are read, or refused with a code; and all rows are in some count."""
    path, counts = tmp_path / "a.x", TextCounts()
    path.write_bytes(content)
    try:
        texts = texts_of(path, counts, skip_bad, format=format)
    except RNNError as error:
        assert str(error).startswith("[R")
    else:
        assert texts and counts.texts == len(texts) and counts.rows == counts.texts + counts.empty + counts.bad
