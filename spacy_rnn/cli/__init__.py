"""Words typed into a shell: ``spacy rnn VERB``, one verb per file."""

from ._app import app

__all__ = ["app"]
