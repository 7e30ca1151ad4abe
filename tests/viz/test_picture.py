"""PNG and SVG."""

import re
import sys

import pytest

from spacy_rnn.errors import RNNError
from spacy_rnn.viz.wordmap.picture import save_picture
from spacy_rnn.viz.wordmap.points import Choice, draw_map

from .conftest import WORDS


@pytest.fixture
def drawn(space):
    choice = Choice()
    choice.add_pair("идти", "шёл", "время")
    choice.add_pair("king", "queen", "$род$")
    for word in WORDS:
        if word != "\u2028":  # no font has a line separator
            choice.add(word)
    return draw_map(space, choice)


@pytest.mark.parametrize("kind, begins", [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures(tmp_path, drawn, kind, begins):
    pytest.importorskip("matplotlib")
    path = tmp_path / f"map.{kind}"
    assert save_picture(drawn, path, "Слова $x$ & words") == 0  # every word has found room
    assert path.read_bytes().startswith(begins)
    first = path.read_bytes()
    save_picture(drawn, path, "Слова $x$ & words")
    assert path.read_bytes() == first and [p.name for p in tmp_path.iterdir()] == [path.name]


def test_every_word_is_in_the_picture(tmp_path, drawn):
    pytest.importorskip("matplotlib")
    save_picture(drawn, tmp_path / "map.svg")
    svg = (tmp_path / "map.svg").read_text(encoding="utf8")
    comments = re.findall(r"<!-- (.*?) -->", svg)  # matplotlib notes the text of each drawn word
    assert {"идти", "шёл", "king", "$x$", "$"} <= set(comments)


def test_signs_the_font_lacks(tmp_path, space):
    pytest.importorskip("matplotlib")
    space.words[:3] = ["猫", "犬", "日本"]
    space.__dict__.pop("index", None)
    drawn = draw_map(space, Choice(dict.fromkeys(space.words[:4], "")))
    with pytest.warns(UserWarning, match="W210.*4 of the signs"):
        save_picture(drawn, tmp_path / "map.png")


def test_without_matplotlib(tmp_path, drawn, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(RNNError, match=r"R455.*spacy-rnn\[viz\]"):
        save_picture(drawn, tmp_path / "map.png")
    assert not list(tmp_path.iterdir())


def test_memory_does_not_grow_with_the_labels(tmp_path, space, monkeypatch):
    """One renderer, 26 MB and more, for all of them."""
    agg = pytest.importorskip("matplotlib.backends.backend_agg")
    made = []
    init = agg.RendererAgg.__init__
    monkeypatch.setattr(agg.RendererAgg, "__init__", lambda self, *args: (made.append(1), init(self, *args))[1])
    save_picture(draw_map(space, Choice(dict.fromkeys(WORDS[:10], ""))), tmp_path / "map.png")
    assert len(made) <= 3
