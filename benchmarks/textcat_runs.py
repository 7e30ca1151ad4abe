"""Training categorizers on the splits, asking them for probabilities, and scoring these: for textcat.py.

A run is a folder WORK/DATASET/SYSTEM/RUN with found.npz (an array, texts x labels, for dev, test and oos_test) and
about.json. A run is a seed, or a fold where there are folds. What is there is not trained again.
"""

import argparse
import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy
import spacy
import textcat_sparse
from baselines import numpy_gemm
from spacy.cli.init_config import init_config
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from textcat_data import FOLDS
from textcat_scores import about_all, score
from thinc.api import Config, NumpyOps

from spacy_rnn.training.gold import bare_copy

PEERS = Path(__file__).with_name("textcat_peers.py")
PARTS = ("dev", "test", "oos_test")
SPACY = {  # our name: optimize, whether the encoder is as `nlp.add_pipe` makes it, whether it has our vectors
    "spacy-bow": ("efficiency", False, False),
    "spacy-ensemble": ("accuracy", True, False),
    "spacy-ensemble-accuracy": ("accuracy", False, False),
    "spacy-ensemble-vectors": ("accuracy", False, True),
}


# -- Verbs


def spacys(args: argparse.Namespace) -> None:
    NumpyOps.gemm = numpy_gemm
    for system in args.systems:
        for split, folder, seed in runs_of(args, system):
            config = spacy_config(system, split, seed, args)
            textcat_sparse.only_for(read(split / "train.spacy", spacy.blank(config["nlp"]["lang"])), 2**18)
            train_one(config, split, folder, {"spacy": spacy.__version__})
        write_result(args, system)


def ours(args: argparse.Namespace) -> None:
    for split, folder, seed in runs_of(args, args.name):
        about = {"config": args.config and str(args.config), "set": args.set}
        if not args.config:
            train_our_bag(args, split, folder, seed, about)
            continue
        config = load_config(args.config, overrides=overrides(args.set), interpolate=False)
        config["paths"].update({name: str(split / f"{name}.spacy") for name in ("train", "dev")})
        if args.vectors:
            config["paths"]["vectors"] = str(args.vectors)
        config["system"]["seed"] = seed
        train_one(config, split, folder, about)
    write_result(args, args.name)


def train_our_bag(args: argparse.Namespace, split: Path, folder: Path, seed: int, about: dict) -> None:
    """What `spacy rnn textcat` does."""
    from spacy_rnn.training.bag import BagSettings, train_bag

    settings, started = BagSettings(**{"seed": seed, **overrides(args.set)}), time.perf_counter()
    given = {"lang": about_all(split)["lang"], "vectors": args.vectors, "settings": settings, "force": True}
    train_bag(split / "train.spacy", folder / "model-best", **given)
    ask(split, folder, {**about, "seconds": time.perf_counter() - started})


def peers(args: argparse.Namespace) -> None:
    for system in args.systems:
        tuned = []
        for split, folder, seed in runs_of(args, system):
            command = [
                args.peers,
                "-W",
                "ignore",
                str(PEERS),
                "train",
                system,
                str(split),
                str(folder),
                "--seed",
                str(seed),
            ]
            if system == "fasttext-vectors":
                command += ["--vectors", str(write_vec(args.vectors, split, folder))]
            subprocess.run([*command, *tuned], check=True)
            tuned = ["--tuned", str(args.work / args.dataset / system / "0" / "about.json")]
        write_result(args, system)


def write_vec(vectors: Path, split: Path, folder: Path) -> Path:
    """Our vectors of all words in a split, as fastText reads them."""
    nlp, made = spacy.load(vectors), folder / "words.vec"
    lines = [line for part in split.glob("*.fasttext") for line in part.read_text(encoding="utf8").split("\n")]
    words = sorted({word for line in lines for word in line.split(" ") if word and not word.startswith("__label__")})
    rows = numpy.asarray(nlp.vocab.vectors.get_batch([nlp.vocab.strings.add(word) for word in words]))
    with made.open("w", encoding="utf8") as file:
        print(*rows.shape, file=file)
        for word, row in zip(words, rows.tolist(), strict=True):
            print(word, *(f"{x:.5f}" for x in row), file=file)
    return made


def overrides(pairs: list[str]) -> dict:
    """Of `training.max_steps=100`."""
    found = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found


def rescore(args: argparse.Namespace) -> None:
    """All runs that there are, anew."""
    for dataset in (each for each in sorted(args.work.iterdir()) if (args.splits / each.name).is_dir()):
        for system in (each for each in sorted(dataset.iterdir()) if each.name != "splits"):
            write_result(argparse.Namespace(**{**vars(args), "dataset": dataset.name}), system.name)


# -- Runs


def runs_of(args: argparse.Namespace, system: str) -> Iterator[tuple[Path, Path, int]]:
    """Of those that there are not yet: the folder with its split, its own, its seed."""
    folds = (args.splits / args.dataset / "folds.json").exists()
    for number in args.folds if folds else args.seeds:
        folder = args.work / args.dataset / system / str(number)
        if not (folder / "found.npz").exists():
            folder.mkdir(parents=True, exist_ok=True)
            print(f"{args.dataset}, {system}, {number}", flush=True)
            split = fold_split(args, number) if folds else args.splits / args.dataset
            yield split, folder, 0 if folds else number


def fold_split(args: argparse.Namespace, fold: int) -> Path:
    """A folder with train, dev and test as the other datasets have it."""
    source, made = args.splits / args.dataset, args.work / args.dataset / "splits" / str(fold)
    if (made / "labels.json").exists():
        return made
    made.mkdir(parents=True, exist_ok=True)
    numbers = json.loads((source / "folds.json").read_text(encoding="utf8"))
    parts = [part_of(number, fold) for number in numbers]
    docs = list(DocBin().from_disk(source / "all.spacy").get_docs(spacy.blank("en").vocab))
    for part in ("train", "dev", "test"):
        chosen = [i for i, each in enumerate(parts) if each == part]
        DocBin(docs=[docs[i] for i in chosen]).to_disk(made / f"{part}.spacy")
        for kind in ("jsonl", "fasttext"):
            lines = (source / f"all.{kind}").read_text(encoding="utf8").split("\n")
            text = "\n".join(lines[i] for i in chosen) + "\n"
            (made / f"{part}.{kind}").write_text(text, encoding="utf8")
    (made / "labels.json").write_bytes((source / "labels.json").read_bytes())
    return made


def part_of(number: int, fold: int) -> str:
    return {fold: "test", (fold + 1) % FOLDS: "dev"}.get(number, "train")


def spacy_config(system: str, split: Path, seed: int, args: argparse.Namespace) -> Config:
    """As `spacy init config` makes it, with spaCy's own training settings."""
    optimize, default, vectors = SPACY[system]
    about = about_all(split)
    name = "textcat" if about["exclusive"] else "textcat_multilabel"
    config = init_config(lang=about["lang"], pipeline=[name], optimize=optimize)
    config["paths"].update({part: str(split / f"{part}.spacy") for part in ("train", "dev")})
    config["paths"]["vectors"] = str(args.vectors) if vectors else None
    config["system"]["seed"] = seed
    if default:
        config["components"] = {name: default_component(name)}
        config["nlp"]["pipeline"] = [name]
    elif optimize == "accuracy":
        config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = vectors
    if vectors:
        config["nlp"]["vectors"] = {"@vectors": "spacy-rnn.FastTextVectors.v1"}
    return config


def default_component(name: str) -> dict:
    nlp = spacy.blank("xx")
    nlp.add_pipe(name)
    return nlp.config["components"][name]


def train_one(config: Config, split: Path, folder: Path, about: dict) -> None:
    """By `spacy train`'s own loop; what did best on dev is asked."""
    started = time.perf_counter()
    with (folder / "train.log").open("w", encoding="utf8") as log:
        train(init_nlp(config), folder, stdout=log, stderr=log)
    ask(split, folder, {**about, "seconds": time.perf_counter() - started})


def ask(split: Path, folder: Path, about: dict) -> None:
    nlp = spacy.load(folder / "model-best")
    labels = about_all(split)["labels"]
    parts = [part for part in PARTS if (split / f"{part}.spacy").exists()]
    save(folder, {part: probabilities(nlp, read(split / f"{part}.spacy", nlp), labels) for part in parts}, about)


def read(path: Path, nlp: Language) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(nlp.vocab))


def probabilities(nlp: Language, docs: list[Doc], labels: list[str]) -> numpy.ndarray:
    """Of gold tokens: texts x labels."""
    found = nlp.pipe(bare_copy(doc, nlp) for doc in docs)
    return numpy.array([[doc.cats[label] for label in labels] for doc in found], dtype="float32")


def save(folder: Path, found: dict[str, numpy.ndarray], about: dict) -> None:
    (folder / "about.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf8")
    numpy.savez_compressed(folder / "found.npz", **found)


def write_result(args: argparse.Namespace, system: str) -> None:
    """Of all runs that there are: WORK/results/DATASET.SYSTEM.json."""
    runs: list[dict] = []
    for folder in sorted((args.work / args.dataset / system).iterdir()):
        if (folder / "found.npz").exists():
            folds = (args.splits / args.dataset / "folds.json").exists()
            split = fold_split(args, int(folder.name)) if folds else args.splits / args.dataset
            about = json.loads((folder / "about.json").read_text(encoding="utf8"))
            runs.append({"run": int(folder.name), "about": about, **score(split, folder / "found.npz", about)})
    out = args.work / "results" / f"{args.dataset}.{system}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"dataset": args.dataset, "system": system, "runs": runs}, indent=2, ensure_ascii=False)
    out.write_text(text + "\n", encoding="utf8")
    print(out, {k: round(v, 4) for k, v in runs[-1].items() if isinstance(v, float)} if runs else "", flush=True)
