"""Corpora of a few sentences with entities, an rnn_ner small enough to learn them, and what the tests do with it."""

import re

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.util import fix_random_seed

from .tiny import SMALL as SMALL_TAGGER

TOK2VEC = SMALL_TAGGER["model"]["tok2vec"]
# [words|TYPE] is an entity; one sentence has none, and in each language two of the same type stand side by side
CORPORA = {
    "en": """
        [Anna Smith|PER] lives in [New York City|LOC] .
        [Acme|ORG] hired [Bob|PER] in [Paris|LOC] .
        It rained all day .
        The [Bank of England|ORG] praised [Anna|PER] [Bob Smith|PER] .
    """,
    "ru": """
        [Анна Петрова|PER] живёт в [Нижнем Новгороде|LOC] .
        [Газпром|ORG] нанял [Ивана|PER] в [Москве|LOC] .
        Весь день шёл дождь .
        [Центральный банк России|ORG] похвалил [Анну|PER] [Ивана Петрова|PER] .
    """,
}


def ner_config(decoder="crf", tok2vec=TOK2VEC, **settings):
    return {"model": {"@architectures": "spacy-rnn.Labeller.v1", "decoder": decoder, "tok2vec": tok2vec}, **settings}


def read(vocab, sentence):
    """A Doc with its entities."""
    words, ents = [], []
    for part in re.findall(r"\[[^]]*\]|\S+", sentence):
        text, _, label = part.strip("[]").partition("|")
        if label:
            ents.append((len(words), len(words) + len(text.split()), label))
        words.extend(text.split())
    doc = Doc(vocab, words=words)
    doc.ents = [Span(doc, start, end, label=label) for start, end, label in ents]
    return doc


def bare(doc):
    """The same words without annotation."""
    return Doc(doc.vocab, words=[t.text for t in doc], spaces=[bool(t.whitespace_) for t in doc])


def examples_of(nlp, *sentences):
    references = [read(nlp.vocab, sentence) for sentence in sentences]
    return [Example(bare(reference), reference) for reference in references]


def make_examples(nlp, lang="en"):
    return examples_of(nlp, *CORPORA[lang].strip().split("\n"))


def make_nlp(lang="en", **config) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe("rnn_ner", config=ner_config(**config))
    return nlp


def ner_of(nlp):
    return nlp.get_pipe("rnn_ner")


def train(nlp, examples, steps=30, **settings):
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.01
    for _ in range(steps):
        losses = nlp.update(examples, sgd=optimizer, **settings)
    return losses


def entities(doc):
    return [(ent.start, ent.end, ent.label_) for ent in doc.ents]


def gold_entities(examples):
    return [entities(example.reference) for example in examples]


def predicted(nlp, examples, **settings):
    return [entities(doc) for doc in nlp.pipe([bare(example.reference) for example in examples], **settings)]
