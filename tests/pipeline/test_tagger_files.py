"""Models of rnn_tagger that cannot be loaded: cut off, damaged, or saved by another configuration."""

import pytest
import spacy

from spacy_rnn.errors import RNNError

from .tiny import changed, make_nlp, tagger_of


def test_a_model_file_that_was_cut_off(trained, tmp_path):
    nlp, _ = trained
    nlp.to_disk(tmp_path / "nlp")
    path = tmp_path / "nlp" / "rnn_tagger" / "model"
    whole = path.read_bytes()
    for share in (0.0, 0.001, 0.1, 0.5, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        with pytest.raises(RNNError, match=r"R(115|00\d)"):
            spacy.load(tmp_path / "nlp")
    path.write_bytes(b"\xff" * 100)
    with pytest.raises(RNNError, match="R115"):
        spacy.load(tmp_path / "nlp")
    path.write_bytes(whole)
    spacy.load(tmp_path / "nlp")


def test_bytes_that_were_cut_off(trained):
    nlp, _ = trained
    data = tagger_of(nlp).to_bytes()
    for share in (0.0, 0.1, 0.5, 0.99):
        with pytest.raises(RNNError, match=r"R(115|00\d)"):
            tagger_of(make_nlp(nlp.lang)).from_bytes(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    "part, change, message",
    [
        ("encode", {"width": 64}, r"R005.*width = 32.*64|R115"),
        ("encode", {"depth": 2}, r"R005.*depth = 1.*2"),
        ("encode", {"cell": "gru"}, r"R005.*cell = lstm.*gru"),
        ("embed", {"chars": "rnn"}, r"R005.*chars = cnn.*rnn"),
        ("embed", {"ngram_width": 0}, r"R005"),
        (
            "encode",
            {"@architectures": "spacy-rnn.CNNEncoder.v1", "width": 32},
            r"R004.*RecurrentEncoder.*Convolutional",
        ),
    ],
)
def test_a_model_saved_by_another_configuration(trained, part, change, message):
    nlp, _ = trained
    with pytest.raises(RNNError, match=message):
        tagger_of(make_nlp(nlp.lang, **changed(part, **change))).from_bytes(tagger_of(nlp).to_bytes())
