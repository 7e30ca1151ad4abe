"""What every sentence of the sample world must be, whatever the seed."""

import re
import subprocess
import sys
from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.errors import RNNError
from spacy_rnn.sample import generate, splits
from spacy_rnn.sample.lexicon import held_out_lemmas, lemmas, lexicon
from spacy_rnn.sample.patterns import PATTERNS
from spacy_rnn.sample.world import LANGS, World

SEEDS = st.integers(min_value=0, max_value=2**32)
CONTENT = ("NOUN", "PROPN", "VERB", "ADJ", "NUM")


def some_pairs(seed, count=25):
    world = World(seed, "test")
    return [world.pair() for _ in range(count)]


def sides(pairs):
    return [sentence for pair in pairs for sentence in (pair.en, pair.ru)]


@pytest.fixture(scope="module")
def sample():
    """split -> pairs"""
    found = defaultdict(list)
    for split, pair in splits(3000, 7):
        found[split].append(pair)
    return found


def parts(feats):
    return dict(pair.split("=") for pair in feats.split("|")) if feats != "_" else {}


# -- size -------------------------------------------------------------------------------------------------------------


def test_size_of_lexicon_and_grammar():
    assert len(PATTERNS) >= 40
    assert all(len(lemmas(lang, held_out=False)) >= 300 for lang in LANGS)
    assert len([c for c in lexicon() if c.klass == "country"]) >= 12


def test_every_pattern_occurs_and_lemmas_are_really_used(sample):
    assert {pair.en.pattern for pair in sample["train"]} == set(PATTERNS)
    for lang in LANGS:
        used = {t.lemma for pair in sample["train"] for t in getattr(pair, lang).tokens if t.upos in CONTENT}
        assert len(used) >= 300


# -- form -------------------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_trees(seed):
    for sentence in sides(some_pairs(seed)):
        heads = [token.head for token in sentence.tokens]
        assert heads.count(0) == 1
        for position, token in enumerate(sentence.tokens, 1):
            assert (token.head == 0) == (token.deprel == "root")
            seen, at = set(), position
            while at:
                assert at not in seen, sentence.text
                seen.add(at)
                at = heads[at - 1]


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_text_tags_and_entities(seed):
    for sentence in sides(some_pairs(seed)):
        assert sentence.text == "".join(t.form + " " * t.space_after for t in sentence.tokens).strip()
        assert "  " not in sentence.text and sentence.text[-1] in ".?!"
        previous = "O"
        for token in sentence.tokens:
            assert token.form and token.lemma and token.upos and token.xpos
            assert token.feats == "_" or token.feats.split("|") == sorted(token.feats.split("|"), key=str.lower)
            assert "".join(text for _, text in token.morphemes) == token.form
            assert token.entity in ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
            assert not token.entity.startswith("I-") or previous[2:] == token.entity[2:]
            previous = token.entity
        assert sentence.sentiment in ("positive", "negative", "neutral")


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_alignments_cover_the_content_words(seed):
    unpaired = {"year", "old", "год", "be", "быть"}  # "ten years old" is "десять лет", "in 2001" is "в 2001 году"
    for pair in some_pairs(seed):
        for side, sentence in enumerate((pair.en, pair.ru)):
            linked = {link[side] for link in pair.alignment}
            assert all(0 <= index < len(sentence.tokens) for index in linked)
            for index, token in enumerate(sentence.tokens):
                if token.upos in CONTENT and token.lemma not in unpaired:
                    assert index in linked, (token.form, pair.en.text, pair.ru.text)


# -- agreement --------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_russian_agreement(seed):
    for pair in some_pairs(seed):
        for token in pair.ru.tokens:
            head = pair.ru.tokens[token.head - 1] if token.head else None
            if head is None:
                continue
            own, other = parts(token.feats), parts(head.feats)
            small_number = any(t.deprel == "nummod:gov" and t.head == token.head for t in pair.ru.tokens)
            if token.deprel in ("amod", "det") and "Case" in own and head.upos == "NOUN" and not small_number:
                assert (own["Case"], own["Number"]) == (other["Case"], other["Number"]), pair.ru.text
                assert own.get("Gender", other["Gender"]) == other["Gender"], pair.ru.text
            if token.deprel == "nsubj" and head.upos == "VERB" and other.get("Tense") == "Past" and "Number" in own:
                joined = any(
                    t.deprel in ("conj", "nummod:gov") and t.head == pair.ru.tokens.index(token) + 1
                    for t in pair.ru.tokens
                )
                if not joined and own.get("Case") == "Nom" and token.upos in ("NOUN", "PROPN"):
                    assert own["Number"] == other["Number"], pair.ru.text
                    assert own["Number"] == "Plur" or own["Gender"] == other["Gender"], pair.ru.text


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_prepositions_govern_their_cases(seed):
    cases = {
        "из": "Gen",
        "без": "Gen",
        "около": "Gen",
        "после": "Gen",
        "у": "Gen",
        "к": "Dat",
        "перед": "Ins",
        "о": "Loc",
    }
    for pair in some_pairs(seed):
        for token in pair.ru.tokens:
            if token.deprel == "case" and token.lemma in cases:
                assert parts(pair.ru.tokens[token.head - 1].feats)["Case"] == cases[token.lemma], pair.ru.text


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_english_agreement_and_articles(seed):
    for pair in some_pairs(seed):
        for token, following in zip(pair.en.tokens, pair.en.tokens[1:], strict=False):
            if token.lemma == "a":
                assert token.form.lower() == (
                    "an" if re.match("(?!uni|use)[aeiou]|hon", following.form.lower()) else "a"
                )
            if token.deprel == "nsubj" and token.upos == "NOUN" and token.head:
                head = pair.en.tokens[token.head - 1]
                joined = any(t.deprel == "conj" and t.head == pair.en.tokens.index(token) + 1 for t in pair.en.tokens)
                if head.xpos in ("VBZ", "VBP") and not joined and head.lemma != "be":
                    assert (head.xpos == "VBZ") == (token.xpos == "NN"), pair.en.text


# -- ambiguity, splits ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "form", "tags"),
    [("en", "play", {"NOUN", "VERB"}), ("en", "book", {"NOUN", "VERB"}), ("en", "plan", {"NOUN", "VERB"}),
     ("en", "work", {"NOUN", "VERB"}), ("en", "saw", {"NOUN", "VERB"}), ("en", "rose", {"NOUN", "VERB"}),
     ("en", "train", {"NOUN", "VERB"}), ("ru", "мой", {"DET", "VERB"}), ("ru", "стали", {"NOUN", "VERB"}),
     ("ru", "печь", {"NOUN", "VERB"}), ("ru", "знать", {"NOUN", "VERB"}), ("ru", "стекло", {"NOUN", "VERB"}),
     ("ru", "пила", {"NOUN", "VERB"}), ("ru", "село", {"NOUN", "VERB"})],
)  # fmt: skip
def test_ambiguous_forms(ambiguity, lang, form, tags):
    assert ambiguity[lang, form] >= tags


@pytest.fixture(scope="module")
def ambiguity():
    world, found = World(3, "train"), defaultdict(set)
    for _ in range(12000):
        pair = world.pair()
        for sentence in (pair.en, pair.ru):
            for token in sentence.tokens:
                found[sentence.lang, token.form.lower()].add(token.upos)
    return found


def test_nominative_and_accusative_look_alike(sample):
    cases = defaultdict(set)
    for pair in sample["train"]:
        for token in pair.ru.tokens:
            if token.upos == "NOUN":
                cases[token.form.lower()].add(parts(token.feats)["Case"])
    assert sum({"Nom", "Acc"} <= found for found in cases.values()) >= 30


def test_splits_share_no_sentence(sample):
    for lang in LANGS:
        texts = {split: [getattr(pair, lang).text for pair in pairs] for split, pairs in sample.items()}
        assert not set(texts["train"]) & set(texts["dev"]) and not set(texts["train"]) & set(texts["test"])
        assert not set(texts["dev"]) & set(texts["test"])
        assert len(set(texts["test"])) == len(texts["test"]) == 300


def test_held_out_lemmas_occur_in_test_only(sample):
    for lang in LANGS:
        held_out = set(held_out_lemmas(lang))
        assert not held_out & lemmas(lang, held_out=False)
        used = {
            split: {t.lemma for pair in pairs for t in getattr(pair, lang).tokens} for split, pairs in sample.items()
        }
        assert not held_out & (used["train"] | used["dev"])
        assert len(held_out & used["test"]) >= 30


def test_planted_regularities(sample):
    from spacy_rnn.sample.analogies import sections

    for lang in LANGS:
        words = {t.form for pair in sample["train"] for t in getattr(pair, lang).tokens}
        tables = sections(lang)
        for name, least in (("capital-country", 12), ("man-woman", 10)):
            assert sum(a in words and b in words for a, b in tables[name]) >= least


def test_same_seed_same_sentences():
    first, again, other = (list(generate("ru", 60, seed)) for seed in (5, 5, 6))
    assert first == again
    assert [s.text for _, s in first] != [s.text for _, s in other]


def test_bad_arguments():
    with pytest.raises(RNNError, match="R451"):
        next(generate("de", 10))
    with pytest.raises(RNNError, match="R452"):
        next(generate("en", 0))


def test_an_exhausted_grammar_gives_a_coded_error(monkeypatch):
    from spacy_rnn.sample import world

    only = World(0, "test").pair()
    monkeypatch.setattr(world.World, "pair", lambda self: only)
    with pytest.raises(RNNError, match="R453"):
        list(splits(10))


def test_needs_only_the_standard_library():
    code = (
        "import sys, spacy_rnn.sample; print(*sorted({'spacy', 'thinc', 'torch', 'numpy', 'typer'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
