"""Constraints from a dictionary: with a small one made for the tests, and with pymorphy3 where it is installed."""

from importlib.util import find_spec
from types import SimpleNamespace

import numpy
import pytest
import spacy
from spacy.tokens import Doc

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline import opencorpora
from spacy_rnn.pipeline.dictionary import Dictionary
from spacy_rnn.pipeline.labels import LabelColumns, as_dict
from spacy_rnn.pipeline.opencorpora import parses

from .tiny import SMALL, annotation, make_examples, make_nlp, predicted, tagger_of, train

WORDS = {
    "стали": ["VERB,perf,intr,plur,past,indc", "NOUN,inan,femn,sing,gent", "NOUN,inan,femn,plur,nomn"],
    "видел": ["VERB,impf,masc,sing,past,indc"],
    "красивый": ["ADJF,Qual,masc,sing,nomn"],
    "раза": ["NOUN,inan,masc,sing,gent"],
    "но": ["CONJ", "NOUN,inan,neut,sing,nomn"],
    "ооо": ["NOUN,inan,neut,Abbr,sing,nomn"],
}
POS = ["ADJ", "NOUN", "PROPN", "VERB"]
BUNDLES = [
    "_",
    "Case=Gen|Gender=Fem|Number=Sing",
    "Case=Nom|Number=Plur",
    "Mood=Ind|Number=Plur|Tense=Past|VerbForm=Fin",
]
real = pytest.mark.skipif(find_spec("pymorphy3") is None, reason="pymorphy3 is an optional extra")


class Analyzer:
    def word_is_known(self, word):
        return word.lower() in WORDS

    def parse(self, word):
        tags = [tag.split(",") for tag in WORDS[word.lower()]]
        return [SimpleNamespace(tag=SimpleNamespace(POS=tag[0], grammemes=set(tag))) for tag in tags]


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(opencorpora, "analyzer", Analyzer)
    monkeypatch.setattr(opencorpora, "find_spec", lambda name: object())


def make_dictionary():
    return Dictionary(POS, [as_dict(bundle) for bundle in BUNDLES])


def allowed(word, pos=None):
    """Parts of speech, and bundles given one."""
    dictionary = make_dictionary()
    kinds = dictionary.kinds_of([word])
    may_have = dictionary.may_have(kinds, numpy.array([POS.index(pos) if pos else -1]))[0]
    return (
        {p for p, may in zip(POS, dictionary.may_be(kinds)[0], strict=True) if may},
        {b for b, may in zip(BUNDLES, may_have, strict=True) if may},
    )


def test_parts_of_speech_and_features(small):
    noun, verb = {BUNDLES[1], BUNDLES[2]}, {BUNDLES[3]}
    assert allowed("стали") == ({"NOUN", "PROPN", "VERB"}, noun | verb)
    assert allowed("стали", "NOUN") == ({"NOUN", "PROPN", "VERB"}, noun)
    assert allowed("стали", "VERB")[1] == verb
    assert allowed("стали", "ADJ")[1] == noun | verb, "no parse of that part of speech: any of them"


def test_where_no_label_fits_all_may_be(small):
    assert allowed("раза") == ({"NOUN", "PROPN"}, set(BUNDLES))


@pytest.mark.parametrize("word", ["зюзя", "но", "ООО", "walk", ""])
def test_unknown_and_function_words_are_free(small, word):
    assert allowed(word) == (set(POS), set(BUNDLES))


def test_a_capital_may_be_that_of_a_name(small):
    assert allowed("Стали", "PROPN")[1] == set(BUNDLES)
    assert allowed("стали", "PROPN")[1] != set(BUNDLES)
    assert "PROPN" in allowed("Видел")[0] and "PROPN" not in allowed("видел")[0]


def test_stress_marks(small):
    assert parses("ста\u0301ли") == parses("стали") != frozenset()


def test_decoding(small):
    """The best label that is allowed; and a bundle put together of attributes only if the dictionary allows it."""
    columns = LabelColumns({"tag": ["X"], "pos": POS, "morph": BUNDLES}, spacy.blank("ru").vocab)
    scores = numpy.zeros((2, sum(columns.sizes)), dtype="f")
    scores[:, 1 + POS.index("ADJ")], scores[:, 1 + POS.index("VERB")] = 3, 2
    scores[:, 1 + len(POS) + 1], scores[:, 1 + len(POS) + 3] = 3, 1
    free = columns.decode(scores)
    bound = columns.decode(scores, Dictionary(POS, columns.bundles), ["зюзя", "стали"])
    ids = columns.ids
    assert free[1].tolist() == [ids["tag"][0], ids["pos"][0], ids["morph"][1]]
    assert bound.tolist() == [free[0].tolist(), [ids["tag"][0], ids["pos"][3], ids["morph"][3]]]
    for name, value in {"Case": "Nom", "Gender": "Fem", "Number": "Sing"}.items():
        i = columns.attributes.index(name)
        scores[:, 1 + len(POS) + len(BUNDLES) + columns.value_starts[i] + columns.values[i].index(value)] = 9
    unseen = columns.decode(scores, Dictionary(POS, columns.bundles), ["зюзя", "стали"])
    assert columns.vocab.strings[unseen[0, 2]] == "Case=Nom|Gender=Fem|Number=Sing"
    assert unseen[1, 2] == ids["morph"][3]


@pytest.mark.parametrize("decoder", ["softmax", "crf"])
def test_in_a_pipeline(decoder, small, tmp_path):
    nlp = make_nlp("ru", dictionary="pymorphy3", model={**SMALL["model"], "decoder": decoder})
    examples = make_examples(nlp, "ru")
    train(nlp, examples)
    assert tagger_of(nlp).dictionary.kinds_of(["видел"]) > 0
    found = [token.pos_ for token in nlp(Doc(nlp.vocab, words="Кот красивый видел видел видел".split()))]
    assert found[2:] == ["VERB"] * 3
    nlp.to_disk(tmp_path / "nlp")
    assert predicted(spacy.load(tmp_path / "nlp"), examples) == predicted(nlp, examples)
    without = spacy.load(tmp_path / "nlp", config={"components.rnn_tagger.dictionary": None})
    assert tagger_of(without).dictionary is None
    assert annotation(nlp("")) == []


def test_not_installed(monkeypatch):
    monkeypatch.setattr(opencorpora, "find_spec", lambda name: None)
    with pytest.raises(RNNError, match=r"R155.*rnn_tagger.*pip install .spacy-rnn\[ru\]"):
        make_nlp("ru", dictionary="pymorphy3")


def test_another_dictionary():
    with pytest.raises(ValueError, match="dictionary"):
        make_nlp("ru", dictionary="hunspell")


@real
def test_pymorphy3():
    assert {part for parse in parses("стали") for part in parse.pos} == {"NOUN", "PROPN", "VERB", "AUX"}
    assert parses("кто") == parses("бокренка") == parses("2") == parses(",") == frozenset()
    (parse,) = parses("кот")
    assert parse.fits(as_dict("Animacy=Anim|Case=Nom|Gender=Masc|Number=Sing"))
    assert not parse.fits(as_dict("Animacy=Anim|Case=Gen|Gender=Masc|Number=Plur"))
