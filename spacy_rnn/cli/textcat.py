"""``spacy rnn textcat``: train a bag of vectors on classified texts, in seconds."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from wasabi import msg

from . import _texts
from ._app import app, command
from .vectors._bars import Bars

if TYPE_CHECKING:
    from ..training.bag import Progress

TRAIN = "Classified texts: .spacy, .csv, .tsv, .jsonl, .json, fastText's format, files or folders for each label"


def option(*names: str, help: str, panel: str | None = None):
    return typer.Option(*names, help=help, rich_help_panel=panel)


model, training = (partial(option, panel=panel) for panel in ("Model", "Training"))


@command(app, "textcat")
def textcat_cli(
    train: Annotated[Path, typer.Argument(help=TRAIN)],
    out: Annotated[Path, typer.Argument(help="Folder for the pipeline")],
    dev: Annotated[Path | None, option("--dev", help="Texts that tell how good it is")] = None,
    lang: Annotated[str, option("--lang", "-l", help="Language of the texts: en, ru, ...")] = "en",
    force: Annotated[bool, option("--force", "-F", help="Replace the pipeline that is there")] = False,
    dim: Annotated[int, model("--dim", help="Numbers in a vector")] = 100,
    ngrams: Annotated[int, model("--ngrams", help="Words of the longest n-gram; 1: words only")] = 2,
    buckets: Annotated[int, model("--buckets", help="Rows for n-grams, which are hashed")] = 100000,
    loss: Annotated[
        str | None, model("--loss", help="softmax: one label a text; ova: any number. Default: as in TRAIN")
    ] = None,
    vectors: Annotated[
        Path | None, model("--vectors", "-v", help="A pipeline with word vectors to start from, of its own width")
    ] = None,
    attr: Annotated[str, model("--attr", help="What of a word counts: LOWER, ORTH or NORM")] = "LOWER",
    min_count: Annotated[int, model("--min-count", help="Rarer words count as unknown")] = 1,
    epochs: Annotated[int, training("--epochs", help="Times the texts are learned")] = 25,
    lr: Annotated[float, training("--lr", help="Learning rate at the beginning; it falls to 0")] = 0.5,
    dropout: Annotated[float, training("--dropout", help="Share of words and n-grams left out of a text")] = 0.3,
    threads: Annotated[int, training("--threads", help="With more than 1, no training ends like another")] = 1,
    seed: Annotated[int, training("--seed", help="Start of the random numbers")] = 0,
    text_column: _texts.TextColumn = None,
    label_column: _texts.LabelColumn = None,
    one_hot: _texts.OneHot = None,
    label_separator: _texts.LabelSeparator = None,
    label_names: _texts.LabelNames = None,
    label_prefix: _texts.LabelPrefix = "__label__",
    rename: _texts.Rename = None,
    keep: _texts.Keep = None,
    drop: _texts.Drop = None,
    part: _texts.Part = None,
    exclusive: _texts.Exclusive = None,
    max_length: _texts.MaxLength = 0,
    skip_bad: Annotated[bool, _texts.option("--skip-bad", help="Leave out bad rows, and report them")] = False,
    quotes: _texts.Quotes = None,
    encoding: _texts.Encoding = None,
):
    """Train a bag of word and n-gram vectors: what fastText's supervised mode does, as fast, as a pipeline of spaCy.

    OUT is what spacy train would have made of a bag_textcat: spacy.load, spacy rnn evaluate, spacy rnn calibrate,
    spacy package and training with source = "OUT" take it.

    Example:

        spacy rnn textcat train.jsonl intents --dev dev.jsonl --lang en
    """
    from ..training.bag import BagSettings, train_bag

    settings = BagSettings(dim, ngrams, buckets, epochs, lr, dropout, min_count, loss, attr.upper(), threads, seed)
    options = _texts.reading(locals())
    reading = {"skip_bad": skip_bad, "max_length": max_length}
    given = {"lang": lang, "dev": dev, "vectors": vectors, "force": force, "settings": settings, "options": options}
    with TrainingBars(epochs) as bars:
        log = train_bag(train, out, **given, reading=reading, progress=bars)
    kind = "one a text" if log["exclusive"] else "any number a text"
    msg.info(f"{log['texts']:,} texts, {log['words']:,} words, {len(log['labels']):,} labels, {kind}")
    if "dev" in log:
        scores = {"accuracy": "cats_acc"} if log["exclusive"] else {"micro F1": "cats_micro_f"}
        scores["macro F1"] = "cats_macro_f"
        msg.info(f"{dev}: " + ", ".join(f"{name} {100 * log['dev'][key]:.1f}" for name, key in scores.items()))
    msg.good(f"{out}: {log['vocabulary']:,} words with a vector, loss {log['losses'][-1]:.3f} nats a text")


class TrainingBars(Bars):
    """One for reading and one for each epoch, which leaves its loss behind."""

    def __init__(self, epochs: int):
        super().__init__()
        self.epochs = epochs

    def __call__(self, state: "Progress") -> None:
        if state.stage == "reading":
            self.show("Texts", state.done, None, unit="text")
            return
        title = f"Epoch {state.epoch + 1}/{self.epochs}"
        self.show(title, state.done, state.total, unit="word", mininterval=0.5)
        if state.done == state.total:
            self.bar.set_postfix_str(f"loss {state.loss:.3f} nats/text")
