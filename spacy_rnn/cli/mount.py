"""``spacy`` gets its command ``rnn`` by loading this module, which setup.cfg names."""

from spacy.cli._util import app as spacy_app

from . import app

spacy_app.add_typer(app, name="rnn")

__all__ = ["app"]
