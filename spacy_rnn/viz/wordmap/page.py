"""A map to look around in: one HTML file without anything from outside.

The page is ``page.html``, with two holes: its title, and the data as JSON. Words come from a corpus and may be
anything, ``</script>`` too: in the JSON, the signs <, > and & are escapes, and the page's script only ever sets text.
"""

import html
import json
from importlib.resources import files
from pathlib import Path

import numpy

from ...atomic import whole_file
from ...vectors.space import Space
from ..colours import colours_of
from .points import WordMap, describe, neighbours

ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def save_page(space: Space, drawn: WordMap, path: Path, title: str = "") -> None:
    page = files(__package__).joinpath("page.html").read_text(encoding="utf8")
    title = title or "Word vectors"
    before, after = page.split("{{data}}")
    with whole_file(path, "w", encoding="utf8") as file:
        file.write(before.replace("{{title}}", html.escape(title)) + as_json(space, drawn, title) + after)


def as_json(space: Space, drawn: WordMap, title: str) -> str:
    """What the page's script reads; safe inside a script element."""
    groups = list(dict.fromkeys(drawn.groups))
    points = numpy.round(drawn.points / max(float(numpy.abs(drawn.points).max()), 1e-9), 5)
    data = {
        "title": title,
        "about": describe(drawn),
        "words": [_clean(word) for word in drawn.words],
        "x": points[:, 0].tolist(),
        "y": points[:, 1].tolist(),
        "box": [*points.min(axis=0).tolist(), *points.max(axis=0).tolist()],  # left, bottom, right, top
        "group": [groups.index(group) for group in drawn.groups],
        "groups": [_clean(group) for group in groups],
        "colours": list(colours_of(groups).values()),
        "pairs": drawn.pairs,
        "seen": [row is not None for row in drawn.rows],
        "near": [[(_clean(word), round(cosine, 3)) for word, cosine in near] for near in neighbours(space, drawn)],
    }
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(ESCAPES)


def _clean(word: str) -> str:
    """Half a surrogate pair, as broken corpora have them, cannot be written as UTF-8."""
    return word.encode("utf8", "replace").decode("utf8")
