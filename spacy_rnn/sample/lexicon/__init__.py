"""The lexicon, read once: every line of the tables here becomes a Concept with its English and its
Russian word.

A concept is what a sentence pattern chooses; each language then inflects its own side. Held-out concepts (flag ``!``)
are chosen only for the test split: neither their English nor their Russian lemma may be the lemma of any other
concept.
"""

from functools import lru_cache

from ..marks import plain
from .concept import Concept
from .reading import adjectives, adverbs, nouns, organisations, people, places, verbs

__all__ = ["Concept", "held_out_lemmas", "lemmas", "lexicon"]


@lru_cache(maxsize=1)
def lexicon() -> tuple[Concept, ...]:
    return (*nouns(), *verbs(), *adjectives(), *adverbs(), *people(), *places(), *organisations())


def lemmas(lang: str, held_out: bool | None = None) -> set[str]:
    """Lemmas of the open classes: all, or only those that are (not) held out."""
    found = set()
    for concept in lexicon():
        if held_out is None or concept.held_out == held_out:
            entry = concept.en if lang == "en" else concept.ru
            entries = entry.values() if isinstance(entry, dict) else [entry]
            found |= {plain(e) if isinstance(e, str) else e.lemma for e in entries}
    return found


def held_out_lemmas(lang: str) -> list[str]:
    return sorted(lemmas(lang, held_out=True))
