"""How fast and how good sequence labelling is, beside its peers.

    python benchmarks/labelling.py viterbi --corpus en_ewt-ud-test.iob2 [--peers PYTHON]
    python benchmarks/labelling.py ner --models training/ner-en/calibrated --corpus corpus/ner-en --vectors vectors/en
        --work metrics/ner-en-peers [--lang en] [--peers PYTHON]
    python benchmarks/labelling.py decoders --models training/ner-en/calibrated ... --corpus corpus/ner-en
    python benchmarks/labelling.py confidence --models training/ner-en/calibrated ... --corpus corpus/ner-en
    python benchmarks/labelling.py speed --models training/ner-en/calibrated ... --corpus corpus/ner-en
        --work metrics/ner-en-peers [--lang en] [--peers PYTHON]

``viterbi`` decodes random scores for the sentences of a corpus (columns, a blank line behind each sentence; only
lengths matter) in batches of 256, on one thread: our best paths, our marginals, best paths in numpy as where there is
no compiler, and pytorch-crf, if --peers names a Python that has it. Its batches are padded beforehand, which is not
timed. All take turns at each batch; a ratio is the median over batches and rounds of the ratio within one. How many
labels differ from pytorch-crf's is said, for its single precision, which rounds near ties either way, and for double.

``ner`` prints how good entities on gold tokens are, by spaCy's scorer: those of our trained pipelines, of spaCy's `ner`
(`spacy init config --pipeline ner --optimize accuracy`, that is HashEmbedCNN with static vectors, by spaCy's own
settings; Thinc's matrix product is replaced by numpy's: the same numbers in half the time), and, if --peers names a
Python that has them, of Flair and Stanza (labelling_peers.py). All are trained on the same sentences with our vectors,
which Flair and Stanza get for the words of dev and test too. What --work has already is not trained again, so it may be
stopped between two trainings.

``decoders`` prints what the chain over the labels is worth: F1 of best labellings, and of the best label of each token.

``confidence`` prints how exact the probabilities of our pipelines are, calibrated or not: expected calibration error in
15 bins, of the entities found and of the marginals of tokens.

``speed`` lets all of them read the sentences of test, tokens and Docs (Sentences, Documents) made beforehand, in turns,
each peer in a process of its own, on one thread: what `ner` has trained with seed 0, and our pipelines, whose names are
those of the folders they are in.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy
import torch

BATCH = 256
LABELS = (9, 17, 50)


def main() -> None:
    torch.set_num_threads(1)
    if sys.argv[1:2] == ["peer"]:
        return peer(Path(sys.argv[2]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("viterbi", help="decoding and marginals, beside pytorch-crf")
    verb.add_argument("--corpus", type=Path, required=True, help="whose sentence lengths are used")
    verb.add_argument("--peers", help="a Python that has pytorch-crf")
    verb.add_argument("--rounds", type=int, default=15)
    verb.set_defaults(run=viterbi)
    verb = add_ner(verbs, "ner", "how good entities are, beside spaCy's ner, Flair and Stanza")
    verb.add_argument("--vectors", type=Path, required=True, help="for the others")
    verb.add_argument("--spacy-seeds", type=int, nargs="*", default=[0, 1, 2])
    verb.add_argument("--spacy-steps", type=int, default=20000, help="at most")
    verb.add_argument("--flair-seeds", type=int, nargs="*", default=[0, 1, 2])
    verb.add_argument("--stanza-seeds", type=int, nargs="*", default=[0, 1, 2])
    verb.add_argument("--epochs", type=int, default=100, help="at most, of Flair and Stanza")
    verb = add_ner(verbs, "speed", "how fast entities are found, beside the same")
    verb.add_argument("--batches", type=int, nargs="+", default=[32, 64, 128], help="sentences, for Flair and Stanza")
    verb.add_argument("--rounds", type=int, default=7)
    add_ner(verbs, "decoders", "what the chain over the labels is worth", peers=False)
    add_ner(verbs, "confidence", "how exact our probabilities are", peers=False)
    args = parser.parse_args()
    args.run(args)


def add_ner(verbs: argparse._SubParsersAction, name: str, about: str, peers: bool = True) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about)
    verb.add_argument("--corpus", type=Path, required=True, help="folder with train, dev, test and pud.spacy")
    verb.add_argument("--models", type=Path, nargs="+", required=True, help="ours, trained")
    verb.add_argument("--lang", default="en")
    if peers:
        verb.add_argument("--peers", help="a Python that has Flair and Stanza")
        verb.add_argument("--work", type=Path, required=True, help="folder for what the others train")
    verb.set_defaults(run=entities)
    return verb


def entities(args: argparse.Namespace) -> None:
    import labelling_ner

    getattr(labelling_ner, args.verb)(args)


# -- Decoding


def viterbi(args: argparse.Namespace) -> None:
    lengths = sentence_lengths(args.corpus)
    batches = [lengths[i : i + BATCH] for i in range(0, len(lengths), BATCH)]
    print(f"{args.corpus.name}: {len(lengths):,} sentences, {sum(lengths):,} tokens, batches of {BATCH}")
    print(f"{'labels':>6}  {'':12} {'tokens/s':>12}  {'beside ours':>11}")
    for k in LABELS:
        with tempfile.TemporaryDirectory() as folder:
            seconds = in_turns(contestants(batches, k, Path(folder), args.peers), len(batches), args.rounds)
        for name, times in seconds.items():  # rounds x batches
            ratio = numpy.median(times / seconds["viterbi"])
            speed = sum(lengths) / numpy.median(times, axis=0).sum()
            print(f"{k:6}  {name:12} {speed:12,.0f}  {ratio:9.2f} x", flush=True)


def contestants(batches: list[list[int]], k: int, folder: Path, peers: str | None) -> dict[str, Callable[[int], float]]:
    """Each gives the seconds that it takes for the batch of a number."""
    from spacy_rnn.nets import chain, native
    from spacy_rnn.nets.crf import LinearChainCRF

    rng = numpy.random.default_rng(k)
    crf = LinearChainCRF([str(i) for i in range(k)])
    for weight in crf.parameters():
        weight.data = torch.from_numpy(rng.normal(size=weight.shape).astype("float32"))
    scores = [(rng.normal(size=(sum(batch), k)) * 3).astype("float32") for batch in batches]
    if native.reason_missing():
        sys.exit(f"The compiled chain is missing: {native.reason_missing()}")
    paths = [crf.viterbi(*pair) for pair in zip(scores, batches, strict=True)]

    def ours(decode: Callable) -> Callable[[int], float]:
        def run(number: int) -> float:
            return seconds_of(lambda: decode(scores[number], batches[number]))

        return run

    plain = crf.chain()
    found = {
        "viterbi": ours(crf.viterbi),
        "marginals": ours(crf.marginals),
        "numpy": ours(lambda rows, lengths: chain.viterbi(plain, rows, numpy.array(lengths), None)),
    }
    if peers:
        arrays = {f"scores{i}": rows for i, rows in enumerate(scores)}
        arrays |= {f"lengths{i}": numpy.array(batch) for i, batch in enumerate(batches)}
        weights = zip(("transitions", "start", "end"), crf.parameters(), strict=True)
        numpy.savez(folder / "case.npz", **arrays, **{name: weight.detach().numpy() for name, weight in weights})
        found["pytorch-crf"] = asked(peers, folder / "case.npz", numpy.concatenate(paths))
    return found


def seconds_of(run: Callable) -> float:
    """Of its second run: in the first one, caches are still full of what others left there."""
    run()
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def in_turns(runs: dict[str, Callable[[int], float]], batches: int, rounds: int) -> dict[str, numpy.ndarray]:
    """Everyone once, not counted, then `rounds` times, each round in the other order. Seconds: rounds x batches."""
    seconds = {name: numpy.zeros((rounds + 1, batches)) for name in runs}
    for turn, batch in numpy.ndindex(rounds + 1, batches):
        for name in list(runs) if turn % 2 else reversed(runs):
            seconds[name][turn, batch] = runs[name](batch)
    return {name: times[1:] for name, times in seconds.items()}


def asked(python: str, case: Path, expected: numpy.ndarray) -> Callable[[int], float]:
    """A peer in a process of its own, which waits for its turn."""
    program = [python, "-W", "ignore", __file__, "peer", str(case)]
    process = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    double, single = (numpy.array(json.loads(process.stdout.readline())) for _ in range(2))
    print(f"        labels unlike pytorch-crf's in single precision: {(single != expected).sum()}", end=", ")
    print(f"in double: {(double != expected).sum()}")

    def run(number: int) -> float:
        print(number, file=process.stdin, flush=True)
        return float(process.stdout.readline())

    return run


def peer(case: Path) -> None:
    """pytorch-crf: its paths, double and single precision; then the seconds of each batch whose number it reads."""
    from torchcrf import CRF

    arrays = numpy.load(case)
    crf = CRF(len(arrays["start"]))
    crf.transitions.data = torch.from_numpy(arrays["transitions"])
    crf.start_transitions.data, crf.end_transitions.data = (torch.from_numpy(arrays[n]) for n in ("start", "end"))
    batches = []
    for i in range(sum(name.startswith("scores") for name in arrays)):
        rows = torch.from_numpy(arrays[f"scores{i}"]).split(arrays[f"lengths{i}"].tolist())
        mask = [torch.ones(len(sentence), dtype=torch.bool) for sentence in rows]
        batches.append((torch.nn.utils.rnn.pad_sequence(rows), torch.nn.utils.rnn.pad_sequence(mask)))
    with torch.no_grad():
        for dtype in (torch.float64, torch.float32):
            paths = [crf.to(dtype).decode(scores.to(dtype), mask) for scores, mask in batches]
            flat = [label for batch in paths for path in batch for label in path]
            print(json.dumps(flat), flush=True)
        for number in sys.stdin:
            batch = batches[int(number)]
            print(seconds_of(lambda batch=batch: crf.decode(*batch)), flush=True)


def sentence_lengths(path: Path) -> list[int]:
    """Tokens of each sentence of a file with columns."""
    lengths = [0]
    for line in path.read_text(encoding="utf8").split("\n"):
        if line.strip():
            lengths[-1] += not line.startswith("#")
        elif lengths[-1]:
            lengths.append(0)
    return [n for n in lengths if n]


if __name__ == "__main__":
    main()
