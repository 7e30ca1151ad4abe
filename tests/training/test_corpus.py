"""``spacy-rnn.conllu_corpus.v1`` as spaCy's training loop uses it."""

import pytest
import spacy
from spacy.training import Example
from spacy.util import load_config_from_str, registry

from spacy_rnn.errors import RNNError
from spacy_rnn.training.corpus import create_conllu_corpus

from .corpora import TEXTS, spoil


@pytest.fixture(params=TEXTS)
def corpus(request, tmp_path):
    path = tmp_path / "corpus.conllu"
    path.write_text(TEXTS[request.param], encoding="utf-8")
    return request.param, path


def test_from_config(corpus):
    lang, path = corpus
    config = load_config_from_str(
        f'[corpora]\n[corpora.train]\n@readers = "spacy-rnn.conllu_corpus.v1"\npath = "{path}"'
    )
    reader = registry.resolve(config)["corpora"]["train"]
    examples = list(reader(spacy.blank(lang)))
    assert len(examples) == 2 and all(isinstance(example, Example) for example in examples)
    assert len(list(reader(spacy.blank(lang)))) == 2  # it can be read again
    for example in examples:
        assert example.reference.has_annotation("POS")
        for layer in ("POS", "TAG", "MORPH", "LEMMA", "DEP", "SENT_START"):
            assert not example.predicted.has_annotation(layer)
        assert example.predicted.text == example.reference.text


def test_trains(corpus):
    lang, path = corpus
    nlp = spacy.blank(lang)
    nlp.add_pipe("morphologizer")
    examples = list(create_conllu_corpus(path)(nlp))
    nlp.initialize(lambda: examples)
    losses = nlp.update(examples)
    assert losses["morphologizer"] > 0


def test_arguments(corpus):
    lang, path = corpus
    nlp = spacy.blank(lang)
    sizes = [len(example.reference) for example in create_conllu_corpus(path)(nlp)]
    assert [len(e.reference) for e in create_conllu_corpus(path, group=2)(nlp)] == [sum(sizes)]
    assert len(list(create_conllu_corpus(path, limit=1)(nlp))) == 1
    short = list(create_conllu_corpus(path, group=2, max_length=sizes[0])(nlp))
    assert [len(example.reference) for example in short] == sizes[1:]
    gold = list(create_conllu_corpus(path, gold_preproc=True, group=2)(nlp))
    assert [[w.text for w in e.predicted] for e in gold] == [[w.text for w in e.reference] for e in gold]
    assert [len(example.predicted) for example in gold] == sizes
    shuffled = create_conllu_corpus(path, shuffle=True)(nlp)
    assert sorted(len(example.reference) for example in shuffled) == sorted(sizes)
    twice = create_conllu_corpus(path, augmenter=lambda nlp, example: [example, example])(nlp)
    assert len(list(twice)) == 4


def test_no_path():
    with pytest.raises(RNNError, match="R316"):
        create_conllu_corpus(None)


def test_broken_sentences(corpus):
    lang, path = corpus
    path.write_text(spoil(TEXTS[lang], 3, 3, "WORD"), encoding="utf-8")
    with pytest.raises(RNNError, match="R312"):
        list(create_conllu_corpus(path)(spacy.blank(lang)))
    with pytest.warns(UserWarning, match="W301.*R312"):
        assert len(list(create_conllu_corpus(path, skip_bad=True)(spacy.blank(lang)))) == 1
