"""``spacy rnn vectors ...``: one verb per file."""

from . import analogy as analogy
from . import convert as convert
from . import evaluate as evaluate
from . import plot as plot
from . import similar as similar
from . import train as train
