"""The sample world: a small bilingual grammar that writes text with exact gold annotation.

Read from the meaning to the words: ``patterns`` (what can be said) ask the ``choose``r for words of the ``lexicon`` and
build ``abstract`` clauses; ``english`` and ``russian`` turn these into trees of inflected words; ``world`` makes splits
of them, ``write`` puts them on disk.
"""

from .tree import Pair, Sentence, Token
from .world import generate, splits
from .write import write_sample

__all__ = ["Pair", "Sentence", "Token", "generate", "splits", "write_sample"]
