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

CORPUS = ".txt or .txt.gz files, or folders with them"
DEFAULT = VectorSettings()


@command(vectors, "train")
def train_vectors_cli(
    corpus: Annotated[list[Path], typer.Argument(help=f"{CORPUS}: one sentence per line, tokens separated by spaces")],
    out: Annotated[Path, typer.Argument(help="Folder to make, with the vectors and the training log")],
    lang: Annotated[str, option("Language of the corpus: en, ru, ... It must be that of the pipelines that use it")],
    tokenize: Annotated[bool, option("The corpus is raw text: cut it with spaCy's tokenizer", "--tokenize")] = False,
    model: Annotated[str, option("skipgram or cbow")] = DEFAULT.model,
    dim: Annotated[int, option("Numbers in a vector")] = DEFAULT.dim,
    window: Annotated[int, option("Words predicted on each side: few for grammar, more for topics")] = DEFAULT.window,
    epochs: Annotated[int, option("Times the corpus is read")] = DEFAULT.epochs,
    min_count: Annotated[int, option("Rarer words are only composed of their parts")] = DEFAULT.min_count,
    min_n: Annotated[int, option("Letters of the shortest part of a word")] = DEFAULT.min_n,
    max_n: Annotated[int, option("Letters of the longest part of a word")] = DEFAULT.max_n,
    bucket: Annotated[int, option("Rows for all parts of words: fewer are smaller and less exact")] = DEFAULT.bucket,
    negative: Annotated[int, option("Random words to tell each right one from")] = DEFAULT.negative,
    sample: Annotated[float, option("Thin out words more frequent than this share; 0: none")] = DEFAULT.sample,
    lr: Annotated[float, option("Learning rate at the beginning; it falls to nearly 0")] = DEFAULT.lr,
    threads: Annotated[int, option("0: all processors; 1: the same vectors each time")] = DEFAULT.threads,
    seed: Annotated[int, option("Start of the random numbers")] = DEFAULT.seed,
    lower: Annotated[bool, option("Ignore case: more text for each word", "--lower")] = False,
    force: Annotated[bool, option("Replace the vectors in OUT", "--force", "-f")] = False,
):
    """Train word vectors with subword information (fastText) on raw text.

    OUT is a pipeline: spacy.load(OUT) gives every word a vector. To train another one with these vectors, put
    [nlp.vectors] @vectors = "spacy-rnn.FastTextVectors.v1" into its config and call spacy train --paths.vectors OUT.
    """
    from ...vectors.train import train_vectors

    settings = VectorSettings(
        model, dim, window, epochs, min_count, min_n, max_n, bucket, negative, sample, lr, threads, seed, lower
    )
    with Bars(epochs) as bars:
        log = train_vectors(corpus, out, lang=lang, tokenize=tokenize, settings=settings, force=force, progress=bars)
    msg.good(f"{out}: {log['vocabulary']:,} words, from a corpus of {log['corpus']['words']:,}")


class Bars:
    """One progress bar for reading the corpus and one for each epoch, which leaves its loss behind."""

    def __init__(self, epochs: int):
        self.epochs = epochs
        self.bar = None
        self.title = ""

    def __enter__(self) -> "Bars":
        return self

    def __exit__(self, *error) -> None:
        if self.bar is not None:
            self.bar.close()

    def __call__(self, state: "Progress") -> None:
        title = "Corpus" if state.stage == "reading" else f"Epoch {state.epoch + 1}/{self.epochs}"
        if title != self.title:
            self._begin(title, state)
        self.bar.update(state.done - self.bar.n)
        if state.loss is not None:
            self.bar.set_postfix_str(f"loss {state.loss:.4f} nats/pair")

    def _begin(self, title: str, state: "Progress") -> None:
        from tqdm import tqdm

        self.__exit__()
        self.title = title
        unit = "B" if state.stage == "reading" else "word"
        self.bar = tqdm(total=state.total, desc=title, unit=unit, unit_scale=True)
