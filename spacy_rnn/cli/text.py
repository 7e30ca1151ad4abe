"""``spacy rnn text``: raw text of any common format, tokenised for vector training."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from wasabi import msg

from ._app import app, command
from ._language import blank

INPUTS = "Files (.txt .csv .tsv .json .jsonl .tmx .conllu, .gz, .zip), folders, or FILE::COLUMN for a table"


class Wrap(str, Enum):
    auto = "auto"
    lines = "lines"
    blank = "blank"


@command(app, "text")
def text_cli(
    output: Annotated[Path, typer.Argument(help="The .txt file to write: a paragraph a line, tokens spaced")],
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help=INPUTS)],
    lang: Annotated[str, typer.Option("--lang", "-l", help="Language code: en, ru, ...")],
    column: Annotated[
        str | None, typer.Option("--column", "-c", help="Column of tables and JSON. Default: text")
    ] = None,
    encoding: Annotated[str | None, typer.Option(help="Of inputs that are not UTF-8, such as latin-1")] = None,
    wrap: Annotated[
        Wrap, typer.Option(help="Plain text: paragraphs are lines, or have blank lines between")
    ] = Wrap.auto,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", "-x", help="Leave out the sentences of this file")
    ] = None,
    max_tokens: Annotated[int, typer.Option(min=1, help="Tokens a line at most")] = 1000,
):
    """Make one tokenised text file for vector training, without duplicates and held-out sentences."""
    from ..training.formats import Settings
    from ..training.text import prepare_text

    settings = Settings(lang=lang, column=column, wrap=wrap.value, encoding=encoding)
    options = {"exclude": exclude or [], "max_tokens": max_tokens, "progress": True}
    counts = prepare_text(output, inputs, blank(lang), settings, **options)
    msg.info(
        f"{counts.texts:,} paragraphs from {counts.files:,} files, {counts.duplicates:,} short duplicates left out"
    )
    if exclude:
        msg.info(f"{counts.held_out:,} paragraphs left out or shortened: their sentences are held out")
    msg.good(f"{output}: {counts.lines:,} lines, {counts.tokens:,} tokens")
