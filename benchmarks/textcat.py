"""How good and how fast categorizers of texts are, beside their peers.

    python benchmarks/textcat.py prepare --data DATA --splits SPLITS
    python benchmarks/textcat.py spacy banking77 --splits SPLITS --work WORK [--systems spacy-bow spacy-ensemble ...]
    python benchmarks/textcat.py peers banking77 --splits SPLITS --work WORK --peers PYTHON [--systems fasttext ...]
    python benchmarks/textcat.py ours banking77 --splits SPLITS --work WORK --config configs/textcat.cfg --name NAME
    python benchmarks/textcat.py table WORK/results
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
    verb = add_runs(verbs, "ours", "ours", "train a configuration of ours and score it")
    verb.add_argument("--config", type=Path, required=True)
    verb.add_argument("--name", required=True, help="as what it stands in the table")
    verb.add_argument("--set", nargs="*", default=[], metavar="SECTION.NAME=VALUE", help="of the configuration")
    verb.add_argument("--calibrate", action="store_true", help="`spacy rnn calibrate` on dev afterwards")
    verb = verbs.add_parser("table", help="all systems that have results")
    verb.add_argument("results", type=Path)
    verb.add_argument("--datasets", nargs="*")
    verb.set_defaults(module="textcat_scores", run="table")
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


if __name__ == "__main__":
    main()
