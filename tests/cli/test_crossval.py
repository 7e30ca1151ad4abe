"""``spacy rnn crossval`` as a user types it: folds, scores, going on, and what it refuses."""

import json
import subprocess
import sys
from collections import Counter
from unittest.mock import patch

import pytest
import spacy
from spacy.tokens import Doc, Span
from typer.testing import CliRunner

from spacy_rnn.cli import app
from spacy_rnn.errors import RNNError
from spacy_rnn.training import crossval
from spacy_rnn.training.crossval import Crossval
from spacy_rnn.training.fold import read_progress, train_and_score
from spacy_rnn.training.fold_plan import Options

from ..training.categories import WORDS, blank, corpus, text, write, write_config


def call(*args):
    return CliRunner().invoke(app, ["crossval", *map(str, args)])


def unwrapped(result):
    return " ".join(result.output.split())


def refused(code, *args):
    result = call(*args)
    assert result.exit_code == 1 and f"[{code}]" in result.output, result.output
    return unwrapped(result)


@pytest.fixture
def files(tmp_path):
    docs = corpus(blank())
    return write_config(tmp_path / "bow.cfg"), write(tmp_path / "all.spacy", docs), tmp_path / "out"


def scores_of(out):
    return json.loads((out / "scores.json").read_text(encoding="utf8"))


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    """Two folds, trained at the same time; one text is empty, one occurs twice, one label is rare."""
    place = tmp_path_factory.mktemp("crossval")
    nlp = blank()
    docs = [*corpus(nlp), text(nlp, [], "грусть"), *(text(nlp, ["same"], "anger") for _ in "12")]
    docs += [text(nlp, ["x"], "q", every=(*WORDS, "q")), Doc(nlp.vocab, words=["no", "gold"])]
    config, data = write_config(place / "bow.cfg"), write(place / "all.spacy", docs)
    args = (config, data, place / "out", "--folds", 2, "--jobs", 2, "--training.max_steps", 6)
    result = call(*args)
    assert result.exit_code == 0, result.output
    return args, place / "out", result


def test_every_fold_is_scored(done):
    _, out, result = done
    scores = scores_of(out)
    assert sorted(fold["test"] for fold in scores["folds"]) == [14, 15]
    assert all(fold["train"] + fold["dev"] + fold["test"] == 29 for fold in scores["folds"])
    assert sum(fold["categories"]["textcat"]["texts"] for fold in scores["folds"]) == 28  # the empty one, too
    each = [fold["categories"]["textcat"]["accuracy"] for fold in scores["folds"]]
    assert scores["mean"]["accuracy"] == pytest.approx(sum(each) / 2)
    assert scores["deviation"]["accuracy"] == pytest.approx(abs(each[0] - each[1]) / 2**0.5)
    assert sum(count for *_, count in scores["categories"]["textcat"]["matrix"]) == 28
    assert (
        scores["about"]["folds"] == 2
        and scores["about"]["name"] == "out"
        and scores["categories"]["textcat"]["exclusive"] is True
    )
    said = unwrapped(result)
    assert sum(fold["categories"]["textcat"]["unlabelled"] for fold in scores["folds"]) == 1
    assert "1 texts have no gold categories" in said
    assert "Mean" in said and "Deviation" in said and "радость" in said
    assert "2 texts are the same as one in another fold" in said
    assert "q 1" in said and "fewer texts than there are folds" in said


def test_what_is_left_of_a_fold(done):
    _, out, _ = done
    assert sorted(path.name for path in (out / "fold-1").iterdir()) == [
        "config.cfg", "predictions.jsonl", "scores.json", "texts.json", "train.jsonl", "train.log",
    ]  # fmt: skip
    folds = json.loads((out / "folds.json").read_text())["folds"]
    assert sorted(Counter(folds).values()) == [14, 15]
    parts = [json.loads((out / f"fold-{n}" / "texts.json").read_text()) for n in (1, 2)]
    for n, part in enumerate(parts, 1):
        assert part["test"] == [i for i, fold in enumerate(folds) if fold == n]
        assert sorted(part["train"] + part["dev"] + part["test"]) == list(range(29)) and part["dev"]
    lines = [json.loads(x) for x in (out / "fold-1" / "predictions.jsonl").read_text(encoding="utf8").splitlines()]
    found = json.loads((out / "fold-1" / "scores.json").read_text(encoding="utf8"))["categories"]["textcat"]
    assert len(lines) == found["texts"] and all(
        x["predicted"] == [max(x["probabilities"], key=x["probabilities"].get)] for x in lines
    )
    assert read_progress(out / "fold-1").step == 6


def test_it_goes_on_where_it_was(done):
    args, out, _ = done
    before = scores_of(out)
    (out / "scores.json").unlink()
    log = (out / "fold-1" / "train.log").read_text(encoding="utf8")
    (out / "fold-2" / "scores.json").unlink()
    result = call(*args)
    assert result.exit_code == 0 and "Fold 1 (done before)" in result.output and "Fold 2:" in result.output
    after = scores_of(out)
    assert after["mean"] == before["mean"] and after["folds"][0] == before["folds"][0]
    assert after["folds"][1]["categories"] == before["folds"][1]["categories"]  # trained again, with the same result
    assert (out / "fold-1" / "train.log").read_text(encoding="utf8") == log


def test_another_task_is_refused(done):
    (config, data, out, *options), _, _ = done
    plan = (out / "crossval.json").read_bytes()
    assert "the config or its overrides changed" in refused("R536", config, data, out, *options[:-1], 7)
    assert "the options changed" in refused("R536", config, data, out, *options, "--seed", 1)
    other = write(data.with_name("other.spacy"), corpus(blank(), 28))
    assert "the corpus" in refused("R536", config, other, out, *options)
    assert (out / "crossval.json").read_bytes() == plan and (out / "fold-1" / "scores.json").is_file()


def test_damaged_scores_of_a_fold(done):
    """It is trained again."""
    args, out, _ = done
    scores = (out / "fold-1" / "scores.json").read_bytes()
    for damaged in (scores[:40], b"", b"[]", b"{}", b'{"categories": {"a": 1}}'):
        (out / "fold-1" / "scores.json").write_bytes(damaged)
        events = Crossval(*args[:3], Options(folds=2), overrides={"training.max_steps": 6}).run()
        with patch.object(Crossval, "_start", side_effect=InterruptedError):
            assert next(events).fold == 2
            with pytest.raises(InterruptedError):
                next(events)
    (out / "fold-1" / "scores.json").write_bytes(scores)


def test_a_plan_written_by_halves(files):
    """It goes on when there is room again."""
    config, data, out = files
    task = Crossval(config, data, out, Options(folds=2))
    write_down = crossval._write

    def full(path, content):
        if path.exists() or list(out.iterdir()):
            raise OSError(28, "No space left on device")
        write_down(path, content)

    with patch.object(crossval, "_write", full), pytest.raises(RNNError, match="R279.*No space"):
        task.prepare()
    task.prepare()
    assert json.loads((out / "folds.json").read_text())["folds"] == [fold + 1 for fold in task.folds]


def test_a_damaged_plan(done):
    args, out, _ = done
    plan = (out / "crossval.json").read_bytes()
    for damaged in (b"{", b"[]", b"{}", b'{"marks": 1}'):
        (out / "crossval.json").write_bytes(damaged)
        refused("R535", *args)
    (out / "crossval.json").write_bytes(plan)


def test_force_begins_anew(files, monkeypatch):
    config, data, out = files
    task = Crossval(config, data, out, Options(folds=2))
    task.prepare()
    (out / "fold-1").mkdir()
    (out / "fold-1" / "scores.json").write_text("{}")
    (out / "mine.txt").write_text("stays")
    (out / "fold-1-old").mkdir()
    monkeypatch.setattr(Crossval, "run", lambda self, jobs: iter(()))
    Crossval(config, data, out, Options(folds=3)).prepare(force=True)
    assert sorted(path.name for path in out.iterdir()) == ["crossval.json", "fold-1-old", "folds.json", "mine.txt"]
    assert json.loads((out / "crossval.json").read_text())["about"]["folds"] == 3


def test_stopped_by_the_user(files, monkeypatch):
    config, data, out = files

    def run(self, jobs):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(Crossval, "run", run)
    assert "0 of 2 folds are done" in refused("R537", config, data, out, "--folds", 2)


def test_processes_end_with_the_command(files):
    config, data, out = files
    task = Crossval(config, data, out, Options(folds=2))
    task.prepare()
    started = []
    start = task._start
    task._start = lambda *args: started.append(start(*args)) or started[-1]
    running = task.run(jobs=2)
    assert [next(running).fold, next(running).fold] == [1, 2]
    running.close()
    assert len(started) == 2 and all(process.poll() is not None for process in started)
    command = [sys.executable, "-m", "spacy_rnn.training.fold", str(out / "fold-1"), "-1"]
    assert subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True).returncode == 1
    assert not (out / "fold-1" / "scores.json").exists()


def test_a_fold_that_fails(files, monkeypatch):
    """Its log says why."""
    config, data, out = files

    def start(self, fold, jobs):
        self.lay_out(fold)
        said = "Config validation error\ntextcat -> model -> ngram_size   value is not a valid integer"
        (self.folder(fold) / "train.log").write_text(said, encoding="utf8")
        return subprocess.Popen([sys.executable, "-S", "-c", "raise SystemExit(1)"])

    monkeypatch.setattr(Crossval, "_start", start)
    result = call(config, data, out, "--folds", 2)
    assert result.exit_code == 1 and "[R538] Fold 1" in result.output and "train.log" in result.output
    assert "\ntextcat -> model -> ngram_size   value is not" in result.output and "Traceback" not in result.output


def test_pipelines_are_kept(files):
    config, data, out = files
    task = Crossval(config, data, out, Options(folds=2, dev=0), keep=True)
    task.prepare()
    task.lay_out(1)
    train_and_score(out / "fold-1", -1, None)
    result = task._finish(1, 0)
    assert not (out / "fold-1" / "model-best").exists() and (out / "fold-1" / "train.spacy").exists()
    assert result["dev"] == 0 and result["train"] == 12
    nlp = spacy.load(out / "fold-1" / "model-last")
    assert nlp.config["training"]["patience"] == 0 and set(nlp("ура").cats) == set(WORDS)


def test_other_components(tmp_path):
    """Their scorers say how good they are; folds come from the corpus."""
    nlp = blank()
    docs = []
    for i in range(8):
        doc = Doc(nlp.vocab, words=["Анна", "в", "Осло", str(i)], user_data={"fold": "ab"[i % 2]})
        doc.ents = [Span(doc, 0, 1, "PER"), Span(doc, 2, 3, "LOC")]
        docs.append(doc)
    config = tmp_path / "ner.cfg"
    config.write_text(
        '[nlp]\nlang = "xx"\npipeline = ["ner"]\n[components]\n[components.ner]\nfactory = "ner"\n'
        "[training]\nseed = 0\ngpu_allocator = null\nmax_steps = 2\neval_frequency = 1\n"
    )
    task = Crossval(config, write(tmp_path / "all.spacy", docs), tmp_path / "out", Options(), fold_key="fold")
    assert task.folds == [0, 1] * 4 and task.count == 2 and not task.rare()
    task.prepare()
    task.lay_out(2)
    train_and_score(tmp_path / "out" / "fold-2", -1, None)
    result = task._finish(2, 0)
    assert result["categories"] == {} and "ents_f" in result["scores"] and result["test"] == 4
    assert set(result["scores"]["ents_per_type"]) <= {"PER", "LOC"}


# -- what it refuses, before anything is written


@pytest.mark.parametrize(
    "code, options",
    [
        ("R531", ["--folds", 1]),
        ("R531", ["--folds", 0]),
        ("R531", ["--folds", 25]),
        ("R542", ["--dev-share", 1]),
        ("R542", ["--dev-share", -0.1]),
        ("R542", ["--train-share", 0]),
        ("R542", ["--training.eval_frequency", 5]),
        ("R541", ["--no-dev", "--training.max_steps", 0]),
        ("R544", ["--folds", 2, "--fold-key", "fold"]),
        ("R539", ["--fold-key", "fold"]),
        ("R539", ["--folds-file", "missing.json"]),
        ("R301", ["--code", "missing.py"]),
        ("R545", ["more.spacy"]),
        ("R545", ["--fold", 5]),
        ("R545", ["--training.max_steps", 5, "--fold=5"]),
        ("R540", ["--training.batcher.size.x=1", "--nlp.pipeline", "[]"]),
    ],
)
def test_options_that_cannot_be(files, code, options):
    config, data, out = files
    refused(code, config, data, out, *options)
    assert not out.exists()


def test_corpora_that_cannot_be(files):
    config, data, out = files
    nlp = blank()
    bare = write(data.with_name("bare.spacy"), [Doc(nlp.vocab, words=["a"]) for _ in range(5)])
    assert "textcat" in refused("R543", config, bare, out, "--folds", 2)
    same = write(data.with_name("same.spacy"), [text(nlp, ["a"], "anger") for _ in range(5)])
    assert "5 texts have the same categories (anger)" in refused("R534", config, same, out, "--folds", 2)
    some = write(
        data.with_name("some.spacy"), [*(text(nlp, ["a"], "anger") for _ in "123"), Doc(nlp.vocab, words=["b"])]
    )
    assert "3 texts have the same categories (anger)" in refused("R534", config, some, out, "--folds", 2)
    several = write(data.with_name("several.spacy"), [*corpus(nlp), text(nlp, ["a"], "anger", "грусть")])
    assert "Text 25 " in refused("R533", config, several, out, "--folds", 2)
    half = text(nlp, ["a"], "anger")
    half.cats["anger"] = 0.5
    refused("R532", config, write(several, [*corpus(nlp), half]), out, "--folds", 2)
    broken = data.with_name("broken.spacy")
    broken.write_bytes(data.read_bytes()[:-20])
    refused("R318", config, broken, out)
    refused("R301", config, data.with_name("missing.spacy"), out)
    refused("R301", config.with_name("missing.cfg"), data, out)
    config.write_text("[nlp\n")
    refused("R540", config, data, out)
    assert not out.exists()


def test_places_that_cannot_be(files):
    config, data, out = files
    assert "it is a file" in refused("R535", config, data, data, "--folds", 2)
    out.mkdir()
    (out / "mine.txt").write_text("")
    refused("R535", config, data, out, "--folds", 2)
    refused("R535", config, data, out, "--folds", 2, "--force")
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


# -- what a fold's config is


def test_the_config_of_a_fold(files):
    config, data, out = files
    given = (
        config.read_text().replace("spacy.Corpus.v1", "own.v1", 1).replace("[corpora.dev]", "own = 1\n[corpora.dev]")
    )
    config.write_text(given + '[initialize]\nvectors = "some"\n[corpora.more]\nx = 1\n')
    task = Crossval(config, data, out, Options(folds=2), overrides={"training.max_steps": 9, "nlp.lang": "ru"})
    task.prepare()
    task.lay_out(1)
    found = spacy.util.load_config(out / "fold-1" / "config.cfg")
    folder = (out / "fold-1").resolve()
    assert found["training"]["max_steps"] == 9 and found["nlp"]["lang"] == "ru"
    assert found["initialize"] == {"vectors": "some"} and found["corpora"]["more"] == {"x": 1}
    for name in ("train", "dev", "test"):
        assert found["corpora"][name]["path"] == str(folder / f"{name}.spacy")
        assert found["corpora"][name]["@readers"] == "spacy.Corpus.v1" and "own" not in found["corpora"][name]
    from spacy_rnn.training.fold_config import lost_settings

    assert lost_settings(task.config) == ["corpora.train.own"]


def test_settings_that_are_none(files):
    """What training will say of them, the log tells."""
    config, data, out = files
    overrides = {"components.textcat.factory": ["a"], "training.train_corpus": None}
    task = Crossval(config, data, out, Options(folds=2), overrides=overrides)
    task.prepare()
    task.lay_out(1)
    assert spacy.util.load_config(out / "fold-1" / "config.cfg")["components"]["textcat"]["factory"] == ["a"]


def test_less_to_train_on(files):
    config, data, out = files
    whole, half = (Crossval(config, data, out, Options(folds=3, train=share)) for share in (1.0, 0.5))
    for fold in (1, 2, 3):
        assert half.parts(fold)["test"] == whole.parts(fold)["test"]
        assert set(half.parts(fold)["train"]) < set(whole.parts(fold)["train"])
        assert len(half.parts(fold)["train"]) == pytest.approx(len(whole.parts(fold)["train"]) / 2, abs=2)
