"""Nearest neighbours by cosine, a block of rows at a time: the table may be mapped, in half precision or quantised."""

from collections.abc import Iterator

from thinc.api import get_array_module

ROWS_AT_ONCE = 2**14  # of the table, compared with a batch of queries


def most_similar(table, queries, *, n: int, batch_size: int, sort: bool):
    """The rows of ``table`` (words x dim) nearest to each of ``queries`` (queries x dim), and their cosines."""
    xp = get_array_module(queries)
    rows = xp.zeros((len(queries), n), dtype="i")
    scores = xp.zeros((len(queries), n), dtype="f")
    for start in range(0, len(queries), batch_size):
        batch = slice(start, start + batch_size)
        rows[batch], scores[batch] = _nearest(xp, table, _unit(xp, queries[batch]), n, sort)
    return rows, xp.clip(scores, -1, 1)


def _nearest(xp, table, queries, n: int, sort: bool):
    """The best n so far compete with those rows of each block that are nearer than the last of them, to any query."""
    rows = xp.zeros((len(queries), 0), dtype="i")
    scores = xp.zeros((len(queries), 0), dtype="f")
    for start, block in _blocks(xp, table):
        cosines = queries @ _unit(xp, block).T  # queries x block
        if scores.shape[1] == n:
            places = xp.flatnonzero((cosines > scores.min(axis=1, keepdims=True)).any(axis=0))
        else:
            places = xp.arange(len(block))
        cosines = cosines[:, places]
        places = xp.broadcast_to((start + places).astype("i"), cosines.shape)
        rows, scores = _best(xp, xp.hstack([rows, places]), xp.hstack([scores, cosines]), n)
    if sort:
        order = xp.argsort(-scores, axis=1)
        rows, scores = (xp.take_along_axis(part, order, axis=1) for part in (rows, scores))
    return rows, scores


def _best(xp, rows, scores, n: int):
    if scores.shape[1] <= n:
        return rows, scores
    best = xp.argpartition(scores, -n, axis=1)[:, -n:]
    return xp.take_along_axis(rows, best, axis=1), xp.take_along_axis(scores, best, axis=1)


def _blocks(xp, table) -> Iterator[tuple]:
    for start in range(0, len(table), ROWS_AT_ONCE):
        end = min(start + ROWS_AT_ONCE, len(table))
        block = table.slice(start, end) if hasattr(table, "slice") else table[start:end]
        yield start, xp.asarray(block, dtype="f")


def _unit(xp, vectors):
    norms = xp.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / xp.where(norms == 0, 1, norms)
