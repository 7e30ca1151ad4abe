"""Column files: whatever stands in them, every token and tag is read or refused with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.training.columns import UNER, Columns, is_uner, read_columns

CONLL = """\
-DOCSTART- -X- -X- O

EU NNP B-NP B-ORG
rejects VBZ B-VP O
# # B-NP O

Peter NNP B-NP B-PER
Blackburn NNP I-NP I-PER
"""
RU_UNER = """\
# newdoc id = n01
# sent_id = n01-1
# text = В «США» жарко.
1\tВ\tO\t-\t-
2\t«\tO
3\tСША\tB-LOC\t-\tx
4\t»\tO\t-\t-
5\tжарко\tO\t-\t-
6\t.\tO\t-\t-

# newdoc id = n02
# text = Да.
1\tДа\tO\t-\t-
2\t.\tO\t-\t-
"""


@pytest.fixture
def read(tmp_path):
    def reader(content, columns=None, bad=None):
        path = tmp_path / "a.iob"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return list(read_columns(path, columns or Columns(), bad))

    return reader


def plain(sentence):
    return [
        (w, f"{t.letter}-{t.type}" if t.type else t.letter) for w, t in zip(sentence.words, sentence.tags, strict=True)
    ]


def test_conll(read):
    first, second = read(CONLL)
    assert plain(first) == [("EU", "B-ORG"), ("rejects", "O"), ("#", "O")]
    assert first.lines == [3, 4, 5] and second.lines == [7, 8]
    assert first.new_document and not second.new_document
    assert plain(second) == [("Peter", "B-PER"), ("Blackburn", "I-PER")]
    assert [tag.type for tag in read(CONLL, Columns(tag=2))[1].tags] == ["NP", "NP"]


def test_a_document_whose_first_sentence_is_broken(read):
    bad = []
    sentences = read("# newdoc\na O\n\nb O\n\n# newdoc\nc X\n\nd O\n\ne O\n", bad=bad)
    assert [(s.words, s.new_document) for s in sentences] == [
        (["a"], True),
        (["b"], False),
        (["d"], True),
        (["e"], False),
    ]
    assert len(bad) == 1


def test_uner(read):
    assert is_uner(RU_UNER.splitlines()[3])
    first, second = read(RU_UNER, UNER)
    assert first.words == ["В", "«", "США", "»", "жарко", "."] and first.text == "В «США» жарко."
    assert first.new_document and second.new_document
    assert plain(first)[2] == ("США", "B-LOC")


@pytest.mark.parametrize(
    "content, words",
    [
        ("a O\r\nb B-X\r\n", [["a", "b"]]),
        ("\ufeffa O\n\n\n \nb O", [["a"], ["b"]]),
        ("1 000\tB-X\nруб.\tO\n", [["1 000", "руб."]]),
        ("a\xa0b O\n", [["a\xa0b"]]),
        ("a\u2028b O\n", [["a\u2028b"]]),
        ("a  \t O\n", [["a"]]),
        ("# sent_id = 3\n# text = I saw O\na O\n# O\n", [["a", "#"]]),
        ("#\tO\nb\tO\n", [["#", "b"]]),
        ("# O\n\na O\n", [["#"], ["a"]]),
        ("-DOCSTART-\na O\n", [["a"]]),
        ("# only a comment\n\na O\n", [["a"]]),
        ("a - B-X\nb - -\n", [["a", "b"]]),
    ],
)
def test_layouts(read, content, words):
    assert [sentence.words for sentence in read(content)] == words


def test_other_columns_and_separators(read):
    (sentence,) = read("O;x;a\nB-X;y;b c\n", Columns(token=2, tag=0, separator=";"))
    assert plain(sentence) == [("a", "O"), ("b c", "B-X")]


@pytest.mark.parametrize(
    "content, code, line",
    [
        ("", "R340", None),
        ("\n \n", "R340", None),
        ("-DOCSTART- O\n\n# nothing\n", "R340", None),
        ("a O\nb c O\n", "R342", 2),
        ("a\nb\n", "R342", 1),
        ("a O\n\nb NN\n", "R343", 3),
        ("a O\nb PER\n", "R343", 2),
        ("a\tO\n \tO\n", "R344", 2),
        (b"a O\n\xff\xfe O\n", "R303", 2),
    ],
)
def test_broken_files(read, content, code, line):
    with pytest.raises(RNNError, match=code) as error:
        read(content)
    assert line is None or f"line {line}:" in str(error.value)


def test_a_column_that_is_not_there(read):
    for columns in (Columns(tag=7), Columns(token=7), Columns(tag=-5)):
        with pytest.raises(RNNError, match="R342.*line 1"):
            read("a O\n", columns)


def test_broken_sentences_are_left_out_on_demand(read):
    bad = []
    kept = read(b"a O\n\nb\n\nc X\n\n\xff O\n\nd B-X\n", bad=bad)
    assert [sentence.words for sentence in kept] == [["a"], ["d"]]
    assert [str(error)[1:5] for error in bad] == ["R342", "R343", "R303"]


words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=5)
tags = st.sampled_from(["O", "B-PER", "I-PER", "U-ORG", "L-Места", "-"])
corpora = st.lists(st.lists(st.tuples(words, tags), min_size=1, max_size=6), min_size=1, max_size=4)


@given(corpora, st.sampled_from(["\t", " "]), st.integers(0, 2), st.booleans())
def test_what_is_written_is_read(tmp_path_factory, corpus, separator, extra, windows):
    path = tmp_path_factory.mktemp("columns") / "a.iob"
    rows = [[separator.join([word, *["x"] * extra, tag]) for word, tag in sentence] for sentence in corpus]
    text = "\n\n".join("\n".join(lines) for lines in rows) + "\n"
    path.write_bytes((text.replace("\n", "\r\n") if windows else text).encode("utf-8"))
    if any(word.startswith("-DOCSTART-") for sentence in corpus for word, _ in sentence):
        return
    assert [plain(s) for s in read_columns(path)] == [[(word, tag) for word, tag in sentence] for sentence in corpus]


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("bytes") / "a.iob"
    path.write_bytes(data)
    try:
        sentences = list(read_columns(path))
    except RNNError as error:
        assert str(path) in str(error)
    else:
        assert all(s.words and len(s.words) == len(s.tags) for s in sentences)
