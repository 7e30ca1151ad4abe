"""A corpus in two parts, by document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab

from spacy_rnn.errors import RNNError
from spacy_rnn.training.splitting import draw, draw_stratified, split_corpus

VOCAB = Vocab()


@pytest.fixture
def corpus(tmp_path):
    docs = []
    for i in range(10):
        doc = Doc(VOCAB, words=["Анна", str(i), "дома", "."], sent_starts=[True, False, True, False])
        doc.ents = [doc.char_span(0, 4, label="PER")]
        doc.user_data["document"] = i
        docs.append(doc)
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "a.spacy")
    return tmp_path / "a.spacy"


def read(path):
    return list(DocBin().from_disk(path).get_docs(Vocab()))


def split(corpus, share=0.3, seed=0, sentences=False):
    first, second = corpus.with_name("train.spacy"), corpus.with_name("dev.spacy")
    counts = split_corpus(corpus, first, second, VOCAB, share=share, seed=seed, sentences=sentences)
    return counts, read(first), read(second)


def test_whole_documents(corpus):
    counts, train, dev = split(corpus)
    assert counts == (7, 3) == (len(train), len(dev))
    numbers = [[int(doc[1].text) for doc in part] for part in (train, dev)]
    assert sorted(numbers[0] + numbers[1]) == list(range(10)) and all(part == sorted(part) for part in numbers)
    assert [doc.user_data["document"] for doc in dev] == numbers[1]
    assert all(doc.ents[0].label_ == "PER" and len(list(doc.sents)) == 2 for doc in train + dev)
    assert numbers[1] == [int(doc[1].text) for doc in split(corpus)[2]]
    assert numbers[1] != [int(doc[1].text) for doc in split(corpus, seed=1)[2]]


def test_sentences_of_one_document_stay_together(corpus):
    counts, train, dev = split(corpus, sentences=True)
    assert counts == (14, 6)
    numbers = [{doc[1].text for doc in part if doc[0].text == "Анна"} for part in (train, dev)]
    assert len(numbers[0]) == 7 and len(numbers[1]) == 3 and not numbers[0] & numbers[1]
    assert all(doc.has_annotation("SENT_START") and len(list(doc.sents)) == 1 for doc in train + dev)
    assert [len(doc.ents) for doc in train[:2]] == [1, 0] and all(token.ent_iob for doc in train for token in doc)


@given(st.integers(2, 50), st.floats(0.001, 0.999), st.integers())
def test_both_parts_have_something(size, share, seed):
    assert 1 <= len(draw(size, share, seed)) < size


@given(st.lists(st.sets(st.sampled_from("abcde")), min_size=2, max_size=60), st.floats(0.01, 0.99), st.integers())
def test_stratified_parts_are_as_large(labels, share, seed):
    drawn = draw_stratified(labels, share, seed)
    assert 1 <= len(drawn) <= len(draw(len(labels), share, seed)) and drawn < set(range(len(labels)))
    assert drawn == draw_stratified(labels, share, seed)


@given(st.lists(st.integers(2, 30), min_size=1, max_size=8), st.sampled_from([0.1, 0.2, 0.5]), st.integers(0, 99))
def test_each_label_gives_its_share(counts, share, seed):
    labels = [[str(label)] for label, count in enumerate(counts) for _ in range(count)]
    drawn = draw_stratified(labels, share, seed)
    size = max(1, round(share * len(labels)))
    assert len(drawn) == size
    for label, count in enumerate(counts):
        wanted = count * size / len(labels)
        assert abs(sum(labels[i] == [str(label)] for i in drawn) - wanted) < 1


def test_the_only_text_of_a_label_is_for_training():
    for seed in range(20):
        drawn = draw_stratified([["a"], ["a"], ["b"], ["a", "c"], []], 0.4, seed)
        assert len(drawn) == 2 and not drawn & {2, 3}
    assert len(draw_stratified([["a"], ["b"]], 0.5, 0)) == 1


@pytest.mark.parametrize("share", [0, 1, -1, float("nan")])
def test_shares(corpus, share):
    with pytest.raises(RNNError, match="R353"):
        split(corpus, share)


def test_mistakes(corpus, tmp_path):
    for parts in ((tmp_path / "x", tmp_path / "." / "x"), (corpus, tmp_path / "x"), (tmp_path / "x", corpus)):
        with pytest.raises(RNNError, match="R354"):
            split_corpus(corpus, *parts, VOCAB, share=0.5, seed=0, sentences=False)
    DocBin(docs=[Doc(VOCAB, words=["a"])]).to_disk(corpus)
    with pytest.raises(RNNError, match="R352"):
        split(corpus)
    assert not (tmp_path / "train.spacy").exists()
