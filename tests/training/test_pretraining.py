"""`spacy pretrain` with our objective and reader, and `spacy train` from what it made."""

import gzip
from pathlib import Path

import numpy
import pytest
import spacy
import srsly
from spacy.tokens import DocBin, Span
from spacy.training.initialize import init_nlp
from spacy.training.pretrain import pretrain
from spacy.util import load_config
from spacy.vectors import Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.training.pretraining import PretrainNeighbours, Ranks, create_text_corpus, frequent_words
from spacy_rnn.vectors.format import Table
from spacy_rnn.vectors.table import FastTextVectors

CONFIG = Path(__file__).parents[2] / "configs" / "ner.cfg"
SENTENCES = {
    "en": ["the dog saw the cat .", "the cat saw Anna .", "Anna sleeps .", "the end"],
    "ru": ["кот видел собаку .", "собака видела Анну .", "Анна спит .", "весь конец"],
}
SMALL = {
    "components.rnn_ner.model.tok2vec.embed.width": 24,
    "components.rnn_ner.model.tok2vec.embed.word_width": 16,
    "components.rnn_ner.model.tok2vec.embed.ngram_rows": 500,
    "components.rnn_ner.model.tok2vec.embed.ngram_width": 16,
    "components.rnn_ner.model.tok2vec.embed.attr_rows": 50,
    "components.rnn_ner.model.tok2vec.encode.width": 32,
    "pretraining.dropout": 0.0,
    "pretraining.max_epochs": 8,
    "pretraining.batcher.size": 10,
    "pretraining.optimizer.learn_rate": 0.02,
}


@pytest.fixture(params=["en", "ru"])
def corpus(request, tmp_path):
    """Language, text, a pipeline with vectors of its words, and a few sentences with entities."""
    lines = SENTENCES[request.param]
    text = tmp_path / "text.txt"
    text.write_text("\n".join(lines * 5) + "\n", encoding="utf8")
    words = sorted({word.lower() for line in lines for word in line.split()})
    nlp = spacy.blank(request.param)
    table = Table.of_words(
        words, numpy.random.default_rng(0).normal(size=(len(words), 8)).astype("float32"), lower=True
    )
    nlp.vocab.vectors = FastTextVectors.from_table(table, nlp.vocab.strings)
    nlp.config["nlp"]["vectors"] = {"@vectors": "spacy-rnn.FastTextVectors.v1"}
    nlp.to_disk(tmp_path / "vectors")
    doc = nlp(lines[2])
    doc.ents = [Span(doc, 0, 1, label="PER")]
    DocBin(docs=[doc] * 3).to_disk(tmp_path / "train.spacy")
    return request.param, text, tmp_path / "vectors", tmp_path / "train.spacy"


def config_of(corpus, **overrides):
    lang, text, vectors, docs = corpus
    paths = {"paths.text": str(text), "paths.vectors": str(vectors), "paths.train": str(docs), "paths.dev": str(docs)}
    return load_config(CONFIG, overrides={"nlp.lang": lang, **paths, **SMALL, **overrides}, interpolate=True)


def losses(out):
    return [line["epoch_loss"] for line in srsly.read_jsonl(out / "log.jsonl")]


def test_pretrain_then_train(corpus, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    pretrain(config_of(corpus), out)
    said = losses(out)
    assert said[-2] < 0.7 * said[0]
    nlp = init_nlp(config_of(corpus, **{"initialize.init_tok2vec": str(out / "model-last.bin")}))
    tok2vec = nlp.get_pipe("rnn_ner").model.get_ref("tok2vec")
    embed = next(node for node in tok2vec.walk() if node.name == "char_word_embed")
    assert "." in embed.attrs["words"]  # the words of the raw text, not those of three sentences
    fresh = init_nlp(config_of(corpus))
    assert fresh.get_pipe("rnn_ner").model.get_ref("tok2vec").to_bytes() != tok2vec.to_bytes()
    ((states,),) = [tok2vec.predict([nlp.make_doc(SENTENCES[corpus[0]][0])])]
    assert states.shape[1] == 32
    examples = list(spacy.registry.resolve({"c": nlp.config.interpolate()["corpora"]["train"]})["c"](nlp))
    assert nlp.update(examples)["rnn_ner"] > 0


def test_one_direction_of_many_layers(corpus, tmp_path):
    encode = "components.rnn_ner.model.tok2vec.encode"
    pretrain(config_of(corpus, **{f"{encode}.bidirectional": False, f"{encode}.depth": 2}), tmp_path)
    said = losses(tmp_path)
    assert said[-2] < said[0]


def test_what_would_see_the_answer_is_refused(corpus, tmp_path):
    with pytest.raises(RNNError, match="R366"):
        pretrain(config_of(corpus, **{"components.rnn_ner.model.tok2vec.encode.depth": 2}), tmp_path)


def test_without_vectors(corpus, tmp_path):
    off = {"initialize.vectors": None, "components.rnn_ner.model.tok2vec.embed.vectors": "none"}
    with pytest.raises(RNNError, match="R367"):
        pretrain(config_of(corpus, **off), tmp_path)
    with pytest.raises(RNNError, match="R149"):
        PretrainNeighbours(max_words=1)


def test_the_order_of_the_vectors():
    vocab = spacy.blank("en").vocab
    vocab.vectors = Vectors(strings=vocab.strings, shape=(3, 2))
    for word in ("the", "cat", "Anna"):
        vocab.set_vector(word, numpy.ones(2))
    assert frequent_words(vocab) == ["the", "cat", "Anna"]
    ranks = Ranks(vocab, frequent_words(vocab))
    docs = [spacy.blank("en", vocab=vocab)(text) for text in ("The cat", "anna Anna sat")]
    assert ranks(docs).tolist() == [0, 1, -1, 2, -1]


def test_text_corpus(tmp_path):
    nlp = spacy.blank("ru")
    text = "\n".join(SENTENCES["ru"] * 50)
    (tmp_path / "a.txt").write_text(text, encoding="utf8")
    with gzip.open(tmp_path / "b.txt.gz", "wt", encoding="utf8") as file:
        file.write("ещё одна строка\n\n")

    def read(path, **settings):
        return [[token.text for token in doc] for doc in create_text_corpus(path, **settings)(nlp)]

    lines = [line.split() for line in SENTENCES["ru"] * 50]
    assert read(tmp_path / "a.txt", shuffle=False) == lines
    assert read(tmp_path, shuffle=False) == [*lines, "ещё одна строка".split()]
    shuffled = read(tmp_path / "a.txt")
    assert shuffled != lines and sorted(shuffled) == sorted(lines)
    assert read(tmp_path / "a.txt", shuffle=False, limit=2) == lines[:2]
    cut = read(tmp_path / "a.txt", shuffle=False, limit=1, max_length=3)
    assert cut == [["кот", "видел", "собаку"], ["."]]
    assert read(None) == []


def test_broken_text(tmp_path):
    (tmp_path / "bad.txt").write_bytes("кот\n".encode() + b"\xff\xfe\n")
    with pytest.raises(RNNError, match="R203.*line 2"):
        list(create_text_corpus(tmp_path / "bad.txt")(spacy.blank("ru")))
    for wrong in ({"max_length": 0}, {"limit": -1}):
        with pytest.raises(RNNError, match="R149"):
            create_text_corpus(tmp_path / "bad.txt", **wrong)
    with pytest.raises(RNNError, match="R201"):
        list(create_text_corpus(tmp_path / "none.txt")(spacy.blank("ru")))
