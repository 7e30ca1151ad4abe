"""The sample world: a small bilingual grammar that writes text with exact gold annotation.

Read from the meaning to the words: ``patterns`` (what can be said) draw from the ``lexicon`` through the ``choose``r
and build ``abstract`` clauses; ``realise_en`` and ``realise_ru`` turn these into trees with the forms of
``inflect_en`` and ``inflect_ru``; ``world`` and ``write`` give them out.
"""

from .tree import Pair, Sentence, Token
from .world import generate, splits
from .write import write_sample

__all__ = ["Pair", "Sentence", "Token", "generate", "splits", "write_sample"]
