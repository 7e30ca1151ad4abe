"""How good and how fast categorizers of texts are, beside their peers.

    python benchmarks/textcat.py prepare --data DATA --splits SPLITS
    python benchmarks/textcat.py spacy DATASET --splits SPLITS --work WORK [--systems spacy-bow spacy-ensemble]
    python benchmarks/textcat.py peers DATASET --splits SPLITS --work WORK --peers PYTHON [--systems fasttext ...]
    python benchmarks/textcat.py ours DATASET --splits SPLITS --work WORK --config CONFIG --name NAME [--vectors ...]
    python benchmarks/textcat.py table WORK/results
    python benchmarks/textcat.py training DATASET --splits SPLITS --config CONFIG [--systems spacy-ensemble ...]
    python benchmarks/textcat.py inference DATASET --splits SPLITS --models MODEL ... [--peers PYTHON --vectors ...]
    python benchmarks/textcat.py bag DATASET --splits SPLITS --peers PYTHON [--epochs 5 ...] [--config CONFIG]

``prepare`` writes the splits of banking77, clinc150, cedr (train, dev, test) and mr, subj (ten folds; dev is the fold
behind that of test); the README it writes there tells more. Every system learns from train alone, and uses dev to stop,
to choose its settings and its thresholds.

``spacy`` trains by `spacy train`'s own loop with spaCy's own settings: what `spacy init config --pipeline textcat` (or
textcat_multilabel) makes with `--optimize efficiency` (spacy-bow: TextCatBOW), with `accuracy` (TextCatEnsemble over an
encoder of width 256 and depth 8, here without vectors: spacy-ensemble-accuracy; with ours: spacy-ensemble-vectors), and
with TextCatEnsemble as `nlp.add_pipe("textcat")` makes it (width 64, depth 2: spacy-ensemble). Thinc's matrix product
is replaced by numpy's, and the bag of words by one that leaves out weights which stay zero (textcat_sparse.py): the
same numbers sooner. ``peers`` trains fastText and scikit-learn's linear models (textcat_peers.py tells how; where there
are folds, the settings are chosen on dev of the first), ``ours`` a configuration of ours, or without one what `spacy
rnn textcat` trains, whose settings --set gives. What --work has already is not trained again, so a run may be stopped
between two trainings.

``table`` prints what they find in test. Expected calibration error in 15 bins: of the probability of the best label, or
of each label where several may hold; "calibrated" under one temperature for all, chosen on dev, as our components do
it. Out of scope: the recall under the bar that 95% of dev's texts reach. "Tuned": with a threshold for each label,
chosen on dev. ``score`` scores all runs anew.

``training``, ``inference`` and ``bag`` measure speed, one thread, in turns; nothing of spaCy's is replaced there.
``training``: updates on the same batches of texts. ``inference``: nlp.pipe on tokenised Docs (test, or where there are
folds all) with our pipelines; their bare networks on ready tensors of the same batches, with our kernels and without;
and Flair's recurrent classifier over our vectors. ``bag``:
`spacy rnn textcat`, from the file to the model on the disk, beside fastText with the same dimensions, n-grams of words,
rows for them and epochs; and a configuration trained by spaCy's loop, if there is one, which is to name these itself.
"""

import argparse
import os
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

LINEAR = [f"linear-{features}-{kind}" for kind in ("lr", "svc") for features in ("words", "chars")]
FASTTEXT = ["fasttext", "fasttext-vectors"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("prepare", help="write the splits that everyone trains on")
    verb.add_argument("--data", type=Path, required=True, help="folder with BANKING77, CLINC150, CEDR, ...")
    verb.add_argument("--splits", type=Path, required=True)
    verb.set_defaults(module="textcat_data", run="prepare")
    verb = add_runs(verbs, "spacy", "spacys", "train spaCy's textcat and score it")
    verb.add_argument("--systems", nargs="+", default=["spacy-bow", "spacy-ensemble"])
    verb = add_runs(verbs, "peers", "peers", "train fastText and linear models of n-grams, and score them")
    verb.add_argument("--systems", nargs="+", choices=LINEAR + FASTTEXT, default=[*LINEAR, "fasttext"])
    verb.add_argument("--peers", required=True, help="a Python that has fasttext and scikit-learn")
    add_config(add_runs(verbs, "ours", "ours", "train a configuration of ours, or our bag, and score it"))
    verb = verbs.add_parser("table", help="all systems that have results")
    verb.add_argument("results", type=Path)
    verb.add_argument("--datasets", nargs="*")
    verb.set_defaults(module="textcat_scores", run="table")
    verb = verbs.add_parser("score", help="score all runs anew")
    verb.add_argument("--splits", type=Path, required=True)
    verb.add_argument("--work", type=Path, required=True)
    verb.set_defaults(module="textcat_runs", run="rescore")
    add_speeds(verbs)
    args = parser.parse_args()
    getattr(__import__(args.module), args.run)(args)


def add_runs(verbs: argparse._SubParsersAction, name: str, run: str, about: str) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=about)
    verb.add_argument("dataset", help="a folder of the splits")
    verb.add_argument("--splits", type=Path, required=True)
    verb.add_argument("--work", type=Path, required=True)
    verb.add_argument("--vectors", type=Path, help="a pipeline with vectors")
    verb.add_argument("--seeds", type=int, nargs="*", default=[0])
    verb.add_argument("--folds", type=int, nargs="*", default=list(range(10)))
    verb.set_defaults(module="textcat_runs", run=run)
    return verb


def add_config(verb: argparse.ArgumentParser, required: bool = False) -> None:
    verb.add_argument("--config", type=Path, required=required, help="without: `spacy rnn textcat`")
    verb.add_argument("--name", default="ours", help="as what it stands in the table")
    verb.add_argument("--set", nargs="*", default=[], metavar="NAME=VALUE", help="of the configuration, or of the bag")


def add_speeds(verbs: argparse._SubParsersAction) -> None:
    about = {
        "training": "how fast a configuration of ours learns, beside spaCy's",
        "inference": "how fast our pipelines answer, beside their bare networks and Flair",
        "bag": "how fast a bag of words is trained, beside fastText",
    }
    for name, text in about.items():
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("dataset", help="a folder of the splits")
        verb.add_argument("--splits", type=Path, required=True)
        verb.add_argument("--vectors", type=Path, help="a pipeline with vectors")
        verb.add_argument("--rounds", type=int, default=7)
        if name != "inference":
            add_config(verb, required=name == "training")
        if name != "training":
            verb.add_argument("--peers", help="a Python that has Flair, or fasttext")
        verb.set_defaults(module="textcat_speed", run=name)
    verb = verbs.choices["training"]
    verb.add_argument("--systems", nargs="+", default=["spacy-ensemble", "spacy-ensemble-accuracy"])
    verb.add_argument("--words", type=int, default=1000, help="of a batch")
    verb.add_argument("--batches", type=int, default=20)
    verb = verbs.choices["inference"]
    verb.add_argument("--models", type=Path, nargs="+", required=True, help="pipelines with one component")
    verb.add_argument("--batch", type=int, default=1000, help="texts of a batch of nlp.pipe")
    verb.add_argument("--flair-batches", type=int, nargs="+", default=[32, 128])
    verb = verbs.choices["bag"]
    verb.add_argument("--files", nargs="+", default=["train.spacy", "train.fasttext"], help="what ours reads")
    verb.add_argument("--dim", type=int, default=100)
    verb.add_argument("--ngrams", type=int, default=2)
    verb.add_argument("--bucket", type=int, default=100_000, help="rows for n-grams of words")
    verb.add_argument("--epochs", type=int, default=5)


if __name__ == "__main__":
    main()
