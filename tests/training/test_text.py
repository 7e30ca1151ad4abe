"""Raw text out of every format, and what is left out of it."""

import gzip
import json
import zipfile

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.training.formats import Settings, is_wrapped
from spacy_rnn.training.text import HeldOut, Pieces, prepare_text, split_tokens

from .corpora import EN, TEXTS


@pytest.fixture
def prepare(tmp_path):
    """Write files, run, return the lines of the output (and the counts with counts=True)."""

    def prepare(files, *inputs, lang="en", exclude=(), max_tokens=1000, counts=False, **config):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        paths = [str(tmp_path / name) for name in inputs or files]
        options = {"exclude": [str(tmp_path / name) for name in exclude], "max_tokens": max_tokens}
        found = prepare_text(tmp_path / "out", paths, spacy.blank(lang), Settings(lang=lang, **config), **options)
        lines = (tmp_path / "out").read_text(encoding="utf-8").splitlines()
        return (lines, found) if counts else lines

    return prepare


def zipped(tmp_path, files):
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return (tmp_path / "made.zip").read_bytes()


TMX = """<?xml version="1.0"?><tmx version="1.4"><header/><body>
<tu><tuv xml:lang="en-GB"><seg>A <bpt>big</bpt> cat.</seg></tuv><tuv xml:lang="ru"><seg>Большой пёс!</seg></tuv></tu>
</body></tmx>"""

FORMATS = {
    "a.txt": ("One line.\nTwo  lines!\n", ["One line .", "Two lines !"]),
    "a.txt.gz": (gzip.compress(b"One line.\n"), ["One line ."]),
    "b.csv": ('label,text\nx,"a, ""b""\nc"\ny,d\n', ['a , " b " c', "d"]),
    "b.csv.gz": (gzip.compress(b"text\nd\n"), ["d"]),
    "c.tsv": ('text\tlabel\nsay "no\t1\n', ['say " no']),
    "d.jsonl": ('{"text": "one"}\n\n{"text": "two", "x": 1}\n', ["one", "two"]),
    "e.json": (json.dumps({"train": [["one", "l"], ["two", "m"]], "test": [["three", "l"]]}), ["one", "two", "three"]),
    "f.json": (json.dumps(["one", "two"]), ["one", "two"]),
    "g.json": (json.dumps({"data": [{"text": "one", "label": "l"}, {"text": "two"}], "n": 3}), ["one", "two"]),
    "h.tmx": (TMX, ["A big cat ."]),
    "i.conllu": (EN, ["We do n't sell _ keys .", "Keys 1 000"]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(prepare, name):
    content, lines = FORMATS[name]
    assert prepare({name: content}) == lines


def test_russian_memory_and_treebank(prepare):
    assert prepare({"a.tmx": TMX}, lang="ru") == ["Большой пёс !"]
    assert prepare({"a.conllu": TEXTS["ru"]}, lang="ru") == ["Кот видел кота !", "Да ."]


def test_words_count_whatever_their_tags(prepare):
    """OpenCorpora has tags and features of its own, and no trees."""
    strange = "1\tНо\tно\tCONJ\t_\tPOST,Apro\t_\t_\t_\tSpaceAfter=No\n2\t.\t.\tPNCT\t_\t_\t9\t_\t_\t_\n"
    assert prepare({"a.conllu": strange}, lang="ru") == ["Но ."]


def test_columns(prepare):
    table = "id,question\n1,why\n2,how\n"
    assert prepare({"a.csv": table}, column="question") == ["why", "how"]
    assert prepare({"a.csv": table}, column="1") == ["question", "why", "how"]
    files = {"a.csv": table, "b.csv": "text\nwhat\n", "c.txt": "Go.\tVa !\n"}
    assert prepare(files, "a.csv::question", "b.csv", "c.txt::0") == ["why", "how", "what", "Go ."]


def test_folders(prepare):
    files = {
        "t/b.txt": "b",
        "t/deep/a.txt": "a",
        "t/README.txt": "no",
        "t/info.csv": "name,year\nx,1\n",
        "t/.hidden/c.txt": "no",
        "t/LICENSE": "no",
        "t/c.conllu": TEXTS["en"],
    }
    assert prepare(files, "t") == ["b", "We do n't sell _ keys .", "Keys 1 000", "a"]


def test_zip(prepare, tmp_path):
    members = {"x/": "", "x/README.txt": "no", "x/data.neg": "Caf\xe9 one".encode("latin-1"), "x/b.csv": "text\ntwo\n"}
    data = zipped(tmp_path, members)
    assert prepare({"a.zip": data}, encoding="latin-1") == ["Café one", "two"]


def test_encodings(prepare):
    files = {"a.txt": "кот".encode("cp1251"), "b.txt": "кит".encode(), "c.txt": "\ufeffпёс".encode()}
    assert prepare(files, lang="ru", encoding="cp1251") == ["кот", "кит", "пёс"]
    with pytest.raises(RNNError, match="R330.*a.txt.*byte 0"):
        prepare(files, lang="ru")
    broken = ("x" * ((1 << 20) - 1)).encode() + "ж".encode() + b"\xff"  # a letter across two chunks
    with pytest.raises(RNNError, match=rf"R330.*byte {(1 << 20) + 1}"):
        prepare({"d.txt": broken})
    with pytest.raises(RNNError, match="R331"):
        prepare(files, lang="ru", encoding="klingon")
    with pytest.raises(RNNError, match="R331"):
        prepare({"a.txt": b"\xff\xfe\xff"}, encoding="ascii")


WRAPPED = "\n\n".join("\n".join(["a line of a paragraph that is full"] * 4 + ["short end."]) for _ in range(5))


def test_hard_wrapped_text(prepare):
    joined = " ".join(["a line of a paragraph that is full"] * 4) + " short end ."
    assert prepare({"a.txt": WRAPPED}) == [joined]
    assert prepare({"a.txt": WRAPPED.replace("\n", "\r\n")}) == [joined]
    assert len(prepare({"a.txt": WRAPPED}, wrap="lines")) == 2
    assert prepare({"b.txt": "one\ntwo\n\nthree\n"}, wrap="blank") == ["one two", "three"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "one line",
        "\n\n\n",
        "a sentence in a line\nand the next one\n" * 20,
        ("a whole paragraph in one line, " * 20 + "\n\n") * 20,
        "\n\n".join(["a short one\na very much longer line stands here, and there\nmid long"] * 20),
    ],
)
def test_text_that_is_not_wrapped(text):
    assert not is_wrapped(text.splitlines(keepends=True))


def test_duplicates(prepare):
    long = "word " * 100
    lines, counts = prepare({"a.txt": f"Same.\n{long}\nSame.\n{long}\n Same. \n"}, counts=True)
    assert lines == ["Same .", long.strip(), long.strip()]
    assert (counts.texts, counts.lines, counts.duplicates, counts.tokens) == (5, 3, 2, 202)


def test_long_lines_are_cut(prepare):
    lines = prepare({"a.txt": "a b c d e\nf g\n"}, max_tokens=2)
    assert lines == ["a b", "c d", "e", "f g"]
    assert list(split_tokens("a b c d", 2)) == ["a b", "c d"] and list(split_tokens("", 2)) == []


def test_held_out_sentences(prepare):
    held_out = "1\tYes\t_\tX\t_\t_\t_\t_\t_\tSpaceAfter=No\n2\t!\t_\tX\t_\t_\t_\t_\t_\t_\n\n" + "".join(
        f"{i}\t{form}\t_\tX\t_\t_\t_\t_\t_\t_\n" for i, form in enumerate("The old cat saw us .".split(), 1)
    )
    text = "yes\nThe old cat saw us.\nWell! The old cat saw us. Yes! We ran.\nThe old cat saw us all.\n"
    files = {"a.txt": text, "test.conllu": held_out}
    lines, counts = prepare(files, "a.txt", exclude=["test.conllu"], counts=True)
    assert lines == ["Well ! Yes ! We ran .", "The old cat saw us all ."]
    assert counts.held_out == 3


def test_held_out_in_russian():
    held_out = HeldOut(["Кот видел большого серого кота!"])
    assert held_out.remove("КОТ видел большого, серого кота") == ""
    assert held_out.remove("Да. Кот видел большого серого кота! Нет.") == "Да. Нет."
    assert held_out.remove("Кот видел кота.") == "Кот видел кота."
    both = HeldOut(["Кот видел большого серого кота!", "Да, да."])
    assert both.remove("Да, да. Кот видел большого серого кота!") == ""


BROKEN = {
    "a.jsonl": ("R333.*line 2", '{"text": "a"}\n{"text": \n'),
    "b.jsonl": ("R332.*line 1", '{"body": "a"}\n'),
    "c.jsonl": ("R332", "[1]\n"),
    "d.json": ("R333", '{"a": '),
    "e.csv": ("R332.*name, year", "name,year\na,1\n"),
    "f.csv": ("R332.*line 3", "id,text\n1,a\n2\n"),
    "g.csv": ("R332", ""),
    "h.tmx": ("R333", TMX[:-20]),
    "i.tmx": ("R337.*en-gb", TMX.replace('xml:lang="ru"', 'xml:lang="en-GB"')),
    "j.txt.gz": ("R333", gzip.compress(b"words " * 999)[:-20]),
    "k.txt.gz": ("R333", b"no gzip"),
    "l.zip": ("R333", b"no zip"),
    "m.conllu": ("R304.*line 1", "no tabs\n"),
    "n.conllu.gz": ("R336", gzip.compress(EN.encode())),
    "o.txt": ("R334", "\n \n"),
    "p.json": ("R334", "[]"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_inputs_leave_the_old_output(prepare, tmp_path, name):
    (tmp_path / "out").write_text("old", encoding="utf-8")
    message, content = BROKEN[name]
    with pytest.raises(RNNError, match=message):
        prepare(
            {"good.txt": "" if "R334" in message else "fine\n", name: content}, lang="ru" if name[0] == "i" else "en"
        )
    assert (tmp_path / "out").read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["good.txt", name, "out"])


def test_missing_inputs(prepare, tmp_path):
    with pytest.raises(RNNError, match="R301"):
        prepare({}, "missing.txt")
    (tmp_path / "empty").mkdir()
    with pytest.raises(RNNError, match="R335"):
        prepare({}, "empty")
    with pytest.raises(RNNError, match="R326"):
        prepare({"a.txt": "a", "out/b.txt": "b"}, "a.txt")


def test_the_output_is_no_input(tmp_path):
    (tmp_path / "a.txt").write_text("new", encoding="utf-8")
    (tmp_path / "out.txt").write_text("old", encoding="utf-8")
    prepare_text(tmp_path / "out.txt", [str(tmp_path)], spacy.blank("en"), Settings())
    assert (tmp_path / "out.txt").read_text(encoding="utf-8") == "new\n"


NLP = {lang: spacy.blank(lang) for lang in ("en", "ru", "es")}
PIECES = {lang: Pieces(nlp) for lang, nlp in NLP.items()}
HARD = [
    "don't",
    "и др.",
    "и т.д.)",
    "EE. UU.",
    "(e.g.",
    "U.S.",
    "a.m.,",
    "http://x.ru/a-b",
    ":-)",
    "5km",
    "тов. Кот",
    "…»",
    "«",
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(list(NLP)), st.lists(st.one_of(st.sampled_from(HARD), st.text(max_size=8)), max_size=8))
def test_pieces_are_the_tokens_of_spacy(lang, words):
    text = " ".join(" ".join(words).split())
    tokens = " ".join(token.text for token in NLP[lang].tokenizer(text) if not token.is_space)
    assert PIECES[lang].tokenize(text).split() == tokens.split()


def test_a_tokenizer_of_another_kind():
    class Letters:
        def __init__(self, vocab):
            self.vocab = vocab

        def __call__(self, text):
            return spacy.tokens.Doc(self.vocab, words=list(text))

    nlp = spacy.blank("en")
    nlp.tokenizer = Letters(nlp.vocab)
    assert Pieces(nlp).tokenize("ab c") == "a b c"
