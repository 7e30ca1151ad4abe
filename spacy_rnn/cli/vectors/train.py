"""``spacy rnn vectors train``: word vectors from raw text."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from ...vectors.settings import VectorSettings
from .._app import command
from ._app import option, vectors

if TYPE_CHECKING:
    from ...vectors.fit import Progress

CORPUS = ".txt, .jsonl or .spacy files (also .gz), or folders with them"
OUT = (
    "Folder to make: a pipeline with the vectors, the model to train on, the training log. Or a file: .safetensors, "
    ".bin (fastText), .vec or .txt"
)
DEFAULT = VectorSettings()
MODEL, TEXT, RUN = "Model", "Text", "Training"


@command(vectors, "train")
def train_vectors_cli(
    corpus: Annotated[list[Path], typer.Argument(help=f"{CORPUS}: one sentence per line, words separated by spaces")],
    out: Annotated[Path, typer.Argument(help=OUT)],
    lang: Annotated[str, option("Language of the corpus: en, ru, ... It must be that of the pipelines that use it")],
    model: Annotated[
        str,
        option(
            "skipgram, better for rare words; cbow, faster; glove, from counts: give it 15 epochs",
            rich_help_panel=MODEL,
        ),
    ] = DEFAULT.model,
    loss: Annotated[
        str,
        option(
            "ns: tell from random words (negative sampling); hs: hierarchical softmax; softmax: over all words, for "
            "small vocabularies",
            rich_help_panel=MODEL,
        ),
    ] = DEFAULT.loss,
    dim: Annotated[int, option("Numbers in a vector", rich_help_panel=MODEL)] = DEFAULT.dim,
    window: Annotated[
        int, option("Words predicted on each side: few for grammar, more for topics", rich_help_panel=MODEL)
    ] = DEFAULT.window,
    min_n: Annotated[int, option("Letters of the shortest part of a word", rich_help_panel=MODEL)] = DEFAULT.min_n,
    max_n: Annotated[
        int, option("Letters of the longest part of a word; 0: whole words only (Word2Vec)", rich_help_panel=MODEL)
    ] = DEFAULT.max_n,
    bucket: Annotated[
        int, option("Rows for all parts of words: fewer are smaller and less exact", rich_help_panel=MODEL)
    ] = DEFAULT.bucket,
    negative: Annotated[
        int, option("Random words to tell each right one from", rich_help_panel=MODEL)
    ] = DEFAULT.negative,
    ns_exponent: Annotated[
        float, option("Random words are drawn by count to the power of this", rich_help_panel=MODEL)
    ] = DEFAULT.ns_exponent,
    x_max: Annotated[
        float,
        option(
            "glove: pairs seen so often or more weigh 1, rarer ones less; 10 suits 10M words", rich_help_panel=MODEL
        ),
    ] = DEFAULT.x_max,
    tokenize: Annotated[
        bool, option("The corpus is raw text: cut it with spaCy's tokenizer", "--tokenize", rich_help_panel=TEXT)
    ] = False,
    lower: Annotated[
        bool, option("Ignore case: more text for each word", "--lower", rich_help_panel=TEXT)
    ] = DEFAULT.lower,
    yo: Annotated[bool, option("Russian: read ё as е", "--yo", rich_help_panel=TEXT)] = DEFAULT.yo,
    stress: Annotated[
        bool, option("Russian: drop stress marks (за\u0301мок)", "--stress", rich_help_panel=TEXT)
    ] = DEFAULT.stress,
    phrases: Annotated[
        int,
        option(
            "Times to join pairs that belong together; then look up new york as new_york, and after another pass "
            "new york city as new_york_city",
            rich_help_panel=TEXT,
        ),
    ] = DEFAULT.phrases,
    min_count: Annotated[
        int, option("Rarer words are only composed of their parts", rich_help_panel=TEXT)
    ] = DEFAULT.min_count,
    max_vocab: Annotated[
        int, option("Words counted at once: beyond, the rarest are forgotten", rich_help_panel=TEXT)
    ] = DEFAULT.max_vocab,
    sample: Annotated[
        float, option("Thin out words more frequent than this share; 0: none", rich_help_panel=TEXT)
    ] = DEFAULT.sample,
    epochs: Annotated[int, option("Times the corpus is read", rich_help_panel=RUN)] = DEFAULT.epochs,
    lr: Annotated[
        float, option("Learning rate at the beginning; it falls to nearly 0. For glove rather 0.2", rich_help_panel=RUN)
    ] = DEFAULT.lr,
    threads: Annotated[int, option("0: all processors", rich_help_panel=RUN)] = DEFAULT.threads,
    seed: Annotated[int, option("Start of the random numbers", rich_help_panel=RUN)] = DEFAULT.seed,
    deterministic: Annotated[
        bool,
        option("The same vectors each time, whatever --threads: one trains", "--deterministic", rich_help_panel=RUN),
    ] = DEFAULT.deterministic,
    engine: Annotated[
        str, option("native: compiled, fast; gensim: the reference; torch: see --gpu-id", rich_help_panel=RUN)
    ] = DEFAULT.engine,
    gpu_id: Annotated[
        int, option("Train on this GPU, with torch; -1: on the processor", "--gpu-id", "-g", rich_help_panel=RUN)
    ] = -1,
    start: Annotated[
        Path | None,
        option("Continue with this model: model.safetensors, or a fastText .bin", "--from", rich_help_panel=RUN),
    ] = None,
    resume: Annotated[
        bool, option("Go on where Ctrl-C or a crash stopped the same command", "--resume", rich_help_panel=RUN)
    ] = False,
    force: Annotated[bool, option("Replace OUT", "--force", "-f", rich_help_panel=RUN)] = False,
):
    """Train word vectors on raw text: Word2Vec, fastText or GloVe.

    OUT is a pipeline: spacy.load(OUT) gives every word a vector, composed of its parts if need be. To train another
    one with these vectors, put [nlp.vectors] @vectors = "spacy-rnn.FastTextVectors.v1" into its config and call
    spacy train --paths.vectors OUT.

    The same without loading spaCy first, for the smallest memory: python -m spacy_rnn.cli vectors train ...
    """
    from ...vectors.train import train_vectors

    settings = VectorSettings(
        model=model,
        loss=loss,
        dim=dim,
        window=window,
        epochs=epochs,
        min_count=min_count,
        min_n=min_n,
        max_n=max_n,
        bucket=bucket,
        negative=negative,
        ns_exponent=ns_exponent,
        sample=sample,
        lr=lr,
        threads=threads,
        seed=seed,
        lower=lower,
        yo=yo,
        stress=stress,
        phrases=phrases,
        max_vocab=max_vocab,
        x_max=x_max,
        deterministic=deterministic,
        engine="torch" if gpu_id >= 0 else engine,
        gpu_id=gpu_id,
    )
    with Bars(settings) as bars:
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


class Bars:
    """One progress bar for reading the corpus and one for each epoch, which leaves its loss behind."""

    def __init__(self, settings: VectorSettings):
        self.epochs = settings.epochs
        self.is_glove = settings.model == "glove"
        self.bar = None
        self.title = ""

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *error) -> None:
        if self.bar is not None:
            self.bar.close()
            self.bar = None

    def __call__(self, state: "Progress") -> None:
        if state.stage == "plan":
            self.__exit__()
            self.title = ""
            msg.info(state.message)
            return
        titles = {"reading": "Corpus", "counting": "Pairs"}
        title = titles.get(state.stage) or f"Epoch {state.epoch + 1}/{self.epochs}"
        if title != self.title:
            self._begin(title, state)
        self.bar.update(state.done - self.bar.n)
        if state.loss is not None:
            unit = "" if self.is_glove else " nats/pair"
            rest = "" if state.measured else f", lr {state.lr:.4f}"
            self.bar.set_postfix_str(f"loss {state.loss:.3f}{unit}{rest}", refresh=state.measured)

    def _begin(self, title: str, state: "Progress") -> None:
        from tqdm import tqdm

        self.__exit__()
        self.title = title
        unit = "B" if state.stage == "reading" else "pair" if self.is_glove and state.stage == "training" else "word"
        self.bar = tqdm(total=state.total, desc=title, unit=unit, unit_scale=True, mininterval=0.5)
