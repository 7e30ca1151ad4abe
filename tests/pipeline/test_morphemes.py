"""token._.morphemes: what it holds, where it survives; and letters, which are not code points."""

import copy
import pickle

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

from spacy_rnn.errors import RNNError
from spacy_rnn.pipeline.morphemes import Morpheme, add_extension, ends_of, is_word, letters

add_extension()


@pytest.fixture
def doc():
    doc = Doc(spacy.blank("ru").vocab, words=["Переписчик", "едет", "."])
    doc[0]._.morphemes = [("Пере", "PREF"), ("пис", "ROOT"), ("чик", "SUFF")]
    doc[1]._.morphemes = ["ед", "ет"]
    return doc


def shown(doc):
    return [[(str(m), m.type) for m in t._.morphemes] if t._.morphemes else t._.morphemes for t in doc]


EXPECTED = [[("Пере", "PREF"), ("пис", "ROOT"), ("чик", "SUFF")], [("ед", ""), ("ет", "")], None]


def test_a_morpheme_is_a_string():
    morpheme = Morpheme("пис", "ROOT")
    assert morpheme == "пис" and "пере" + morpheme == "перепис" and {morpheme: 1}["пис"] == 1
    assert morpheme.type == "ROOT" and Morpheme("s").type == ""
    assert (repr(morpheme), repr(Morpheme("s"))) == ("'пис':ROOT", "'s'")
    for other in (pickle.loads(pickle.dumps(morpheme)), copy.deepcopy(morpheme)):
        assert (other, other.type) == ("пис", "ROOT")


def test_survives(doc):
    vocab = doc.vocab
    assert shown(doc) == EXPECTED
    assert doc[0]._.morphemes == ["Пере", "пис", "чик"]
    assert shown(Doc(vocab).from_bytes(doc.to_bytes())) == EXPECTED
    assert shown(next(DocBin(docs=[doc], store_user_data=True).get_docs(vocab))) == EXPECTED
    assert shown(doc.copy()) == EXPECTED
    assert shown(doc[1:].as_doc(copy_user_data=True)) == EXPECTED[1:]


def test_taken_away(doc):
    doc[0]._.morphemes = None
    assert doc[0]._.morphemes is None
    doc[0]._.morphemes = None
    doc[1]._.morphemes = []
    assert doc[1]._.morphemes == []


@pytest.mark.parametrize("bad", ["text", [""], [("a", "b", "c")], [1], [("a", None)], [None]], ids=repr)
def test_what_is_no_morpheme(doc, bad):
    with pytest.raises(RNNError, match="R141"):
        doc[2]._.morphemes = bad
    assert shown(doc) == EXPECTED


@given(st.text(), st.booleans())
def test_letters_keep_the_text(text, lower):
    form, pieces = letters(text, lower)
    assert "".join(pieces) == text and len(form) == len(pieces) and all(pieces)


@pytest.mark.parametrize(
    "text, form",
    [
        ("сло\u0301вник", "словник"),
        ("СЛОВНИК", "словник"),
        ("мои\u0306", "мой"),
        ("е\u0308лка", "ёлка"),
        ("е\u0308\u0301лка", "ёлка"),
        ("cafe\u0301", "café"),
        ("İstanbul", "İstanbul"),
        ("👩\u200d🔬", "👩"),
        ("\u0301", "\u0301"),
        ("", ""),
    ],
)
def test_what_the_network_reads(text, form):
    assert letters(text, True)[0] == form


def test_what_is_a_word():
    assert [is_word(form) for form in ("слово", "я", "covid-19", "42", "...", "😀", "", " \n")] == [True] * 3 + [
        False
    ] * 5


def test_ends():
    assert ends_of(["сло\u0301в", "ник"], "словник", True) == [4, 7]
    assert ends_of(["write", "er", "s"], "writers", True) is None
    assert ends_of([], "a", True) is None
