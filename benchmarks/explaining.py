"""Which way of explaining a text classifier can be trusted? The figures of docs/explaining.md.

    python benchmarks/explaining.py decide
    python benchmarks/explaining.py reviews FOLDER [--models cnn max last attention]

decide: texts in which one word makes the label. How often is it the most salient one?
reviews: sentence polarity (rt-polarity.pos and .neg in FOLDER), trained on nine tenths. For 300 texts of the rest: the
correlation with occlusion, and how far the logit falls when the words with the highest numbers are left out together.
"""

import argparse
import random
import time
from pathlib import Path

import numpy
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch
from thinc.api import Adam

from spacy_rnn.pipeline.explain import METHODS

MODELS = {
    "bag": ("bag_textcat", {}, 5),
    "cnn": ("cnn_textcat", {}, 4),
    "max": ("rnn_textcat", {"width": 128, "pooling": ["max"]}, 8),
    "last": ("rnn_textcat", {"width": 128, "pooling": ["last"]}, 8),
    "attention": ("rnn_textcat", {"width": 128, "pooling": ["attention"]}, 8),
}
WORDS = {
    "en": ("the film of a man in his old town".split(), ("funny", "dull")),
    "ru": ("вот фильм про человека и его старый город".split(), ("смешной", "скучный")),
}
SHARES = (0.1, 0.2, 0.3)


def make_nlp(kind: str, columns: int, lang: str = "en", **settings) -> Language:
    fix_random_seed(0)
    nlp = spacy.blank(lang)
    name, model, _ = MODELS[kind]
    embed = {"@architectures": "spacy-rnn.WordEmbed.v1", "vectors": "none", "width": columns, "min_freq": 1}
    nlp.add_pipe(name, name="textcat", config={"model": {"tok2vec": embed, **model, **settings}})
    return nlp


def examples_of(nlp: Language, texts: list[tuple[str, str]]) -> list[Example]:
    labels, found = {label for _, label in texts}, []
    for text, right in texts:
        doc = Doc(nlp.vocab, words=text.split())
        found.append(Example(doc, doc.copy()))
        found[-1].reference.cats = {label: float(label == right) for label in labels}
    return found


def decide() -> None:
    for kind in MODELS:
        for steps in (15, 60):
            hits: dict[str, list[bool]] = {method: [] for method in METHODS}
            for lang, (others, deciding) in WORDS.items():
                rng, texts = numpy.random.default_rng(0), []
                for i in range(60):
                    words = rng.choice(others, rng.integers(3, 8)).tolist()
                    words.insert(int(rng.integers(len(words) + 1)), deciding[i % 2])
                    texts.append((" ".join(words), deciding[i % 2]))
                small = {"filters": 8} if kind == "cnn" else {} if kind == "bag" else {"width": 16}
                nlp = make_nlp(kind, 16, lang, **small)
                examples = examples_of(nlp, texts)
                optimizer = nlp.initialize(lambda found=examples: found)
                optimizer.learn_rate = 0.02
                for _ in range(steps):
                    nlp.update(examples, sgd=optimizer)
                docs = [example.predicted for example in examples]
                for method in METHODS:
                    for doc, told in zip(docs, nlp.get_pipe("textcat").explain(docs, method=method), strict=True):
                        hits[method].append(doc[int(told.tokens.argmax())].text == told.label)
            shares = ", ".join(f"{method} {numpy.mean(found):.2f}" for method, found in hits.items())
            print(f"{kind}, {steps} steps: {shares}", flush=True)


def reviews(folder: Path, kinds: list[str]) -> None:
    texts = []
    for label, name in (("positive", "rt-polarity.pos"), ("negative", "rt-polarity.neg")):
        lines = (folder / name).read_text(encoding="latin-1").splitlines()
        texts += [(line.strip(), label) for line in lines]
    random.Random(0).shuffle(texts)
    held_out, training = texts[: len(texts) // 10], texts[len(texts) // 10 :]
    for kind in kinds:
        nlp = make_nlp(kind, 100)
        examples = examples_of(nlp, training)
        nlp.initialize(lambda found=examples: found)
        optimizer = Adam(0.001)
        for _ in range(MODELS[kind][2]):
            random.shuffle(examples)
            for batch in minibatch(examples, 50):
                nlp.update(batch, sgd=optimizer, drop=0.5)
        accuracy = nlp.evaluate(examples_of(nlp, held_out))["cats_acc"]
        print(f"{kind}: accuracy {accuracy:.3f}", flush=True)
        faithfulness(nlp, [example.predicted for example in examples_of(nlp, held_out[:300])])


def faithfulness(nlp: Language, docs: list[Doc]) -> None:
    pipe, rng, values = nlp.get_pipe("textcat"), numpy.random.default_rng(0), {}
    docs = [doc for doc in docs if len(doc) >= 5]
    spent = {}
    for method in METHODS:
        begin = time.perf_counter()
        told = pipe.explain(docs, method=method)
        spent[method] = f", {(time.perf_counter() - begin) / len(docs) * 1000:.1f} ms"
        values[method] = [one.tokens for one in told]
    if told[0].attention is not None:
        values["attention weights"] = [one.attention for one in told]
    values["random"] = [rng.random(len(doc)) for doc in docs]
    for method, rows in values.items():
        pairs = zip(rows, values["occlusion"], strict=True)
        r = numpy.mean([numpy.corrcoef(*pair)[0, 1] for pair in pairs])
        falls = []
        for share in SHARES:
            shorter = []
            for doc, row in zip(docs, rows, strict=True):
                gone = set(numpy.argsort(-row)[: max(1, round(share * len(doc)))].tolist())
                shorter.append(Doc(nlp.vocab, words=[token.text for token in doc if token.i not in gone]))
            both = zip(told, pipe.explain(shorter, pipe.labels[0], "gradient"), strict=True)
            sign = {pipe.labels[0]: 1, pipe.labels[1]: -1}  # two exclusive labels
            falls.append(numpy.mean([one.logit - sign[one.label] * new.logit for one, new in both]))
        shown = " / ".join(f"{fall:.2f}" for fall in falls)
        print(f"  {method}: r {r:.2f}, fall {shown}{spent.get(method, '')}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["decide", "reviews"])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=["cnn", "max", "last", "attention"])
    given = parser.parse_args()
    decide() if given.what == "decide" else reviews(given.folder, given.models)
