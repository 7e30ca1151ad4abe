"""FactRuEval's standoff files, small ones in its layout."""

import pytest
from spacy.vocab import Vocab

from spacy_rnn.errors import RNNError
from spacy_rnn.training.annotated import find_kind, read_entities
from spacy_rnn.training.entities import EntityCounts, EntityOptions

# "Мэрия Москвы и Олег Попов." "Движение «За права» в НАТО."
TEXT = {
    "tokens": "1 0 5 Мэрия\n2 6 6 Москвы\n3 13 1 и\n4 15 4 Олег\n5 20 5 Попов\n6 25 1 .\n\n"
    "7 28 8 Движение\n8 37 1 «\n9 38 2 За\n10 41 5 права\n11 46 1 »\n12 48 1 в\n13 50 4 НАТО\n14 54 1 .\n",
    "spans": "21 org_descr 0 5 1 1  # 1 Мэрия\n22 loc_name 6 6 2 1  # 2 Москвы\n23 name 15 4 4 1  # 4 Олег\n"
    "24 surname 20 5 5 1  # 5 Попов\n25 org_descr 28 8 7 1  # 7 Движение\n26 org_name 38 8 9 2  # 9 10 За права\n"
    "27 org_name 50 4 13 1  # 13 НАТО\n27 nickname 50 4 13 1  # 13 НАТО\n",
    "objects": "31 LocOrg 22 # Москвы\n32 Org 21 22 # Мэрия Москвы\n33 Person 23 24 # Олег Попов\n"
    "34 Org 25 26 # Движение За права\n35 Org 27 # НАТО\n36 Project 26 # За права\n",
}


@pytest.fixture
def folder(tmp_path):
    def write(**changes):
        for suffix, text in (TEXT | changes).items():
            if text is None:
                (tmp_path / f"book_1.{suffix}").unlink(missing_ok=True)
            else:
                (tmp_path / f"book_1.{suffix}").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def read(folder, **settings):
    counts = EntityCounts()
    options = EntityOptions(**settings)
    return list(read_entities(folder, Vocab(), find_kind(folder), options=options, counts=counts)), counts


def test_outermost_entities(folder):
    (first, second), counts = read(folder())
    assert first.text.strip() == "Мэрия Москвы и Олег Попов."
    assert [(ent.text, ent.label_) for ent in first.ents] == [("Мэрия Москвы", "ORG"), ("Олег Попов", "PER")]
    assert second.text.strip() == "Движение «За права» в НАТО."
    assert [(ent.text, ent.label_) for ent in second.ents] == [("Движение «За права", "ORG"), ("НАТО", "ORG")]
    assert counts.overlapping == 1 and counts.guessed == 0
    ((doc,), _) = read(folder(), by_document=True)
    assert len(list(doc.sents)) == 2 and len(doc.ents) == 4


def test_an_entity_over_the_end_of_a_sentence(folder):
    (first, second), counts = read(folder(objects="33 Person 24 25 # Попов Движение\n"))
    assert [ent.text for ent in first.ents] == ["Попов."] and [ent.text for ent in second.ents] == ["Движение"]
    assert counts.divided == 1


@pytest.mark.parametrize(
    "changes, code, where",
    [
        ({"objects": None}, "R349", "book_1.objects"),
        ({"spans": None}, "R349", "book_1.spans"),
        ({"tokens": "\n"}, "R340", "book_1.tokens"),
        ({"tokens": "1 0 5\n"}, "R348", "book_1.tokens, line 1"),
        ({"tokens": "1 0 1 a\n1 2 1 b\n"}, "R348", "book_1.tokens, line 2"),
        ({"spans": "21 org 0 5 1\n"}, "R348", "book_1.spans, line 1"),
        ({"spans": "21 org 0 5 99 1\n"}, "R348", "book_1.spans, line 1"),
        ({"spans": "21 org 0 5 14 2\n"}, "R348", "book_1.spans, line 1"),
        ({"objects": "31 Org 99\n"}, "R348", "book_1.objects, line 1"),
        ({"objects": "\n31 Animal 21\n"}, "R348", "book_1.objects, line 2"),
        ({"objects": "31 Org # nothing\n"}, "R348", "book_1.objects, line 1"),
    ],
)
def test_broken_sets(folder, changes, code, where):
    with pytest.raises(RNNError, match=code) as error:
        read(folder(**changes))
    assert where in str(error.value)


def test_no_tokens_at_all(tmp_path):
    with pytest.raises(RNNError, match="R347"):
        list(read_entities(tmp_path, Vocab(), "factrueval"))
