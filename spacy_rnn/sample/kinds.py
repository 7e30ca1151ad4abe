"""The table of a language: which function realises which kind of abstract clause."""

from collections.abc import Callable

from .abstract import Clause
from .tree import Node

Realiser = Callable[[Clause, str], Node]


class Kinds:
    """Functions register for the kinds of clause they realise; calling the table realises a clause of any kind."""

    def __init__(self):
        self.realisers: dict[str, Realiser] = {}

    def __call__(self, c: Clause, rel: str = "root") -> Node:
        return self.realisers[c.kind](c, rel)

    def realises(self, *kinds: str) -> Callable[[Realiser], Realiser]:
        def register(function: Realiser) -> Realiser:
            self.realisers.update(dict.fromkeys(kinds, function))
            return function

        return register
