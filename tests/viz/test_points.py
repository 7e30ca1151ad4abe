"""What is put on a map."""

import numpy
import pytest

from spacy_rnn.errors import RNNError
from spacy_rnn.viz.wordmap.pairs import add_pairs
from spacy_rnn.viz.wordmap.points import Choice, describe, draw_map, frequent_words, neighbours


@pytest.fixture
def choice():
    choice = Choice()
    add_pairs(choice, ["идти:шёл,читать:читал", "писать:писал"])
    return choice


def test_equal_differences_become_parallel_arrows(space, choice):
    drawn = draw_map(space, choice)
    assert drawn.words == ["идти", "шёл", "читать", "читал", "писать", "писал"]
    assert drawn.pairs == [(0, 1), (2, 3), (4, 5)]
    arrows = drawn.points[1::2] - drawn.points[::2]
    arrows /= numpy.linalg.norm(arrows, axis=1, keepdims=True)
    assert (arrows @ arrows.T > 0.9).all()
    assert 0.5 < drawn.explained <= 1 and "6 words" in describe(drawn)


def test_tsne(space, choice):
    choice.add("новое", "group")
    drawn = draw_map(space, choice, "tsne")
    assert drawn.rows[-1] is None and drawn.groups[-1] == "group"
    assert numpy.isfinite(drawn.points).all() and "t-SNE" in describe(drawn)


def test_neighbours_are_those_of_all_dimensions_and_all_words(space, choice):
    drawn = draw_map(space, choice)
    found = neighbours(space, drawn)
    wanted = space.neighbours(space.vectors[1], 10, [1])
    assert found[1] == [(word, pytest.approx(cosine, abs=1e-6)) for word, cosine in wanted]
    assert len(found) == 6 and all(len(near) == 10 for near in found)


def test_mistakes(space, choice):
    with pytest.raises(RNNError, match="R275"):
        draw_map(space, choice, "umap")
    with pytest.raises(RNNError, match="R274"):
        draw_map(space, Choice({"king": "", "queen": ""}))
    with pytest.raises(RNNError, match="R277.*8,001"):
        draw_map(space, Choice(dict.fromkeys(map(str, range(8001)), "")), "tsne")
    choice.add("неизвестное")
    with pytest.raises(RNNError, match="R260"):
        draw_map(space, choice)


def test_frequent_words_are_made_of_letters(space):
    assert frequent_words(space, 99) == space.words[:10]


def test_pairs_in_a_file(tmp_path):
    path = tmp_path / "pairs.txt"
    path.write_text(
        "\ufeff# tense\n: время\nидти шёл\nчитать -> читал\n\n: пол\nking queen man woman\n", encoding="utf8"
    )
    choice = Choice()
    add_pairs(choice, [str(path)])
    assert choice.pairs == [("идти", "шёл"), ("читать", "читал"), ("king", "queen"), ("man", "woman")]
    assert choice.groups["шёл"] == "время" and choice.groups["man"] == "пол"


@pytest.mark.parametrize("text", ["king", "king:", ":queen", "a:b:c", "king:queen,man", "ё" * 300])
def test_what_are_no_pairs(text):
    with pytest.raises(RNNError, match="R276"):
        add_pairs(Choice(), [text])


@pytest.mark.parametrize("code, data", [("R266", b"a b\na b c\n"), ("R265", b"a b\n\xff b\n"), ("R266", b"a\n")])
def test_broken_files(tmp_path, code, data):
    path = tmp_path / "pairs.txt"
    path.write_bytes(data)
    with pytest.raises(RNNError, match=code):
        add_pairs(Choice(), [str(path)])
