"""Small corpora and pipelines with text categories, for tests."""

import re

import spacy
from spacy.tokens import Doc, DocBin

WORDS = {"радость": "счастье рад ура".split(), "грусть": "печаль слёзы жаль".split(), "anger": "rage mad fury".split()}
CONFIG = """
[paths]
train = null
dev = null
[nlp]
lang = "xx"
pipeline = ["{factory}"]
[components]
[components.{factory}]
factory = "{factory}"
[components.{factory}.model]
@architectures = "spacy.TextCatBOW.v3"
exclusive_classes = {exclusive}
ngram_size = 1
no_output_layer = false
length = 64
[corpora]
[corpora.train]
@readers = "spacy.Corpus.v1"
path = ${{paths.train}}
[corpora.dev]
@readers = "spacy.Corpus.v1"
path = ${{paths.dev}}
[training]
seed = 0
gpu_allocator = null
max_steps = 4
eval_frequency = 2
"""


def text(nlp, words, *labels, every=tuple(WORDS)):
    doc = Doc(nlp.vocab, words=words)
    doc.cats = {label: float(label in labels) for label in every}
    return doc


def corpus(nlp, count=24):
    """Texts of one category each; their words say which, and a number makes them differ."""
    names = list(WORDS)
    return [text(nlp, [*WORDS[names[i % 3]], str(i)], names[i % 3]) for i in range(count)]


def write(path, docs):
    DocBin(docs=docs, store_user_data=True).to_disk(path)
    return path


def write_config(path, factory="textcat", **changes):
    config = CONFIG.format(factory=factory, exclusive=str(factory == "textcat").lower())
    for name, value in changes.items():
        config = re.sub(rf"(?m)^{name} = .*$", f"{name} = {value}", config)
    path.write_text(config, encoding="utf8")
    return path


def blank():
    return spacy.blank("xx")
