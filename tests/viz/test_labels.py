"""Labels never lie over each other, over a dot, or outside."""

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from spacy_rnn.viz.wordmap.labels import has_leader, place

NONE = numpy.zeros((0, 2, 2))
dots = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 300), st.integers(10, 120)), min_size=1, max_size=40)


def label(drawn):
    """The dots; of those with a label, the dot and the label's left, bottom, right and top."""
    points = numpy.array([(x, y) for x, y, _ in drawn], dtype=float)
    sizes = numpy.array([(width, 14) for *_, width in drawn], dtype=float)
    placed = place(points, sizes, 3, (400, 300), NONE)
    boxes = [(*c, c[0] + w, c[1] + h) for c, (w, h) in zip(placed, sizes, strict=True) if c is not None]
    return points, [dot for c, dot in zip(placed, points, strict=True) if c is not None], boxes


@settings(max_examples=50, deadline=None)
@given(dots)
def test_no_overlaps(drawn):
    points, _, boxes = label(drawn)
    for i, (left, bottom, right, top) in enumerate(boxes):
        assert left >= 0 and bottom >= 0 and right <= 400 and top <= 300
        assert not any(left < x < right and bottom < y < top for x, y in points)
        for other in boxes[:i]:
            assert left >= other[2] or right <= other[0] or bottom >= other[3] or top <= other[1]


@settings(max_examples=50, deadline=None)
@given(dots)
def test_lines_to_labels_cross_nothing(drawn):
    points, owners, boxes = label(drawn)
    for i, (dot, box) in enumerate(zip(owners, boxes, strict=True)):
        if has_leader(dot, numpy.array([box]), 3)[0]:
            end = numpy.clip(dot, box[:2], box[2:])
            line = [dot + share * (end - dot) for share in numpy.linspace(0, 1, 100)]
            for left, bottom, right, top in boxes[:i] + boxes[i + 1 :]:
                assert not any(left < x < right and bottom < y < top for x, y in line)
            beyond = [piece for piece in line if numpy.linalg.norm(piece - dot) > 5]
            for other in points[(points != dot).any(axis=1)]:
                assert all(numpy.linalg.norm(piece - other) > 2 for piece in beyond)


def test_of_two_dots_it_is_clear_whose_label_it_is():
    dots, sizes = numpy.array([[100.0, 100.0], [103.0, 100.0]]), numpy.full((2, 2), (40.0, 10.0))
    (first, _), (second, _) = place(dots, sizes, 3, (300, 300), NONE)
    assert {first + 40 < 100, second + 40 < 100} == {True, False} and (first < second)


def test_alone_a_label_stands_beside_its_dot():
    (corner,) = place(numpy.array([[100.0, 100.0]]), numpy.array([[40.0, 10.0]]), 3, (300, 300), NONE)
    assert 100 < corner[0] < 108 and 100 < corner[1] < 108  # to the upper right


def test_a_label_makes_way_for_an_arrow():
    dot, size = numpy.array([[100.0, 100.0]]), numpy.array([[40.0, 10.0]])
    arrow = numpy.array([[[100.0, 100.0], [200.0, 120.0]]])
    (corner,) = place(dot, size, 3, (300, 300), arrow)
    assert corner[0] + 40 <= 100 or corner[1] + 10 <= 100


def test_where_there_is_no_room():
    points = numpy.full((60, 2), 50.0)
    placed = place(points, numpy.full((60, 2), 30.0), 3, (100, 100), NONE)
    assert 0 < sum(corner is not None for corner in placed) < 60
    assert placed[0] is not None  # the most important word has its place
