"""Recurrent networks, subword vectors and friends for spaCy."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("spacy-rnn")
except PackageNotFoundError:  # a source tree that was never installed
    __version__ = "0.0.0"
