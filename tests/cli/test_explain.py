"""``spacy rnn explain`` as a user types it."""

import json
import re
import subprocess
import sys

import pytest
import spacy
from spacy.training import Example
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.cli._explained import lines_of
from spacy_rnn.viz.explaining.find import tell

TEXTS = {"en": ("a funny film", "a dull film"), "ru": ("смешной фильм", "скучный фильм")}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A folder with pipelines: en and ru have a convolution and one of spaCy's own; plain has nothing to explain."""
    folder = tmp_path_factory.mktemp("models")
    for lang, (good, bad) in TEXTS.items():
        nlp = spacy.blank(lang)
        embed = {"@architectures": "spacy-rnn.WordEmbed.v1", "vectors": "none", "width": 8, "min_freq": 1}
        cnn = {"tok2vec": embed, "filters": 4, "sizes": [1, 2], "ngram_width": 4, "ngram_rows": 50}
        nlp.add_pipe("cnn_textcat", config={"model": cnn})
        bag = {"@architectures": "spacy-rnn.TextCatBag.v1", "tok2vec": embed, "exclusive_classes": False}
        nlp.add_pipe("textcat_multilabel", config={"model": bag})
        examples = [Example.from_dict(nlp.make_doc(good), {"cats": {"good": 1.0, "bad": 0.0}})]
        examples.append(Example.from_dict(nlp.make_doc(bad), {"cats": {"good": 0.0, "bad": 1.0}}))
        optimizer = nlp.initialize(lambda found=examples: found)
        for _ in range(20):
            nlp.update(examples, sgd=optimizer)
        nlp.to_disk(folder / lang)
    plain = spacy.blank("en")
    plain.add_pipe("sentencizer")
    plain.to_disk(folder / "plain")
    untrained = spacy.blank("en")
    untrained.add_pipe("cnn_textcat")
    untrained.to_disk(folder / "untrained")
    return folder


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(*args):
    return CliRunner().invoke(app, ["explain", *map(str, args)])


def unwrapped(result):
    return " ".join(result.output.split())


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("method", ["gradient", "integrated", "occlusion"])
def test_in_the_terminal(models, here, lang, method):
    result = call(models / lang, TEXTS[lang][0], "--method", method, "--label", "good", "--top", 2)
    assert result.exit_code == 0, result.output
    said = unwrapped(result)
    assert "good" in said and "logit" in said and TEXTS[lang][0] in said
    assert all(header in said for header in ("Words", "Filters, where they fired", "Hashed n-grams"))
    assert "\x1b[48" not in result.output  # no colours where nobody sees them


def test_colours(models):
    told = tell(spacy.load(models / "ru"), [TEXTS["ru"][0]], label="bad")
    lines = "\n".join(lines_of(told, colours=True))
    assert re.search(r"\x1b\[38;5;231;48;5;(25|166)m", lines)
    assert TEXTS["ru"][0] in re.sub(r"\x1b\[[\d;]*m", "", lines)


def test_tables_in_the_terminal_are_straight(models):
    long = "превосходительство" * 2
    told = tell(spacy.load(models / "ru"), [f"смешной {long}\n{long} фильм"])
    tables = [part.split("\n") for part in lines_of(told) if "----" in part]
    assert len(tables) == 3
    for lines in tables:
        assert len({len(line) for line in lines if line}) == 1, lines


def test_a_single_label_has_no_others():
    nlp = spacy.blank("en")
    embed = {"@architectures": "spacy-rnn.WordEmbed.v1", "vectors": "none", "width": 8, "min_freq": 1}
    nlp.add_pipe("bag_textcat", config={"model": {"tok2vec": embed, "exclusive_classes": False}})
    examples = [Example.from_dict(nlp.make_doc(text), {"cats": {"spam": 1.0}}) for text in ("buy now", "buy it")]
    nlp.initialize(lambda: examples)
    assert "()" not in "".join(lines_of(tell(nlp, ["buy now"])))


def test_a_text_goes_to_the_end_of_its_line(models, here):
    texts = ["a funny\u2028film", "a dull\x85film", "a\x0cfilm"]
    (here / "texts.txt").write_text("\r\n".join(texts), encoding="utf8", newline="")
    assert call(models / "en", "texts.txt", "-o", "out.json").exit_code == 0
    assert [record["text"] for record in json.loads((here / "out.json").read_text(encoding="utf8"))] == texts


def test_a_page_and_json(models, here):
    (here / "texts.txt").write_text("\ufeff" + "\n\n".join(TEXTS["ru"]) + "\n", encoding="utf8")
    result = call(models / "ru", "texts.txt", "-o", "new/page.html", "--title", "<Почему>")
    assert result.exit_code == 0 and "2 texts, cnn_textcat, integrated" in unwrapped(result)
    page = (here / "new" / "page.html").read_text(encoding="utf8")
    assert "<h1>&lt;Почему&gt;</h1>" in page and page.count("<details") == 2 and "\ufeff" not in page
    result = call(models / "ru", "texts.txt", "-o", "out.json", "-c", "textcat_multilabel", "-m", "occlusion")
    assert result.exit_code == 0, result.output
    records = json.loads((here / "out.json").read_text(encoding="utf8"))
    assert [record["text"] for record in records] == list(TEXTS["ru"])
    assert records[0]["component"] == "textcat_multilabel" and set(records[0]["cats"]) == {"good", "bad"}
    assert [len(one["tokens"]) for one in records[0]["explanations"]] == [2, 2]


def test_filters(models, here):
    (here / "texts.txt").write_text("\n".join(TEXTS["en"]), encoding="utf8")
    result = call(models / "en", "texts.txt", "--filters", "--top", 3)
    assert result.exit_code == 0, result.output
    assert result.output.count("mean activation") == 3 and "5 more filters" in unwrapped(result)
    assert call(models / "en", "texts.txt", "--filters", "-o", "filters.json").exit_code == 0
    found = json.loads((here / "filters.json").read_text(encoding="utf8"))
    assert sorted(one["number"] for one in found) == list(range(8))
    assert call(models / "en", "texts.txt", "--filters", "-l", "bad", "-o", "bad.json").exit_code == 0
    assert json.loads((here / "bad.json").read_text(encoding="utf8")) == [f for f in found if f["label"] == "bad"]
    said = {text for one in found for text, _ in one["ngrams"]}
    assert len(said) > 2 and all(text in TEXTS["en"][0] or text in TEXTS["en"][1] for text in said)


def test_many_texts_are_too_many_for_the_terminal(models, here):
    """Those that are not shown are not even read: the last one would be too long."""
    (here / "texts.txt").write_text("\n".join(["a funny film"] * 22 + ["x" * 1_000_001]), encoding="utf8")
    result = call(models / "en", "texts.txt", "-m", "gradient", "--top", 1)
    assert result.exit_code == 0 and "3 more texts" in unwrapped(result)


def test_from_the_shell(models, here):
    command = [sys.executable, "-m", "spacy", "rnn", "explain", models / "ru", TEXTS["ru"][1], "-o", "page.html"]
    run = subprocess.run(command, capture_output=True, encoding="utf8")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "скучный" in (here / "page.html").read_text(encoding="utf8")


@pytest.mark.parametrize(
    "code, args",
    [
        ("R322", ["nothing", "A text"]),
        ("R460", ["en", "nothing.txt"]),
        ("R462", ["en", " "]),
        ("R462", ["en", "empty.txt", "-o", "out.json"]),
        ("R464", ["en", "latin.txt"]),
        ("R464", ["en", "Half \udcd0 a letter"]),
        ("R467", ["en", "longer.txt"]),
        ("R552", ["untrained", "A text", "-o", "out.html"]),
        ("R552", ["untrained", "A text", "--filters"]),
        ("R553", ["en", "A text", "--method", "magic"]),
        ("R555", ["en", "A text", "--label", "maybe"]),
        ("R555", ["en", "A text", "--label", "maybe", "--filters"]),
        ("R556", ["en", "A text", "-c", "sentencizer"]),
        ("R556", ["plain", "A text"]),
        ("R557", ["en", "A text", "--filters", "-c", "textcat_multilabel"]),
        ("R558", ["en", "A text", "-o", "out.pdf"]),
        ("R559", ["en", "long.txt", "-o", "out.html", "-m", "gradient"]),
        ("R560", ["en", "A text", "--filters", "-o", "out.html"]),
        ("R279", ["en", "A text", "-o", "latin.txt/out.html"]),
    ],
)
def test_mistakes(models, here, code, args):
    (here / "empty.txt").write_text("\n \n")
    (here / "latin.txt").write_text("déjà", encoding="latin-1")
    (here / "long.txt").write_text("слово " * 20_001, encoding="utf8")
    (here / "longer.txt").write_text("x" * 1_000_001, encoding="utf8")
    before = sorted(path.name for path in here.iterdir())
    result = call(models / args[0], *args[1:])
    assert result.exit_code == 1 and code in unwrapped(result) and "Traceback" not in result.output
    assert sorted(path.name for path in here.iterdir()) == before


@pytest.mark.parametrize("kind", ["html", "json"])
def test_no_room(models, here, small_files, kind):
    with small_files(100):
        result = call(models / "en", "a film", "-o", f"out.{kind}")
    assert result.exit_code == 1 and "R279" in result.output and not list(here.iterdir())


def test_help():
    shown = call("--help").output
    assert "\\b" not in shown and "--filters\n" in re.sub(" +\n", "\n", shown)
