"""Tags of every scheme stand for the spans they were written from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacy_rnn.training.tags import SCHEMES, breaks, find_scheme, read_tag, spans_of


def write(size, spans, scheme):
    """Tags as the definitions of the schemes have it, without the code under test."""
    tags = ["O"] * size
    for start, end, label in spans:
        for i in range(start, end):
            tags[i] = f"I-{label}"
        before = any(other[1] == start and other[2] == label for other in spans)
        after = any(other[0] == end and other[2] == label for other in spans)
        if scheme in ("IOB2", "BILUO") or (scheme == "IOB1" and before):
            tags[start] = f"B-{label}"
        if scheme in ("IOE2", "BILUO") or (scheme == "IOE1" and after):
            tags[end - 1] = f"E-{label}" if scheme != "BILUO" else f"L-{label}"
        if scheme == "BILUO" and end - start == 1:
            tags[start] = f"U-{label}"
    return tags


@st.composite
def spans(draw):
    found, position = [], 0
    for gap, length, label in draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 3), st.sampled_from("AB")))):
        found.append((position + gap, position + gap + length, label))
        position += gap + length
    return position + draw(st.integers(0, 2)), found


@given(spans(), st.sampled_from(sorted(SCHEMES)))
def test_one_reading_for_all_schemes(text, scheme):
    size, wanted = text
    tags = [read_tag(tag) for tag in write(size, wanted, scheme)]
    assert spans_of(tags) == wanted
    assert breaks(tags, scheme) == []
    assert breaks(tags, find_scheme([tags])) == []


@given(st.lists(st.sampled_from(["O", "B-A", "I-A", "B-B", "I-B", "L-A", "U-B", "E-A", "S-A", "M-B", "-"])))
def test_any_sequence_has_spans_and_no_token_in_two(tags):
    tags = [read_tag(tag) for tag in tags]
    found = spans_of(tags)
    inside = [i for start, end, _ in found for i in range(start, end)]
    assert inside == [i for i, tag in enumerate(tags) if tag.letter in "BILU"]
    assert all(tags[i].type == label for start, end, label in found for i in range(start, end))
    assert all(0 <= i < len(tags) for scheme in SCHEMES for i in breaks(tags, scheme))


@pytest.mark.parametrize(
    "tags, scheme, broken, wanted",
    [
        ("O I-A I-A", "IOB2", [1], [(1, 3, "A")]),
        ("B-A I-B", "IOB2", [1], [(0, 1, "A"), (1, 2, "B")]),
        ("B-A O", "BILUO", [0], [(0, 1, "A")]),
        ("B-A B-A L-A", "BILUO", [0], [(0, 1, "A"), (1, 3, "A")]),
        ("U-A L-A", "BILUO", [1], [(0, 1, "A"), (1, 2, "A")]),
        ("B-A I-A", "IOB1", [0], [(0, 2, "A")]),
        ("I-A O", "IOE2", [0], [(0, 1, "A")]),
        ("E-A O", "IOE1", [0], [(0, 1, "A")]),
        ("B-A - I-A", "IOB2", [], [(0, 1, "A"), (2, 3, "A")]),
        ("U-A", "IOB2", [0], [(0, 1, "A")]),
    ],
)
def test_what_breaks_a_scheme(tags, scheme, broken, wanted):
    tags = [read_tag(tag) for tag in tags.split()]
    assert breaks(tags, scheme) == broken
    assert spans_of(tags) == wanted


@pytest.mark.parametrize("text", ["", "B", "B-", "-PER", "PER", "o", "0", "X-PER", "b-PER", "_", "B_PER"])
def test_no_tag_is_taken_for_outside(text):
    assert read_tag(text) is None


def test_the_scheme_with_the_fewest_breaks():
    def found(*sentences):
        return find_scheme([[read_tag(tag) for tag in tags.split()] for tags in sentences])

    assert found("I-A I-A O", "O I-B", "I-A B-A") == "IOB1"
    assert found("B-A I-A O", "O B-B", "B-A", "O I-A") == "IOB2"
    assert found("S-A O B-A E-A") == "BILUO"
    assert found("E-A O I-A E-A") == "IOE2"
    assert found("O O") == found() == "IOB2"
    assert read_tag("B-B-PER").type == "B-PER"
