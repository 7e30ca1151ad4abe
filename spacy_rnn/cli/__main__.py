from . import app

app(prog_name="python -m spacy_rnn.cli")
