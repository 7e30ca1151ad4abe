"""Nearest neighbours by cosine."""

from thinc.api import get_array_module


def most_similar(table, queries, *, n: int, batch_size: int, sort: bool):
    """The rows of ``table`` (words x dim) nearest to each of ``queries`` (queries x dim), and their cosines."""
    xp = get_array_module(table)
    table = _unit(xp, table)
    rows = xp.zeros((len(queries), n), dtype="i")
    scores = xp.zeros((len(queries), n), dtype="f")
    for start in range(0, len(queries), batch_size):
        batch = slice(start, start + batch_size)
        cosines = _unit(xp, queries[batch]) @ table.T  # batch x words
        best = xp.argpartition(cosines, -n, axis=1)[:, -n:]
        found = xp.take_along_axis(cosines, best, axis=1)
        if sort:
            order = xp.argsort(-found, axis=1)
            best, found = (xp.take_along_axis(part, order, axis=1) for part in (best, found))
        rows[batch], scores[batch] = best, found
    return rows, xp.clip(scores, -1, 1)


def _unit(xp, vectors):
    norms = xp.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / xp.where(norms == 0, 1, norms)
