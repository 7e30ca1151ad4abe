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


def test_from_the_shell(tmp_path):
    (tmp_path / "a.txt").write_text(TEXTS["ru"] * 30, encoding="utf8")
    command = [sys.executable, "-m", "spacy", "rnn", "vectors", "train", "a.txt", "out", "--lang", "ru", *SMALL]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, encoding="utf8", env=os.environ | {"PYTHONUTF8": "1"}
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "out"]
