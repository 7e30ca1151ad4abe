"""The files of a sample, and the command that writes them."""

import json
import re

import pytest
from spacy.cli._util import app as spacy_app
from spacy.training.converters import conll_ner_to_docs, conllu_to_docs
from typer.testing import CliRunner

import spacy_rnn.cli.mount  # noqa: F401
from spacy_rnn.errors import RNNError
from spacy_rnn.sample import write_sample
from spacy_rnn.sample.world import LANGS, SPLITS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample") / "world"
    write_sample(out, size=300, seed=1)
    return out


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_same_bytes(folder, tmp_path):
    write_sample(tmp_path / "again", size=300, seed=1)
    write_sample(tmp_path / "other", size=300, seed=2)
    assert contents(tmp_path / "again") == contents(folder)
    assert contents(tmp_path / "other")["en/train.conllu"] != contents(folder)["en/train.conllu"]


def test_one_language_is_the_same_as_in_both(folder, tmp_path):
    write_sample(tmp_path / "ru", ["ru"], size=300, seed=1)
    both = {name[3:]: data for name, data in contents(folder).items() if name.startswith("ru/")}
    alone = {name: data for name, data in contents(tmp_path / "ru").items() if name not in ("README.md", "meta.json")}
    assert alone == both


@pytest.mark.parametrize("lang", LANGS)
def test_spacy_reads_the_treebank(folder, lang):
    for split, count in (("train", 300), ("dev", 50), ("test", 50)):
        text = (folder / lang / f"{split}.conllu").read_text(encoding="utf8")
        docs = list(conllu_to_docs(text, n_sents=1, no_print=True))
        assert len(docs) == count
        assert [doc.text.strip() for doc in docs] == re.findall(r"# text = (.*)", text)
        for doc in docs:
            assert doc.has_annotation("DEP") and len(list(doc.sents)) == 1
            assert all(token.pos_ and token.tag_ and token.lemma_ for token in doc)
        assert len(re.findall(r"# sent_id = ", text)) == len(set(re.findall(r"# sent_id = .*", text)))


@pytest.mark.parametrize("lang", LANGS)
def test_spacy_reads_the_entities(folder, lang):
    text = (folder / lang / "ner" / "train.iob").read_text(encoding="utf8")
    docs = list(conll_ner_to_docs(text.replace("\t", " "), n_sents=1, no_print=True))
    assert {ent.label_ for doc in docs for ent in doc.ents} == {"PER", "LOC", "ORG"}


@pytest.mark.parametrize("lang", LANGS)
def test_labels_morphemes_and_raw_text(folder, lang):
    rows = [json.loads(line) for line in (folder / lang / "textcat" / "train.jsonl").open(encoding="utf8")]
    assert {row["sentiment"] for row in rows} == {"positive", "negative", "neutral"}
    assert len({row["topic"] for row in rows}) == 8
    words = {}
    for split in SPLITS:
        for line in (folder / lang / "morphemes" / f"{split}.tsv").read_text(encoding="utf8").splitlines():
            word, pieces = line.split("\t")
            assert "".join(piece.partition(":")[0] for piece in pieces.split("/")) == word
            assert words.setdefault(word, split) == split
    text = (folder / lang / "text.txt").read_text(encoding="utf8").splitlines()
    assert len(text) == 1500
    for split in ("dev", "test"):
        held = (folder / lang / "textcat" / f"{split}.jsonl").open(encoding="utf8")
        assert not {json.loads(line)["text"] for line in held} & set(text)
    forms = {word for line in text for word in re.findall(r"\w+", line.lower())}
    held_out = json.loads((folder / "meta.json").read_text(encoding="utf8"))["held_out"][lang]
    assert held_out and not forms & {lemma.lower() for lemma in held_out}


@pytest.mark.parametrize("lang", LANGS)
def test_analogies_are_in_googles_format(folder, lang):
    lines = (folder / lang / "analogies.txt").read_text(encoding="utf8").splitlines()
    assert lines[0].startswith(": ") and sum(line.startswith(":") for line in lines) >= 5
    assert all(len(line.split()) == (2 if line.startswith(":") else 4) for line in lines)


def test_pairs(folder):
    for split in SPLITS:
        sizes = {lang: [len(s.splitlines()) - 2 for s in treebank(folder / lang / f"{split}.conllu")] for lang in LANGS}
        rows = (folder / "pairs" / f"{split}.tsv").read_text(encoding="utf8").splitlines()
        assert len(rows) == len(sizes["en"]) == len(sizes["ru"])
        for row, en, ru in zip(rows, sizes["en"], sizes["ru"], strict=True):
            links = [tuple(map(int, link.split("-"))) for link in row.split("\t")[2].split()]
            assert links and all(i < en and j < ru for i, j in links)


def treebank(path):
    return path.read_text(encoding="utf8").strip().split("\n\n")


def test_an_existing_folder_is_kept(folder, tmp_path):
    before = contents(folder)
    with pytest.raises(RNNError, match="R450"):
        write_sample(folder, size=10)
    assert contents(folder) == before
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "letter.txt").write_text("mine")
    with pytest.raises(RNNError, match="R454"):
        write_sample(foreign, size=10, force=True)
    assert (foreign / "letter.txt").read_text() == "mine"


def test_an_interrupted_run_leaves_nothing(tmp_path):
    def interrupt(lines):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path / "out", size=10, progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_command(tmp_path):
    out = tmp_path / "corpus"
    arguments = ["rnn", "sample", str(out), "--lang", "ru", "--size", "20", "--seed", "3"]
    result = CliRunner().invoke(spacy_app, arguments)
    assert result.exit_code == 0, result.output
    assert "ru sentences" in result.output
    assert (out / "train.conllu").exists() and "not real language data" in (out / "README.md").read_text(
        encoding="utf8"
    )
    assert json.loads((out / "meta.json").read_text(encoding="utf8"))["seed"] == 3
    again = CliRunner().invoke(spacy_app, arguments)
    assert again.exit_code == 1 and "R450" in again.output
    assert CliRunner().invoke(spacy_app, [*arguments, "--force"]).exit_code == 0


@pytest.mark.parametrize(("size", "code"), [("0", "R452"), ("-5", "R452")])
def test_command_refuses_bad_sizes(tmp_path, size, code):
    result = CliRunner().invoke(spacy_app, ["rnn", "sample", str(tmp_path / "out"), "--size", size])
    assert result.exit_code == 1 and code in result.output
    assert not (tmp_path / "out").exists()
