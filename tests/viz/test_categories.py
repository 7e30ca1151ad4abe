"""Pictures of text categories: complete, escaped, and of what the numbers say."""

import json
import re
import sys
from html.parser import HTMLParser
from unittest.mock import patch
from xml.dom.minidom import parse

import numpy
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.viz.categories.logs import read_log, read_logs
from spacy_rnn.viz.categories.matrix import Matrix, by_confusion, by_name, by_support, most_confused, read_matrix
from spacy_rnn.viz.categories.page import save_page

HOSTILE = ["</script><script>alert(1)</script>", "{{data}}", "&amp;", '"x"', "$x$", "страх'"]
CELLS = [["да", "да", 8], ["да", "нет", 2], ["нет", "да", 1], ["нет", "нет", 9], ["", "нет", 3]]
BINS = [{"from": i / 5, "to": (i + 1) / 5, "spans": i, "confidence": i / 5 + 0.1, "precision": i / 5} for i in range(5)]


def scores(**changes):
    found = {
        "exclusive": True,
        "matrix": CELLS,
        "per_label": {"да": {}, "нет": {}, "редко": {}},
        "calibration": {"spans": 10, "ece": 0.1, "bins": BINS},
    }
    return {"categories": {"textcat": {**found, **changes}}}


def log_lines(count=4):
    for n in range(count):
        row = {"epoch": n, "step": 10 * n, "losses": {"textcat": 5.0 / (n + 1)}, "scores": {"cats_score": 50.0 + n}}
        yield json.dumps({**row, "score": 0.5 + n / 100})


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "scores.json").write_text(json.dumps(scores()), encoding="utf8")
    (tmp_path / "train.jsonl").write_text("\n".join(log_lines()) + "\n")
    return tmp_path


def call(*args):
    return CliRunner().invoke(app, ["plot", *map(str, args)])


def refused(code, *args):
    result = call(*args)
    assert result.exit_code == 1 and f"[{code}]" in result.output, result.output
    return " ".join(result.output.split())


def matrix_of(counts, labels=None):
    counts = numpy.array(counts)
    return Matrix(labels or [f"l{i}" for i in range(len(counts))], counts, counts.sum(axis=1))


def damaged(**changes):
    return json.dumps(scores(**{"matrix": [["x"]], **changes}))


# -- the matrix


def test_a_matrix_of_scores():
    matrix = read_matrix(scores()["categories"]["textcat"], "x")
    assert matrix.labels == ["да", "нет", "редко", "(none)"]
    assert matrix.counts.tolist() == [[8, 2, 0, 0], [1, 9, 0, 0], [0, 0, 0, 0], [0, 3, 0, 0]]
    assert matrix.shares[0].tolist() == [0.8, 0.2, 0, 0] and matrix.shares[2].tolist() == [0, 0, 0, 0]


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_orders_are_complete(size, rng):
    matrix = matrix_of([[rng.choice([0, 0, 1, 5]) for _ in range(size)] for _ in range(size)])
    for order in (by_confusion, by_name, by_support):
        assert sorted(order(matrix)) == list(range(size))
    for most in range(1, size + 1):
        chosen = most_confused(matrix, most)
        assert 0 < len(chosen) <= most and len(set(chosen)) == len(chosen)


def test_what_is_confused_stands_together():
    counts = numpy.diag([9] * 6)
    for a, b in ((0, 3), (3, 5), (1, 4)):
        counts[a, b] = 4 if a else 5
    order = by_confusion(matrix_of(counts, ["a", "b", "(none)", "d", "e", "f"]))
    assert order[:3] == [0, 3, 5] and abs(order.index(1) - order.index(4)) == 1 and order[-1] == 2
    assert set(most_confused(matrix_of(counts), 3)) == {0, 3, 5} and set(most_confused(matrix_of(counts), 2)) == {0, 3}


# -- the page


class Page(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.texts, self.inside, self.tags = {}, [], []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.inside.append(tag)

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data):
        key = "json" if self.inside[-1:] == ["script"] and self.tags[-1][1].get("type") else "".join(self.inside[-1:])
        self.texts[key] = self.texts.get(key, "") + data


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(HOSTILE) | st.text("aЖ<&\"'>\u2028", min_size=1), min_size=1, max_size=6, unique=True))
def test_any_labels(tmp_path, labels):
    matrix = matrix_of(numpy.arange(len(labels) ** 2).reshape(len(labels), -1), labels)
    save_page(matrix, tmp_path / "page.html", labels[0])
    source = (tmp_path / "page.html").read_text(encoding="utf8")
    page = Page(source)
    data = json.loads(page.texts["json"])
    assert data["labels"] == labels and page.texts["title"] == labels[0] and source.count("<script") == 2
    assert {(g, p): n for g, p, n in data["cells"]} == {
        (g, p): g * len(labels) + p for g, p in numpy.ndindex(len(labels), len(labels)) if g or p
    }
    assert len([tag for tag, settings in page.tags if "data-row" in settings]) == len(labels) * (len(labels) - 1)
    assert not re.search(r"https?:|\bsrc=|<link|@import|url\(|fetch\(|XMLHttpRequest", source)


def test_nothing_is_wrong(tmp_path):
    save_page(matrix_of([[3, 0], [0, 2]]), tmp_path / "page.html", "Title")
    assert "None: all are right." in (tmp_path / "page.html").read_text(encoding="utf8")


# -- pictures


@pytest.mark.parametrize("kind, begins", [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_pictures(here, kind, begins):
    pytest.importorskip("matplotlib")
    crossval = {
        "about": {"config": "cnn.cfg"},
        "mean": {"accuracy": 0.8},
        "deviation": {"accuracy": 0.01},
        "folds": [{"train": 90}, {"train": 92}],
    }
    (here / "cv.json").write_text(json.dumps(crossval))
    few = {**crossval, "deviation": {"accuracy": None}, "folds": [{"train": 5}]}
    (here / "few.json").write_text(json.dumps(few))
    for n in (1, 2):
        (here / f"out/fold-{n}").mkdir(parents=True)
        (here / f"out/fold-{n}/train.jsonl").write_text("\n".join(log_lines(3 + n)) + "\n")
    for name, *sources in (
        ("confusion", "scores.json"),
        ("reliability", "scores.json"),
        ("curves", "train.jsonl"),
        ("curves", "train.jsonl", "out"),
        ("amounts", "cv.json", "few.json"),
    ):
        out = here / f"new/{name}-{len(sources)}.{kind}"
        result = call(name, *sources, out, "--title", "Тексты $x$ & labels")
        assert result.exit_code == 0, result.output
        assert out.read_bytes().startswith(begins)
        if kind == "svg":
            assert "Тексты $x$" in re.sub("&amp;", "&", out.read_text(encoding="utf8"))


def test_the_picture_of_many_labels(here):
    """Those confused the most, and a column for the rest."""
    pytest.importorskip("matplotlib")
    labels = [f"label{i}" for i in range(60)]
    cells = [[x, x, 5] for x in labels] + [["label3", "label7", 4], ["label9", "label3", 2], ["label3", "label50", 1]]
    found = scores(matrix=cells, per_label=dict.fromkeys(labels, {}))
    (here / "many.json").write_text(json.dumps(found))
    result = call("confusion", "many.json", "some.svg", "--most", 3)
    assert result.exit_code == 0 and "3 of 60 categories" in result.output
    drawn = re.findall(r"<!-- (.*?) -->", (here / "some.svg").read_text(encoding="utf8"))
    assert {"label3", "label7", "label9", "all others"} <= set(drawn) and "label50" not in drawn
    assert "50" in drawn and "40" in drawn and "10" in drawn  # 5, 4 and, in the column of the rest, 1 of 10
    result = call("confusion", "many.json", "all.svg", "--most", 0)
    assert "60 of 60" in result.output
    assert set(labels) <= set(re.findall(r"<!-- (.*?) -->", (here / "all.svg").read_text(encoding="utf8")))


def test_two_thousand_labels(here):
    labels = [f"label{i:04}" for i in range(2000)]
    found = scores(matrix=[[x, x, 5] for x in labels], per_label={})
    (here / "many.json").write_text(json.dumps(found))
    assert "2,000 categories do not fit" in refused("R595", "confusion", "many.json", "all.png", "--most", 0)
    matrix = read_matrix(found["categories"]["textcat"], "x")
    with patch.object(numpy, "ix_", side_effect=AssertionError("a square of all that is left, for each label")):
        assert by_confusion(matrix) == list(range(2000))


def test_nothing_is_cut_off(here):
    """Neither of the title, which is bold, nor of what is written below a small matrix."""
    pytest.importorskip("matplotlib")
    (here / "two.json").write_text(json.dumps(scores(matrix=CELLS[:2], per_label={})))
    for source, *title in (["two.json"], ["two.json", "--title", "Wide words, written in wide bold letters: WWW"]):
        assert call("confusion", source, "two.svg", *title).exit_code == 0
        drawn = (here / "two.svg").read_text(encoding="utf8")
        wide = float(re.search(r'width="([\d.]+)pt"', drawn)[1])
        ends = []
        for group in re.findall(r'<g id="text_\d+">(.*?</g>\s*)</g>', drawn, re.DOTALL):
            if place := re.search(r"translate\(([\d.]+) [\d.]+\) scale\(([\d.]+)", group):
                last = re.findall(r"translate\(([\d.]+) 0\)", group)
                ends.append(float(place[1]) + float(place[2]) * float(last[-1] if last else 0))
        assert max(ends) < wide - 0.2 * 72


def test_signs_that_no_picture_may_have(here):
    pytest.importorskip("matplotlib")
    odd = ["a\nb", "\x1b[31mред", "--", "\ud800", "<&>"]
    (here / "odd.json").write_text(json.dumps(scores(matrix=[[x, x, 1] for x in odd], per_label={})))
    for kind in ("svg", "html"):
        assert call("confusion", "odd.json", f"odd.{kind}").exit_code == 0
    parse((here / "odd.svg").open("rb"))
    assert "[31mред" in (here / "odd.html").read_text(encoding="utf8")


def test_names_with_an_underscore_are_in_the_legend(here):
    pytest.importorskip("matplotlib")
    for name in ("_one.jsonl", "_two.jsonl"):
        (here / name).write_text("\n".join(log_lines()) + "\n")
    assert call("curves", "_one.jsonl", "_two.jsonl", "curves.svg").exit_code == 0
    drawn = re.findall(r"<!-- *(.*?) -->", (here / "curves.svg").read_text(encoding="utf8"))
    assert {"_one", "_two"} <= set(drawn)


def test_logs_of_folds(here):
    """Of those that have an evaluation; other folders are somebody else's."""
    for name, count in (("fold-10", 2), ("fold-2", 3), ("fold-3", 0), ("fold-2-old", 4)):
        (here / "out" / name).mkdir(parents=True)
        (here / "out" / name / "train.jsonl").write_text("".join(f"{line}\n" for line in log_lines(count)))
    assert [len(log.steps) for log in read_logs(here / "out")] == [3, 2]


def test_a_page_by_command(here):
    result = call("confusion", "scores.json", "page.html")
    assert result.exit_code == 0 and "4 of 4 categories" in result.output
    assert "textcat: confusion of categories" in (here / "page.html").read_text(encoding="utf8")


def test_a_log(here):
    found = read_log(here / "train.jsonl")
    assert found.steps == [0, 10, 20, 30] and found.score == pytest.approx([50, 51, 52, 53])
    assert found.losses["textcat"] == pytest.approx([5.0, 0.25, 5 / 30, 0.125])  # the first step has the number 0
    with (here / "train.jsonl").open("a") as file:
        file.write('{"epoch": 9, "st')
    assert read_log(here / "train.jsonl") == found


# -- what cannot be drawn


@pytest.mark.parametrize(
    "code, content",
    [
        ("R547", "{"),
        ("R547", "[]"),
        ("R547", '{"categories": null}'),
        ("R547", '{"categories": {"a": 1}}'),
        ("R547", '{"categories": {"a": {}}}'),
        ("R547", '{"categories": {"a": {"matrix": [[1, 2]], "per_label": {}, "calibration": {}}}}'),
        ("R547", '{"categories": {"a": {"matrix": [], "per_label": {}, "calibration": {"bins": []}}}}'),
        ("R547", '{"categories": {"a": {"matrix": [["x", "y", "z"]], "per_label": {}, "calibration": null}}}'),
        ("R547", damaged(calibration={"ece": 0.1, "bins": BINS})),
        ("R547", damaged(calibration={"ece": 0.1, "spans": 1, "bins": [dict.fromkeys(BINS[0], "x")]})),
    ],
)
def test_scores_that_cannot_be_drawn(here, code, content):
    (here / "bad.json").write_text(content)
    for name in ("confusion", "reliability"):
        assert "bad.json" in refused(code, name, "bad.json", "out.png")
    refused("R547", "amounts", "bad.json", "out.png")
    assert not (here / "out.png").exists()


@pytest.mark.parametrize("content", ["", "{}\n", "not json\n", "[1]\n", '{"step": 1, "losses": 1}\n', "\x00\n"])
def test_logs_that_are_none(here, content):
    (here / "bad.jsonl").write_text(content)
    assert "bad.jsonl" in refused("R549", "curves", "bad.jsonl", "out.png")


def test_other_mistakes(here):
    assert "It has: textcat" in refused("R548", "confusion", "scores.json", "out.png", "--component", "ner")
    for name, source in (("confusion", "scores.json"), ("reliability", "scores.json"), ("curves", "train.jsonl")):
        refused("R550", name, source, "out.pdf")
        refused("R301", name, "missing", "out.png")
    refused("R354", "curves", "train.svg", "train.svg")
    refused("R549", "curves", "out.png")
    refused("R547", "amounts", "out.png")
    (here / "empty").mkdir()
    refused("R549", "curves", "empty", "out.png")
    (here / "cv.json").write_text(
        '{"about": {"config": "c"}, "mean": {"accuracy": 1}, "deviation": {}, "folds": [{"train": 1}]}'
    )
    assert "but accuracy" in refused("R547", "amounts", "cv.json", "out.png", "--metric", "f")
    (here / "cv.json").write_text(
        '{"about": {"config": "c"}, "mean": {"accuracy": "x"}, "deviation": {"accuracy": 1}, "folds": [{"train": 1}]}'
    )
    refused("R547", "amounts", "cv.json", "out.png")


def test_without_matplotlib(here, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    refused("R455", "confusion", "scores.json", "out.png")
    refused("R455", "curves", "train.jsonl", "out.png")
    assert call("confusion", "scores.json", "out.html").exit_code == 0 and not (here / "out.png").exists()
