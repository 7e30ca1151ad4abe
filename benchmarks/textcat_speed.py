"""How fast categorizers learn and answer: the verbs training, inference and bag of textcat.py.

One thread; all take turns, and a ratio is the median over the rounds of the ratio within one.
"""

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy
import spacy
import torch
from labelling import in_turns
from labelling_ner import answering, times_as_fast
from spacy.language import Language
from spacy.schemas import ConfigSchemaTraining
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config, registry
from textcat_runs import PEERS, overrides, read, spacy_config
from textcat_scores import about_all
from thinc.api import Config, fix_random_seed

from spacy_rnn.bridge.shim import TorchShim
from spacy_rnn.nets import native
from spacy_rnn.nets.memory import forget
from spacy_rnn.training.gold import bare_copy

Runs = dict[str, Callable[[int], float]]  # each gives the seconds that a round took


# -- Training


def training(args: argparse.Namespace) -> None:
    """The same batches, with the optimizer and dropout of each one's configuration, by nlp.update."""
    split = args.splits / args.dataset
    configs = {args.name: our_config(args, split, "dev")}
    configs |= {system: spacy_config(system, split, 0, args) for system in args.systems}
    texts = list(DocBin().from_disk(split / "train.spacy").get_docs(spacy.blank(about_all(split)["lang"]).vocab))
    order = numpy.random.default_rng(0).permutation(len(texts))
    batches = in_batches([texts[i] for i in order], args.words)[: args.batches]
    count = sum(map(len, batches))
    print(f"{args.dataset}: {len(batches)} batches of {args.words} words, {count:,} texts, {args.rounds} rounds")
    runs = {name: updates(config, batches) for name, config in configs.items()}
    report(in_turns(runs, 1, args.rounds), count, [args.name])


def in_batches(docs: list[Doc], words: int) -> list[list[Doc]]:
    """By spaCy's own batcher of its text categorizers."""
    batcher = registry.batchers.get("spacy.batch_by_words.v1")(size=words, tolerance=0.2, discard_oversize=False)
    return list(batcher(docs))


def updates(config: Config, batches: list[list[Doc]]) -> Callable[[int], float]:
    fix_random_seed(0)
    nlp = init_nlp(config)
    settings = registry.resolve(nlp.config.interpolate()["training"], schema=ConfigSchemaTraining)
    sgd, drop = settings["optimizer"], settings["dropout"]
    examples = [[Example(bare_copy(doc, nlp), in_vocab(doc, nlp)) for doc in batch] for batch in batches]

    def run(_: int) -> float:
        started = time.perf_counter()
        for batch in examples:
            nlp.update(batch, sgd=sgd, drop=drop)
        return time.perf_counter() - started

    return run


def in_vocab(doc: Doc, nlp: Language) -> Doc:
    made = bare_copy(doc, nlp)
    made.cats = dict(doc.cats)
    return made


def our_config(args: argparse.Namespace, split: Path, dev: str) -> Config:
    config = load_config(args.config, overrides=overrides(args.set), interpolate=False)
    config["paths"].update(train=str(split / "train.spacy"), dev=str(split / f"{dev}.spacy"))
    if args.vectors:
        config["paths"]["vectors"] = str(args.vectors)
    return config


# -- Inference


def inference(args: argparse.Namespace) -> None:
    """nlp.pipe on Docs made beforehand, the bare networks on tensors made beforehand, and Flair.

    Every round begins without memory of words. Python's garbage collector does not look at what was made beforehand.
    """
    split, models = args.splits / args.dataset, {}
    texts = split / ("test.spacy" if (split / "test.spacy").exists() else "all.spacy")
    for path in args.models:
        models[path.parent.name if path.name == "model-best" else path.name] = spacy.load(path)
    docs = [doc for doc in read(texts, next(iter(models.values()))) if len(doc)]
    print(f"{args.dataset}: {len(docs):,} texts, {sum(map(len, docs)):,} words, batches of {args.batch}")
    runs: Runs = {name: piped(nlp, docs, args.batch) for name, nlp in models.items()}
    for name, nlp in models.items():
        if torch_shims(nlp):
            calls = recorded(nlp, docs, args.batch)
            runs[f"{name}: its bare networks"] = bare(calls)
            runs[f"{name}: the same in plain torch"] = in_plain_torch(bare(calls))
    with tempfile.TemporaryDirectory() as folder:
        if args.peers:
            write_case(Path(folder), docs, about_all(split), spacy.load(args.vectors))
            for batch in args.flair_batches:
                command = [args.peers, "-W", "ignore", str(PEERS), "flair", folder, "--batch", str(batch)]
                runs[f"Flair's RNN, batches of {batch}"] = asked(answering(command))
        report(in_turns(runs, 1, args.rounds), len(docs), list(models))


@contextmanager
def afresh() -> Iterator[None]:
    forget()
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


def piped(nlp: Language, docs: list[Doc], batch: int) -> Callable[[int], float]:
    def run(_: int) -> float:
        fresh = [bare_copy(doc, nlp) for doc in docs]
        with afresh():
            started = time.perf_counter()
            for _ in nlp.pipe(fresh, batch_size=batch):
                pass
            return time.perf_counter() - started

    return run


def bare(calls: list[tuple[torch.nn.Module, tuple]]) -> Callable[[int], float]:
    """All networks of a pipeline, on the tensors that they got in nlp.pipe, with nothing between."""

    @torch.no_grad()
    def run(_: int) -> float:
        with afresh():
            started = time.perf_counter()
            for net, inputs in calls:
                net(*inputs)
            return time.perf_counter() - started

    return run


def in_plain_torch(run: Callable[[int], float]) -> Callable[[int], float]:
    """Without our kernels."""

    def slower(number: int) -> float:
        with patch.object(native, "reason_missing", lambda: "to compare with torch"):
            return run(number)

    return slower


def recorded(nlp: Language, docs: list[Doc], batch: int) -> list[tuple[torch.nn.Module, tuple]]:
    """Each call of a network, in their order."""
    calls: list[tuple[torch.nn.Module, tuple]] = []
    nets = [shim.net for shim in torch_shims(nlp)]
    hooks = [net.register_forward_pre_hook(lambda net, inputs: calls.append((net, inputs))) for net in nets]
    for _ in nlp.pipe([bare_copy(doc, nlp) for doc in docs], batch_size=batch):
        pass
    for hook in hooks:
        hook.remove()
    return calls


def torch_shims(nlp: Language) -> list[TorchShim]:
    models = [pipe.model for _, pipe in nlp.pipeline if hasattr(pipe, "model")]
    return [shim for model in models for node in model.walk() for shim in node.shims if isinstance(shim, TorchShim)]


def write_case(folder: Path, docs: list[Doc], about: dict, nlp: Language) -> None:
    """The words of the texts, their vectors, and the labels, for a Python without spaCy."""
    texts = [[token.text for token in doc if not token.is_space] for doc in docs]
    words = sorted({word for text in texts for word in text})
    for name, value in {"texts": texts, "words": words, "labels": about}.items():
        (folder / f"{name}.json").write_text(json.dumps(value), encoding="utf8")
    vectors = nlp.vocab.vectors.get_batch([nlp.vocab.strings.add(word) for word in words])
    numpy.save(folder / "vectors.npy", numpy.asarray(vectors, dtype="float32"))


def asked(process: Callable[[], float]) -> Callable[[int], float]:
    return lambda _: process()


# -- A bag of words beside fastText


def bag(args: argparse.Namespace) -> None:
    """From file to model on the disk: words a second, of all epochs."""
    split = args.splits / args.dataset
    about = about_all(split)
    words = sum(map(len, read(split / "train.spacy", spacy.blank(about["lang"])))) * args.epochs
    with tempfile.TemporaryDirectory() as folder:
        runs: Runs = {}
        for file in args.files:
            runs[f"spacy rnn textcat {file}"] = our_bag(args, split / file, about, Path(folder))
        ours = list(runs)
        if args.config:
            runs[args.name] = learned(args, split, Path(folder))
        command = [args.peers, "-W", "ignore", str(PEERS), "bag", str(split / "train.fasttext"), folder]
        for name in ("dim", "ngrams", "epochs", "bucket"):
            command += [f"--{name}", str(getattr(args, name))]
        command += ["--loss", "softmax" if about["exclusive"] else "ova"]
        runs["fastText"] = asked(answering(command))
        print(f"{args.dataset}: {words // args.epochs:,} words, {args.epochs} epochs, {args.rounds} rounds")
        report(in_turns(runs, 1, args.rounds), words, ours, unit="words/s")


def our_bag(args: argparse.Namespace, file: Path, about: dict, folder: Path) -> Callable[[int], float]:
    """No dropout, as fastText has none."""
    from spacy_rnn.training.bag import BagSettings, train_bag

    sizes = {"dim": args.dim, "ngrams": args.ngrams, "buckets": args.bucket, "epochs": args.epochs}
    settings = BagSettings(**sizes, dropout=0.0, loss="softmax" if about["exclusive"] else "ova")

    def run(_: int) -> float:
        started = time.perf_counter()
        train_bag(file, folder / "bag", lang=about["lang"], settings=settings, force=True)
        return time.perf_counter() - started

    return run


def learned(args: argparse.Namespace, split: Path, folder: Path) -> Callable[[int], float]:
    """By spaCy's loop, which is to evaluate one text, since fastText does not evaluate."""
    one, config = folder / "one.spacy", our_config(args, split, "train")
    DocBin(docs=read(split / "train.spacy", spacy.blank(about_all(split)["lang"]))[:1]).to_disk(one)
    config["paths"]["dev"] = str(one)
    config["training"].update(max_epochs=args.epochs, max_steps=0, patience=0, eval_frequency=10**9)

    def run(_: int) -> float:
        started = time.perf_counter()
        with (folder / "log").open("w", encoding="utf8") as log:
            nlp, _ = train(init_nlp(config), None, stdout=log, stderr=log)
        nlp.to_disk(folder / "model")
        return time.perf_counter() - started

    return run


# -- The figures


def report(seconds: dict[str, numpy.ndarray], count: int, ours: list[str], unit: str = "texts/s") -> None:
    print(f"{'':44}{unit:>12}{'lowest':>12}{'highest':>12}   times as fast are:")
    for i, name in enumerate(ours):
        print(f"{'':83}({i + 1}) {name}")
    for name, times in seconds.items():
        rates = count / times[:, 0]
        ratios = [times_as_fast(seconds[mine][:, 0], times[:, 0]) for mine in ours]
        print(f"{name:44}{numpy.median(rates):12,.0f}{rates.min():12,.0f}{rates.max():12,.0f}", end="   ")
        print("".join(f"{ratio:9.2f}" for ratio in ratios), flush=True)
