"""The page of an explanation: complete, escaped, and in a real browser: labels to choose, words that are marked."""

import re
from pathlib import Path

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacy_rnn.pipeline.explanation import Explanation, Firing, Ngram
from spacy_rnn.viz.explaining.page import save_page
from spacy_rnn.viz.explaining.told import Decision, Told, as_json, describe
from spacy_rnn.viz.explaining.values import signed

from .browser import browser_in
from .test_labelling_page import HOSTILE, Page, contrast, over, rgb

RU = "фильм совсем не скучный , а очень смешной".split()


def explanation(words, label, sign=1.0, p=0.9, attention=None):
    tokens = numpy.linspace(-0.5, 1.0, len(words)).astype("float32") * sign
    last = len(words)
    filters = [Firing(7, last - 2 if last > 1 else 0, last, 1.25, 0.5 * sign), Firing(3, 0, 1, 0.5, -0.125 * sign)]
    ngrams = [Ngram(0, 1, 0.25 * sign), Ngram(last - 1, last, 0.0625 * sign)]
    return Explanation("my_textcat", label, "integrated", p, 2.0 * sign, tokens, attention, filters, ngrams, 0.1)


def decision(words=RU, labels=("good", "bad", "plain"), explained=2, attention=False):
    weights = numpy.full(len(words), 1 / len(words)) if attention else None
    told = [explanation(words, label, -1.0 if i else 1.0, 0.7 / (i + 1), weights) for i, label in enumerate(labels)]
    scores = [(label, 0.7 / (i + 1)) for i, label in enumerate(labels)]
    return Decision(list(words), [" "] * len(words), [word.isspace() for word in words], scores, told[:explained])


def page_of(tmp_path, *decisions, title="Title", top=10):
    save_page(Told("ru", "my_textcat", "integrated", list(decisions)), tmp_path / "page.html", title, top)
    return Page((tmp_path / "page.html").read_text(encoding="utf8"))


def test_words_carry_what_they_added(tmp_path):
    page = page_of(tmp_path, decision())
    words = [e for e in page.all("b") if "data-i" in e]
    assert [e["text"] for e in words] == RU and page.running == " ".join(RU) + " "
    assert words[0]["class"] == "n" and "class" not in words[-1]
    assert words[-1]["style"] == "--v:1.000" and words[-1]["title"] == "+1.00 for good"
    assert words[0]["data-v"] == "-0.5 0.5" and words[0]["title"] == "\u22120.50 for good"


def test_tables(tmp_path):
    page = page_of(tmp_path, decision(), top=3)
    panels = page.all("div", "panel")
    assert ["hidden" in panel for panel in panels] == [False, True]
    assert "logit +2.00, probability 0.7000" in panels[0]["text"]
    rows = [e["text"] for e in page.all("tr") if "data-at" in e][:7]
    assert rows[0].startswith("смешной+1.00") and rows[3] == "очень смешной+0.501.257" and rows[5] == "фильм+0.251"
    assert [e["data-at"] for e in page.all("tr") if "data-at" in e][:4] == ["7-8", "6-7", "5-6", "6-8"]


def test_ngrams_that_come_again_are_one_row():
    words = ["So", "so", "so", "good"]
    one = explanation(words, "good")._replace(ngrams=[Ngram(i, i + 1, 0.25) for i in range(3)] + [Ngram(3, 4, -1.0)])
    found = decision(words)._replace(explanations=[one]).ngrams(0, 5)
    assert found == [([(3, 4)], -1.0), ([(0, 1), (1, 2), (2, 3)], 0.75)]


def test_labels_have_bars_and_buttons(tmp_path):
    page = page_of(tmp_path, decision(labels=("a", "b", "c"), explained=2))
    buttons = page.all("button")
    assert [(e["data-k"], e["aria-pressed"], e["text"]) for e in buttons] == [
        ("0", "true", "a70%"),
        ("1", "false", "b35%"),
    ]
    assert [e["text"] for e in page.all("li")] == ["a70%", "b35%", "c23%"]
    many = page_of(tmp_path, decision(labels=[f"label_{i}" for i in range(12)], explained=2))
    assert [e["text"] for e in many.all("li")][2] == "10 other labels, the most probable one: 23%"
    assert page_of(tmp_path, decision(attention=True)).all("button")[-1]["text"] == "where its attention lay"


def test_white_space_does_not_pale_the_words(tmp_path):
    """It has no colour itself, however much it has added."""
    one = decision(["good", "film", "\n"])
    page = page_of(tmp_path, one)
    assert [e["style"] for e in page.all("b") if "data-i" in e] == ["--v:1.000", "--v:0.500"]
    assert page.all("section")[0]["data-most"] == "0.5 0.5"


def test_what_cannot_be_seen_is_named(tmp_path):
    page = page_of(tmp_path, decision(["\u200d", "\n", "a"]))
    rows = [e["text"] for e in page.all("tr") if "data-at" in e]
    assert any(row.startswith("\\u200d") for row in rows) and all(row[0] not in "+\u2212" for row in rows)


def test_several_texts_are_a_list(tmp_path):
    page = page_of(tmp_path, decision(), decision(["one"]), decision(["two", "words"]))
    assert ["open" in e for e in page.all("details")] == [True, False, False]
    assert [e["text"] for e in page.all("summary")][1:] == ["onegood 70%", "two wordsgood 70%"]
    assert not page_of(tmp_path, decision()).all("details")


def test_nothing_comes_from_outside(tmp_path):
    page_of(tmp_path, decision())
    source = (tmp_path / "page.html").read_text(encoding="utf8")
    assert not re.search(r"https?:|\bsrc=|<link|@import|url\(|fetch\(|XMLHttpRequest|innerHTML|eval\(", source)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=6), min_size=1, max_size=5),
    label=st.sampled_from(HOSTILE) | st.text("aЖ_<&\"'>", min_size=1),
)
def test_any_text_and_labels(tmp_path, words, label):
    words = [word.replace("\r", "_").replace("\0", "_").encode("utf8", "replace").decode() for word in words]
    page = page_of(tmp_path, decision(words, [label, "other"]), title=words[0])
    assert page.running == " ".join(words) + " " and page.all("title")[0]["text"] == words[0]
    assert len(page.all("script")) == 1 and page.all("button")[0]["data-label"] == label
    assert page.all("h3")[0]["text"] == label


def test_without_any_weight(tmp_path):
    one = explanation(["a"], "good")._replace(tokens=numpy.zeros(1, "f"), filters=[], ngrams=[])
    page = page_of(tmp_path, decision(["a"])._replace(explanations=[one]))
    assert [e["style"] for e in page.all("b") if "data-i" in e] == ["--v:0.000"] and not page.all("table")


@pytest.mark.parametrize("ink, page", [("#1a1a1a", "#ffffff"), ("#ececec", "#17191c")])
def test_letters_are_readable_on_every_shade(tmp_path, ink, page):
    page_of(tmp_path, decision())
    source = (tmp_path / "page.html").read_text(encoding="utf8")
    style = next(line for line in source.splitlines() if f"--ink: {ink}" in line)
    for name in ("low", "high"):
        colour = "#" + "".join(f"{int(c):02x}" for c in re.search(rf"--{name}: (\d+ \d+ \d+)", style)[1].split())
        for strength in (0.1, 0.3, 0.55):
            assert contrast(rgb(ink), over(colour, strength, page)) >= 4.5, (name, strength)


def test_json_and_describe():
    told = Told("ru", "my_textcat", "integrated", [decision(attention=True)] * 2)
    (record, _) = as_json(told)
    assert record["text"] == " ".join(RU) + " " and record["cats"]["good"] == 0.7
    assert record["explanations"][1]["label"] == "bad" and len(record["explanations"][0]["attention"]) == len(RU)
    assert describe(told) == "2 texts, my_textcat, integrated"


def test_signed():
    assert [signed(v, 1) for v in (0.004, 0.5, -1.5)] == ["0.00", "+0.50", "\u22121.50"]
    assert [signed(v, 0.05) for v in (0.004, -0.00001)] == ["+0.0040", "0.0000"]


# -- in a browser


@pytest.fixture
def browser(tmp_path):
    with browser_in(tmp_path / "browser") as found:
        yield found


SHADES = """[...document.querySelectorAll(".text b")].map((b) => [getComputedStyle(b).backgroundColor, b.title])"""


def test_in_a_browser(tmp_path, browser):
    hostile = ["<script>alert(1)</script>", '"onmouseover="alert(2)', "&amp;", "скучный", "\n", "<b>", "🙂"]
    save_page(
        Told("ru", "my_textcat", "integrated", [decision(hostile, ["<i>good</i>", "bad", "plain"], 2, True)]),
        tmp_path / "page.html",
        "</title><script>alert(3)</script>",
    )
    browser.open(tmp_path / "page.html")
    text = browser.ask('document.querySelector(".text").textContent')
    assert text == "".join(word + " " for word in hostile)
    assert browser.ask("document.title") == "</title><script>alert(3)</script>"
    assert browser.ask('document.querySelectorAll("script, .text i").length') == 1
    first = browser.ask(SHADES)
    assert first[0][1] == "\u22120.50 for <i>good</i>" and first[-1][1] == "+1.00 for <i>good</i>"
    assert "213, 94, 0" in first[0][0] and "0, 114, 178, 0.55" in first[-1][0]
    # another label
    browser.ask("""document.querySelector('button[data-k="1"]').click()""")
    second = browser.ask(SHADES)
    assert second[0][1] == "+0.50 for bad" and "0, 114, 178" in second[0][0] and "213, 94, 0" in second[-1][0]
    assert browser.ask('[...document.querySelectorAll(".panel")].map((p) => p.offsetHeight > 0)') == [False, True]
    assert browser.ask("""[...document.querySelectorAll("button")].map((b) => b.getAttribute("aria-pressed"))""") == [
        *("false", "true", "false"),
    ]
    # the attention
    browser.ask("""document.querySelector('button[data-k="attention"]').click()""")
    assert browser.ask(SHADES)[0][1] == "0.143 of the attention"
    # a row of a table marks its words, by mouse and by keyboard
    row = '.panel:not([hidden]) tr[data-at="5-7"]'
    marked = '[...document.querySelectorAll(".text b.on")].map((b) => b.textContent)'
    browser.ask(f"document.querySelector('{row}').focus()")
    assert browser.ask(marked) == ["<b>", "🙂"]
    browser.ask("document.activeElement.blur()")
    assert browser.ask(marked) == []
    x, y = browser.ask(f"(({{x, y}}) => [x + 5, y + 5])(document.querySelector('{row}').getBoundingClientRect())")
    browser.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
    assert browser.ask(marked) == ["<b>", "🙂"]
    assert browser.seen == [(tmp_path / "page.html").as_uri()]  # no errors, no dialogs, no other requests


@pytest.mark.parametrize("width", [360, 1200])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_fits_the_window(tmp_path, browser, mode, width):
    long = [*RU * 125, "длинноеслово" * 20]
    save_page(Told("ru", "my_textcat", "integrated", [decision(long), decision()]), tmp_path / "page.html", "Title")
    browser.mode(mode)
    browser.size(width, 800)
    browser.open(tmp_path / "page.html")
    assert browser.ask("document.documentElement.scrollWidth") <= width
    page = browser.ask("getComputedStyle(document.body).backgroundColor")
    assert page == ("rgb(255, 255, 255)" if mode == "light" else "rgb(23, 25, 28)")
    assert browser.ask('document.querySelectorAll(".text b").length') == len(long) + len(RU)
    assert not [url for url in browser.seen if not url.startswith(Path(tmp_path).as_uri())]
