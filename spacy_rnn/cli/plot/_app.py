"""The ``spacy rnn plot`` command group."""

from pathlib import Path

import typer

from ...errors import Errors, RNNError
from .._app import app

plot = typer.Typer(name="plot", help="Pictures of scores and trainings.", no_args_is_help=True)
app.add_typer(plot)

SCORES = typer.Argument(metavar="SCORES", help="File of scores: of evaluate --output, or scores.json of crossval")
COMPONENT = typer.Option("--component", "-c", help="Which, if several set categories")
TITLE = typer.Option("--title", help="To write above it")


def check_ending(path: Path, *endings: str) -> str:
    """R550: the picture cannot be written as that. Its ending."""
    kind = path.suffix.lower()
    if kind not in endings:
        raise RNNError(Errors.R550.format(path=path, endings=" or ".join(endings)))
    return kind
