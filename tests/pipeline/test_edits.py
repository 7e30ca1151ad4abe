"""Words aligned with morphemes that are no cuts of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.pipeline.cuts import UNTYPED, CutLabels, gold_cut
from spacy_rnn.pipeline.edits import SAME, aligned, edited
from spacy_rnn.pipeline.morphemes import Morpheme

LETTERS = st.text("abc", min_size=1, max_size=5)


def applied(form, ends, edits):
    begins = [0, *ends[:-1]]
    made = [edited(char, edit) for char, edit in zip(form, edits, strict=True)]
    return ["".join(made[begin:end]) for begin, end in zip(begins, ends, strict=True)]


@given(LETTERS, st.lists(LETTERS, min_size=1, max_size=3))
def test_the_edits_make_the_parts(form, parts):
    found = aligned(form, parts)
    if found is not None:
        ends, edits = found
        assert ends[-1] == len(form) == len(edits) and ends == sorted(set(ends))
        assert applied(form, *found) == parts


@given(st.lists(LETTERS, min_size=1, max_size=4))
def test_cuts_are_left_as_they_are(parts):
    form = "".join(parts)
    ends, edits = aligned(form, parts)
    assert edits == [SAME] * len(form) and applied(form, ends, edits) == parts


@pytest.mark.parametrize(
    "form, parts, ends, edits",
    [
        ("writer", "write er", [4, 6], ["=", "=", "=", "=e", "=", "="]),
        ("inaccuracy", "in accurate cy", [2, 8, 10], ["="] * 7 + ["=te", "=", "="]),
        ("running", "run ing", [4, 7], ["=", "=", "", "=", "=", "=", "="]),
        ("ate", "eat ed", [2, 3], ["e=", "=", "=d"]),
        ("дней", "день ей", [2, 4], ["=е", "=ь", "=", "="]),
    ],
)
def test_where_an_edit_stands(form, parts, ends, edits):
    assert aligned(form, parts.split()) == (ends, edits)


@pytest.mark.parametrize("form, parts", [("a", ["a", "b"]), ("a=b", ["a=", "c"]), ("b", ["="])])
def test_what_cannot_be_aligned(form, parts):
    assert aligned(form, parts) is None


@given(LETTERS, st.lists(st.tuples(LETTERS, st.sampled_from(["", "ROOT", "END"])), min_size=1, max_size=3))
def test_numbers_and_back(form, gold):
    cut = gold_cut(form, [Morpheme(*pair) for pair in gold], lower=True, edits=True)
    labels = CutLabels([UNTYPED, "ROOT", "END"], [SAME, *sorted(set(cut.edits) - {SAME})])
    path = labels.path(cut)
    assert (path is None) == (aligned(form, [text for text, _ in gold]) is None)
    if path is not None:
        assert labels.morphemes(list(form), path) == gold
