"""The CoNLL-U reader: what it reads, and that each mistake is found where it stands."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.vocab import Vocab

from spacy_rnn.errors import RNNError
from spacy_rnn.training.conllu import read_sentences
from spacy_rnn.training.convert import make_doc

from .corpora import EN, RU, TEXTS, rows, spoil


@pytest.fixture
def read(tmp_path):
    def read(data, bad=None):
        path = tmp_path / "corpus.conllu"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return list(read_sentences(path, bad))

    return read


def test_english(read):
    first, second = read(EN)
    assert first.words == ["We", "do", "n't", "sell", "_", "keys", "."]
    assert first.spaces == [True, False, True, True, True, False, True]
    assert first.lemmas[4] == "_" and first.upos[4] == "SYM"  # a literal underscore
    assert first.heads == [3, 3, 3, 3, 5, 3, 3] and first.roots == 1
    assert second.words == ["Keys", "1 000"]
    assert (first.line, second.line) == (3, 15)


def test_russian(read):
    first, second = read(RU)
    assert first.words == ["Кот", "видел", "кота", "!"]
    assert first.xpos == ["", "", "", ""] and first.feats[3] == "_"
    assert second.spaces == [False, True]


@pytest.mark.parametrize("corpus", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.rstrip("\n"),
        lambda text: "\n\n" + text.replace("\n\n", "\n  \n\n") + "\n\n# a last comment\n",
    ],
    ids=["bom", "crlf", "no newline at the end", "blank lines"],
)
def test_the_same_corpus_in_other_clothes(read, corpus, change):
    plain, dressed = read(corpus), read(change(corpus))
    assert [s.words for s in dressed] == [s.words for s in plain]
    assert [s.feats for s in dressed] == [s.feats for s in plain]
    assert [s.spaces for s in dressed] == [s.spaces for s in plain]


def test_line_breaks_of_unicode_are_no_line_breaks(read):
    (sentence,) = read("1\ta\u2028b\x85\t_\tX\t_\t_\t0\troot\t_\t_\n")
    assert sentence.words == ["a\u2028b\x85"]


def test_multiword_token_that_does_not_add_up_is_written_apart(read):
    (sentence,) = read(
        "1-2\tdel\t_\t_\t_\t_\t_\t_\t_\tSpaceAfter=No\n"
        + "".join(f"{i}\t{form}\t_\tX\t_\t_\t{i - 1}\t_\t_\t_\n" for i, form in enumerate(["de", "el", "."], 1))
    )
    assert sentence.spaces == [True, False, True] and sentence.apart == 1


MISTAKES = {
    "not UTF-8": ("R303", 3, RU.replace("видеть", "в\udcffь")),
    "spaces for tabs": ("R304", 2, RU.replace("\t", " ", 12)),
    "9 columns": ("R304", 4, RU.replace("2\tobj\t_\t", "2\tobj\t")),
    "no blank line": ("R306", 7, RU.replace("\n\n", "\n")),
    "ID a word": ("R305", 3, spoil(RU, 3, 0, "two")),
    "ID a decimal of another script": ("R305", 3, spoil(RU, 3, 0, "٢")),
    "ID twice": ("R306", 3, spoil(RU, 3, 0, "1")),
    "empty node elsewhere": ("R306", 3, spoil(RU, 3, 0, "3.1")),
    "range too far": ("R314", 4, spoil(EN, 4, 0, "2-9")),
    "range backwards": ("R314", 4, spoil(EN, 4, 0, "2-1")),
    "range elsewhere": ("R306", 4, spoil(EN, 4, 0, "3-4")),
    "ranges overlap": ("R314", 5, EN.replace("\n2\tdo", "\n2-4\tx\t_\t_\t_\t_\t_\t_\t_\t_\n2\tdo")),
    "no form": ("R307", 2, spoil(RU, 2, 1, "_")),
    "empty form": ("R307", 2, spoil(RU, 2, 1, "")),
    "form of spaces": ("R307", 2, spoil(RU, 2, 1, " \u00a0")),
    "text withheld": ("R308", 8, spoil(spoil(spoil(spoil(RU, 8, 1, "_"), 8, 2, "_"), 9, 1, "_"), 9, 2, "_")),
    "HEAD a word": ("R309", 2, spoil(RU, 2, 6, "root")),
    "HEAD below 0": ("R309", 2, spoil(RU, 2, 6, "-1")),
    "HEAD outside": ("R310", 2, spoil(RU, 2, 6, "5")),
    "own head": ("R311", 2, spoil(RU, 2, 6, "1")),
    "cycle of 2": ("R311", 2, spoil(RU, 3, 6, "1")),
    "unknown UPOS": ("R312", 3, spoil(RU, 3, 3, "CONJ")),
    "FEATS without =": ("R313", 2, spoil(RU, 2, 5, "Case")),
    "FEATS name twice": ("R313", 2, spoil(RU, 2, 5, "Case=Nom|Case=Acc")),
    "FEATS empty": ("R313", 2, spoil(RU, 2, 5, "")),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(read, name):
    code, line, corpus = MISTAKES[name]
    data = corpus.encode("utf-8", "surrogateescape")
    with pytest.raises(RNNError, match=rf"\[{code}\] .*corpus\.conllu, line {line}: "):
        read(data)
    bad = []
    assert len(read(data, bad)) == (0 if name == "no blank line" else 1)
    assert len(bad) == 1


def test_invalid_bytes_are_located(read):
    data = RU.encode()
    at = data.index("видеть".encode())
    in_line = at - data.rindex(b"\n", 0, at) - 1
    with pytest.raises(RNNError, match=f"line 3: .* byte {in_line} of the line"):
        read(data[:at] + b"\xff" + data[at:])


def test_the_cycle_is_shown(read):
    with pytest.raises(RNNError, match="3 -> 4 -> 2 -> 3|2 -> 3 -> 4 -> 2|4 -> 2 -> 3 -> 4"):
        read(spoil(spoil(spoil(RU, 3, 6, "3"), 4, 6, "4"), 5, 6, "2"))


@pytest.mark.parametrize("data", ["", "\n\n", "# only a comment\n", "\ufeff"])
def test_empty(read, data):
    with pytest.raises(RNNError, match="R302"):
        read(data)


def test_no_file(tmp_path):
    with pytest.raises(RNNError, match="R301"):
        list(read_sentences(tmp_path / "missing.conllu"))
    with pytest.raises(RNNError, match="R302"):
        list(read_sentences(tmp_path))


def test_folder(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.conllu").write_text(EN, encoding="utf-8")
    (tmp_path / "a.conllu").write_text(RU, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    assert [s.words[0] for s in read_sentences(tmp_path)] == ["Кот", "Да", "We", "Keys"]


def test_long_sentence_without_recursion(read):
    size = 50_000
    chain = "".join(f"{i}\tx\t_\tX\t_\t_\t{i + 1 if i < size else 0}\tdep\t_\t_\n" for i in range(1, size + 1))
    (sentence,) = read(chain)
    assert len(sentence.words) == size and sentence.roots == 1


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_random_damage_is_an_error_of_ours_or_none(read, data):
    corpus = data.draw(st.sampled_from(list(TEXTS.values()))).encode()
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(corpus)))
        end = min(len(corpus), start + data.draw(st.integers(0, 5)))
        noise = data.draw(
            st.one_of(st.sampled_from([b"\t", b"\n", b"_", b"-", b".", b"0", b"9", b"="]), st.binary(max_size=4))
        )
        corpus = corpus[:start] + noise + corpus[end:]
    try:
        sentences = read(corpus)
    except RNNError as error:
        assert re.match(r"\[R3\d\d\]", str(error))
    else:
        doc = make_doc(Vocab(), sentences, features=True)
        assert [word.text for word in doc] == [word for s in sentences for word in s.words]


def test_rows_of_the_test_corpora(read):
    for corpus in TEXTS.values():
        words = [word for s in read(corpus) for word in s.words]
        assert words == [columns[1] for columns in rows(corpus)]
