"""Every config is complete, so that it can be read without knowing the defaults, and trains on the sample."""

from pathlib import Path

import pytest
import spacy
from spacy.cli.init_config import fill_config
from spacy.tokens import DocBin, Span
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from thinc.api import Config
from typer.testing import CliRunner

from spacy_rnn.cli import app

CONFIGS = sorted((Path(__file__).parent.parent / "configs").glob("*.cfg"))
LANGS = ("en", "ru")
# A few rows of everything: the smallest tables that still have every part.
VECTORS = "--tokenize --lower --dim 100 --bucket 500 --epochs 1 --threads 1".split()


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """Corpus and vectors for both languages, made with the commands of the README."""
    folder = tmp_path_factory.mktemp("sample")

    def run(*arguments):
        result = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert result.exit_code == 0, result.output

    run("sample", folder, "--size", 60, "--force")
    for lang in LANGS:
        for split in ("train", "dev"):
            docs = folder / lang / f"{split}.spacy"
            run("convert", folder / lang / f"{split}.conllu", docs, "--lang", lang)
            _annotate_further(docs, lang)
        text, out = folder / lang / "text.txt", folder / lang / "vectors"
        run("vectors", "train", text, out, "--lang", lang, *VECTORS)
    return folder


def _annotate_further(path, lang):
    """What the sample lacks: names are entities, and texts are long or short."""
    vocab = spacy.blank(lang).vocab
    docs = list(DocBin().from_disk(path).get_docs(vocab))
    for doc in docs:
        doc.ents = [Span(doc, token.i, token.i + 1, label="NAME") for token in doc if token.pos_ == "PROPN"]
        doc.cats = {"long": float(len(doc) > 7), "short": float(len(doc) <= 7)}
    DocBin(docs=docs).to_disk(path)


@pytest.fixture(scope="session")
def morphemes(tmp_path_factory):
    """A few words with their morphemes; the sample has none."""
    words = {"en": "walk/er walk/ed un/do re/do/ing", "ru": "слов/ник ход/ить за/ход пере/ход/ить"}
    files = {}
    for lang, cut in words.items():
        files[lang] = tmp_path_factory.mktemp("morphemes") / "words.tsv"
        lines = [f"{word.replace('/', '')}\t{word}" for word in cut.split() * 3]
        files[lang].write_text("\n".join(lines), encoding="utf8")
    return files


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_nothing_is_left_to_fill_in(path, tmp_path):
    as_written = Config().from_disk(path, interpolate=False)
    _, filled = fill_config(tmp_path / "filled.cfg", path, silent=True)
    if not as_written["pretraining"]:
        filled["paths"].pop("init_tok2vec")  # which fill-config adds all the same
    assert dict(as_written) == dict(filled)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_every_setting_that_is_not_a_default_has_its_reason(path):
    assert path.read_text(encoding="utf8").startswith("# "), "say at the top what this config is for"
    assert path.read_text(encoding="utf8").count("\n# ") >= 5


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_trains_on_the_sample(path, lang, sample, morphemes, tmp_path):
    overrides = {
        "nlp.lang": lang,
        "paths.train": str(sample / lang / "train.spacy"),
        "paths.dev": str(sample / lang / "dev.spacy"),
        "paths.vectors": str(sample / lang / "vectors"),
        "training.max_steps": 3,
        "training.eval_frequency": 1,
        "training.logger": {"@loggers": "spacy.ConsoleLogger.v1", "progress_bar": False},
    }
    if path.stem == "segmenter":
        overrides.update({f"paths.{name}": str(morphemes[lang]) for name in ("train", "dev", "text")})
    nlp = init_nlp(load_config(path, overrides=overrides))
    train(nlp, tmp_path)
    trained = spacy.load(tmp_path / "model-last")
    assert trained.pipe_names == nlp.pipe_names
    doc = trained("Мама мыла раму." if lang == "ru" else "The captain sails.")
    if "rnn_tagger" in trained.pipe_names:
        assert all(token.pos_ for token in doc)
    if "rnn_ner" in trained.pipe_names:
        assert doc.has_annotation("ENT_IOB")
    if "rnn_segmenter" in trained.pipe_names:
        assert all(token._.morphemes for token in doc)
    if "textcat" in path.stem:
        assert set(doc.cats) == {"long", "short"} and len(doc._.categories) == 1
