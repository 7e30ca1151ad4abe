"""``python -m spacy_rnn.cli VERB``: ``spacy rnn VERB`` without loading spaCy where it is not needed."""

from . import app

if __name__ == "__main__":
    app(prog_name="python -m spacy_rnn.cli")
