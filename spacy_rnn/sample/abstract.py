"""What a sentence means before it is English or Russian: noun phrases, modifiers, clauses.

Patterns build these; ``realise_en`` and ``realise_ru`` each turn the same structure into a dependency tree. Nodes of
the two trees which come from the same part of the structure carry the same link, and so become a word alignment.
"""

from dataclasses import dataclass, field

from .lexicon.concept import Concept


@dataclass(frozen=True, eq=False)
class Pronoun:
    """A personal pronoun, or with ``kind`` who, what, which (the relative, agreeing with ``NP.antecedent``)."""

    person: int = 3
    number: str = "Sing"
    gender: str = "Masc"
    kind: str = "personal"


@dataclass(eq=False)
class NP:
    head: "Concept | Pronoun"
    number: str = "Sing"
    det: str = ""  # a, the, this or nothing
    adjectives: list[Concept] = field(default_factory=list)
    count: int = 0  # two apples
    owner: "NP | None" = None  # Anna's brother, my brother
    own: bool = False  # the owner is the subject of the clause: свой
    of: "NP | None" = None  # the capital of France
    also: "NP | None" = None  # Anna and Ivan
    surname: Concept | None = None
    apposition: "NP | None" = None  # Paris, the capital of France
    label: bool = False  # the company Orion
    relative: "Clause | None" = None
    antecedent: "NP | None" = None  # of a relative pronoun
    superlative: Concept | None = None


@dataclass(eq=False)
class Mod:
    """An adjunct. Kind: ``at to from`` (a place), a key of PREPOSITIONS, ``tool adverb weekday year``."""

    kind: str
    np: NP | None = None
    word: "Concept | tuple[str, str] | int | None" = None


@dataclass(eq=False)
class Clause:
    kind: str = "verb"  # a key of CLAUSES in both realisers
    subject: NP | None = None
    elided: bool = False  # the subject is understood, and only agreed with
    verb: Concept | None = None
    object: NP | None = None
    recipient: NP | None = None
    predicate: "Concept | NP | Mod | None" = None  # of be, become
    than: NP | None = None
    tense: str = "past"  # past pres fut prog pastprog perf can must inf imp gerund; condition (after if)
    negated: bool = False
    question: bool = False
    contracted: bool = False  # don't
    wh: str = ""  # where, when, why
    frequency: Concept | None = None
    manner: Concept | None = None
    mods: list[Mod] = field(default_factory=list)
    front: Mod | None = None
    complement: "Clause | None" = None  # an infinitive, or the clause after that
    other: "Clause | None" = None  # the second clause of a complex or coordinate sentence
    joint: str = ""  # when because if while although and but
    aspect: str = ""  # force a Russian aspect
    order: str = ""  # of the Russian words: "object first", "verb first"; of clauses: "other first"
    address: NP | None = None  # Anna, where ...
    ending: str = "."
