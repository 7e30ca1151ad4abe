"""Where to write each word so that no two overlap: greedily, the most important words first.

Around each dot places are tried in growing distance. A label must not cover another label, a dot or the margin; nor may
the thin line from a label to a dot that is not beside it run through another label, dot or line. Of all such places the
nearest wins, unless an arrow runs through it, or the label could as well belong to another dot. All numbers are pixels.
"""

import numpy

DISTANCES = (3, 10, 20, 34, 52, 76, 106)
CROWD = 150  # words: of so many, none is written far from its dot
NEAR = 4  # distances
# direction, and which point of the label comes to lie there: (dx, dy), both from -1 to 1
DIRECTIONS = numpy.array(
    [(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)]
    + [(x, y) for x in (-1, -0.5, 0.5, 1) for y in (-1, -0.5, 0.5, 1) if abs(x) != abs(y)],
    dtype=float,
)
PREFERENCE = numpy.array([0, 1, 1, 2, 0.5, 1.5, 2.5, 3] + [3.5] * 8)  # pixels of distance each direction is worth
PADDING = numpy.array([6.0, 1.0])  # between labels, sideways and up
LINE_COST = 25.0  # pixels of distance a place is worse if an arrow runs through it ...
DOUBT_COST = 12.0  # ... or another dot is as near
CLEAR = 6.0  # pixels by which another dot should be farther
ARROW_WIDTH = 8.0  # pixels on each side, at its head
PIECES = 60  # points in which an arrow is looked at
LEADER_STEP = 3.0  # pixels between those of the line from a label to its dot
LEADER_WIDTH = 2.0  # pixels on each side


def place(
    dots: numpy.ndarray,  # words x 2
    sizes: numpy.ndarray,  # words x 2, width and height of each label
    radius: float,
    canvas: tuple[float, float],
    arrows: numpy.ndarray,  # arrows x 2 ends x 2
) -> list[tuple[float, float] | None]:
    """The lower left corner of each label, or None where there is no room. Earlier words choose first."""
    boxes = numpy.empty((0, 4))  # placed labels: left, bottom, right, top
    corners: list[tuple[float, float] | None] = []
    inked, leaders = _pieces(arrows), numpy.empty((0, 2))
    distances = DISTANCES[: NEAR if len(dots) > CROWD else None]
    for i, (dot, size) in enumerate(zip(dots, sizes, strict=True)):
        reach = distances[-1] + size.max() + 2 * radius + ARROW_WIDTH
        others = _around(dot, numpy.delete(dots, i, axis=0), reach)
        lines = _around(dot, leaders, reach)
        places, costs = _candidates(dot, size, radius, distances)
        free = (places[:, :2] >= 0).all(axis=1) & (places[:, 2:] <= canvas).all(axis=1)
        free &= ~_overlap(places, boxes) & ~_covers(places, numpy.vstack([others, dot]), radius)
        free &= ~_covers(places, lines, LEADER_WIDTH)
        costs = costs + LINE_COST * _covers(places, _around(dot, inked, reach), ARROW_WIDTH)
        costs += DOUBT_COST * _doubt(dot, places, others, radius)
        order = numpy.argsort(numpy.where(free, costs, numpy.inf), kind="stable")[: free.sum()]
        best = next(
            (k for k in order if _is_clear(_leader(dot, places[k], radius), others, boxes, lines, radius)), None
        )
        if best is None:
            corners.append(None)
            continue
        boxes = numpy.vstack([boxes, places[best]])
        leaders = numpy.vstack([leaders, _leader(dot, places[best], radius)])
        corners.append((float(places[best, 0]), float(places[best, 1])))
    return corners


def has_leader(dot: numpy.ndarray, places: numpy.ndarray, radius: float) -> numpy.ndarray:  # places
    """From which places is a line drawn to the dot?"""
    return _distance(places, dot[None])[:, 0] > 2 * radius + 8


def _around(dot: numpy.ndarray, points: numpy.ndarray, reach: float) -> numpy.ndarray:
    return points[(numpy.abs(points - dot) <= reach).all(axis=1)]


def _candidates(
    dot: numpy.ndarray, size: numpy.ndarray, radius: float, distances: tuple[int, ...]
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Boxes (places x 4), and how bad each is, in pixels of distance (places)."""
    places, costs = [], []
    for distance in distances:
        lengths = numpy.maximum(numpy.linalg.norm(DIRECTIONS, axis=1, keepdims=True), 1)
        anchors = dot + DIRECTIONS / lengths * (radius + distance)
        corners = anchors - (1 - DIRECTIONS) / 2 * size
        places.append(numpy.hstack([corners, corners + size]))
        costs.append(distance + PREFERENCE)
    return numpy.vstack(places), numpy.concatenate(costs)


def _overlap(places: numpy.ndarray, boxes: numpy.ndarray, padding=PADDING) -> numpy.ndarray:  # places
    apart = places[:, None, :2] >= boxes[None, :, 2:] + padding
    apart |= places[:, None, 2:] <= boxes[None, :, :2] - padding
    return ~apart.any(axis=2).all(axis=1) if len(boxes) else numpy.zeros(len(places), dtype=bool)


def _covers(places: numpy.ndarray, points: numpy.ndarray, margin: float) -> numpy.ndarray:  # places
    """Which places have one of ``points`` under them, or nearer than ``margin``?"""
    inside = points[None] > places[:, None, :2] - margin
    inside &= points[None] < places[:, None, 2:] + margin
    return inside.all(axis=2).any(axis=1)


def _distance(places: numpy.ndarray, points: numpy.ndarray) -> numpy.ndarray:  # places x points
    nearest = numpy.clip(points[None], places[:, None, :2], places[:, None, 2:])
    return numpy.linalg.norm(nearest - points[None], axis=2)


def _doubt(dot: numpy.ndarray, places: numpy.ndarray, others: numpy.ndarray, radius: float) -> numpy.ndarray:  # places
    """0 where no other dot is nearly as near to the label, 1 where one is as near, up to 2 where one is nearer; without
    a doubt if there is a line."""
    farther = _distance(places, others).min(axis=1, initial=numpy.inf) - _distance(places, dot[None])[:, 0]
    return numpy.where(has_leader(dot, places, radius), 0, numpy.clip(1 - farther / CLEAR, 0, 2))


def _leader(dot: numpy.ndarray, box: numpy.ndarray, radius: float) -> numpy.ndarray:  # pieces x 2
    """Points of the line between the dot and the nearest point of its label; none if they are side by side."""
    if not has_leader(dot, box[None], radius)[0]:
        return numpy.empty((0, 2))
    end = numpy.clip(dot, box[:2], box[2:])
    length = float(numpy.linalg.norm(end - dot))
    return dot + numpy.linspace(radius / length, 1, int(length / LEADER_STEP) + 2)[:, None] * (end - dot)


def _is_clear(points, others, boxes, lines, radius: float) -> bool:
    """Does a line of these points run through no other dot, label or line?"""
    if not len(points):
        return True
    lanes = numpy.hstack([points - LEADER_WIDTH, points + LEADER_WIDTH])  # as boxes
    through = _covers(lanes, others, radius) | _covers(lanes, lines, 0.0)
    return not (through | _overlap(lanes, boxes, 0.0)).any()


def _pieces(arrows: numpy.ndarray) -> numpy.ndarray:  # arrows x 2 x 2 -> points x 2
    shares = numpy.linspace(0, 1, PIECES)[:, None, None]
    return ((1 - shares) * arrows[None, :, 0] + shares * arrows[None, :, 1]).reshape(-1, 2)
