"""Texts with entities to Docs: nothing is lost, nothing invented, and what is done is counted."""

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_rnn.errors import RNNError
from spacy_rnn.training.annotated import convert_entities, convert_words, find_kind, read_entities
from spacy_rnn.training.columns import Columns
from spacy_rnn.training.entities import EntityCounts, EntityOptions
from spacy_rnn.training.gold import read_gold
from spacy_rnn.training.spaces import guess_spaces, spaces_in

from .test_columns import CONLL, RU_UNER


@pytest.fixture
def corpus(tmp_path):
    def write(text, name="a.iob"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def docs_of(path, **settings):
    counts = EntityCounts()
    options = EntityOptions(**settings)
    return list(read_entities(path, Vocab(), find_kind(path), options=options, counts=counts)), counts


def ents(doc):
    return [(ent.text, ent.label_) for ent in doc.ents]


def test_english(corpus):
    docs, counts = docs_of(corpus(CONLL), group=2)
    (doc,) = docs
    assert ents(doc) == [("EU", "ORG"), ("Peter Blackburn", "PER")]
    assert [sent.text for sent in doc.sents] == ["EU rejects #", "Peter Blackburn"]
    assert all(token.ent_iob_ for token in doc)
    assert (counts.docs, counts.sentences, counts.words, counts.guessed) == (1, 2, 5, 2)
    assert counts.labels == {"ORG": 1, "PER": 1} and counts.schemes == {"IOB2"}


def test_russian_with_its_spaces(corpus):
    docs, counts = docs_of(corpus(RU_UNER, "a.iob2"), by_document=True)
    assert [doc.text.strip() for doc in docs] == ["В «США» жарко.", "Да."]
    assert ents(docs[0]) == [("США", "LOC")] and ents(docs[1]) == []
    assert counts.documents == 2 and counts.guessed == 0
    assert not docs[0].has_unknown_spaces


def test_iob1_is_read_as_what_it_is(corpus):
    docs, counts = docs_of(corpus("Нью I-LOC\nЙорк I-LOC\nа O\n\nОМОН I-ORG\nФСБ B-ORG\n"))
    assert [ents(doc) for doc in docs] == [[("Нью Йорк", "LOC")], [("ОМОН", "ORG"), ("ФСБ", "ORG")]]
    assert counts.schemes == {"IOB1"} and not counts.illegal


def test_illegal_tags_are_repaired_or_refused(corpus):
    text = "a O\nb I-PER\nc I-PER\n\nd B-PER\ne I-LOC\n\nf B-PER\n\ng B-LOC\n"
    docs, counts = docs_of(corpus(text))
    assert [ents(doc) for doc in docs] == [
        [("b c", "PER")],
        [("d", "PER"), ("e", "LOC")],
        [("f", "PER")],
        [("g", "LOC")],
    ]
    assert [line for _, line in counts.illegal] == [2, 6]
    with pytest.raises(RNNError, match="R345.*2 tag.*IOB2, first in line 2, 6"):
        docs_of(corpus(text), illegal="refuse")


def test_labels(corpus):
    text = "a B-PER\nb B-OTH\nc I-OTH\nd B-LOC\n"
    (doc,), counts = docs_of(corpus(text), labels=("PER", "LOC"))
    assert ents(doc) == [("a", "PER"), ("d", "LOC")]
    assert counts.dropped == {"OTH": 1} and doc[1].ent_iob_ == "O"
    with pytest.raises(RNNError, match="R351.*PERS.*LOC, OTH, PER"):
        docs_of(corpus(text), labels=("PERS",))


def test_words_that_are_not_annotated(corpus):
    (doc,), counts = docs_of(corpus("a B-PER\nb -\nc O\n"))
    assert [token.ent_iob_ for token in doc] == ["B", "", "O"] and counts.missing == 1
    with pytest.raises(RNNError, match="R364"):
        docs_of(corpus("a -\nb -\n"))


def test_spaces_left_unknown(corpus):
    (doc,), _ = docs_of(corpus("a O\n, O\n"), spaces="unknown")
    assert doc.has_unknown_spaces and doc.text == "a , "


def test_groups_and_documents(corpus):
    with pytest.raises(RNNError, match="R315"):
        docs_of(corpus(CONLL), group=0)
    with pytest.raises(RNNError, match="R363"):
        docs_of(corpus("a O\n\nb O\n"), by_document=True)
    assert len(docs_of(corpus(CONLL), by_document=True)[0]) == 1


def test_all_outside_and_one_label(corpus):
    (doc,), counts = docs_of(corpus("a O\nb O\n"))
    assert doc.has_annotation("ENT_IOB") and not counts.labels
    assert ents(docs_of(corpus("a B-X\n"))[0][0]) == [("a", "X")]


def test_a_folder_of_files(corpus, tmp_path):
    corpus(CONLL, "in/a.iob")
    corpus(RU_UNER, "in/b.iob2")
    docs, counts = docs_of(tmp_path / "in")
    assert len(docs) == 4 and counts.labels == {"ORG": 1, "PER": 1, "LOC": 1}
    assert [ents(doc) for doc in read_gold(tmp_path / "in", Vocab())] == [ents(doc) for doc in docs]


@pytest.mark.parametrize(
    "name, text, kind",
    [
        ("a.conllu", "", "conllu"),
        ("a.txt", "1\ta\ta\tX\t_\t_\t0\troot\t_\t_\n", "conllu"),
        ("a.txt", "# text = a\n1\tWe\tO\t-\tme\n", "uner"),
        ("a.bio", "words of text\n", "iob"),
        ("a.txt", "-DOCSTART- -X- O\n\nEU B-ORG\n", "iob"),
        ("a.tsv", "дом\tдом\n", "morphemes"),
        ("a.tsv", "слово\tслов/о\nice cream\tice cream\nwriters\twrite @@er @@s\tx y\n", "morphemes"),
        ("a.tsv", "отзыв\tоценка\nочень хорошо\t5\n\nочень плохо\t1\n", "tsv"),
        ("a.tsv", "ham\tOk, see you\nspam\tFree entry\n", "tsv"),
        ("a.jsonl", '{"original": "дом"}\n', "morphemes"),
        ("a.jsonl", '{"text": "дом", "label": "original"}\n', "jsonl"),
    ],
)
def test_formats_are_found(corpus, name, text, kind):
    assert find_kind(corpus(text, name)) == kind


def test_unknown_formats(corpus, tmp_path):
    for path in (corpus("Call me Ishmael.\n", "a.txt"), tmp_path):
        with pytest.raises(RNNError, match="R346"):
            find_kind(path)
    for check in (find_kind, lambda path: read_entities(path, Vocab(), "iob")):
        with pytest.raises(RNNError, match="R301"):
            check(tmp_path / "missing")
    with pytest.raises(RNNError, match="R347"):
        read_entities(tmp_path, Vocab(), "iob")


def test_files_are_written_whole_or_not_at_all(corpus, tmp_path):
    (tmp_path / "out.spacy").write_bytes(b"old")
    broken = corpus("a O\n\nb X\n")
    with pytest.raises(RNNError, match="R343"):
        convert_entities(broken, tmp_path / "out.spacy", Vocab(), "iob")
    assert (tmp_path / "out.spacy").read_bytes() == b"old"
    assert convert_entities(broken, tmp_path / "out.spacy", Vocab(), "iob", bad=[]).sentences == 1
    with pytest.raises(RNNError, match="R343"):
        convert_entities(corpus("b X\n"), tmp_path / "new.spacy", Vocab(), "iob", bad=[])
    assert not (tmp_path / "new.spacy").exists()


def test_from_disk_they_are_what_they_were(corpus, tmp_path):
    settings = {"options": EntityOptions(group=2), "columns": Columns()}
    convert_entities(corpus(CONLL), tmp_path / "a.spacy", spacy.blank("en").vocab, "iob", **settings)
    (doc,) = DocBin().from_disk(tmp_path / "a.spacy").get_docs(Vocab())
    assert ents(doc) == [("EU", "ORG"), ("Peter Blackburn", "PER")] and len(list(doc.sents)) == 2


@pytest.mark.parametrize(
    "text",
    [
        'He said: "No (never), it\'s not his!"',
        "I don't care for $5, but 50% is a lot.",
        "Он сказал: «Нет (никогда), это не его»…",
        "Кто-то - как бы - пришёл; ушёл?",
    ],
)
def test_guessed_spaces(text):
    words = [token.text for token in spacy.blank("en")(text)]
    guessed = "".join(w + " " * s for w, s in zip(words, guess_spaces(words), strict=True)).strip()
    assert guessed.replace("Кто - то", "Кто-то") == text


@given(st.lists(st.tuples(st.text("аб,(\"'. ", min_size=1, max_size=3), st.booleans()), max_size=8))
def test_spaces_are_read_off_the_text(pairs):
    pairs = [(word, space) for word, space in pairs if word == word.strip() and word]
    text = "".join(word + " " * space for word, space in pairs)
    words = [word for word, _ in pairs]
    found = spaces_in(text, words)
    assert "".join(w + " " * s for w, s in zip(words, found, strict=True)).strip() == text.strip()
    assert spaces_in(text + "x", words) is None
    assert len(guess_spaces(words)) == len(words)


def test_words_with_morphemes(corpus, tmp_path):
    """A list of words is gold like any other."""
    pytest.importorskip("spacy_rnn.training.morphemes")
    path = corpus("слово\tслов/о\nwriter\twrit/er\n", "a.tsv")
    assert convert_words(path, tmp_path / "a.spacy", Vocab(), group=2).words == 2
    for source in (path, tmp_path / "a.spacy"):
        (doc,) = read_gold(source, Vocab())
        assert [token._.morphemes for token in doc] == [["слов", "о"], ["writ", "er"]]
    with pytest.raises(RNNError, match="R315"):
        convert_words(path, tmp_path / "a.spacy", Vocab(), group=0)
