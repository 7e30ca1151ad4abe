"""The ``spacy rnn`` command group, and what every verb shares: coded errors printed without a traceback."""

import functools
from collections.abc import Callable

import typer
from typer.core import TyperCommand
from wasabi import msg

from ..errors import RNNError

app = typer.Typer(
    name="rnn",
    help="Recurrent networks and subword vectors for spaCy: sample data, corpora, vectors, evaluation.",
    no_args_is_help=True,
)


class _Command(TyperCommand):
    """Its --help has groups of options also below ``spacy``, which does without."""

    def __init__(self, *args, **settings):
        super().__init__(*args, **settings | {"rich_markup_mode": app.rich_markup_mode})


def command(parent: typer.Typer, name: str, **settings) -> Callable:
    """Register a verb on ``parent``. An RNNError ends it with its message and exit status 1."""

    def register(function: Callable) -> Callable:
        @functools.wraps(function)
        def run(*args, **kwargs):
            try:
                return function(*args, **kwargs)
            except RNNError as error:
                msg.fail(str(error))
                raise typer.Exit(1) from error

        parent.command(name, cls=_Command, no_args_is_help=True, **settings)(run)
        return function

    return register
