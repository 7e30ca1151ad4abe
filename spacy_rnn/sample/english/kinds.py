"""The table of the kinds of English clause; ``clauses`` and ``sentences`` fill it."""

from ..kinds import Kinds

clause = Kinds()
