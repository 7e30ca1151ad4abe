"""A few texts with categories, classifiers small enough to learn them by heart, and what the tests do with them."""

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed

EMBED = {"@architectures": "spacy-rnn.WordEmbed.v1", "vectors": "none", "width": 16, "min_freq": 1}
MODELS = {
    "bag_textcat": {"pooling": ["mean", "max"]},
    "cnn_textcat": {"filters": 16, "sizes": [1, 2, 3]},
    "rnn_textcat": {"width": 16, "pooling": ["last", "attention"]},
}
TEXTS = {
    "en": [
        ("a warm , funny and wise film", ["good"]),
        ("it is not funny at all", ["bad"]),
        ("the best story of the year", ["good"]),
        ("dull , slow and far too long", ["bad"]),
        ("she plays the queen and he sings", ["plain"]),
        ("not bad at all !", ["good"]),
    ],
    "ru": [
        ("тёплый , смешной и мудрый фильм", ["good"]),
        ("совсем не смешно", ["bad"]),
        ("лучшая история года", ["good"]),
        ("скучно , медленно и слишком длинно", ["bad"]),
        ("она играет королеву , а он поёт", ["plain"]),
        ("совсем не плохо !", ["good"]),
    ],
}
LABELS = ["bad", "good", "plain"]


def make_doc(nlp: Language, text: str, right: list[str] | None = None, labels: list[str] = LABELS) -> Doc:
    doc = Doc(nlp.vocab, words=text.split())
    if right is not None:
        doc.cats = {label: float(label in right) for label in labels}
    return doc


def make_examples(
    nlp: Language, lang: str = "en", texts: list | None = None, labels: list[str] = LABELS
) -> list[Example]:
    return [Example(make_doc(nlp, t), make_doc(nlp, t, right, labels)) for t, right in texts or TEXTS[lang]]


def make_nlp(name: str = "cnn_textcat", lang: str = "en", model: dict | None = None, **config) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    nlp.add_pipe(name, config={"model": {"tok2vec": EMBED, **MODELS[name], **(model or {})}, **config})
    return nlp


def train(nlp: Language, examples: list[Example], steps: int = 40, **settings) -> dict[str, float]:
    optimizer = nlp.initialize(lambda: examples)
    optimizer.learn_rate = 0.02
    for _ in range(steps):
        losses = nlp.update(examples, sgd=optimizer, **settings)
    return losses


def pipe_of(nlp: Language):
    return nlp.get_pipe(nlp.pipe_names[0])


def probabilities(nlp: Language, texts: list[str], **settings) -> numpy.ndarray:
    docs = nlp.pipe([make_doc(nlp, text) for text in texts], **settings)
    return numpy.array([[doc.cats[label] for label in pipe_of(nlp).labels] for doc in docs])


def right_labels(examples: list[Example]) -> list[list[str]]:
    return [[label for label, value in example.reference.cats.items() if value] for example in examples]


def chosen_labels(nlp: Language, examples: list[Example]) -> list[list[str]]:
    docs = nlp.pipe([make_doc(nlp, example.reference.text) for example in examples])
    return [sorted(doc._.categories) for doc in docs]
