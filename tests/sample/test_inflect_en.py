"""English forms against a hand-checked table."""

import pytest

from spacy_rnn.sample.english.inflect import adjective, article, noun, verb
from spacy_rnn.sample.marks import morphemes, plain

NOUNS = [("book", "books"), ("box", "boxes"), ("city", "cities"), ("day", "days"), ("match", "matches")]
NOUNS += [
    ("man/men", "men"),
    ("knife/knives", "knives"),
    ("potato", "potatoes"),
    ("water/-", ""),
    ("fish/fish", "fish"),
]

VERBS = [  # third person, past, participle, gerund
    ("walk", "walks walked walked walking"),
    ("love", "loves loved loved loving"),
    ("study", "studies studied studied studying"),
    ("play", "plays played played playing"),
    ("stop", "stops stopped stopped stopping"),
    ("watch", "watches watched watched watching"),
    ("visit", "visits visited visited visiting"),
    ("fix", "fixes fixed fixed fixing"),
    ("see/saw/seen", "sees saw seen seeing"),
    ("go/went/gone", "goes went gone going"),
    ("lie/lay/lain", "lies lay lain lying"),
    ("begin/began/begun/beginning", "begins began begun beginning"),
    ("write/wrote/written", "writes wrote written writing"),
    ("cut/cut/cut", "cuts cut cut cutting"),
]

ADJECTIVES = [("fast", "faster fastest"), ("big/bigger/biggest", "bigger biggest"), ("happy", "happier happiest")]
ADJECTIVES += [("sad", "sadder saddest"), ("good/better/best", "better best"), ("nice", "nicer nicest")]


@pytest.mark.parametrize(("spec", "plural"), NOUNS)
def test_plurals(spec, plural):
    assert plain(noun(spec).plural) == plural


@pytest.mark.parametrize(("spec", "forms"), VERBS)
def test_verb_forms(spec, forms):
    entry = verb(spec)
    assert [plain(f) for f in (entry.third, entry.past, entry.participle, entry.gerund)] == forms.split()


@pytest.mark.parametrize(("spec", "forms"), ADJECTIVES)
def test_comparison(spec, forms):
    entry = adjective(spec)
    assert [plain(entry.comparative), plain(entry.superlative)] == forms.split()


@pytest.mark.parametrize(
    ("word", "expected"), [("apple", "an"), ("book", "a"), ("university", "a"), ("old", "an"), ("honest", "an")]
)
def test_article(word, expected):
    assert article(word) == expected


def test_morphemes_of_marked_words():
    assert morphemes("un~happi^ness") == (("pre", "un"), ("root", "happi"), ("suff", "ness"))
    assert morphemes("пар+о+ход|ами") == (("root", "пар"), ("link", "о"), ("root", "ход"), ("end", "ами"))
    assert morphemes("тур^ист") == (("root", "тур"), ("suff", "ист"))
    assert morphemes("про~чит^а^л|а") == (("pre", "про"), ("root", "чит"), ("suff", "а"), ("suff", "л"), ("end", "а"))
    assert morphemes("уч^и|т&ся")[-1] == ("post", "ся")
