"""How fast the tagger is, beside the bare torch network and beside spaCy's own BiLSTM tagger of equal width and depth.

    python benchmarks/tagger.py [--model training/en/model-best] [--train corpus/en/train.spacy] [--test
    corpus/en/test.spacy]

One process, one thread; the contestants take turns, and a ratio is the median over the rounds of the ratio within a
round, so that a machine that slows down slows all of them. Inference is from raw text, tokenizer included, for
everything but the bare network, which gets ready-made tensors of the same batches. spaCy's tagger has one head
(tags), ours three (tags, parts of speech, morphology).
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import minibatch
from thinc.api import Adam, fix_random_seed

BATCH = 256  # documents
TRAIN_WORDS = 600  # a training batch


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("training/en/model-best"))
    parser.add_argument("--train", type=Path, default=Path("corpus/en/train.spacy"))
    parser.add_argument("--test", type=Path, default=Path("corpus/en/test.spacy"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--output", type=Path, help="write the figures there, as JSON")
    args = parser.parse_args()
    torch.set_num_threads(1)
    fix_random_seed(0)

    ours = spacy.load(args.model)
    train = read_examples(args.train, ours)
    texts = [example.reference.text for example in read_examples(args.test, ours)]
    peer = spacy_tagger(ours, train)
    print(f"{len(texts)} texts; width {encoder_width(ours)}, depth 1 for both\n")
    figures = {
        "inference": inference(ours, peer, texts, args.rounds),
        "training": training(ours, peer, train, args.rounds),
    }
    if args.output:
        args.output.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf8")


def read_examples(path: Path, nlp: Language) -> list[Example]:
    docs = DocBin().from_disk(path).get_docs(nlp.vocab)
    return [Example(Doc(d.vocab, [t.text for t in d], [bool(t.whitespace_) for t in d]), d) for d in docs]


def spacy_tagger(ours: Language, train: list[Example]) -> Language:
    """spaCy's tagger over its BiLSTM encoder, of the width and depth of ours, initialised on the same data."""
    width = encoder_width(ours)
    nlp = spacy.blank(ours.lang)
    tok2vec = {
        "@architectures": "spacy.Tok2Vec.v2",
        "embed": {
            "@architectures": "spacy.MultiHashEmbed.v2",
            "width": width,
            "rows": [5000, 1000, 2500, 2500],
            "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE"],
            "include_static_vectors": False,
        },
        "encode": {"@architectures": "spacy.TorchBiLSTMEncoder.v1", "width": width, "depth": 1, "dropout": 0.0},
    }
    nlp.add_pipe("tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": tok2vec, "nO": None}})
    nlp.initialize(lambda: train)
    return nlp


def encoder_width(nlp: Language) -> int:
    return nlp.get_pipe("rnn_tagger").model.get_ref("tok2vec").get_dim("nO")


def inference(ours: Language, peer: Language, texts: list[str], rounds: int) -> dict:
    docs = [ours.make_doc(text) for text in texts]
    contestants = {
        "bare torch network": bare_network(ours, docs),
        "rnn_tagger, nlp.pipe": lambda: consume(ours, texts),
        "spaCy BiLSTM tagger, nlp.pipe": lambda: consume(peer, texts),
    }
    rates = take_turns(contestants, sum(map(len, docs)), rounds)
    ratios = {
        "rnn_tagger / bare network": ratio(rates, "rnn_tagger, nlp.pipe", "bare torch network"),
        "rnn_tagger / spaCy BiLSTM": ratio(rates, "rnn_tagger, nlp.pipe", "spaCy BiLSTM tagger, nlp.pipe"),
    }
    return report("Inference, words/s", rates, ratios)


def bare_network(nlp: Language, docs: list[Doc]) -> Callable[[], None]:
    """The three nets of the tagger, called directly on tensors made beforehand."""
    model = nlp.get_pipe("rnn_tagger").model
    nodes = {node.name: node for node in model.walk() if node.shims}
    embed, encode, heads = (nodes[name] for name in ("char_word_embed", "rnn_encoder", "tagger_heads"))
    batches = [
        (embed.attrs["read"](embed, batch, False), numpy.array([len(doc) for doc in batch]))
        for batch in minibatch(docs, BATCH)
    ]

    @torch.no_grad()
    def run() -> None:
        for args, lengths in batches:
            heads.shims[0].net(encode.shims[0].net(embed.shims[0].net(*args), lengths))

    return run


def consume(nlp: Language, texts: list[str]) -> None:
    for _ in nlp.pipe(texts, batch_size=BATCH):
        pass


def training(ours: Language, peer: Language, train: list[Example], rounds: int) -> dict:
    """Words a second of whole updates on the same batches, all heads for us, tags for spaCy."""
    random.Random(0).shuffle(train)
    batches, batch, words = [], [], 0
    for example in train:
        batch.append(example)
        words += len(example.predicted)
        if words >= TRAIN_WORDS:
            batches.append(batch)
            batch, words = [], 0
    batches = batches[:10]
    optimizers = {id(nlp): Adam(0.001) for nlp in (ours, peer)}

    def update(nlp: Language) -> None:
        for batch in batches:
            nlp.update(batch, sgd=optimizers[id(nlp)], drop=0.3)

    contestants = {"rnn_tagger": lambda: update(ours), "spaCy BiLSTM tagger": lambda: update(peer)}
    rates = take_turns(contestants, sum(len(e.predicted) for b in batches for e in b), rounds)
    return report("Training, words/s", rates, {"rnn_tagger / spaCy BiLSTM": ratio(rates, *rates)})


def take_turns(contestants: dict[str, Callable[[], None]], words: int, rounds: int) -> dict[str, list[float]]:
    rates: dict[str, list[float]] = {name: [] for name in contestants}
    for run in contestants.values():
        run()  # warm up
    for _ in range(rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            run()
            rates[name].append(words / (time.perf_counter() - start))
    return rates


def ratio(rates: dict[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(rates[one], rates[other], strict=True))


def report(title: str, rates: dict[str, list[float]], ratios: dict[str, float]) -> dict:
    print(title)
    for name, values in rates.items():
        print(f"  {name:32} {statistics.median(values):10,.0f}   ({min(values):,.0f} to {max(values):,.0f})")
    for name, value in ratios.items():
        print(f"  {name:32} {value:10.2f}")
    print()
    return {"words_per_second": {n: statistics.median(v) for n, v in rates.items()}, "ratios": ratios}


if __name__ == "__main__":
    main()
