"""The page of what was found: complete, escaped, readable in light and dark."""

import re
from html.parser import HTMLParser
from itertools import product

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacy_rnn.viz.colours import COLOURS, ON_DARK
from spacy_rnn.viz.labelling.figures import percent, signed
from spacy_rnn.viz.labelling.found import UNKNOWN, Scores
from spacy_rnn.viz.labelling.page import save_page

from .labelling import by_hand

HOSTILE = ["</div>", "<script>alert(1)</script>", "&amp;", '"x"', "{{title}}", "слово'"]
VOID = {"meta", "wbr", "br"}


class Page(HTMLParser):
    """Elements with their texts, nested as they should be."""

    def __init__(self, source):
        super().__init__()
        self.open, self.elements, self.running = [], [], ""
        self.feed(source)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "text": "", **dict(attributes)}
        assert tag not in ("p", "div", "section", "table") or "p" not in [e["tag"] for e in self.open]
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data
        classes = [(element.get("class") or "").split() for element in self.open]
        tags = [element["tag"] for element in self.open]
        if any("text" in names for names in classes) and "rt" not in tags and ["badge"] not in classes:
            self.running += data  # what selecting the text copies

    def all(self, tag, name=""):
        return [e for e in self.elements if e["tag"] == tag and (not name or name in (e.get("class") or "").split())]


def page_of(tmp_path, found, title="Title", sentence=None):
    save_page(found, tmp_path / "page.html", title, sentence)
    return Page((tmp_path / "page.html").read_text(encoding="utf8"))


def running(found):
    return "".join(word + space for word, space in zip(found.words, found.spaces, strict=True))


def test_entities(tmp_path):
    found = by_hand(["Анна", "Ли", "в", "Осло", "&"], [(0, 2, "PER", 0.98), (3, 4, "LOC", 0.3)])
    page = page_of(tmp_path, found)
    assert page.running == running(found)
    first, second = page.all("mark")
    assert first["text"] == "Анна ЛиPER 98%" and second["text"] == "ОслоLOC 30%"
    assert first["title"] == "PER, confidence 0.9800" and first["style"] == "--p:0.980"
    assert "unsure" in second["class"] and "unsure" not in first["class"]
    assert first["class"].split()[0] != second["class"].split()[0]
    assert [li["text"] for li in page.all("li")] == ["LOC", "PER"]


def test_an_entity_without_confidence(tmp_path):
    found = by_hand(["Осло"], [(0, 1, "GPE", None)])._replace(scores=[], transitions=[])
    page = page_of(tmp_path, found)
    assert page.all("mark")[0]["text"] == "ОслоGPE" and "no confidences" in page.elements[0]["text"]
    assert not page.all("a") and page.all("span", "badge")


def test_the_table_of_a_sentence(tmp_path):
    found = by_hand(["a", "\n", "b", "c"])
    p = numpy.zeros((4, 9))
    p[:, 0], p[2, 1], p[2, 0] = 1, 0.7, 0.3  # B-PER
    scores = found.scores[0]._replace(probabilities=p, chosen=[0, 0, 1, 0])
    page = page_of(tmp_path, found._replace(scores=[scores], transitions=[]))
    rows = [[cell["text"] for cell in page.all("td")[i : i + 2]] for i in (0, 2, 4)]
    assert [th["text"] for th in page.all("th") if th.get("scope") == "row"] == ["a", "b", "c"]
    assert rows == [["100", ""], ["30", "70"], ["100", ""]]
    assert [th["text"] for th in page.all("th") if th.get("scope") == "col"] == ["", "B"]
    assert [td["title"] for td in page.all("td", "got")] == ["O 1.0000", "B-PER 0.7000", "O 1.0000"]
    assert "Below 1% in all of this sentence: I-PER, L-PER" in page.elements[0]["text"]


def test_transitions(tmp_path):
    found = by_hand(["a"])
    page = page_of(tmp_path, found)
    (matrix,) = found.transitions
    cells = [td for td in page.all("td") if " to " in td.get("title", "")]
    assert len(cells) == matrix.scores.size
    assert [td.get("class") == "never" for td in cells] == (~matrix.allowed).ravel().tolist()
    largest = abs(matrix.scores[matrix.allowed]).max()
    assert [td["text"] for td in cells if td["text"]] == [
        signed(score, largest) for score in matrix.scores[matrix.allowed].tolist()
    ]
    nothing = matrix._replace(scores=numpy.zeros_like(matrix.scores))
    assert "No scores were learned" in page_of(tmp_path, found._replace(transitions=[nothing])).elements[0]["text"]


def test_a_tagger(tmp_path):
    words, labels = ["за", "слово"], ["Case=Acc|Number=Sing", "_", "Case=Nom"]
    p = numpy.array([[0.0, 1.0, 0.0], [0.5, 0.2, 0.3]])
    heads = [Scores("tags", head, labels, p, [1, chosen]) for head, chosen in (("morph", 0), ("other", UNKNOWN))]
    found = by_hand(words)._replace(spans=None, scores=heads, transitions=[])
    page = page_of(tmp_path, found)
    assert [td["text"] for td in page.all("td")] == [
        "_ 100%", "_ 100%", "Case=Acc|Number=Sing 50%Case=Nom 30%_ 20%",
        "a new combinationCase=Acc|Number=Sing 50%Case=Nom 30%_ 20%",
    ]  # fmt: skip
    assert [span["text"] for span in page.all("span", "doubt")] == ["слово"]
    assert not page.all("mark") and page.running == running(found)


def test_morphemes(tmp_path):
    morphemes = [[("за", "PREF"), ("пис", "ROOT"), ("ка", "")], [("и", "")], [("й" * 40, "ROOT"), ("а", "END")]]
    found = by_hand(["записка", "и", "й" * 40 + "а"], morphemes=morphemes)._replace(spans=None)
    page = page_of(tmp_path, found)
    assert page.running == running(found)
    assert [ruby["text"] for ruby in page.all("ruby")] == ["заPREF", "писROOT", "ка", "й" * 40 + "ROOT", "аEND"]
    assert [span["text"] for span in page.all("span", "w")][1:2] == ["и"]
    together = page_of(tmp_path, found._replace(spaces=["", " ", ""])).all("span", "w")
    assert len(together) == 2 and together[0]["text"].endswith("каи")  # they stay together at the end of a line


def test_morphemes_that_are_no_cuts_of_their_word(tmp_path):
    found = by_hand(["subsidised", "и"], morphemes=[[("subside", ""), ("y", ""), ("ed", "END")], [("i", "")]])
    page = page_of(tmp_path, found._replace(spans=None))
    assert page.running == running(found)
    assert [ruby["text"] for ruby in page.all("ruby")] == ["subsidisedsubside + y + ed", "иi"]


def test_the_sentence_that_is_open(tmp_path):
    found = by_hand(["a", "b", "c"])._replace(sentences=[(0, 1), (1, 2), (2, 3)])
    p = numpy.full((3, 9), 0.01)
    p[:, 0] = 0.9, 0.5, 0.8
    found = found._replace(scores=[found.scores[0]._replace(probabilities=p, chosen=[0, 0, 0])])
    opened = ["open" in details for details in page_of(tmp_path, found).all("details")]
    assert opened == [False, True, False]
    assert ["open" in details for details in page_of(tmp_path, found, sentence=3).all("details")] == [
        False,
        False,
        True,
    ]


def test_links_lead_somewhere_and_nothing_comes_from_outside(tmp_path):
    found = by_hand(["Осло", "b"], [(0, 1, "LOC", 0.9)])
    scores = [found.scores[0]._replace(component="my ner №1"), found.scores[0]._replace(component="other")]
    page = page_of(tmp_path, found._replace(scores=scores))
    ids = [e["id"] for e in page.elements if "id" in e]
    assert len(ids) == len(set(ids)) == 2 and not any(" " in name for name in ids)
    assert [a["href"] for a in page.all("a")] == ["#" + page.all("details")[-1]["id"]]
    source = (tmp_path / "page.html").read_text(encoding="utf8")
    assert not re.search(r"https?:|\bsrc=|<link|@import|url\(|fetch\(|XMLHttpRequest", source)


def test_what_the_keyboard_reaches(tmp_path):
    page = page_of(tmp_path, by_hand(["Осло"], [(0, 1, "LOC", 0.9)]))
    assert page.all("summary") and page.all("a", "badge")[0]["href"]
    assert all(e["tabindex"] == "0" and e["aria-label"] for e in page.all("div", "wide"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=8), min_size=1, max_size=6),
    types=st.lists(st.sampled_from(HOSTILE) | st.text("aЖ<&\"'>", min_size=1), min_size=1, max_size=9, unique=True),
    data=st.data(),
)
def test_any_text_and_labels(tmp_path, words, types, data):
    words = [word.replace("\r", "_").encode("utf8", "replace").decode() for word in words]
    first = data.draw(st.integers(0, len(words) - 1))
    sure = data.draw(st.floats(0, 1) | st.none())
    spans = [(first, data.draw(st.integers(first + 1, len(words))), data.draw(st.sampled_from(types)), sure)]
    morphemes = [[(word[:1], types[0]), (word[1:], "")] if len(word) > 1 else [(word, "")] for word in words]
    found = by_hand(words, spans, types=types)
    found = found._replace(rivals=[found.spans[0]._replace(confidence=0.2)])
    page = page_of(tmp_path, found, title=words[0])
    assert page.running == running(found) and page.all("title")[0]["text"] == words[0]
    assert len(page.all("script")) == 1 and len(page.all("mark")) == 1
    segmented = by_hand(words, morphemes=morphemes, types=types)._replace(spans=None)
    assert page_of(tmp_path, segmented).running == running(segmented)


# -- colours and numbers


def luminance(rgb):
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def rgb(colour):
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def over(colour, strength, page):
    return [strength * c + (1 - strength) * p for c, p in zip(rgb(colour), rgb(page), strict=True)]


@pytest.mark.parametrize("ink, page, colours", [("#1a1a1a", "#ffffff", COLOURS), ("#ececec", "#17191c", ON_DARK)])
def test_letters_are_readable_on_every_colour(tmp_path, ink, page, colours):
    source = page_of(tmp_path, by_hand(["a"])) and (tmp_path / "page.html").read_text(encoding="utf8")
    assert f"--ink: {ink}; --page: {'#fff' if page == '#ffffff' else page};" in source  # the page's own
    for colour, strength in product(colours, (0.08, 0.3, 0.5)):
        assert contrast(rgb(ink), over(colour, strength, page)) >= 4.5, (colour, strength)
    quiet = re.findall(r"--quiet: (#\w+)", source)[page != "#ffffff"]
    assert contrast(rgb(quiet), rgb(page)) >= 4.5


def test_each_type_has_its_colour_in_both_modes(tmp_path):
    page_of(tmp_path, by_hand(["a"]))
    source = (tmp_path / "page.html").read_text(encoding="utf8")
    assert all(source.count(f".c{i} {{ --c: ") == 2 for i in range(len(COLOURS)))


@given(st.floats(0, 1))
def test_per_cent(p):
    shown = percent(p)
    assert (shown == "100%") == (p == 1) and (shown == "0%") == (p == 0)
    number = float(shown.strip("<>%"))
    assert abs(number / 100 - p) <= 0.0101 and len(shown) <= 4


def test_signed():
    assert [signed(s, 3) for s in (-0.04, 0.0, 1.25, -2)] == ["0.0", "0.0", "1.2", "\u22122.0"]
    assert signed(-0.04, 0.5) == "\u22120.04"
