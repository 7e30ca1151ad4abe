"""Scores against numbers worked out by hand."""

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from spacy_rnn.errors import RNNError
from spacy_rnn.training.convert import convert
from spacy_rnn.training.evaluate import evaluate
from spacy_rnn.training.gold import read_gold, word_forms
from spacy_rnn.training.scores import confusions, per_feature, per_label, universal

from .corpora import EN, TEXTS

# form: (UPOS, XPOS, FEATS), as the test's "model" knows them
ENGLISH = {"The": ("DET", "DT", "_"), "keys": ("NOUN", "NNS", "Number=Plur"), "work": ("NOUN", "NN", "Number=Sing")}
RUSSIAN = {
    "Кот": ("NOUN", "N", "Case=Nom|Number=Sing"),
    "видел": ("VERB", "V", "_"),
    "кота": ("NOUN", "N", "Case=Gen|Number=Sing"),
}


@Language.factory("test_dictionary_tagger", default_config={"words": {}, "layers": ["upos", "xpos", "ufeats"]})
def make_dictionary_tagger(nlp, name, words: dict, layers: list):
    def tag(doc: Doc) -> Doc:
        for word in doc:
            upos, xpos, feats = words.get(word.text, ("X", "XX", "_"))
            word.pos_ = upos if "upos" in layers else ""
            word.tag_ = xpos if "xpos" in layers else ""
            if "ufeats" in layers:
                word.set_morph(feats)
        return doc

    return tag


def pipeline(lang, words, **config):
    nlp = spacy.blank(lang)
    nlp.add_pipe("test_dictionary_tagger", config={"words": words, **config})
    return nlp


def gold(nlp, words, pos, tags=None, morphs=None, spaces=None):
    return Doc(nlp.vocab, words=words, spaces=spaces or [True] * len(words), pos=pos, tags=tags, morphs=morphs)


def test_english():
    nlp = pipeline("en", ENGLISH)
    doc = gold(
        nlp,
        ["The", "keys", "work"],
        ["DET", "NOUN", "VERB"],
        ["DT", "NNS", "VBP"],
        ["_", "Number=Plur|Style=Coll", "Number=Sing|VerbForm=Fin"],
    )
    scores = evaluate(nlp, [doc], train_vocab={"The", "work"})
    tokens = scores["gold_tokens"]
    assert tokens["upos"] == tokens["xpos"] == pytest.approx(2 / 3)
    assert tokens["ufeats"] == pytest.approx(1 / 3)
    assert tokens["ufeats_universal"] == pytest.approx(2 / 3)  # Style is not compared there
    assert tokens["alltags"] == pytest.approx(1 / 3)
    assert scores["raw_text"]["tokens"] == {"p": 1, "r": 1, "f": 1}
    assert scores["raw_text"]["upos"]["f"] == pytest.approx(2 / 3)
    unseen = scores["oov"]
    assert (unseen["words"], unseen["forms"], unseen["rate"]) == (1, 1, pytest.approx(1 / 3))
    assert (unseen["upos"], unseen["ufeats"]) == (1, 0)
    assert scores["per_tag"]["upos"]["NOUN"] == {"p": 0.5, "r": 1, "f": pytest.approx(2 / 3), "support": 1}
    assert scores["per_tag"]["upos"]["VERB"] == {"p": 0, "r": 0, "f": 0, "support": 1}
    assert scores["per_feature"]["Number"] == {"p": 1, "r": 1, "f": 1, "support": 2}
    assert scores["per_feature"]["Style"]["r"] == 0
    assert scores["confusions"]["upos"] == [("VERB", "NOUN", 1)]
    assert scores["words_per_second"]["gold_tokens"] > 0


def test_russian_without_xpos():
    nlp = pipeline("ru", RUSSIAN)
    words = ["Кот", "видел", "кота"]
    morphs = ["Case=Nom|Number=Sing", "_", "Case=Acc|Number=Sing"]
    scores = evaluate(nlp, [gold(nlp, words, ["NOUN", "VERB", "NOUN"], None, morphs)])
    tokens = scores["gold_tokens"]
    assert tokens["xpos"] is None and scores["annotated"]["xpos"] == 0
    assert tokens["upos"] == 1 and tokens["ufeats"] == tokens["alltags"] == pytest.approx(2 / 3)
    assert scores["oov"] is None and "xpos" not in scores["per_tag"]
    assert scores["per_feature"]["Case"] == {"p": 0.5, "r": 0.5, "f": 0.5, "support": 2}


def test_a_layer_on_few_words_is_not_annotated():
    nlp = pipeline("en", ENGLISH)
    doc = gold(nlp, ["The", "keys", "work"], ["DET", "NOUN", "VERB"], ["DT", "", ""])
    scores = evaluate(nlp, [doc])
    assert scores["annotated"] == {"upos": 3, "xpos": 1, "ufeats": 0}
    assert scores["gold_tokens"]["xpos"] is None


def test_an_unset_tag_on_an_annotated_layer_counts():
    nlp = pipeline("en", {"The": ("DET", "DT", "_"), "keys": ("NOUN", "", "_")}, layers=["upos", "xpos"])
    doc = gold(nlp, ["The", "keys"], ["DET", "NOUN"], ["DT", "NNS"])
    assert evaluate(nlp, [doc])["gold_tokens"]["xpos"] == 0.5
    doc = gold(nlp, ["The", "keys"], ["DET", "NOUN"], ["DT", ""])
    assert evaluate(nlp, [doc])["gold_tokens"]["xpos"] == 1.0


def test_a_layer_the_pipeline_lacks():
    nlp = pipeline("en", ENGLISH, layers=["upos"])
    doc = gold(nlp, ["The", "keys"], ["DET", "NOUN"], ["DT", "NNS"], ["_", "Number=Plur"])
    scores = evaluate(nlp, [doc])
    assert scores["gold_tokens"]["upos"] == 1
    assert [scores["gold_tokens"][name] for name in ("xpos", "ufeats", "alltags")] == [None, None, None]
    assert scores["raw_text"]["alltags"] is None


def test_raw_text_counts_the_words_the_tokenizer_finds():
    nlp = pipeline("en", {"mother": ("NOUN", "NN", "_"), ".": ("PUNCT", ".", "_")})
    # spaCy cuts mother-in-law into five; the gold has one word
    words, pos = ["mother", "-", "in-law", "."], ["NOUN", "PUNCT", "NOUN", "PUNCT"]
    doc = gold(nlp, words, pos, spaces=[False, False, False, False])
    found = [word.text for word in nlp.make_doc("mother-in-law.")]
    assert found == ["mother", "-", "in", "-", "law", "."]
    raw = evaluate(nlp, [doc])["raw_text"]
    assert raw["tokens"] == {"p": 3 / 6, "r": 3 / 4, "f": 6 / 10}
    assert raw["upos"] == {"p": 2 / 6, "r": 2 / 4, "f": 4 / 10}


def test_gold_without_spaces_is_not_scored_on_raw_text():
    nlp = pipeline("en", ENGLISH)
    scores = evaluate(nlp, [Doc(nlp.vocab, words=["The", "keys"], pos=["DET", "NOUN"])])
    assert scores["raw_text"] is None and scores["words_per_second"]["raw_text"] is None


def test_gold_is_left_as_it_is_and_examples_are_taken():
    nlp = pipeline("en", ENGLISH)
    doc = gold(nlp, ["work"], ["VERB"])
    scores = evaluate(nlp, [Example(nlp.make_doc("work"), doc)])
    assert scores["gold_tokens"]["upos"] == 0 and doc[0].pos_ == "VERB"


@pytest.mark.parametrize("lang", TEXTS)
@pytest.mark.parametrize("suffix", [".conllu", ".spacy"])
def test_a_perfect_pipeline(tmp_path, lang, suffix):
    source = tmp_path / "gold.conllu"
    source.write_text(TEXTS[lang], encoding="utf-8")
    if suffix == ".spacy":
        convert(source, tmp_path / "gold.spacy", spacy.blank(lang).vocab)
    docs = read_gold(tmp_path / f"gold{suffix}", spacy.blank(lang).vocab)
    words = {word.text: (word.pos_, word.tag_, str(word.morph) or "_") for doc in docs for word in doc}
    scores = evaluate(pipeline(lang, words), docs, train_vocab=word_forms(docs))
    assert all(score in (1, None) for score in scores["gold_tokens"].values())
    assert scores["gold_tokens"]["upos"] == 1 and scores["oov"]["words"] == 0 and scores["oov"]["upos"] is None


def test_nothing_to_score():
    nlp = pipeline("en", ENGLISH)
    with pytest.raises(RNNError, match="R319"):
        evaluate(nlp, [])
    with pytest.raises(RNNError, match="R319"):
        evaluate(nlp, [Doc(nlp.vocab)])
    with pytest.raises(RNNError, match="R320"):
        evaluate(nlp, [Doc(nlp.vocab, words=["keys"])])


def test_a_pipeline_that_merges_tokens():
    nlp = pipeline("en", ENGLISH)

    @Language.component("test_merge_all")
    def merge(doc):
        with doc.retokenize() as retokenizer:
            retokenizer.merge(doc[:])
        return doc

    nlp.add_pipe("test_merge_all")
    with pytest.raises(RNNError, match="R325.*2 became 1"):
        evaluate(nlp, [gold(nlp, ["The", "keys"], ["DET", "NOUN"])])


def test_bad_gold_files(tmp_path):
    vocab = spacy.blank("en").vocab
    with pytest.raises(RNNError, match="R301"):
        read_gold(tmp_path / "missing.spacy", vocab)
    (tmp_path / "gold.txt").write_text(EN, encoding="utf-8")
    assert len(read_gold(tmp_path / "gold.txt", vocab)) == 2
    (tmp_path / "gold.txt").write_text("The keys are here.\n", encoding="utf-8")
    with pytest.raises(RNNError, match="R346"):
        read_gold(tmp_path / "gold.txt", vocab)
    data = DocBin(docs=[Doc(vocab, words=["keys"] * 50)]).to_bytes()
    for broken in (data[: len(data) // 2], b"", b"no zip"):
        (tmp_path / "gold.spacy").write_bytes(broken)
        with pytest.raises(RNNError, match="R318"):
            read_gold(tmp_path / "gold.spacy", vocab)


def test_tables():
    assert universal("Case=Nom|Style=Coll|Number=Sing") == "Case=Nom|Number=Sing"
    assert universal("Typo=Yes") == universal("_") == "_"
    assert per_label("AAB", "ABB")["A"] == {"p": 1, "r": 0.5, "f": pytest.approx(2 / 3), "support": 2}
    table = per_feature(["A=1|B=1", "A=2", "_"], ["A=1", "A=1|B=1", "_"])
    assert table["A"] == {"p": 0.5, "r": 0.5, "f": 0.5, "support": 2}
    assert table["B"] == {"p": 0, "r": 0, "f": 0, "support": 1}
    assert confusions("AABBC", "BBACC", top=2) == [("A", "B", 2), ("B", "A", 1)]
