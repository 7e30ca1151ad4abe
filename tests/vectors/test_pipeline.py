"""The table inside spaCy: tokens, tok2vec, training from a config, saving, workers."""

import mmap
import shutil

import numpy
import pytest
import spacy
from spacy.cli.assemble import assemble_cli
from spacy.cli.train import train
from spacy.tokens import DocBin
from spacy.training import Example
from spacy.util import load_config_from_str, load_model_from_config
from thinc.api import fix_random_seed

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import Table
from spacy_rnn.vectors.table import FastTextVectors

TAGS = {"en": ["DET", "ADJ", "NOUN", "VERB", "DET", "NOUN"], "ru": ["DET", "ADJ", "NOUN", "VERB", "NOUN", "ADV"]}
SENTENCES = {
    "en": ["this small dog sees the garden", "that big sailor likes the river"],
    "ru": ["этот маленький пёс видит сад сегодня", "тот большой моряк любит гору опять"],
}
CONFIG = """
[paths]
vectors = null
train = null

[nlp]
lang = "{lang}"
pipeline = ["tagger"]

[nlp.vectors]
@vectors = "spacy-rnn.FastTextVectors.v1"

[components]

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"

[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2Vec.v2"

[components.tagger.model.tok2vec.embed]
@architectures = "spacy.MultiHashEmbed.v2"
width = 16
attrs = ["SHAPE"]
rows = [50]
include_static_vectors = true

[components.tagger.model.tok2vec.encode]
@architectures = "spacy.MaxoutWindowEncoder.v2"
width = 16
depth = 1
window_size = 1
maxout_pieces = 2

[corpora]

[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${{paths.train}}

[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${{paths.train}}

[training]
max_steps = 10
eval_frequency = 5

[initialize]
vectors = ${{paths.vectors}}
"""


@pytest.fixture
def folder(trained, tmp_path, lang):
    """A pipeline with nothing but vectors, as ``vectors train`` makes it."""
    nlp = spacy.blank(lang, config={"nlp": {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1"}}})
    nlp.vocab.vectors = FastTextVectors.from_gensim(trained.wv, strings=nlp.vocab.strings)
    nlp.to_disk(tmp_path / "vectors")
    return tmp_path / "vectors"


@pytest.fixture
def nlp(lang, folder):
    nlp = load_model_from_config(load_config_from_str(CONFIG.format(lang=lang)), auto_fill=True)
    nlp.config["initialize"]["vectors"] = str(folder)
    return nlp


def make_examples(nlp, lang):
    return [
        Example.from_dict(nlp.make_doc(text), {"words": text.split(), "tags": TAGS[lang]}) for text in SENTENCES[lang]
    ]


def overfit(nlp, lang, steps=80):
    fix_random_seed(0)
    examples = make_examples(nlp, lang)
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    losses = []
    for _ in range(steps):
        losses.append(nlp.update(examples, sgd=optimizer)["tagger"])
    assert losses[-1] < 0.2 * losses[0]


def test_every_token_has_a_vector(folder, lang):
    nlp = spacy.load(folder)
    doc = nlp("невиданнейший unheard-of !")
    assert all(token.has_vector and token.vector.any() and not token.is_oov for token in doc)
    assert doc.has_vector and doc.vector.shape == (16,)
    numpy.testing.assert_allclose(doc.vector, numpy.mean([token.vector for token in doc], axis=0), rtol=1e-5)
    numpy.testing.assert_array_equal(doc[0].vector, nlp.vocab["невиданнейший"].vector)
    known = SENTENCES[lang][0]
    assert 0 < nlp(known + "zzz").similarity(nlp(known)) < 1.0001
    assert nlp.meta["vectors"]["width"] == 16
    assert not nlp("").vector.any()


def test_merging_tokens(folder):
    nlp = spacy.load(folder)
    doc = nlp("New York City")
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert doc[0].text == "New York" and doc[0].vector.any()


def test_known_words_are_ranked_by_frequency(folder):
    nlp = spacy.load(folder)
    keys = list(nlp.vocab.vectors)
    assert [nlp.vocab[key].rank for key in keys[:3]] == [0, 1, 2]


def test_memory_zone(folder):
    nlp = spacy.load(folder)
    with nlp.memory_zone():
        inside = nlp("мимолётнейший")[0].vector.copy()
    numpy.testing.assert_array_equal(nlp("мимолётнейший")[0].vector, inside)


def test_tok2vec_trains_and_is_saved_with_its_vectors(nlp, lang, folder, tmp_path):
    overfit(nlp, lang)
    texts = [*SENTENCES[lang], "невиданные unheard-of words", ""]
    expected = [[token.tag_ for token in doc] for doc in nlp.pipe(texts)]
    nlp.to_disk(tmp_path / "pipeline")
    table = nlp.vocab.vectors.to_bytes()
    shutil.rmtree(folder)  # the pipeline carries its vectors
    for again in (
        spacy.load(tmp_path / "pipeline"),
        load_model_from_config(nlp.config, auto_fill=True).from_bytes(nlp.to_bytes()),
    ):
        assert again.vocab.vectors.to_bytes() == table
        assert [[token.tag_ for token in doc] for doc in again.pipe(texts)] == expected
    assert expected[0] == TAGS[lang]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork in a process with threads
def test_workers(nlp, lang):
    overfit(nlp, lang)
    texts = [f"{text} сверх{i}слово neverseen{i}" for i in range(10) for text in SENTENCES[lang]]
    expected = [[(token.text, token.tag_) for token in doc] for doc in nlp.pipe(texts)]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=3))
    assert [[(token.text, token.tag_) for token in doc] for doc in docs] == expected
    assert all(token.has_vector for doc in docs for token in doc)


def test_spacy_train(lang, folder, tmp_path):
    config = load_config_from_str(CONFIG.format(lang=lang))
    load_model_from_config(config, auto_fill=True).config.to_disk(tmp_path / "config.cfg")
    blank = spacy.blank(lang)
    DocBin(docs=[example.reference for example in make_examples(blank, lang)]).to_disk(tmp_path / "train.spacy")
    paths = {"paths.train": str(tmp_path / "train.spacy"), "paths.vectors": str(folder)}
    train(tmp_path / "config.cfg", tmp_path / "out", overrides=paths)
    shutil.rmtree(folder)
    nlp = spacy.load(tmp_path / "out" / "model-last")
    assert len(nlp.vocab.vectors) and nlp("новоеслово")[0].vector.any()
    with pytest.raises(RNNError, match="R224.*paths.vectors"):
        train(tmp_path / "config.cfg", tmp_path / "none", overrides=paths | {"paths.vectors": None})


def test_spacy_assemble(lang, folder, tmp_path):
    config = CONFIG.format(lang=lang).replace('["tagger"]', "[]").split("[components]")[0]
    (tmp_path / "config.cfg").write_text(f"{config}\n[initialize]\nvectors = {folder.as_posix()!r}".replace("'", '"'))

    class Context:
        args = ()

    assemble_cli(Context(), tmp_path / "config.cfg", tmp_path / "out", None, False)
    assert spacy.load(tmp_path / "out").vocab.vectors == FastTextVectors().from_disk(folder)


def test_source_a_component(nlp, lang, folder, tmp_path, recwarn):
    overfit(nlp, lang)
    nlp.to_disk(tmp_path / "pipeline")
    other = spacy.load(folder)
    other.add_pipe("tagger", source=spacy.load(tmp_path / "pipeline"))
    assert not [warning for warning in recwarn if "W113" in str(warning.message)]
    assert [token.tag_ for token in other(SENTENCES[lang][0])] == TAGS[lang]


def is_mapped(array) -> bool:
    while isinstance(array, numpy.ndarray):
        array = array.base
    return isinstance(array.obj if isinstance(array, memoryview) else array, mmap.mmap)


@pytest.mark.parametrize("kind", ["float32", "float16", "quantised"])
@pytest.mark.parametrize("mapped", [True, False])
def test_every_form_of_table(folder, lang, tmp_path, kind, mapped):
    nlp = spacy.blank(lang, config={"nlp": {"vectors": {"@vectors": "spacy-rnn.FastTextVectors.v1", "mmap": mapped}}})
    table = nlp.vocab.vectors.from_disk(folder).to_table()
    changed = table.quantize(8) if kind == "quantised" else table.astype(kind)
    nlp.vocab.vectors = FastTextVectors.from_table(changed, nlp.vocab.strings)
    text = SENTENCES[lang][0] + " новоеслово unheard-of"
    expected = [token.vector for token in nlp(text)]
    nlp.to_disk(tmp_path / "pipeline")
    for _ in range(2):
        again = spacy.load(tmp_path / "pipeline")
        assert is_mapped(again.vocab.vectors.data) == mapped
        numpy.testing.assert_array_equal([token.vector for token in again(text)], expected)
        assert all(token.has_vector for token in again(text))
        assert again(text).similarity(again(text)) == pytest.approx(1)
        assert again.vocab.vectors == nlp.vocab.vectors
        again.to_disk(tmp_path / "pipeline")  # over itself


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # fork in a process with threads
def test_workers_share_a_mapped_table(folder, lang):
    nlp = spacy.load(folder)
    assert is_mapped(nlp.vocab.vectors.data)
    texts = [f"{text} сверх{i}слово neverseen{i}" for i in range(4) for text in SENTENCES[lang]]
    expected = [doc.vector for doc in nlp.pipe(texts)]
    numpy.testing.assert_array_equal([doc.vector for doc in nlp.pipe(texts, n_process=2, batch_size=2)], expected)


def test_words_without_ngrams():
    nlp = spacy.blank("en")
    table = Table(["dog", "cat"], numpy.eye(2, dtype="f"), numpy.zeros((0, 2), dtype="f"))
    nlp.vocab.vectors = FastTextVectors.from_table(table, nlp.vocab.strings)
    doc = nlp("dog unseen cat")
    assert [token.has_vector for token in doc] == [True, False, True]
    assert [token.is_oov for token in doc] == [False, True, False]
    assert doc[1].vector.tolist() == [0, 0] and doc.vector == pytest.approx([1 / 3, 1 / 3])
    assert doc[0].rank == 0 and doc[2].similarity(doc[0]) == 0
    with pytest.warns(UserWarning, match="W201"), doc.retokenize() as retokenizer:
        retokenizer.merge(doc[1:3])


def test_only_words_that_are_met_become_strings(folder, lang):
    nlp = spacy.load(folder)
    before = len(nlp.vocab.strings)
    keys = list(nlp.vocab.vectors)
    assert len(nlp.vocab.strings) > before and all(key in nlp.vocab.strings for key in keys)
