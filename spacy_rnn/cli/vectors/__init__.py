"""``spacy rnn vectors ...``: one verb per file."""

from . import train as train
