"""CoNLL-U to Docs and .spacy files: nothing is lost, nothing is invented."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import DocBin
from spacy.vocab import Vocab

from spacy_rnn.errors import RNNError
from spacy_rnn.training.conllu_sentence import UPOS
from spacy_rnn.training.convert import Counts, convert, read_docs
from spacy_rnn.training.rows import rows_of

from .corpora import EN, RU, TEXTS, rows, spoil


def columns_of(doc):
    """A Doc's words as CoNLL-U columns FORM to DEPREL, heads within the sentence."""
    for sent in doc.sents:
        for word in sent:
            head = 0 if word.head is word or word.head == word else word.head.i - sent.start + 1
            layers = [word.text, word.lemma_, word.pos_, word.tag_, str(word.morph)]
            yield [*(layer or "_" for layer in layers), str(head), word.dep_.replace("ROOT", "root")]


@pytest.fixture
def corpus_file(tmp_path):
    def write(text):
        path = tmp_path / "corpus.conllu"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("group", [1, 2, 5])
@pytest.mark.parametrize("lang", TEXTS)
def test_every_column_survives_the_disk(tmp_path, corpus_file, lang, group):
    counts = convert(corpus_file(TEXTS[lang]), tmp_path / "deep" / "out.spacy", Vocab(), group=group)
    docs = list(DocBin().from_disk(tmp_path / "deep" / "out.spacy").get_docs(spacy.blank(lang).vocab))
    assert [row for doc in docs for row in columns_of(doc)] == [row[1:8] for row in rows(TEXTS[lang])]
    assert len(docs) == counts.docs == (2 if group == 1 else 1)
    assert counts.sentences == 2 == sum(1 for doc in docs for _ in doc.sents)


def test_text_is_the_text_of_the_comments(corpus_file):
    docs = read_docs(corpus_file(EN), Vocab())
    assert [doc.text.strip() for doc in docs] == ["We don't sell _ keys.", "Keys 1 000"]


def test_absent_layers_stay_unset_and_are_counted(corpus_file):
    bare = "\n".join(
        "\t".join([*line.split("\t")[:2], *"________"]) if "\t" in line else line for line in RU.split("\n")
    )
    counts = Counts()
    docs = list(read_docs(corpus_file(bare), Vocab(), counts=counts))
    for layer in ("POS", "TAG", "MORPH", "LEMMA", "HEAD", "DEP"):
        assert not any(doc.has_annotation(layer) for doc in docs), layer
    assert [len(list(doc.sents)) for doc in docs] == [1, 1]
    assert counts.words == counts.upos == counts.xpos == counts.feats == counts.lemmas == counts.heads == 6


def test_no_features_differs_from_not_annotated(corpus_file):
    first, second = read_docs(corpus_file(RU), Vocab())
    assert all(word.has_morph() for doc in (first, second) for word in doc)
    assert str(second[0].morph) == ""


def test_sentences_without_heads_keep_their_boundaries_in_a_group(corpus_file):
    (doc,) = read_docs(corpus_file(spoil(RU, 2, 6, "_")), Vocab(), group=9)
    assert [sent.text.strip() for sent in doc.sents] == ["Кот видел кота!", "Да."]
    assert not doc.has_annotation("DEP")


def test_several_roots_are_counted(corpus_file):
    counts = Counts()
    list(read_docs(corpus_file(spoil(RU, 2, 6, "0")), Vocab(), counts=counts))
    assert counts.several_roots == 1


def test_a_broken_corpus_leaves_the_old_file(tmp_path, corpus_file):
    (tmp_path / "out.spacy").write_bytes(b"old")
    broken = corpus_file(spoil(RU, 8, 3, "NUON"))
    with pytest.raises(RNNError, match="R312"):
        convert(broken, tmp_path / "out.spacy", Vocab())
    assert (tmp_path / "out.spacy").read_bytes() == b"old"
    bad = []
    assert convert(broken, tmp_path / "out.spacy", Vocab(), bad=bad).sentences == 1
    assert len(bad) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus.conllu", "out.spacy"]


def test_nothing_but_broken_sentences(tmp_path, corpus_file):
    with pytest.raises(RNNError, match="R304"):
        convert(corpus_file("hello\n"), tmp_path / "out.spacy", Vocab(), bad=[])
    assert not (tmp_path / "out.spacy").exists()


def test_by_document(tmp_path, corpus_file):
    text = "# newdoc id = 1\n" + RU + "\n# newdoc id = 2\n" + RU
    docs = list(read_docs(corpus_file(text), Vocab(), by_document=True))
    assert [[sent.text.strip() for sent in doc.sents] for doc in docs] == [["Кот видел кота!", "Да."]] * 2
    with pytest.raises(RNNError, match="R363"):
        convert(corpus_file(RU), tmp_path / "out.spacy", Vocab(), by_document=True)
    assert not (tmp_path / "out.spacy").exists()


def test_a_document_whose_first_sentence_is_broken(corpus_file):
    text = f"# newdoc id = 1\n{RU}\n# newdoc id = 2\nbroken\n\n{RU}"
    bad = []
    assert len(list(read_docs(corpus_file(text), Vocab(), by_document=True, bad=bad))) == 2
    assert len(bad) == 1


def test_a_folder_named_like_a_file(tmp_path):
    (tmp_path / "old.conllu").mkdir()
    (tmp_path / "old.conllu" / "a.conllu").write_text(RU, encoding="utf8")
    assert len(list(read_docs(tmp_path, Vocab()))) == 2


def test_what_cannot_be_read(tmp_path):
    with pytest.raises(RNNError, match="R292"):
        list(rows_of(tmp_path))


def test_group_must_be_positive(tmp_path, corpus_file):
    with pytest.raises(RNNError, match="R315"):
        convert(corpus_file(RU), tmp_path / "out.spacy", Vocab(), group=0)


def test_output_is_a_folder(tmp_path, corpus_file):
    with pytest.raises(RNNError, match="R326"):
        convert(corpus_file(RU), tmp_path, Vocab())


cell = st.text(st.characters(exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=6).filter(lambda x: x != "_")
feats = st.dictionaries(
    st.sampled_from("Case Gender Number NumType Foreign".split()), st.sampled_from("Nom Sing Yes 1".split())
)


@st.composite
def sentences(draw):
    """Random trees: each word's head is 0 or an earlier one, after shuffling the words."""
    size = draw(st.integers(1, 8))
    order = draw(st.permutations(range(1, size + 1)))
    heads = {order[0]: 0} | {order[i]: order[draw(st.integers(0, i - 1))] for i in range(1, size)}
    lines = []
    for i in range(1, size + 1):
        pairs = draw(feats)
        morph = "|".join(f"{name}={pairs[name]}" for name in sorted(pairs)) or "_"
        tags = [draw(st.sampled_from(sorted(UPOS))), draw(cell), morph]
        space = draw(st.sampled_from(["_", "SpaceAfter=No", "Gloss=x|SpaceAfter=No"]))
        lines.append(
            [str(i), draw(cell), draw(cell), *tags, str(heads[i]), "root" if i == order[0] else "dep", "_", space]
        )
    return lines


@settings(max_examples=100, deadline=None)
@given(st.lists(sentences(), min_size=1, max_size=4), st.integers(1, 4))
def test_random_sentences_round_trip(tmp_path_factory, corpus, group):
    path = tmp_path_factory.mktemp("random") / "corpus.conllu"
    path.write_text("\n\n".join("\n".join("\t".join(row) for row in rows) for rows in corpus), encoding="utf-8")
    if all(row[5] == "_" for rows in corpus for row in rows):
        return
    docs = list(read_docs(path, Vocab(), group=group))
    # trees may cross, so sentences are compared by their words, not by doc.sents
    words = [word for doc in docs for word in doc]
    expected = [row for rows in corpus for row in rows]
    for word, row in zip(words, expected, strict=True):
        assert [word.text, word.lemma_, word.pos_, word.tag_, str(word.morph) or "_"] == row[1:6]
        assert word.head.i - word.i == (int(row[6]) - int(row[0]) if row[6] != "0" else 0)
        assert bool(word.whitespace_) == ("SpaceAfter=No" not in row[9])
    assert sum(len(list(doc.sents)) for doc in docs) == len(corpus)
