"""``spacy rnn vectors train``: word vectors from raw text."""

import warnings
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ...vectors.settings import VectorSettings
from .._app import command
from ._app import option, vectors
from ._bars import Bars

if TYPE_CHECKING:
    from ...vectors.fit import Progress

CORPUS = ".txt, .jsonl or .spacy files (also .gz), or folders with them"
OUT = (
    "Folder to make: a pipeline with the vectors, the model to train on, the training log. Or a file: .safetensors, "
    ".bin (fastText), .vec or .txt"
)
DEFAULT, GLOVE = VectorSettings(), VectorSettings(model="glove")
of_model, of_text, of_training = (partial(option, rich_help_panel=name) for name in ("Model", "Text", "Training"))


@command(vectors, "train")
def train_vectors_cli(
    corpus: Annotated[list[Path], typer.Argument(help=f"{CORPUS}: one sentence per line, words separated by spaces")],
    out: Annotated[Path, typer.Argument(help=OUT)],
    lang: Annotated[str, option("Language of the corpus: en, ru, ... It must be that of the pipelines that use it")],
    model: Annotated[
        str, of_model("skipgram, better for rare words; cbow, faster; glove, from counts")
    ] = DEFAULT.model,
    loss: Annotated[
        str,
        of_model(
            "ns: tell from random words (negative sampling); hs: hierarchical softmax; softmax: over all words, for "
            "small vocabularies"
        ),
    ] = DEFAULT.loss,
    dim: Annotated[int, of_model("Numbers in a vector")] = DEFAULT.dim,
    window: Annotated[int, of_model("Words predicted on each side: few for grammar, more for topics")] = DEFAULT.window,
    min_n: Annotated[int, of_model("Letters of the shortest part of a word")] = DEFAULT.min_n,
    max_n: Annotated[
        int, of_model("Letters of the longest part of a word; 0: whole words only (Word2Vec)")
    ] = DEFAULT.max_n,
    bucket: Annotated[int, of_model("Rows for all parts of words: fewer are smaller and less exact")] = DEFAULT.bucket,
    negative: Annotated[int, of_model("Random words to tell each right one from")] = DEFAULT.negative,
    ns_exponent: Annotated[
        float, of_model("Random words are drawn by count to the power of this")
    ] = DEFAULT.ns_exponent,
    x_max: Annotated[
        float, of_model("glove: pairs seen so often or more weigh 1, rarer ones less; 10 suits 10M words")
    ] = DEFAULT.x_max,
    tokenize: Annotated[bool, of_text("The corpus is raw text: cut it with spaCy's tokenizer", "--tokenize")] = False,
    lower: Annotated[bool, of_text("Ignore case: more text for each word", "--lower")] = DEFAULT.lower,
    yo: Annotated[bool, of_text("Russian: read ё as е", "--yo")] = DEFAULT.yo,
    stress: Annotated[bool, of_text("Russian: drop stress marks (за\u0301мок)", "--stress")] = DEFAULT.stress,
    phrases: Annotated[
        int,
        of_text(
            "Times to join pairs that belong together; then look up new york as new_york, and after another pass "
            "new york city as new_york_city"
        ),
    ] = DEFAULT.phrases,
    min_count: Annotated[int, of_text("Rarer words are only composed of their parts")] = DEFAULT.min_count,
    max_vocab: Annotated[int, of_text("Words counted at once: beyond, the rarest are forgotten")] = DEFAULT.max_vocab,
    sample: Annotated[float, of_text("Thin out words more frequent than this share; 0: none")] = DEFAULT.sample,
    epochs: Annotated[
        int | None, of_training("Times the corpus is read", show_default=f"{DEFAULT.epochs}; glove: {GLOVE.epochs}")
    ] = None,
    lr: Annotated[
        float | None,
        of_training(
            "Learning rate at the beginning; it falls to nearly 0", show_default=f"{DEFAULT.lr}; glove: {GLOVE.lr}"
        ),
    ] = None,
    threads: Annotated[int, of_training("0: all processors")] = DEFAULT.threads,
    seed: Annotated[int, of_training("Start of the random numbers")] = DEFAULT.seed,
    deterministic: Annotated[
        bool,
        of_training(
            "The same vectors each time, whatever --threads: one trains. On a GPU only nearly the same",
            "--deterministic",
        ),
    ] = DEFAULT.deterministic,
    engine: Annotated[
        str, of_training("native: compiled, fast; gensim: the reference; torch: see --gpu-id")
    ] = DEFAULT.engine,
    gpu_id: Annotated[
        int, of_training("Train on this GPU, with torch; -1: on the processor", "--gpu-id", "-g")
    ] = DEFAULT.gpu_id,
    start: Annotated[
        Path | None, of_training("Continue with this model: model.safetensors, or a fastText .bin", "--from")
    ] = None,
    resume: Annotated[bool, of_training("Go on where Ctrl-C or a crash stopped the same command", "--resume")] = False,
    force: Annotated[bool, of_training("Replace OUT", "--force", "-f")] = False,
):
    """Train word vectors on raw text: Word2Vec, fastText or GloVe.

    OUT is a pipeline: spacy.load(OUT) gives every word a vector, composed of its parts if need be. To train another
    one with these vectors, put @vectors = "spacy-rnn.FastTextVectors.v1" into the block nlp.vectors of its config and
    call spacy train --initialize.vectors OUT.

    Some 300 MB of memory less: python -m spacy_rnn.cli vectors train ... OUT.safetensors, which never loads spaCy.
    """
    given = {**locals(), "engine": "torch" if gpu_id >= 0 else engine}
    settings = VectorSettings(**{name: given[name] for name in asdict(DEFAULT)})

    from ...vectors.train import train_vectors

    with TrainingBars(settings) as bars, warnings.catch_warnings():
        warnings.showwarning = bars.warn
        log = train_vectors(
            corpus,
            out,
            lang=lang,
            tokenize=tokenize,
            settings=settings,
            force=force,
            resume=resume,
            start=start,
            progress=bars,
        )
    msg.good(f"{out}: {log['vocabulary']:,} words, from a corpus of {log['corpus']['words']:,}")


class TrainingBars(Bars):
    """One for reading the corpus and one for each epoch, which leaves its loss behind."""

    def __init__(self, settings: VectorSettings):
        super().__init__()
        self.epochs = settings.epochs
        self.is_glove = settings.model == "glove"

    def warn(self, message: Warning, *where) -> None:
        self.close()
        msg.warn(str(message))

    def __call__(self, state: "Progress") -> None:
        if state.stage == "plan":
            self.close()
            msg.info(state.message)
            return
        epoch = f"Epoch {state.epoch + 1}/{self.epochs}", "pair" if self.is_glove else "word"
        title, unit = {"reading": ("Corpus", "B"), "counting": ("Pairs", "word"), "training": epoch}[state.stage]
        self.show(title, state.done, state.total, unit=unit, mininterval=0.5)
        if state.loss is not None:
            loss = f"loss {state.loss:.3f}" if self.is_glove else f"loss {state.loss:.3f} nats/pair"
            self.bar.set_postfix_str(loss if state.measured else f"{loss}, lr {state.lr:.4f}", refresh=state.measured)
