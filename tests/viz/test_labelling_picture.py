"""Pictures of what was found, and words in lines."""

import re
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.viz.labelling.flow import Piece, flow, pieces_of_entities, pieces_of_morphemes
from spacy_rnn.viz.labelling.picture import MOST_WORDS, save_picture

from .labelling import by_hand

EN = by_hand("Ann Lee met $x$ in Oslo & left".split(), [(0, 2, "PER", 0.98), (5, 6, "LOC", 0.3)])
RU = by_hand("Анна Ли встретила \n в Санкт-Петербурге".split(" "), [(0, 2, "PER", 0.98), (5, 6, "LOC", None)])


def texts(path):
    return re.findall(r"<!-- (.*?) -->", path.read_text(encoding="utf8"))  # matplotlib notes each text it draws


@pytest.mark.parametrize("found", [EN, RU], ids=["en", "ru"])
@pytest.mark.parametrize("kind, begins", [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures(tmp_path, found, kind, begins):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"found.{kind}"
    save_picture(found, path, "Имена $ names")
    first = path.read_bytes()
    assert first.startswith(begins)
    save_picture(found, path, "Имена $ names")
    assert path.read_bytes() == first and [p.name for p in tmp_path.iterdir()] == [path.name]


def test_all_words_and_numbers_are_in_the_picture(tmp_path):
    pytest.importorskip("matplotlib")
    save_picture(RU, tmp_path / "found.svg", "Имена")
    drawn = texts(tmp_path / "found.svg")
    assert {"Имена", "Анна", "Ли", "Санкт", " PER 98%", " LOC", "B-PER", "O"} <= {text.split("-П")[0] for text in drawn}
    (matrix,) = RU.transitions
    written = [text for text in drawn if re.fullmatch("\u2212?\\d\\.\\d\\d", text)]
    assert len(written) == matrix.allowed.sum()


def test_a_long_sentence_goes_on_below_and_too_long_a_one_is_refused(tmp_path):
    pytest.importorskip("matplotlib")
    words = [f"word{i}" for i in range(MOST_WORDS)]
    save_picture(by_hand(words)._replace(transitions=[]), tmp_path / "long.svg", "")
    assert set(words) <= set(texts(tmp_path / "long.svg"))
    with pytest.raises(RNNError, match="R466.*151 words"):
        save_picture(by_hand([*words, "more"]), tmp_path / "longer.svg", "")
    assert [path.name for path in tmp_path.iterdir()] == ["long.svg"]


def test_the_sentence_shown(tmp_path):
    pytest.importorskip("matplotlib")
    p = EN.scores[0].probabilities.copy()
    p[:4] = 0.9
    scores = [EN.scores[0]._replace(probabilities=p, chosen=[0] * len(EN.words))]
    found = EN._replace(sentences=[(0, 4), (4, 8)], scores=scores)
    save_picture(found, tmp_path / "found.svg", "")
    assert "Oslo" in texts(tmp_path / "found.svg") and "Ann" not in texts(tmp_path / "found.svg")
    save_picture(found, tmp_path / "found.svg", "", sentence=1)
    assert "Ann" in texts(tmp_path / "found.svg") and "Oslo" not in texts(tmp_path / "found.svg")


def test_many_types(tmp_path):
    """The cells of the matrix get narrow, colours come round again."""
    pytest.importorskip("matplotlib")
    save_picture(by_hand(["a"], types=[f"T{i}" for i in range(18)]), tmp_path / "many.png", "")
    assert (tmp_path / "many.png").stat().st_size > 10_000


def test_morphemes(tmp_path):
    pytest.importorskip("matplotlib")
    morphemes = [[("за", "PREF"), ("пис", "ROOT"), ("ка", "END")], [("и", "")]]
    found = by_hand(["записка", "и"], morphemes=morphemes)._replace(spans=None, scores=[], transitions=[])
    save_picture(found, tmp_path / "found.svg", "Слова")
    assert texts(tmp_path / "found.svg") == ["Слова", "за", "пис", "ка", "и", "PREF", "ROOT", "END"]
    assert pieces_of_morphemes(found, 0, 2)[1] == ["PREF", "ROOT", "END"]
    changed = by_hand(["skies"], morphemes=[[("sky", "ROOT"), ("s", "END")]])
    assert [piece[:3] for piece in pieces_of_morphemes(changed, 0, 1)[0]] == [
        ("skies", False, 0), ("  sky + s", True, 0)
    ]  # fmt: skip


def test_signs_the_font_lacks(tmp_path):
    pytest.importorskip("matplotlib")
    with pytest.warns(UserWarning, match="W210.*2 of the signs"):
        save_picture(by_hand(["日本"]), tmp_path / "found.png", "")


def test_without_matplotlib(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RNNError, match="R455"):
        save_picture(EN, tmp_path / "found.png", "")
    assert not list(tmp_path.iterdir())


# -- words in lines

PIECES = st.builds(Piece, st.text("aж", min_size=1, max_size=9), st.booleans(), st.none() | st.integers(0, 2))


@given(st.lists(PIECES, max_size=20), st.integers(5, 40))
def test_lines(pieces, width):
    lines = flow(pieces, lambda piece: len(piece.text), width, gap=1.0, padding=0.5)
    assert len(lines.places) == len(pieces) and lines.count == (lines.places[-1][0] + 1 if pieces else 0)
    ends = [left + len(piece.text) for piece, (_, left) in zip(pieces, lines.places, strict=True)]
    for i, ((line, _), (next_line, next_left)) in enumerate(pairwise(lines.places)):
        assert next_line == line and next_left >= ends[i] + pieces[i].space or next_line == line + 1 and pieces[i].space
    for i, (piece, (line, left)) in enumerate(zip(pieces, lines.places, strict=True)):
        boxes = [box for box in lines.boxes if box.line == line and box.number == piece.box]
        assert len(boxes) == (piece.box is not None)
        assert all(box.left <= left - 0.5 and box.right >= ends[i] + 0.5 for box in boxes)
    for line in range(lines.count):  # nothing sticks out but what cannot be broken
        on = [i for i, place in enumerate(lines.places) if place[0] == line]
        if any(pieces[i].space for i in on[:-1]) and all(pieces[i].box is None for i in on):
            assert ends[on[-1]] <= width


def test_an_entity_in_lines():
    pieces = pieces_of_entities(EN, 0, 8)
    assert [(p.text, p.space, p.box) for p in pieces[:4]] == [
        ("Ann", True, 0), ("Lee", False, 0), (" PER 98%", True, 0), ("met", True, None)
    ]  # fmt: skip
    assert [p.text for p in pieces_of_entities(RU, 0, 6)][3:] == ["встретила", "в", "Санкт-Петербурге", " LOC"]
