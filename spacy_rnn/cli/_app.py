"""The ``spacy rnn`` command group, and what every verb shares: coded errors and warnings printed as messages."""

import functools
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext

import typer
from typer.core import TyperCommand
from wasabi import msg

from ..errors import RNNError

CODED = re.compile(r"\[W\d{3}\]")  # a warning

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
                with _shown_warnings():
                    return function(*args, **kwargs)
            except RNNError as error:
                first, _, rest = str(error).partition("\n")
                msg.fail(first)
                if rest:  # what another program said, line by line
                    print(rest)
                raise typer.Exit(1) from error

        parent.command(name, cls=_Command, no_args_is_help=True, **settings)(run)
        return function

    return register


@contextmanager
def _shown_warnings() -> Iterator[None]:
    """Coded ones, ours and spaCy's, look like all else that a command says, and stand above its progress bar."""
    with warnings.catch_warnings():
        warnings.filterwarnings("default", CODED.pattern)
        show_other = warnings.showwarning

        def show(message, *place, **settings):
            if not CODED.match(str(message)):
                return show_other(message, *place, **settings)
            bars = sys.modules.get("tqdm")
            with bars.tqdm.external_write_mode() if bars else nullcontext():
                msg.warn(str(message))

        warnings.showwarning = show
        yield
