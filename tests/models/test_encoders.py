"""Our encoders and embedding below spaCy's own components, through Tok2VecListener, and across save and load."""

import pytest
import spacy
from numpy.testing import assert_allclose
from spacy.language import Language
from spacy.training import Example
from spacy.util import registry
from thinc.api import Config

from spacy_rnn.errors import RNNError
from spacy_rnn.models.encoders import CNNEncoder, RNNEncoder

TEXTS = {
    "en": ("Anna sees old London", ["PROPN", "VERB", "ADJ", "PROPN"], [1, 1, 3, 1], ["nsubj", "ROOT", "amod", "obj"]),
    "ru": (
        "Анна видит старую Москву",
        ["PROPN", "VERB", "ADJ", "PROPN"],
        [1, 1, 3, 1],
        ["nsubj", "ROOT", "amod", "obj"],
    ),
}

CONFIG = """
[nlp]
lang = "{lang}"
pipeline = ["tok2vec","tagger","parser","ner"]

[components]

[components.tok2vec]
factory = "tok2vec"

[components.tok2vec.model]
@architectures = "spacy.Tok2Vec.v2"

[components.tok2vec.model.embed]
{embed}

[components.tok2vec.model.encode]
{encode}

[components.tagger]
factory = "tagger"

[components.tagger.model]
@architectures = "spacy.Tagger.v2"

[components.tagger.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 16

[components.parser]
factory = "parser"
min_action_freq = 1

[components.parser.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "parser"
hidden_width = 16

[components.parser.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 16

[components.ner]
factory = "ner"

[components.ner.model]
@architectures = "spacy.TransitionBasedParser.v2"
state_type = "ner"
hidden_width = 16

[components.ner.model.tok2vec]
@architectures = "spacy.Tok2VecListener.v1"
width = 16
"""

EMBED = """
@architectures = "spacy-rnn.CharWordEmbed.v1"
width = 12
word_width = 8
char_output = 8
ngram_rows = 500
max_words = 50
"""
SPACYS = """
@architectures = "spacy.MultiHashEmbed.v2"
width = 12
attrs = ["NORM", "PREFIX"]
rows = [100, 100]
include_static_vectors = false
"""
RNN = """
@architectures = "spacy-rnn.RNNEncoder.v1"
width = 16
"""
CNN = """
@architectures = "spacy-rnn.CNNEncoder.v1"
width = 16
depth = 2
"""


def pipeline(lang, embed, encode) -> Language:
    spacy.util.fix_random_seed(0)
    return spacy.util.load_model_from_config(
        Config().from_str(CONFIG.format(lang=lang, embed=embed, encode=encode)), auto_fill=True
    )


def examples(nlp, lang):
    text, tags, heads, deps = TEXTS[lang]
    ents = [(0, 4, "PER"), (text.rindex(" ") + 1, len(text), "LOC")]
    gold = {"tags": tags, "heads": heads, "deps": deps, "entities": ents}
    return [Example.from_dict(nlp.make_doc(text), gold)]


@pytest.mark.parametrize("embed, encode", [(EMBED, RNN), (SPACYS, RNN), (EMBED, CNN)], ids=["rnn", "hash-rnn", "cnn"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_spacys_own_components_listen(lang, embed, encode, tmp_path):
    nlp = pipeline(lang, embed, encode)
    optimizer = nlp.initialize(lambda: examples(nlp, lang))
    optimizer.learn_rate = 0.01
    for _ in range(60):
        losses = nlp.update(examples(nlp, lang), sgd=optimizer, drop=0.1, losses={})
    text, tags, heads, deps = TEXTS[lang]
    assert losses["tok2vec"] > 0
    nlp.to_disk(tmp_path / "nlp")
    for other in (nlp, spacy.load(tmp_path / "nlp"), pipeline(lang, embed, encode).from_bytes(nlp.to_bytes())):
        doc = other(text)
        assert [t.tag_ for t in doc] == tags
        assert [t.head.i for t in doc] == heads and [t.dep_ for t in doc] == deps
        assert [e.label_ for e in doc.ents] == ["PER", "LOC"]
    expected = nlp.get_pipe("tok2vec").predict([nlp.make_doc(text)])
    loaded = pipeline(lang, embed, encode).from_bytes(nlp.to_bytes())
    assert_allclose(loaded.get_pipe("tok2vec").predict([loaded.make_doc(text)])[0], expected[0], atol=1e-6)


@pytest.mark.parametrize(
    "name, arguments, code",
    [
        ("RNNEncoder", dict(width=7), "R101"),
        ("RNNEncoder", dict(width=0), "R103"),
        ("RNNEncoder", dict(width=8, depth=0), "R103"),
        ("RNNEncoder", dict(width=8, depth=2, dilation=[1]), "R102"),
        ("RNNEncoder", dict(width=8, depth=2, stride=[0, 1]), "R102"),
        ("RNNEncoder", dict(width=8, stride=0), "R102"),
        ("CNNEncoder", dict(width=-1), "R103"),
        ("CNNEncoder", dict(width=8, window=0), "R103"),
        ("CNNEncoder", dict(width=8, depth=3, dilation=[1, 2]), "R102"),
    ],
)
def test_arguments_that_cannot_be(name, arguments, code):
    """Through the registry, as a config would."""
    config = {"encode": {"@architectures": f"spacy-rnn.{name}.v1", **arguments}}
    with pytest.raises(RNNError, match=code):
        registry.resolve(config)


@pytest.mark.parametrize("encoder", [RNNEncoder(width=8, bidirectional=False), CNNEncoder(width=7)])
def test_width_in_is_found_and_width_out_is_said(encoder):
    ops = encoder.ops
    encoder.initialize(X=[ops.alloc2f(3, 5)])
    assert encoder.get_dim("nI") == 5
    assert encoder.predict([ops.alloc2f(3, 5)])[0].shape == (3, encoder.get_dim("nO"))
