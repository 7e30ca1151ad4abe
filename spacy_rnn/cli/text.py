"""``spacy rnn text``: raw text of any common format, tokenised for vector training."""

from enum import Enum
from pathlib import Path

import typer
from wasabi import msg

from ._app import app, command


class Wrap(str, Enum):
    auto = "auto"
    lines = "lines"
    blank = "blank"


@command(app, "text")
def text_cli(
    output: Path = typer.Argument(..., help="The .txt file to write: a paragraph a line, tokens separated by spaces"),
    inputs: list[str] = typer.Argument(
        ...,
        metavar="INPUT...",
        help="Files (.txt .csv .tsv .json .jsonl .tmx .conllu, .gz, .zip), folders, FILE::COLUMN",
    ),
    lang: str = typer.Option(..., "--lang", "-l", help="Language code: en, ru, ..."),
    column: str = typer.Option(None, "--column", "-c", help="Column of tables and JSON: a name or number  [text]"),
    encoding: str = typer.Option(None, "--encoding", help="Encoding of inputs that are not UTF-8, such as latin-1"),
    wrap: Wrap = typer.Option(Wrap.auto, "--wrap", help="Plain text: a paragraph a line, or blank lines between"),
    exclude: list[str] = typer.Option(
        None, "--exclude", "-x", help="Leave out the sentences of this file (repeatable)"
    ),
    max_tokens: int = typer.Option(1000, "--max-tokens", min=1, help="Tokens a line at most"),
):
    """Make one tokenised text file for vector training, without duplicates and held-out sentences."""
    import spacy

    from ..training.formats import Settings
    from ..training.text import prepare_text

    settings = Settings(lang=lang, column=column, wrap=wrap.value, encoding=encoding)
    counts = prepare_text(
        output, inputs, spacy.blank(lang), settings, exclude=exclude or [], max_tokens=max_tokens, progress=True
    )
    msg.info(
        f"{counts.texts:,} paragraphs read from {counts.files:,} files, {counts.duplicates:,} short duplicates left out"
    )
    if exclude:
        msg.info(f"{counts.held_out:,} left out or shortened because their sentences are held out")
    msg.good(f"{output}: {counts.lines:,} lines, {counts.tokens:,} tokens")
