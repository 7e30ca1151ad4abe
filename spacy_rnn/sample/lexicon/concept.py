"""A Concept: one meaning with its English and its Russian word."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, eq=False)
class Concept:
    kind: str  # noun, name, verb, adjective, adverb
    klass: str  # noun class, verb frame, kind of name, list of classes an adjective describes
    topic: str
    polarity: int
    held_out: bool
    en: Any  # EnNoun, EnVerb, EnAdjective or a marked word
    ru: Any  # RuNoun, {aspect: RuVerb}, RuAdjective or a marked word
    options: dict[str, str] = field(default_factory=dict)

    @property
    def human(self) -> bool:
        return self.klass in ("person", "kin", "first")
