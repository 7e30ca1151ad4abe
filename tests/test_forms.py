"""Forms that are one word to a reader, English and Russian."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.forms import KINDS, normalize

ALL = list(KINDS)


@pytest.mark.parametrize(
    "form, kind, expected",
    [
        ("замо\u0301к", "stress", "замок"),
        ("се\u0300ла", "stress", "села"),
        ("сѐла", "stress", "села"),
        ("cafe\u0301", "stress", "café"),
        ("заи\u0306мка", "stress", "займка"),
        ("ё\u0301жик", "stress", "ёжик"),
        ("Ёжик", "yo", "Ежик"),
        ("е\u0308жик", "yo", "ежик"),
        ("по\u2011русски", "signs", "по-русски"),
        ("e\u2010mail", "signs", "e-mail"),
        ("don\u2019t", "signs", "don't"),
        ("об\u02bcём", "signs", "об'ём"),
        ("пере\u00adнос", "signs", "перенос"),
        ("\ufeffслово", "signs", "слово"),
    ],
)
def test_each_kind(form, kind, expected):
    assert normalize(form, [kind]) == expected
    assert normalize(form, []) == form


@pytest.mark.parametrize("form", ["\u2019", "\u2011", "-", "\u0301\u0301", "\u00ad\u00ad", ""])
def test_never_nothing_and_no_lone_sign(form):
    assert normalize(form, ALL) == form


@given(
    st.text(alphabet="аеёийкѐabe\u0300\u0301\u0306\u0308\u2011\u2019\u00ad-'"),
    st.lists(st.sampled_from(ALL), unique=True),
)
def test_once_is_enough(form, kinds):
    once = normalize(form, kinds)
    assert bool(once) == bool(form)
    if len(form) > 1 and len(once) > 1:
        assert normalize(once, kinds) == once
