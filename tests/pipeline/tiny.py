"""Corpora of a few sentences, a tagger small enough to learn them by heart, and what the tests do with it."""

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

SMALL = {
    "model": {
        "@architectures": "spacy-rnn.Tagger.v1",
        "tok2vec": {
            "@architectures": "spacy.Tok2Vec.v2",
            "embed": {
                "@architectures": "spacy-rnn.CharWordEmbed.v1",
                "width": 24,
                "word_width": 16,
                "min_freq": 1,
                "char_output": 16,
                "ngram_rows": 1000,
            },
            "encode": {"@architectures": "spacy-rnn.RNNEncoder.v1", "width": 32},
        },
    }
}

# form, tag, part of speech, features; sentences with a blank line between them
EN = """
The DT DET Definite=Def|PronType=Art; children NNS NOUN Number=Plur; saw VBD VERB Tense=Past;
a DT DET Definite=Ind|PronType=Art; dog NN NOUN Number=Sing; . . PUNCT _

She PRP PRON Number=Sing|Person=3; saw VBD VERB Tense=Past; the DT DET Definite=Def|PronType=Art;
saw NN NOUN Number=Sing; . . PUNCT _

They PRP PRON Number=Plur|Person=3; walk VBP VERB Tense=Pres; their PRP$ PRON Number=Plur|Poss=Yes;
dogs NNS NOUN Number=Plur; . . PUNCT _

A DT DET Definite=Ind|PronType=Art; walk NN NOUN Number=Sing; helps VBZ VERB Number=Sing|Tense=Pres;
the DT DET Definite=Def|PronType=Art; children NNS NOUN Number=Plur; . . PUNCT _
"""
RU = """
Мама NN NOUN Case=Nom|Gender=Fem; мыла VBD VERB Gender=Fem|Tense=Past; раму NN NOUN Case=Acc|Gender=Fem;
. . PUNCT _

Кот NN NOUN Case=Nom|Gender=Masc; видел VBD VERB Gender=Masc|Tense=Past; маму NN NOUN Case=Acc|Gender=Fem;
. . PUNCT _

Стол NN NOUN Case=Nom|Gender=Masc; видел VBD VERB Gender=Masc|Tense=Past; стол NN NOUN Case=Acc|Gender=Masc;
? . PUNCT _

У IN ADP _; мамы NN NOUN Case=Gen|Gender=Fem; не RB PART Polarity=Neg; было VBD VERB Gender=Neut|Tense=Past;
кота NN NOUN Case=Gen|Gender=Masc; . . PUNCT _
"""
CORPORA = {"en": EN, "ru": RU}


def make_examples(nlp, lang="en", layers=("tags", "pos", "morphs")):
    examples = []
    for sentence in CORPORA[lang].strip().split("\n\n"):
        words, *gold = zip(*(word.split() for word in sentence.split(";")), strict=True)
        gold = dict(zip(("tags", "pos", "morphs"), gold, strict=True))
        reference = Doc(nlp.vocab, words=words, **{layer: gold[layer] for layer in layers})
        examples.append(Example(Doc(nlp.vocab, words=words), reference))
    return examples


def make_nlp(lang="en", **config) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("rnn_tagger", config={**SMALL, **config})
    return nlp


def changed(part, **changes):
    """The config with another embedding or encoder."""
    tok2vec = SMALL["model"]["tok2vec"]
    return {"model": {**SMALL["model"], "tok2vec": {**tok2vec, part: {**tok2vec[part], **changes}}}}


def train(nlp, examples, steps=40, **settings):
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        losses = nlp.update(examples, sgd=optimizer, **settings)
    return losses


def annotation(doc):
    return [(t.tag_, t.pos_, str(t.morph)) for t in doc]


def gold_annotation(examples):
    return [annotation(example.reference) for example in examples]


def texts_of(examples):
    return [example.reference.text for example in examples]


def predicted(nlp, examples, **settings):
    docs = [Doc(nlp.vocab, words=[t.text for t in example.reference]) for example in examples]
    return [annotation(doc) for doc in nlp.pipe(docs, **settings)]


def tagger_of(nlp):
    return nlp.get_pipe("rnn_tagger")
