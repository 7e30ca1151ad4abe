"""``spacy rnn plot ...``: one picture per file."""

from . import amounts as amounts
from . import confusion as confusion
from . import curves as curves
from . import reliability as reliability
