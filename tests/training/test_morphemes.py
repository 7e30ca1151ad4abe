"""Files of words and morphemes: read as they are meant, or an error with the line."""

import gzip
import json

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.training import Corpus

from spacy_rnn.errors import RNNError
from spacy_rnn.training.morphemes import (
    convert_morphemes,
    create_morpheme_corpus,
    create_word_list,
    read_morphemes,
)

SLASHES = "writer\twrit/er\nтак\tтак\n\nпереписчика\tпере:PREF/пис:ROOT/чик:SUFF/а:END\r\nkm/h\tkm///h\n"
SIGMORPHON = "writers\twrite @@er @@s\t110\nno\tno\t000\npoučeti (se)\tpo @@uče @@ti (se)\n"
JSONL = '{"index": 1, "original": "листовой", "segmented": "лист|ов|ой", "bmes": "BMMEBEBE"}\n'


def write(tmp_path, text, name="words.tsv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf8")
    return path


def entries(path, **settings):
    return [(word, [(str(m), m.type) for m in morphemes]) for word, morphemes in read_morphemes(path, **settings)]


def test_slashes(tmp_path):
    path = write(tmp_path, SLASHES.rsplit("km/h", 1)[0])
    assert entries(path) == [
        ("writer", [("writ", ""), ("er", "")]),
        ("так", [("так", "")]),
        ("переписчика", [("пере", "PREF"), ("пис", "ROOT"), ("чик", "SUFF"), ("а", "END")]),
    ]


def test_sigmorphon(tmp_path):
    assert [(word, [m for m, _ in parts]) for word, parts in entries(write(tmp_path, SIGMORPHON))] == [
        ("writers", ["write", "er", "s"]),
        ("no", ["no"]),
        ("poučeti (se)", ["po", "uče", "ti (se)"]),
    ]
    assert entries(write(tmp_path, "ab\ta @@ @@b"))[0][1] == [("a", ""), ("b", "")]


def test_jsonl(tmp_path):
    path = write(tmp_path, JSONL, "words.jsonl")
    assert entries(path) == [("листовой", [("лист", ""), ("ов", ""), ("ой", "")])]
    packed = tmp_path / "words.jsonl.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert entries(packed) == entries(path)


@pytest.mark.parametrize(
    "text, line, said",
    [
        ("a\ta\nwriter writ/er\n", 2, "no tab"),
        ("a\ta\n\n\nwriter\twrit//er\n", 4, "empty morpheme"),
        ("\ta\n", 1, "no word"),
        ("a\t\n", 1, "empty morpheme"),
        (JSONL + '{"original": "a"}\n', 2, "segmented"),
        (JSONL + "[1]\n", 2, "segmented"),
        (JSONL + "{]\n", 2, "Expecting"),
        (JSONL + "[" * 100_000, 2, "recursion"),
        (JSONL + json.dumps({"original": "a", "segmented": "a||b"}), 2, "empty morpheme"),
    ],
)
def test_broken_lines(tmp_path, text, line, said):
    with pytest.raises(RNNError, match=rf"R145.*words.tsv, line {line}: .*{said}"):
        entries(write(tmp_path, text))


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(RNNError, match="R147"):
        entries(tmp_path / "nothing.tsv")
    with pytest.raises(RNNError, match="R147"):
        entries(tmp_path)
    with pytest.raises(RNNError, match="R146"):
        entries(write(tmp_path, "\n \n"))
    (tmp_path / "latin.tsv").write_bytes("é\té".encode("latin-1"))
    with pytest.raises(RNNError, match="R147.*line 1 is not UTF-8"):
        entries(tmp_path / "latin.tsv")
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"a\ta\n" * 1000)[:30])
    with pytest.raises(RNNError, match="R147"):
        entries(tmp_path / "cut.gz")
    damaged = bytearray(gzip.compress(b"abcdefghijk\tb\n" * 1000))
    damaged[12] ^= 0xFF
    (tmp_path / "damaged.gz").write_bytes(damaged)
    with pytest.raises(RNNError, match="R147"):
        entries(tmp_path / "damaged.gz")
    with pytest.raises(RNNError, match="R149.*slashes"):
        entries(write(tmp_path, "a\ta"), format="csv")


@given(st.lists(st.lists(st.text("abя-'", min_size=1, max_size=4), min_size=1, max_size=4), min_size=1, max_size=9))
def test_what_is_written_is_read(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("words")
    slashes = "\n".join(f"{''.join(parts)}\t{'/'.join(parts)}" for parts in words)
    sigmorphon = "\n".join(f"{''.join(parts)}\t{' @@'.join(parts)}" for parts in words)
    for text, format in ((slashes, "slashes"), (sigmorphon, "sigmorphon"), (slashes, "auto"), (sigmorphon, "auto")):
        found = entries(write(folder, text), format=format)
        assert found == [("".join(parts), [(part, "") for part in parts]) for parts in words]


def test_converted(tmp_path):
    vocab = spacy.blank("ru").vocab
    docs = convert_morphemes(write(tmp_path, SIGMORPHON), vocab, group=2)
    docs = list(DocBin().from_bytes(docs.to_bytes()).get_docs(vocab))
    assert [[t.text for t in doc] for doc in docs] == [["writers", "no"], ["poučeti (se)"]]
    assert docs[0][0]._.morphemes == ["write", "er", "s"]


def test_converted_file_trains_like_the_other(tmp_path):
    """spaCy's own reader keeps the words and their morphemes."""
    nlp = spacy.blank("ru")
    path = write(tmp_path, "по-русски\tпо:PREF/-/рус:ROOT/ски:SUFF\nтак\tтак\n")
    convert_morphemes(path, nlp.vocab, group=2).to_disk(tmp_path / "words.spacy")
    (example,) = Corpus(tmp_path / "words.spacy")(nlp)
    assert [t.text for t in example.predicted] == ["по-русски", "так"], "not as the tokenizer cuts"
    assert [m.type for m in example.reference[0]._.morphemes] == ["PREF", "", "ROOT", "SUFF"]


def test_converted_file_is_read_again(tmp_path):
    path = write(tmp_path, SLASHES.rsplit("km/h", 1)[0])
    stored = tmp_path / "words.spacy"
    convert_morphemes(path, spacy.blank("ru").vocab, group=2).to_disk(stored)
    assert entries(stored) == entries(path)
    DocBin(docs=[spacy.blank("ru")("без них")]).to_disk(stored)
    with pytest.raises(RNNError, match="R146"):
        entries(stored)
    stored.write_bytes(b"x")
    with pytest.raises(RNNError, match="R318"):
        entries(stored)


def test_corpus(tmp_path):
    nlp = spacy.blank("en")
    path = write(tmp_path, "don't\tdo/n't\nwalker\twalk/er\nso\tso\n")
    examples = list(create_morpheme_corpus(path, group=2, limit=2)(nlp))
    assert [[t.text for t in e.predicted] for e in examples] == [["don't", "walker"]], "not as the tokenizer cuts"
    assert [t._.morphemes for t in examples[0].predicted] == [None, None]
    assert examples[0].reference[0]._.morphemes == ["do", "n't"]
    shuffled = list(create_morpheme_corpus(path, shuffle=True)(nlp))
    assert {e.reference[0].text for e in shuffled} == {"don't", "walker", "so"}
    with pytest.raises(RNNError, match="R145.*line 5"):
        list(create_morpheme_corpus(write(tmp_path, SLASHES))(nlp))


@pytest.mark.parametrize("bad", [{"path": None}, {"group": 0}, {"limit": -1}], ids=repr)
def test_bad_settings(tmp_path, bad):
    with pytest.raises(RNNError, match="R316|R149"):
        create_morpheme_corpus(**{"path": "x", **bad})


def test_word_list(tmp_path):
    path = write(tmp_path, "Мама мыла раму, мама! it's it's 42 42 co-op\nco-op\n" + "x" * 50 + " " + "x" * 50)
    assert create_word_list(path) == ["co-op", "it's", "мама"]
    assert "раму" in create_word_list(path, min_freq=1)
    other = write(tmp_path, "раму co-op", "other.txt")
    assert create_word_list([str(path), str(other)]) == ["co-op", "it's", "мама", "раму"]
    assert create_word_list(None) is None
    with pytest.raises(RNNError, match="R146"):
        create_word_list(write(tmp_path, "42 ..."))
    with pytest.raises(RNNError, match="R147"):
        create_word_list(tmp_path / "nothing")
