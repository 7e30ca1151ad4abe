"""Words typed into a shell: ``spacy rnn VERB``, one verb per file."""

from spacy.cli._util import app as spacy_app

from . import compare, convert, evaluate, sample, text, vectors, verify  # noqa: F401
from ._app import app

spacy_app.add_typer(app, name="rnn")

__all__ = ["app"]
