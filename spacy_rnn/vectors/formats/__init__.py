"""Vectors in the files of word2vec, GloVe, fastText, floret, navec, spaCy, and our own: reading and writing them.

``kinds.py`` tells which format a file has; each format has a module of its own; ``convert.py`` goes from one to
another.
"""

from .floret import Floret as Floret
from .reading import read as read
from .writing import write as write
