"""``spacy rnn vectors train`` as a user types it."""

import gzip
import os
import subprocess
import sys

import pytest
import spacy
from typer.testing import CliRunner

from spacy_rnn.cli import app

SMALL = ["--dim", "8", "--bucket", "100", "--epochs", "2", "--threads", "1", "--min-count", "1"]
STOPPED = """
import os, signal
from spacy_rnn.cli import app
from spacy_rnn.cli.vectors.train import TrainingBars
show = TrainingBars.__call__
def stop(bars, state):
    show(bars, state)
    if state.stage == os.environ["STAGE"] and state.done:
        os.kill(os.getpid(), signal.SIGINT)
TrainingBars.__call__ = stop
app()
"""
TEXTS = {"en": "the dog sees a cat\na cat sees the dog\n", "ru": "пёс видит кота\nкота видит пёс\n"}


def call(*args):
    return CliRunner().invoke(app, ["vectors", "train", *map(str, args)])


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_train(tmp_path, lang, model):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(TEXTS[lang] * 30, encoding="utf8")
    (tmp_path / "more.txt.gz").write_bytes(gzip.compress(TEXTS[lang].encode() * 30))
    args = [tmp_path / "texts", tmp_path / "more.txt.gz", tmp_path / "out", "--lang", lang, "--model", model, *SMALL]
    result = call(*args)
    assert result.exit_code == 0, result.output
    assert "Epoch 2/2" in result.output and "nats/pair" in result.output
    assert spacy.load(tmp_path / "out")("небывалое unseen")[1].vector.any()
    assert "R207" in call(*args).output
    assert call(*args, "--force").exit_code == 0


@pytest.mark.parametrize(
    "code, data, args",
    [
        ("R201", None, []),
        ("R203", b"good\n\xff\n", []),
        ("R205", b"", []),
        ("R206", b"a dog\n", ["--min-count", "9"]),
        ("R208", b"a dog\n", ["--min-n", "7"]),
        ("R208", b"a dog\n", ["--model", "bert"]),
        ("R209", b"a dog\n", ["--lang", "qqq"]),
    ],
)
def test_mistakes(tmp_path, code, data, args):
    if data is not None:
        (tmp_path / "a.txt").write_bytes(data)
    result = call(tmp_path / "a.txt", tmp_path / "out", "--lang", "en", *SMALL, *args)
    assert result.exit_code == 1
    assert code in result.output and "Traceback" not in result.output
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "args, message",
    [
        (["--min-n", "7"], "--min-n 7 --max-n 6: must be 1 or more, and the first not above the second"),
        (["--max-n", "1"], "--min-n 3 --max-n 1: must"),
        (["--ns-exponent", "1000"], "--ns-exponent 1000.0: must be 2 or less"),
        (["--bucket", "99999999999"], "--bucket 99999999999: must be 2147483647 or less"),
        (["--gpu-id", "-7"], "--gpu-id -7: must be -1 or more"),
    ],
)
def test_mistakes_are_named_as_they_were_typed(tmp_path, args, message):
    (tmp_path / "a.txt").write_text(TEXTS["en"])
    result = call(tmp_path / "a.txt", tmp_path / "out", "--lang", "en", *args)
    assert result.exit_code == 1 and message in " ".join(result.output.split())


@pytest.mark.filterwarnings("default")
def test_warnings_are_told_like_all_else(tmp_path):
    (tmp_path / "a.txt").write_text(TEXTS["en"] * 30)
    result = call(tmp_path / "a.txt", tmp_path / "out", "--lang", "en", *SMALL, "--sample", "1e-9")
    assert "⚠ [W202]" in result.output and "UserWarning" not in result.output


@pytest.mark.parametrize("size, code", [(30, "R287"), (100_000, "R214")])
def test_ctrl_c_and_resume(tmp_path, size, code):
    (tmp_path / "a.txt").write_text(TEXTS["ru"] * size, encoding="utf8")
    args = ["vectors", "train", "a.txt", "out.safetensors", "--lang", "ru", *SMALL, "--epochs", "20"]
    command = [sys.executable, "-c", STOPPED, *args]
    environment = os.environ | {"PYTHONUTF8": "1", "STAGE": "training" if code == "R214" else "reading"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf8", env=environment)
    assert done.returncode == 1 and code in done.stdout and "Traceback" not in done.stderr
    more = ["--resume"] if code == "R214" else []
    result = CliRunner().invoke(app, [*args[:2], str(tmp_path / "a.txt"), str(tmp_path / args[3]), *args[4:], *more])
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "out.safetensors"]


def test_from_the_shell(tmp_path):
    (tmp_path / "a.txt").write_text(TEXTS["ru"] * 30, encoding="utf8")
    command = [sys.executable, "-m", "spacy", "rnn", "vectors", "train", "a.txt", "out", "--lang", "ru", *SMALL]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf8", env=os.environ | {"PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "out"]
