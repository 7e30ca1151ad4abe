"""How fast `spacy rnn textcat` trains a bag of vectors, beside fastText: from the file to the model on the disk.

    python benchmarks/textcat_bag.py SPLIT --peers PYTHON [--lang en] [--rounds 5] [--epochs 25] [--dim 100]

SPLIT has train.jsonl, train.spacy and train.fasttext, the same texts; benchmarks/textcat.py prepare makes them. PYTHON
has fastText (the package fasttext-wheel). Both use one thread, the same dimensions, n-grams, rows for n-grams and
epochs, take turns in processes that have loaded everything, and neither looks at a development set. Words a second are
those of the texts times the epochs: by the clock, and by what the processor spent on it, which the load of others
changes less. fastText reads tokens with a blank between them, we cut the text of .jsonl (.spacy: cut already).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy

Run = Callable[[], tuple[float, float]]  # seconds by the clock, and of the processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("split", type=Path)
    parser.add_argument("--peers", help="a Python that has fastText")
    parser.add_argument("--lang", default="en")
    for name, value in {"rounds": 5, "epochs": 25, "dim": 100, "ngrams": 2, "buckets": 100000}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--peer", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    answer(args) if args.peer else compare(args)


def compare(args: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        runs, words, epoch = ours(args, Path(folder) / "ours")
        if args.peers:
            runs["fastText"] = asked([args.peers, "-W", "ignore", __file__, *sys.argv[1:], "--peer"])
        times = in_turns(runs, args.rounds)
    print(f"{args.split.name}: {words:,} words, {args.epochs} epochs, {args.rounds} rounds; words/s, all epochs:")
    print(f"{'':12}{'by the clock':>14}{'lowest':>12}{'highest':>12}{'processor':>12}   of fastText: clock, processor")
    for name, seconds in times.items():
        clock, processor = words * args.epochs / seconds.T
        line = f"{name:12}{numpy.median(clock):14,.0f}{clock.min():12,.0f}{clock.max():12,.0f}"
        line += f"{numpy.median(processor):12,.0f}"
        if args.peers:
            line += "   " + " ".join(f"{ratio:8.2f}" for ratio in numpy.median(times["fastText"] / seconds, axis=0))
        print(line)
    print(
        f"an epoch alone, ours: {words / numpy.median(epoch):,.0f} words/s by the clock, {words / min(epoch):,.0f} best"
    )


def in_turns(runs: dict[str, Run], rounds: int) -> dict[str, numpy.ndarray]:
    """Everyone once, not counted, then so many rounds, each in the other order. rounds x (clock, processor)."""
    times = {name: [] for name in runs}
    for turn in range(rounds + 1):
        for name in list(runs) if turn % 2 else reversed(runs):
            times[name].append(runs[name]())
    return {name: numpy.array(seconds[1:]) for name, seconds in times.items()}


def timed(work: Callable[[], object]) -> tuple[float, float]:
    begun = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def ours(args: argparse.Namespace, out: Path) -> tuple[dict[str, Run], int, list[float]]:
    import torch

    from spacy_rnn.training.bag import BagSettings, train_bag

    torch.set_num_threads(1)
    settings = BagSettings(dim=args.dim, ngrams=args.ngrams, buckets=args.buckets, epochs=args.epochs)
    ends: list[float] = []
    epochs: list[float] = []

    def told(state) -> None:
        if state.stage == "training" and state.done == state.total:
            ends.append(time.perf_counter())

    def run(suffix: str) -> tuple[float, float]:
        shutil.rmtree(out, ignore_errors=True)
        ends.clear()
        file = args.split / f"train.{suffix}"
        seconds = timed(lambda: train_bag(file, out, lang=args.lang, settings=settings, progress=told))
        epochs.extend(numpy.diff(ends).tolist())
        return seconds

    lines = (args.split / "train.fasttext").read_text(encoding="utf8").splitlines()
    words = sum(not word.startswith("__label__") for line in lines for word in line.split())
    return {f"ours, .{suffix}": (lambda suffix=suffix: run(suffix)) for suffix in ("jsonl", "spacy")}, words, epochs


def asked(command: list[str]) -> Run:
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()

    def run() -> tuple[float, float]:
        print(file=process.stdin, flush=True)
        return tuple(json.loads(process.stdout.readline()))

    return run


def answer(args: argparse.Namespace) -> None:
    """fastText, whenever a line comes in."""
    from fasttext import train_supervised

    several = any(line.count("__label__") != 1 for line in (args.split / "train.fasttext").open(encoding="utf8"))
    settings = {"dim": args.dim, "wordNgrams": args.ngrams, "epoch": args.epochs, "bucket": args.buckets}
    settings |= {"loss": "ova" if several else "softmax", "lr": 0.5, "thread": 1, "verbose": 0}
    print("ready", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        file, made = str(args.split / "train.fasttext"), str(Path(folder) / "model.bin")
        for _ in sys.stdin:
            print(json.dumps(timed(lambda: train_supervised(file, **settings).save_model(made))), flush=True)


if __name__ == "__main__":
    main()
