"""fasttext_vectors as spaCy uses it: vectors that are trained with the pipeline, and saved with it."""

import pickle
import re
from dataclasses import asdict
from pathlib import Path

import numpy
import pytest
import spacy
from spacy.cli.train import train as spacy_train
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, load_config_from_str, load_model_from_config
from spacy.vectors import Vectors

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline.fasttext_vectors import DEFAULT_CONFIG, VectorTrainer
from spacy_rnn.sample.write import write_sample
from spacy_rnn.training.convert import convert
from spacy_rnn.vectors.output import write_output
from spacy_rnn.vectors.settings import VectorSettings
from spacy_rnn.vectors.table import FastTextVectors
from spacy_rnn.vectors.train import train_on_texts, train_vectors

from .tiny import SMALL, annotation, gold_annotation, make_examples, predicted, tagger_of, texts_of

TINY = {"dim": 16, "bucket": 500, "min_count": 1, "threads": 1, "lr": 0.1}
UNSEEN = {"en": "childrenish dogly", "ru": "котище мамочка"}
NEW = {"en": "kangaroos jump over the dogs", "ru": "кенгуру прыгают через кота"}
DOCS = Path(__file__).parents[2] / "docs" / "vectors-in-pipelines.md"
LANGS = pytest.mark.parametrize("lang", ["en", "ru"])

STATIC = {
    "@architectures": "spacy.Tagger.v2",
    "tok2vec": {
        "@architectures": "spacy.HashEmbedCNN.v2",
        "width": 16,
        "depth": 1,
        "embed_size": 100,
        "window_size": 1,
        "maxout_pieces": 2,
        "subword_features": False,
        "pretrained_vectors": True,
    },
}


def make_nlp(lang="en", **config) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("fasttext_vectors", config={**TINY, **config})
    return nlp


def trainer_of(nlp) -> VectorTrainer:
    return nlp.get_pipe("fasttext_vectors")


def many(nlp, lang):
    """The tiny corpus often enough to learn from."""
    return make_examples(nlp, lang) * 20


def vectors_of(nlp, text):
    return numpy.array([token.vector for token in nlp(text)])


def same_vectors(nlp, other, text):
    numpy.testing.assert_array_equal(vectors_of(nlp, text), vectors_of(other, text))


@pytest.fixture(scope="module", params=["en", "ru"])
def trained(request):
    """Vectors, and over them a tagger that uses them."""
    nlp = make_nlp(request.param, save_model=True)
    nlp.add_pipe("rnn_tagger", config=SMALL)
    examples = make_examples(nlp, request.param)
    optimizer = nlp.initialize(lambda: examples * 20)
    optimizer.learn_rate = 0.01
    for _ in range(40):
        nlp.update(examples, sgd=optimizer)
    return nlp, examples


# -- before training


def test_add_pipe():
    nlp = make_nlp()
    assert nlp.pipe_names == ["fasttext_vectors"] and not trainer_of(nlp).is_trainable
    assert nlp.pipe_labels == {} and not nlp.analyze_pipes()["problems"]["fasttext_vectors"]
    assert isinstance(nlp.vocab.vectors, FastTextVectors) and not len(nlp.vocab.vectors)


def test_defaults_are_those_of_the_command():
    defaults = asdict(VectorSettings())
    settings = {name: value for name, value in DEFAULT_CONFIG.items() if name in defaults}
    assert settings == {name: defaults[name] for name in settings}
    assert set(DEFAULT_CONFIG) - set(settings) == {"text", "tokenize", "save_model"}
    assert spacy.blank("en").add_pipe("fasttext_vectors").settings == VectorSettings()
    assert trainer_of(make_nlp(window=2, lower=True)).settings == VectorSettings(**TINY, window=2, lower=True)
    with pytest.raises(RNNError, match="R208.*glowworm"):
        make_nlp(model="glowworm")


def test_not_initialized():
    nlp = make_nlp()
    with pytest.raises(ValueError, match="E109"):
        nlp("A text.")
    with pytest.raises(ValueError, match="E109"):
        list(nlp.pipe(["A text."]))


def test_initialize_without_data(tmp_path):
    for nothing in (lambda: [], None):
        with pytest.raises(TypeError, match="E930"):
            trainer_of(make_nlp()).initialize(nothing)
    with pytest.raises(RNNError, match="R118.*R206"):
        make_nlp(min_count=3).initialize()
    nlp = make_nlp()
    blank = Example(nlp.make_doc(" \n"), nlp.make_doc(" \n"))
    with pytest.raises(RNNError, match="R118.*R205"):
        nlp.initialize(lambda: [blank])
    (tmp_path / "empty.txt").write_text(" \n")
    with pytest.raises(RNNError, match="R205"):
        make_nlp(text=str(tmp_path)).initialize()
    with pytest.raises(RNNError, match="R201"):
        make_nlp(text=str(tmp_path / "none")).initialize()
    assert not len(nlp.vocab.vectors)


@pytest.mark.parametrize(
    "factory, config, error",
    [("tagger", {"model": STATIC}, "R224.*must stand first"), ("rnn_tagger", SMALL, r'R119\] rnn_tagger .*\["fast')],
)
def test_must_stand_before_what_uses_vectors(factory, config, error):
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(factory, config=config)
    nlp.add_pipe("fasttext_vectors", config=TINY)
    with pytest.raises(RNNError, match=error):
        nlp.initialize(lambda: many(nlp, "en"))
    moved = spacy.blank("en")
    moved.add_pipe(factory, config=config)
    moved.add_pipe("fasttext_vectors", config=TINY, first=True)
    moved.initialize(lambda: many(moved, "en"))


# -- learning


@LANGS
def test_the_words_are_the_gold_tokens(lang):
    nlp = make_nlp(lang)
    reference = Doc(nlp.vocab, words=["can", "not", " ", "stop", "can", "it"], sent_starts=[1, 0, 0, 0, 1, 0])
    nlp.initialize(lambda: [Example(nlp.make_doc("cannot  stop can it"), reference)] * 20)
    assert sorted(nlp.vocab.vectors.to_table().words) == ["can", "it", "not", "stop"]
    assert trainer_of(nlp).log["corpus"]["sentences"] == 40 and trainer_of(nlp).log["corpus"]["words"] == 100


def test_every_token_has_a_vector(trained):
    nlp, examples = trained
    doc = nlp(UNSEEN[nlp.lang])
    assert all(token.has_vector and not token.is_oov and token.vector.any() for token in doc)
    assert 0 < doc.similarity(nlp(texts_of(examples)[0])) <= 1.0001
    assert nlp.vocab["."].rank == 0, "the most frequent word"
    assert nlp.meta["vectors"]["name"] == f"{nlp.lang}_vectors"


@pytest.mark.parametrize("lang, tokenize", [("en", True), ("ru", False)])
def test_the_same_vectors_as_from_the_command(lang, tokenize, tmp_path):
    text = "".join(f"{text}\n" for text in texts_of(make_examples(spacy.blank(lang), lang)))
    (tmp_path / "text.txt").write_text(text * 5000, encoding="utf8")  # more than a block
    settings = {**TINY, "epochs": 1, "window": 1}
    options = {"lang": lang, "tokenize": tokenize, "settings": VectorSettings(**settings)}
    train_vectors([tmp_path / "text.txt"], tmp_path / "vectors.safetensors", **options)
    nlp = make_nlp(lang, **settings, text=str(tmp_path / "text.txt"), tokenize=tokenize)
    nlp.initialize()
    assert nlp.vocab.vectors == FastTextVectors().from_disk(tmp_path / "vectors.safetensors")


@LANGS
def test_text_of_the_config(lang, tmp_path):
    """Cut by the pipeline's tokenizer, unless it is cut already; examples are not wanted."""
    text = " ".join(texts_of(make_examples(spacy.blank(lang), lang))).replace(" .", ".")
    for name, count in (("a.txt", 10), ("b.txt", 5)):
        (tmp_path / name).write_text(f"{text}\n" * count, encoding="utf8")
    whole = make_nlp(lang, text=str(tmp_path))
    whole.initialize()
    files = make_nlp(lang, text=[str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    files.initialize()
    assert "." in whole.vocab.vectors.to_table().words and trainer_of(whole).log["corpus"]["sentences"] == 15
    assert files.vocab.vectors == whole.vocab.vectors
    as_it_is = make_nlp(lang, text=str(tmp_path), tokenize=False)
    as_it_is.initialize()
    assert set(as_it_is.vocab.vectors.to_table().words) == set(text.split())


def test_the_settings_are_heeded(trained):
    nlp = make_nlp("ru", lower=True, yo=True, model="cbow", max_n=0, min_n=0)
    doc = Doc(nlp.vocab, words="Ёлка мАма Елка ёлка".split())
    nlp.initialize(lambda: [Example(doc, doc)] * 20)
    assert nlp.vocab.vectors.to_table().words[:] == ["елка", "мама"]
    assert nlp.vocab["ЁЛКА"].has_vector and not nlp.vocab["ёлки"].has_vector


def test_streamed_corpora_are_too_short():
    nlp = make_nlp()
    nlp.config["training"]["max_epochs"] = -1
    with pytest.warns(UserWarning, match="W103"):
        nlp.initialize(lambda: many(nlp, "en"))


def test_replaces_other_vectors():
    nlp = spacy.blank("en")
    nlp.vocab.set_vector("dog", numpy.ones(5, dtype="f"))
    nlp.add_pipe("fasttext_vectors", config=TINY)
    assert nlp("dog")[0].vector.tolist() == [1] * 5, "not before there are better ones"
    with pytest.warns(UserWarning, match="W102"):
        nlp.initialize(lambda: many(nlp, "en"))
    assert nlp("dog")[0].vector.shape == (16,)
    nlp.initialize(lambda: many(nlp, "en"))  # its own: no warning


def test_update_passes_it_by(trained):
    nlp, examples = trained
    before = vectors_of(nlp, UNSEEN[nlp.lang])
    losses = nlp.update(examples, sgd=False, annotates=["fasttext_vectors"], exclude=["rnn_tagger"])
    assert losses == {} and nlp.rehearse(examples, exclude=["rnn_tagger"]) == {}
    nlp.resume_training()
    assert nlp.evaluate(examples)["tag_acc"] == 1.0
    numpy.testing.assert_array_equal(vectors_of(nlp, UNSEEN[nlp.lang]), before)


# -- trained


def test_overfits_on_top(trained):
    nlp, examples = trained
    assert predicted(nlp, examples) == gold_annotation(examples)
    assert tagger_of(nlp).model.get_ref("heads") and nlp.vocab.vectors_length == 16


def test_saved_and_loaded(trained, tmp_path):
    """Without [nlp.vectors] in any config of the user's."""
    nlp, examples = trained
    nlp.to_disk(tmp_path / "nlp")
    built = make_nlp(nlp.lang, save_model=True)
    built.add_pipe("rnn_tagger", config=SMALL)
    config = load_model_from_config(nlp.config)
    pickled = pickle.loads(pickle.dumps(nlp))
    others = spacy.load(tmp_path / "nlp"), built.from_bytes(nlp.to_bytes()), config.from_bytes(nlp.to_bytes()), pickled
    for other in others:
        assert predicted(other, examples) == gold_annotation(examples)
        same_vectors(nlp, other, UNSEEN[nlp.lang])
        assert trainer_of(other).nlp is other
    built.to_disk(tmp_path / "nlp")  # over where another was loaded from
    again = spacy.load(tmp_path / "nlp")
    again.to_disk(tmp_path / "nlp")  # over itself
    for other in (again, spacy.load(tmp_path / "nlp")):
        same_vectors(nlp, other, UNSEEN[nlp.lang])


@LANGS
def test_spacys_own_layer(lang, tmp_path):
    nlp = make_nlp(lang)
    nlp.add_pipe("tagger", config={"model": STATIC})
    examples = make_examples(nlp, lang)
    optimizer = nlp.initialize(lambda: examples * 20)
    optimizer.learn_rate = 0.02
    for _ in range(60):
        nlp.update(examples, sgd=optimizer)
    expected = [[token.tag_ for token in example.reference] for example in examples]
    assert [[token.tag_ for token in nlp(example.x)] for example in examples] == expected
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    for text in (UNSEEN[lang], ""):
        assert [token.tag_ for token in again(text)] == [token.tag_ for token in nlp(text)]


@pytest.mark.parametrize("texts", [[], [""], ["", "  \n", "a", ""], ["   "], ["\n\n"]], ids=repr)
def test_empty_and_whitespace_docs(trained, texts):
    nlp, _ = trained
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    assert all(doc.vector.shape == (16,) for doc in docs)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork in a process with threads
def test_many_processes(trained):
    nlp, examples = trained
    texts = [*texts_of(examples), UNSEEN[nlp.lang], ""] * 3
    expected = [annotation(doc) for doc in nlp.pipe(texts)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=2))
    assert [annotation(doc) for doc in docs] == expected
    assert all(token.has_vector for doc in docs for token in doc)


# -- going on


@LANGS
def test_learns_new_words(lang, tmp_path):
    nlp = make_nlp(lang, save_model=True)
    nlp.initialize(lambda: many(nlp, lang))
    nlp.to_disk(tmp_path / "nlp")
    in_memory = make_nlp(lang, save_model=True).from_bytes(nlp.to_bytes())
    before, table = vectors_of(nlp, UNSEEN[lang]), set(nlp.vocab.vectors.to_table().words)
    for other in (nlp, spacy.load(tmp_path / "nlp"), in_memory):
        doc = other(NEW[lang])
        vectors = [token.vector.copy() for token in doc]
        log = trainer_of(other).train([NEW[lang], other.make_doc(NEW[lang])] * 10, epochs=3, lr=0.2)
        assert log["corpus"]["sentences"] == 20 and len(log["epochs"]) == 3
        assert set(other.vocab.vectors.to_table().words) == table | set(NEW[lang].split())
        assert not any(numpy.allclose(token.vector, old) for token, old in zip(doc, vectors, strict=True))
        assert other.vocab[NEW[lang].split()[0]].rank < len(other.vocab.vectors)
        same_vectors(other, nlp, NEW[lang])
    assert not numpy.allclose(vectors_of(nlp, UNSEEN[lang]), before), "parts of known words move"
    nlp.to_disk(tmp_path / "nlp")
    same_vectors(spacy.load(tmp_path / "nlp"), nlp, NEW[lang])
    trainer_of(nlp).train(NEW[lang] * 3 + " ")  # one text


def test_weights_are_saved_on_request_only(tmp_path):
    nlp = make_nlp(save_model=True)
    nlp.initialize(lambda: many(nlp, "en"))
    file = tmp_path / "nlp" / "fasttext_vectors" / "model.safetensors"
    nlp.to_disk(tmp_path / "nlp")
    assert file.is_file() and trainer_of(pickle.loads(pickle.dumps(nlp))).weights is not None
    without = spacy.load(tmp_path / "nlp", config={"components.fasttext_vectors.save_model": False})
    with pytest.raises(RNNError, match="R121.*save_model = true"):
        trainer_of(without).train(["more"])
    without.to_disk(tmp_path / "nlp")
    assert not file.exists()
    same_vectors(spacy.load(tmp_path / "nlp"), nlp, UNSEEN[nlp.lang])
    assert trainer_of(make_nlp().from_bytes(without.to_bytes())).weights is None
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"damaged")
    with pytest.raises(RNNError, match="R215"):
        spacy.load(tmp_path / "nlp", config={"components.fasttext_vectors.save_model": True})


def test_trains_without_being_initialized(tmp_path):
    nlp = make_nlp()
    trainer_of(nlp).train(texts_of(make_examples(nlp)) * 20)
    nlp.to_disk(tmp_path / "nlp")
    same_vectors(spacy.load(tmp_path / "nlp"), nlp, UNSEEN["en"])


@pytest.mark.parametrize("lang, block", [("en", {}), ("ru", {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}})])
def test_goes_on_from_vectors_of_the_config(lang, block, tmp_path):
    texts = [" ".join(text.split()) for text in texts_of(make_examples(spacy.blank(lang), lang))] * 20
    weights, log = train_on_texts(texts, VectorSettings(**TINY), lang=lang)
    write_output(weights, tmp_path / "vectors", log)
    (tmp_path / "new.txt").write_text(f"{NEW[lang]}\n" * 20, encoding="utf8")

    def initialized(**config):
        nlp = spacy.blank(lang, config={"nlp": block, "initialize": {"vectors": str(tmp_path / "vectors")}})
        nlp.add_pipe("fasttext_vectors", config={**TINY, "text": str(tmp_path / "new.txt"), **config})
        nlp.initialize()
        return nlp

    nlp = initialized()
    assert set(nlp.vocab.vectors.to_table().words) == {*weights.words, *NEW[lang].split()}
    nlp.to_disk(tmp_path / "nlp")
    same_vectors(spacy.load(tmp_path / "nlp"), nlp, NEW[lang])
    with pytest.raises(RNNError, match="R122.*foo.*Choose from model, loss, dim"):
        trainer_of(nlp).train(["more"], foo=7)
    with pytest.raises(RNNError, match="R281.*--dim 16, not"):
        initialized(dim=20)
    (tmp_path / "vectors" / "model.safetensors").unlink()
    with pytest.raises(RNNError, match="R120.*vectors"):
        initialized()


# -- other pipelines


def test_source_components(trained, tmp_path):
    """Into a pipeline with spaCy's own kind of vectors, and into one with ours."""
    nlp, examples = trained
    nlp.to_disk(tmp_path / "nlp")
    source = {"source": str(tmp_path / "nlp")}
    ours = {"nlp": {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}}}
    config = {"nlp": {"lang": nlp.lang, "pipeline": ["rnn_tagger"]}, "components": {"rnn_tagger": source}}
    with pytest.warns(UserWarning, match="W104.*FastTextVectors"):
        other = load_model_from_config(load_config_from_str("").merge(config), auto_fill=True)
    assert not len(other.vocab.vectors)
    config = {
        "nlp": {**config["nlp"], **ours["nlp"], "pipeline": ["fasttext_vectors", "rnn_tagger"]},
        "components": {"fasttext_vectors": source, "rnn_tagger": source},
        "initialize": {"vectors": str(tmp_path / "nlp")},
    }
    other = load_model_from_config(load_config_from_str("").merge(config), auto_fill=True)
    with other.select_pipes(disable=other.pipe_names):  # as spacy train does with components that were sourced
        other.initialize()
    assert predicted(other, examples) == gold_annotation(examples)
    same_vectors(other, nlp, UNSEEN[nlp.lang])


def test_vectors_of_another_pipeline(trained, tmp_path):
    nlp, _ = trained
    nlp.to_disk(tmp_path / "nlp")
    block = {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}}
    other = spacy.blank(nlp.lang, config={"nlp": block, "initialize": {"vectors": str(tmp_path / "nlp")}})
    other.initialize()
    same_vectors(other, nlp, UNSEEN[nlp.lang])
    added = spacy.blank(nlp.lang)
    with pytest.warns(UserWarning, match="W113"):
        added.add_pipe("fasttext_vectors", source=spacy.load(tmp_path / "nlp"))
    assert isinstance(added.vocab.vectors, Vectors)
    with pytest.raises(ValueError, match="E109"):
        added("A text")
    added.initialize(lambda: many(added, nlp.lang))
    assert vectors_of(added, UNSEEN[nlp.lang]).any(axis=1).all()


# -- the config of the docs


@LANGS
def test_the_config_of_the_docs(lang, tmp_path):
    (written,) = re.findall(r"```ini\n(\[paths\].*?)```", DOCS.read_text(encoding="utf8"), re.DOTALL)
    (tmp_path / "config.cfg").write_text(written, encoding="utf8")
    corpus = tmp_path / "sample"
    write_sample(corpus, [lang], 60)
    for split in ("train", "dev"):
        convert(corpus / f"{split}.conllu", corpus / f"{split}.spacy", spacy.blank(lang).vocab)
    overrides = {f"paths.{split}": str(corpus / f"{split}.spacy") for split in ("train", "dev")}
    overrides |= {"paths.text": str(corpus / "text.txt"), "nlp.lang": lang, "components.fasttext_vectors.threads": 1}
    overrides |= {"components.fasttext_vectors.bucket": 2000, "components.fasttext_vectors.epochs": 1}
    overrides |= {"training.max_steps": 4, "training.eval_frequency": 2}
    spacy_train(tmp_path / "config.cfg", tmp_path / "out", overrides=overrides)
    nlp = spacy.load(tmp_path / "out" / "model-last")
    assert nlp.pipe_names == ["fasttext_vectors", "tagger"] and trainer_of(nlp).settings.lower
    assert len(nlp.vocab.vectors) > 50
    doc = nlp("Мяукающий кот" if lang == "ru" else "A meowing cat")
    assert all(token.vector.any() and token.tag_ for token in doc)
    again = spacy.load(tmp_path / "out" / "model-best").vocab.vectors
    assert again == nlp.vocab.vectors
