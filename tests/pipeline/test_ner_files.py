"""Models of rnn_ner that cannot be loaded: cut off, damaged, or put together from two."""

import pytest
import spacy
import srsly

from spacy_rnn.errors import RNNError

from .tiny_ner import TOK2VEC, examples_of, make_nlp, ner_of


def test_files_that_were_cut_off(trained_ner, tmp_path):
    nlp, _ = trained_ner
    nlp.to_disk(tmp_path / "nlp")
    for name in ("model", "cfg"):
        path = tmp_path / "nlp" / "rnn_ner" / name
        whole = path.read_bytes()
        for share in (0.0, 0.3, 0.99):
            path.write_bytes(whole[: int(len(whole) * share)])
            with pytest.raises(RNNError, match=r"R(115|00\d)"):
                spacy.load(tmp_path / "nlp")
        path.write_bytes(b"\xff" * 100)
        with pytest.raises(RNNError, match="R115"):
            spacy.load(tmp_path / "nlp")
        path.write_bytes(whole)
    spacy.load(tmp_path / "nlp")


@pytest.mark.parametrize(
    "change, message",
    [
        ({"labels": ["PER", "LOC"]}, "R135"),
        ({"labels": []}, "R135"),
        ({"labels": ["LOC", "ORG", "ORG"]}, "R134"),
        ({"labels": 7}, "R115"),
        ({"labels": None}, "R115"),
        ({"scheme": "IOB2"}, "R135"),
        ({"scheme": "XML"}, "R131"),
        ({"temperature": 0}, "R131"),
        ({"temperature": "warm"}, "R131"),
        ({"label_weights": []}, "R131"),
    ],
)
def test_settings_that_do_not_fit(change, message, trained_ner, tmp_path):
    nlp, _ = trained_ner
    nlp.to_disk(tmp_path / "nlp")
    path = tmp_path / "nlp" / "rnn_ner" / "cfg"
    srsly.write_json(path, {**srsly.read_json(path), **change})
    with pytest.raises(RNNError, match=message):
        spacy.load(tmp_path / "nlp")


@pytest.mark.parametrize(
    "config, message",
    [
        ({"decoder": "softmax"}, "R005.*decoder = crf.*softmax"),
        ({"tok2vec": {**TOK2VEC, "encode": {**TOK2VEC["encode"], "cell": "gru"}}}, "R005.*cell = lstm.*gru"),
    ],
)
def test_a_model_saved_by_another_configuration(config, message, trained_ner):
    nlp, _ = trained_ner
    with pytest.raises(RNNError, match=message):
        ner_of(make_nlp(nlp.lang, **config)).from_bytes(ner_of(nlp).to_bytes())


def test_saved_before_it_was_initialised(tmp_path):
    nlp = make_nlp()
    nlp.to_disk(tmp_path / "nlp")
    loaded = spacy.load(tmp_path / "nlp")
    with pytest.raises(ValueError, match="E109"):
        loaded("Anna")
    loaded.initialize(lambda: examples_of(loaded, "[Anna|PER] sings"))
    assert ner_of(loaded).labels == ("PER",)
