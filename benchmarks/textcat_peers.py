"""fastText's, scikit-learn's and Flair's categorizers, for textcat.py, which starts this with the Python that has them.

    python benchmarks/textcat_peers.py train SYSTEM SPLIT OUT [--seed 0] [--tuned OUT/about.json] [--vectors FILE.vec]
    python benchmarks/textcat_peers.py flair CASE [--batch 32]
    python benchmarks/textcat_peers.py bag TRAIN.fasttext OUT [--dim 100] [--ngrams 1] [--epochs 5] [--loss softmax]

SPLIT has {train,dev,test}.jsonl and .fasttext and labels.json. All settings are tried on train, those that do best on
dev (accuracy; micro F1 where several labels may hold) are kept, with what they find in OUT/found.npz (texts x labels
of dev, test and oos_test) and OUT/about.json. With --tuned, the settings are those of another run.

fasttext: `train_supervised` on one thread, tokens lower-cased as in SPLIT: softmax, or one-vs-all where several labels
may hold, with a label "none" for texts that have none, which it would skip. Word n-grams up to 1 or 2, learning rate
0.1, 0.5 or 1, 5, 25 or 50 epochs, 100 dimensions; then, with the best of these, letter n-grams of 2 to 5 or 3 to 6.
(The package fasttext-wheel: fasttext 0.9.3, compiled here, ends in "Encountered NaN" now and then.)
fasttext-vectors: the same with our vectors (of the words of dev and test too) as starting values.

linear-words-*: TF-IDF (1 + log of counts) of words and pairs of words of the raw text, lower-cased; linear-chars-*:
beside them, of 2 to 5 letters within words. -lr: logistic regression; -svc: linear support vectors, whose scores are
no probabilities. C from 3 to 300 and from 0.1 to 10, in steps of about 3.

``flair`` and ``bag`` measure speed: of Flair's TextClassifier with DocumentRNNEmbeddings (its defaults: a GRU with 128
units) over our vectors of the words in CASE, and of fastText's training.
"""

import argparse
import gc
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import numpy

PARTS = ("dev", "test", "oos_test")
NONE = "none"  # the label of texts that have none, for fastText
C = {"lr": (3, 10, 30, 100, 300), "svc": (0.1, 0.3, 1, 3, 10)}
Found = Callable[[str], numpy.ndarray]  # what is found in a part: texts x labels


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("train")
    verb.add_argument("system")
    verb.add_argument("split", type=Path)
    verb.add_argument("out", type=Path)
    verb.add_argument("--seed", type=int, default=0)
    verb.add_argument("--tuned", type=Path)
    verb.add_argument("--vectors", type=Path)
    verb = verbs.add_parser("flair")
    verb.add_argument("case", type=Path)
    verb.add_argument("--batch", type=int, default=32, help="texts")
    verb = verbs.add_parser("bag")
    verb.add_argument("file", type=Path)
    verb.add_argument("out", type=Path)
    verb.add_argument("--dim", type=int, default=100)
    verb.add_argument("--ngrams", type=int, default=1)
    verb.add_argument("--epochs", type=int, default=5)
    verb.add_argument("--bucket", type=int, default=100_000, help="rows for n-grams of words")
    verb.add_argument("--loss", default="softmax")
    args = parser.parse_args()
    {"train": tune, "flair": flair, "bag": bag}[args.verb](args)


def tune(args: argparse.Namespace) -> None:
    started = time.perf_counter()
    every = json.loads((args.split / "labels.json").read_text(encoding="utf8"))
    gold = gold_of(rows_of(args.split, "dev"), every["labels"])
    tuned = json.loads(args.tuned.read_text(encoding="utf8"))["settings"] if args.tuned else None
    train = linear if args.system.startswith("linear-") else fasttext
    tried: list[tuple[dict, float]] = []
    best = (-1.0, {}, None)
    for settings, find in train(args, every, tuned, tried):
        tried.append((settings, quality(gold, find("dev"), every["exclusive"], args.system)))
        print(*tried[-1], flush=True)
        if tried[-1][1] > best[0]:
            best = tried[-1][1], settings, find
    args.out.mkdir(parents=True, exist_ok=True)
    parts = [part for part in PARTS if (args.split / f"{part}.jsonl").exists()]
    found = {part: best[2](part).astype("float32") for part in parts}
    name = "scikit-learn" if train is linear else "fasttext-wheel"
    about = {name: version(name), "settings": best[1], "dev": best[0], "tried": tried}
    about |= {"probabilities": not args.system.endswith("svc"), "seconds": time.perf_counter() - started}
    (args.out / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")
    numpy.savez_compressed(args.out / "found.npz", **found)


def rows_of(split: Path, part: str) -> list[dict]:
    return [json.loads(line) for line in (split / f"{part}.jsonl").read_text(encoding="utf8").split("\n") if line]


def labels_of(row: dict) -> list[str]:
    return [row["label"]] if "label" in row else row["labels"]


def gold_of(rows: list[dict], labels: list[str]) -> numpy.ndarray:
    return numpy.array([[label in labels_of(row) for label in labels] for row in rows])


def quality(gold: numpy.ndarray, found: numpy.ndarray, exclusive: bool, system: str) -> float:
    """Accuracy, or micro F1."""
    if exclusive:
        return float(gold[numpy.arange(len(gold)), found.argmax(1)].mean())
    guessed = found >= (0 if system.endswith("svc") else 0.5)
    return float(2 * (gold & guessed).sum() / max(gold.sum() + guessed.sum(), 1))


# -- fastText


def fasttext(args: argparse.Namespace, every: dict, tuned: dict | None, tried: list) -> Iterator[tuple[dict, Found]]:
    file = args.split / "train.fasttext"
    if not every["exclusive"]:
        file = with_none(file, args.out)
    options = {"dim": 100, "loss": "softmax" if every["exclusive"] else "ova"}
    if args.system == "fasttext-vectors":
        with args.vectors.open(encoding="utf8") as opened:
            options |= {"dim": int(opened.readline().split()[1]), "pretrainedVectors": str(args.vectors)}
    if tuned:
        yield tuned, fasttext_finder(args, every["labels"], file, {**options, **tuned})
        return
    for lr, epoch, words in itertools.product((0.1, 0.5, 1.0), (5, 25, 50), (1, 2)):
        settings = {"lr": lr, "epoch": epoch, "wordNgrams": words}
        yield settings, fasttext_finder(args, every["labels"], file, {**options, **settings})
    chosen, _ = max(tried, key=lambda pair: pair[1])
    for minn, maxn in ((2, 5), (3, 6)):
        settings = {**chosen, "minn": minn, "maxn": maxn}
        yield settings, fasttext_finder(args, every["labels"], file, {**options, **settings})


def with_none(file: Path, out: Path) -> Path:
    lines = file.read_text(encoding="utf8").strip("\n").split("\n")
    out.mkdir(parents=True, exist_ok=True)
    made = out / "train.fasttext"
    lines = [line if line.startswith("__label__") else f"__label__{NONE} {line}" for line in lines]
    made.write_text("\n".join(lines) + "\n", encoding="utf8")
    return made


def fasttext_finder(args: argparse.Namespace, labels: list[str], file: Path, options: dict) -> Found:
    from fasttext import train_supervised

    model = train_supervised(str(file), **options, thread=1, seed=args.seed, verbose=0)
    numbers = {f"__label__{label}": i for i, label in enumerate(labels)}

    def find(part: str) -> numpy.ndarray:
        lines = (args.split / f"{part}.fasttext").read_text(encoding="utf8").removesuffix("\n").split("\n")
        found = numpy.zeros((len(lines), len(labels)))
        for i, line in enumerate(lines):
            words = " ".join(word for word in line.split(" ") if not word.startswith("__label__"))
            for p, label in model.f.predict(words + "\n", -1, 0.0, "strict"):
                if label in numbers:
                    found[i, numbers[label]] = p
        return found.clip(0, 1)

    return find


# -- scikit-learn


def linear(args: argparse.Namespace, every: dict, tuned: dict | None, tried: list) -> Iterator[tuple[dict, Found]]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_union

    _, features, kind = args.system.split("-")
    extract = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"(?u)\b\w+\b|[^\w\s]")
    if features == "chars":
        extract = make_union(extract, TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True))
    rows = rows_of(args.split, "train")
    gold = gold_of(rows, every["labels"])
    inputs = extract.fit_transform([row["text"] for row in rows])
    others = {}
    for part in PARTS:
        if (args.split / f"{part}.jsonl").exists():
            others[part] = extract.transform([row["text"] for row in rows_of(args.split, part)])
    for c in (tuned["C"],) if tuned else C[kind]:
        yield {"C": c}, linear_finder(kind, c, inputs, gold, every["exclusive"], others, args.seed)


def linear_finder(
    kind: str, c: float, inputs: object, gold: numpy.ndarray, exclusive: bool, others: dict, seed: int
) -> Found:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.svm import LinearSVC

    model = LogisticRegression(C=c, max_iter=300) if kind == "lr" else LinearSVC(C=c, random_state=seed)
    model = model if exclusive else OneVsRestClassifier(model)
    model.fit(inputs, gold.argmax(1) if exclusive else gold.astype(int))

    def find(part: str) -> numpy.ndarray:
        scores = model.predict_proba(others[part]) if kind == "lr" else model.decision_function(others[part])
        return numpy.stack([-scores, scores], 1) if scores.ndim == 1 else scores

    return find


# -- Speed


def bag(args: argparse.Namespace) -> None:
    """Says how long fastText took from the file to a model on the disk, as often as a line comes in."""
    from fasttext import train_supervised

    print("ready", flush=True)
    for _ in sys.stdin:
        started = time.perf_counter()
        options = {"dim": args.dim, "wordNgrams": args.ngrams, "epoch": args.epochs, "loss": args.loss}
        options["bucket"] = args.bucket
        train_supervised(str(args.file), **options, thread=1, verbose=0).save_model(str(args.out / "fasttext.bin"))
        print(time.perf_counter() - started, flush=True)


def flair(args: argparse.Namespace) -> None:
    """Says how long Flair took for the texts, as often as a line comes in; its sentences are made beforehand."""
    import flair
    import torch
    from flair.data import Dictionary, Sentence
    from flair.embeddings import DocumentRNNEmbeddings, WordEmbeddings
    from flair.models import TextClassifier

    torch.set_num_threads(1)
    texts, words, about = (
        json.loads((args.case / f"{name}.json").read_text(encoding="utf8")) for name in ("texts", "words", "labels")
    )
    vectors = torch.from_numpy(numpy.load(args.case / "vectors.npy"))
    vocab = {word: i for i, word in enumerate(words)}
    embeddings = WordEmbeddings(None, vocab=vocab, embedding_length=vectors.shape[1], name="ours")
    unknown = torch.zeros(1, vectors.shape[1])
    embeddings.embedding = torch.nn.Embedding.from_pretrained(torch.cat([vectors, unknown]))
    labels = Dictionary(add_unk=False)
    for label in about["labels"]:
        labels.add_item(label)
    flair.set_seed(0)
    model = TextClassifier(
        DocumentRNNEmbeddings([embeddings]),
        label_type="category",
        label_dictionary=labels,
        multi_label=not about["exclusive"],
    )
    model.eval()
    print("ready", flush=True)
    for _ in sys.stdin:
        fresh = [Sentence(text) for text in texts]
        gc.collect()
        gc.freeze()
        started = time.perf_counter()
        model.predict(fresh, mini_batch_size=args.batch)
        print(time.perf_counter() - started, flush=True)
        gc.unfreeze()


if __name__ == "__main__":
    main()
