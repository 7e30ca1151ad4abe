"""``spacy rnn split``: a part of a corpus for development, drawn by a seed."""

from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._language import blank


@command(app, "split")
def split_cli(
    source: Annotated[Path, typer.Argument(metavar="CORPUS", help="A .spacy file, or any file that convert knows")],
    first: Annotated[Path, typer.Argument(metavar="TRAIN", help="The .spacy file for what is not drawn")],
    second: Annotated[Path, typer.Argument(metavar="DEV", help="The .spacy file for what is drawn")],
    share: Annotated[float, typer.Option("--share", help="How much of the Docs is drawn")] = 0.1,
    seed: Annotated[int, typer.Option("--seed", "-s", help="The same seed draws the same Docs")] = 0,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Divide the drawn and the others into sentences, afterwards")
    ] = False,
    stratify: Annotated[bool, typer.Option("--stratify", help="Draw its share of each label of texts")] = False,
    lang: Annotated[str, typer.Option("--lang", "-l", help="Language code: en, ru, ...")] = "xx",
):
    """Draw some Docs of a corpus for development.

    By document: convert with --by-document, and split with --sentences to have a sentence in each Doc all the same.
    """
    from ..training.splitting import split_corpus

    settings = {"share": share, "seed": seed, "sentences": sentences, "stratify": stratify}
    counts = split_corpus(source, first, second, blank(lang).vocab, **settings)
    msg.good(f"{first}: {counts[0]:,} Docs; {second}: {counts[1]:,} Docs")
