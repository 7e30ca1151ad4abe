"""Where to write each word so that no two overlap: greedily, the most important words first.

Around each dot places are tried in growing distance. One that would cover another label, a dot or the margin is no
place at all; of the rest, the nearest wins, unless a line runs through it (an arrow, or the thin line from a label to
its dot), or its own line would run through another label. All numbers are pixels.
"""

import numpy

DISTANCES = (3, 10, 20, 34, 52, 76, 106)
CROWD = 150  # words: of so many, none is written far from its dot
NEAR = 4  # distances
# direction, and which point of the label comes to lie there: (dx, dy), both -1, 0 or 1
DIRECTIONS = numpy.array([(1, 1), (-1, 1), (1, -1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)], dtype=float)
PREFERENCE = numpy.array([0, 1, 1, 2, 0.5, 1.5, 2.5, 3])  # pixels of distance each direction is worth
PADDING = numpy.array([6.0, 1.0])  # between labels, sideways and up
LINE_COST = 25.0  # pixels of distance a place is worse if a line runs through it
ARROW_WIDTH = 8.0  # pixels on each side, at its head
PIECES = 60  # points in which an arrow is looked at ...
LEADER_PIECES = 9  # ... and in which the line from a label to its dot is


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
    inked = _pieces(arrows)
    distances = DISTANCES[: NEAR if len(dots) > CROWD else None]
    for dot, size in zip(dots, sizes, strict=True):
        places, costs = _candidates(dot, size, radius, distances)
        inside = (places[:, :2] >= 0).all(axis=1) & (places[:, 2:] <= canvas).all(axis=1)
        free = inside & ~_overlap(places, boxes) & ~_covers(places, dots, radius)
        crossed = _covers(places, inked, ARROW_WIDTH).astype(float) + _crosses(dot, places, boxes)
        costs = numpy.where(free, costs + LINE_COST * crossed, numpy.inf)
        best = int(costs.argmin())
        if numpy.isinf(costs[best]):
            corners.append(None)
            continue
        boxes = numpy.vstack([boxes, places[best]])
        inked = numpy.vstack([inked, _leaders(dot, places[best : best + 1])[0]])
        corners.append((float(places[best, 0]), float(places[best, 1])))
    return corners


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


def _overlap(places: numpy.ndarray, boxes: numpy.ndarray) -> numpy.ndarray:  # places
    apart = places[:, None, :2] >= boxes[None, :, 2:] + PADDING
    apart |= places[:, None, 2:] <= boxes[None, :, :2] - PADDING
    return ~apart.any(axis=2).all(axis=1) if len(boxes) else numpy.zeros(len(places), dtype=bool)


def _covers(places: numpy.ndarray, points: numpy.ndarray, margin: float) -> numpy.ndarray:  # places
    """Which places have one of ``points`` under them, or nearer than ``margin``?"""
    inside = points[None] > places[:, None, :2] - margin
    inside &= points[None] < places[:, None, 2:] + margin
    return inside.all(axis=2).any(axis=1)


def _leaders(dot: numpy.ndarray, places: numpy.ndarray) -> numpy.ndarray:  # places x pieces x 2
    """Points between the dot and the nearest point of each place, beginning apart from the dot."""
    ends = numpy.clip(dot, places[:, :2], places[:, 2:])
    shares = numpy.linspace(0.2, 1, LEADER_PIECES)[None, :, None]
    return dot + shares * (ends - dot)[:, None]


def _crosses(dot: numpy.ndarray, places: numpy.ndarray, boxes: numpy.ndarray) -> numpy.ndarray:  # places
    """From which places would the line to the dot run through one of ``boxes``?"""
    points = _leaders(dot, places)[:, :, None]  # places x pieces x 1 x 2
    inside = (points > boxes[None, None, :, :2]) & (points < boxes[None, None, :, 2:])
    return inside.all(axis=3).any(axis=(1, 2))


def _pieces(arrows: numpy.ndarray) -> numpy.ndarray:  # arrows x 2 x 2 -> points x 2
    shares = numpy.linspace(0, 1, PIECES)[:, None, None]
    return ((1 - shares) * arrows[None, :, 0] + shares * arrows[None, :, 1]).reshape(-1, 2)
