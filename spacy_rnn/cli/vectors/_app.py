"""The ``spacy rnn vectors`` command group."""

import typer

from .._app import app

vectors = typer.Typer(name="vectors", help="Train word vectors, convert them, and look at them.", no_args_is_help=True)
app.add_typer(vectors)


def option(text: str, *names: str, **settings):
    return typer.Option(*names, help=text, **settings)
