"""The table of the kinds of Russian clause; ``clauses`` and ``sentences`` fill it."""

from ..kinds import Kinds

clause = Kinds()
