"""spacy rnn textcat as a user types it."""

import pytest
import spacy
from typer.testing import CliRunner

from spacy_rnn.cli import app

TEXTS = {
    "en": "text,label\na fine film,good\na dull film,bad\nfine and wise,good\nso dull and slow,bad\n",
    "ru": "text,label\nхороший фильм,good\nскучный фильм,bad\nхороший и мудрый,good\nскучный и долгий,bad\n",
}
NEW = {"en": ("fine", "dull"), "ru": ("хороший", "скучный")}


def call(*args):
    result = CliRunner().invoke(app, ["textcat", *map(str, args)])
    return result.exit_code, " ".join(result.output.split())


@pytest.mark.parametrize("lang", TEXTS)
def test_train(tmp_path, lang):
    train, out = tmp_path / "train.csv", tmp_path / "out"
    train.write_text(TEXTS[lang], encoding="utf8")
    options = ("--lang", lang, "--dim", 8, "--buckets", 99, "--epochs", 80, "--dropout", 0, "--dev", train)
    status, said = call(train, out, *options)
    assert status == 0, said
    assert "4 texts" in said and "2 labels, one a text" in said and "accuracy 100.0, macro F1 100.0" in said
    nlp = spacy.load(out)
    assert [doc.cats["good"] > 0.5 for doc in nlp.pipe(NEW[lang])] == [True, False]
    assert nlp.config["components"]["bag_textcat"]["model"]["ngram_rows"] == 99
    status, said = call(train, out)
    assert status == 1 and "R571" in said


def test_a_part_is_one_of_the_training_texts(tmp_path):
    parts, dev = tmp_path / "parts.json", tmp_path / "dev.csv"
    parts.write_text('{"train": [["a b", "x"], ["c d", "y"]], "test": [["a", "x"]]}')
    dev.write_text("text,label\na,x\n")
    options = ("--part", "train", "--dim", 4, "--buckets", 9, "--epochs", 1)
    assert call(parts, tmp_path / "out", *options, "--dev", dev)[0] == 0
    status, said = call(parts, tmp_path / "no", *options, "--dev", parts)
    assert status == 1 and "R514" in said and not (tmp_path / "no").exists()


def test_what_a_user_gets_wrong(tmp_path):
    train = tmp_path / "train.csv"
    train.write_text("text,label\na,x\nb,\n", encoding="utf8")
    for options, code in (((), "R507"), (("--lr", "0"), "R573"), (("--lang", "zz"), "R209")):
        status, said = call(train, tmp_path / "out", *options)
        assert status == 1 and code in said and "Traceback" not in said
    status, said = call(train, tmp_path / "out", "--skip-bad", "--multi-label", "--dim", 4, "--epochs", 1)
    assert status == 0 and "any number a text" in said
