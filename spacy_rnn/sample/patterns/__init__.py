"""The sentence patterns: each builds one abstract sentence of words asked of the chooser; both languages realise it.

Register one with ``@pattern``; the more frequent a pattern is to be, the larger its weight. Sentiment is counted by the
chooser from the words drawn; where a pattern negates, it draws calm words, or turns the polarity round itself.
"""

from . import ambiguous, asking, being, events, joining, naming, wanting  # noqa: F401
from .naming import COUPLES, of_country
from .registry import PATTERNS

__all__ = ["COUPLES", "PATTERNS", "of_country"]
