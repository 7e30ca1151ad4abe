"""spaCy's own taggers on the same data, with the same scoring: the rows our results are compared with.

    python benchmarks/baselines.py en [--systems cnn bilstm bilstm-vectors] [--corpus corpus/en] [--vectors
    vectors/en] [--output metrics] [--max-steps 10000] [--batch-size 600]

cnn             `spacy init config --optimize efficiency`: HashEmbedCNN, no vectors
bilstm          the same with spacy.TorchBiLSTMEncoder.v1, as wide as our encoder (512, depth 1), no vectors
bilstm-vectors  the same with our fastText vectors as static vectors

Components are tagger (where the corpus has XPOS) and morphologizer over one shared tok2vec, trained by `spacy
train`'s own loop with its own settings until 1,600 steps bring nothing better on dev. The batches are those of
configs/tagger.cfg, sentences of similar length: as many words a step as our tagger gets, and twice as fast as spaCy's
mixed ones. Thinc's matrix product is replaced by numpy's: the same numbers in less than half the time. Speeds are not
measured here but in benchmarks/tagger.py, where nothing is replaced.
"""

import argparse
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy
import spacy
from spacy.cli.init_config import init_config
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config
from thinc.api import Config, NumpyOps

from spacy_rnn.training.evaluate import evaluate
from spacy_rnn.training.gold import read_gold, word_forms

OURS = Path(__file__).parent.parent / "configs" / "tagger.cfg"
WIDTH = 512
SYSTEMS = ("cnn", "bilstm", "bilstm-vectors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lang")
    parser.add_argument("--systems", nargs="+", choices=SYSTEMS, default=SYSTEMS)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--output", type=Path, default=Path("metrics"))
    parser.add_argument("--max-steps", type=int, default=10000)
    parser.add_argument("--batch-size", type=int, default=600, help="words a step, with padding")
    args = parser.parse_args()
    corpus, vectors = args.corpus or Path("corpus") / args.lang, args.vectors or Path("vectors") / args.lang
    NumpyOps.gemm = numpy_gemm
    args.output.mkdir(parents=True, exist_ok=True)
    for system in args.systems:
        nlp = init_nlp(make_config(args.lang, system, corpus, vectors, args.max_steps, args.batch_size))
        with TemporaryDirectory() as folder:
            train(nlp, Path(folder))
            nlp = spacy.load(Path(folder) / "model-best")
        words = word_forms(read_gold(corpus / "train.spacy", nlp.vocab))
        scores = evaluate(nlp, read_gold(corpus / "test.spacy", nlp.vocab), train_vocab=words)
        about = {"model": f"spaCy {system}", "data": str(corpus / "test.spacy")}
        text = json.dumps({**about, **scores}, indent=2, ensure_ascii=False) + "\n"
        (args.output / f"{args.lang}-{system}.json").write_text(text, encoding="utf8")


def numpy_gemm(self, x, y, out=None, trans1=False, trans2=False):
    return numpy.matmul(x.T if trans1 else x, y.T if trans2 else y, out=out)


def make_config(lang: str, system: str, corpus: Path, vectors: Path, max_steps: int, batch_size: int) -> Config:
    docs = DocBin().from_disk(corpus / "train.spacy").get_docs(spacy.blank(lang).vocab)
    has_tags = all(token.tag_ for doc in docs for token in doc)  # without, spaCy's tagger ends in an error
    config = init_config(lang=lang, pipeline=["tagger"] * has_tags + ["morphologizer"], optimize="efficiency")
    config["paths"]["train"], config["paths"]["dev"] = str(corpus / "train.spacy"), str(corpus / "dev.spacy")
    config["training"]["max_steps"] = max_steps
    config["training"]["batcher"] = {**load_config(OURS)["training"]["batcher"], "size": batch_size}
    for reader in ("train", "dev"):
        config["corpora"][reader]["gold_preproc"] = True
    if system != "cnn":
        tok2vec = config["components"]["tok2vec"]["model"]
        tok2vec["embed"]["width"] = WIDTH
        tok2vec["encode"] = {
            "@architectures": "spacy.TorchBiLSTMEncoder.v1",
            "width": WIDTH,
            "depth": 1,
            "dropout": 0.0,
        }
        for name in config["nlp"]["pipeline"][1:]:
            config["components"][name]["model"]["tok2vec"]["width"] = WIDTH
    if system == "bilstm-vectors":
        config["components"]["tok2vec"]["model"]["embed"]["include_static_vectors"] = True
        config["nlp"]["vectors"] = {"@vectors": "spacy-rnn.FastTextVectors.v1"}
        config["paths"]["vectors"] = str(vectors)
    return config


if __name__ == "__main__":
    main()
