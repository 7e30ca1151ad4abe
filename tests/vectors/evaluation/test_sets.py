"""Evaluation sets, recognised by what is in the file."""

import pytest
from gensim.test.utils import datapath
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.evaluation.sets import read_set
from spacy_rnn.vectors.evaluation.similarity import Pair

SIMILARITY = {
    "wordsim": "love\tsex\t6.77\r\ntiger\tcat\t7.35\r\ntiger\ttiger\t10.00\r\n",
    "gensim": "# The test collection\n# Word 1\tWord 2\tHuman\nlove\tsex\t6.77\ntiger\tcat\t7.35\ntiger\ttiger\t10\n",
    "russe": "word1,word2,sim\nлюбовь,секс,0.677\nтигр,кот,0.735\nтигр,тигр,1\n",
    "russe with kinds": "word1,word2,related,sim\nавтомат,калашникова,assoc,1\nавтомат,год,random,0\n",
    "multilingual": "Word 1\tWord 2\tScore\nстарый\tновый\t0\nкартофель\tогурец \t4.69\n",
    "men": "sun sunlight 50.000000\nbakery zebra 0.000000\n",
    "simlex": "word1\tword2\tPOS\tSimLex999\tconc(w1)\nold\tnew\tA\t1.58\t2.72\nsmart\tdumb\tA\t0.55\t1.75\n",
    "excel": "\ufefftiger;cat;7.35\nкот;пёс;1e-1\n",
    "one pair": "king queen 8.58\n",
}
MISSPELLINGS = {
    "noisy queries": "te the 1\ngutenberg gutenberg 0\nevewything everything 1\n",
    "two columns": "te\tthe\nevewything\teverything\n",
    "wikipedia": "te->the\nevewything->everything\n",
    "russian": "превет привет\nкарова корова\n",
}


def write(path, text):
    path.write_bytes(text.encode("utf8"))
    return path


@pytest.mark.parametrize("kind", SIMILARITY)
def test_similarity(tmp_path, kind):
    found = read_set(write(tmp_path / "set.txt", SIMILARITY[kind]))
    lines = [line for line in SIMILARITY[kind].splitlines() if any(c.isdigit() for c in line[-3:])]
    assert found.name == "set" and found.sections is None and found.misspellings is None
    assert len(found.pairs) == len([line for line in lines if "ord" not in line and "#" not in line])
    assert all(isinstance(pair.score, float) and pair.first == pair.first.strip() for pair in found.pairs)


def test_the_score_is_the_first_column_of_numbers(tmp_path):
    assert read_set(write(tmp_path / "a.csv", SIMILARITY["russe with kinds"])).pairs[0] == Pair(
        "автомат", "калашникова", 1
    )
    assert read_set(write(tmp_path / "b.txt", SIMILARITY["simlex"])).pairs[1] == Pair("smart", "dumb", 0.55)
    assert read_set(write(tmp_path / "c.txt", SIMILARITY["excel"])).pairs == [
        Pair("tiger", "cat", 7.35),
        Pair("кот", "пёс", 0.1),
    ]


@pytest.mark.parametrize("kind", MISSPELLINGS)
def test_misspellings(tmp_path, kind):
    found = read_set(write(tmp_path / "set.txt", MISSPELLINGS[kind]))
    assert found.pairs is None and len(found.misspellings) == 2
    assert found.misspellings[0] in [("te", "the"), ("превет", "привет")]


def test_sentences_and_their_corrections(tmp_path):
    write(tmp_path / "sources.txt", "ктобы что не говорил.\nПояним эту мысль\n\nв обще превет\n")
    write(tmp_path / "corrections.txt", "кто бы что ни говорил\nПоясним эту мысль\n\nвообще привет\n")
    for path in (tmp_path, tmp_path / "sources.txt", tmp_path / "corrections.txt"):
        found = read_set(path)
        assert found.misspellings == [("не", "ни"), ("Пояним", "Поясним")]
        assert found.name == tmp_path.name
    write(tmp_path / "corrections.txt", "кто бы\n")
    with pytest.raises(RNNError, match="R267"):
        read_set(tmp_path)


def test_analogies(tmp_path):
    text = ": capital\nAthens Greece Oslo Norway\n\n: пары\nкот кошка пёс собака\nкот кошка лев львица\n"
    found = read_set(write(tmp_path / "q.txt", text))
    assert {name: len(section) for name, section in found.sections.items()} == {"capital": 1, "пары": 2}
    assert found.sections["пары"][0] == ("кот", "кошка", "пёс", "собака")


def test_the_sets_of_gensim():
    assert len(read_set(_path("wordsim353.tsv")).pairs) == 353
    assert len(read_set(_path("simlex999.txt")).pairs) == 999
    assert sum(map(len, read_set(_path("questions-words.txt")).sections.values())) == 19544


def _path(name):
    from pathlib import Path

    return Path(datapath(name))


@pytest.mark.parametrize(
    "code, data",
    [
        ("R263", b""),
        ("R263", b"# only a comment\n\n"),
        ("R264", b"Just some text without any columns\n"),
        ("R264", "слово\n".encode()),
        ("R264", b"word1,word2,sim\ncat,dog,\n"),
        ("R265", b"cat\tdog\t1\nc\xff\tdog\t1\n"),
        ("R266", b"cat\tdog\t1\ncat dog\ncat\tdog\t2\n"),
        ("R266", b"cat\tdog\t1\n\tdog\t1\ncat\tdog\tx\ncat\tdog\t2\n"),
        ("R266", b": section\nfour words are here\nthree words here\n"),
    ],
)
def test_mistakes(tmp_path, code, data):
    path = tmp_path / "set.txt"
    path.write_bytes(data)
    with pytest.raises(RNNError, match=code) as caught:
        read_set(path)
    assert str(path) in str(caught.value)


def test_no_file(tmp_path):
    for path in (tmp_path, tmp_path / "nothing.txt"):
        with pytest.raises(RNNError, match="R262"):
            read_set(path)


@given(st.text(alphabet='ab \t,;:->"#01.е\n\r\0', max_size=60) | st.binary(max_size=40))
def test_anything_is_a_set_or_a_coded_error(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("fuzz") / "set.txt"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    try:
        found = read_set(path)
    except RNNError:
        return
    assert [found.pairs, found.sections, found.misspellings].count(None) == 2
