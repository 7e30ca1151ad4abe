"""Files of scores, of ``spacy rnn evaluate`` or ``crossval``, opened for a picture."""

import json
from pathlib import Path

from ...errors import Errors, RNNError


def read_json(path: str | Path) -> dict:
    """R301, R547."""
    if not Path(path).exists():
        raise RNNError(Errors.R301.format(path=path))
    try:
        found = json.loads(Path(path).read_text(encoding="utf8"))
    except (OSError, ValueError) as error:
        raise RNNError(Errors.R547.format(path=path, reason=error)) from error
    if not isinstance(found, dict):
        raise RNNError(Errors.R547.format(path=path, reason="it holds no scores"))
    return found


def read_categories(path: str | Path, component: str | None) -> tuple[str, dict]:
    """A component that sets categories, and its scores: the one of this name, or the first. R547, R548."""
    found = read_json(path).get("categories")
    if not isinstance(found, dict) or not found or not all(isinstance(x, dict) for x in found.values()):
        raise RNNError(Errors.R547.format(path=path, reason="it has no scores of text categories"))
    name = component or next(iter(found))
    if name not in found:
        raise RNNError(Errors.R548.format(path=path, name=name, names=", ".join(found)))
    return name, found[name]
