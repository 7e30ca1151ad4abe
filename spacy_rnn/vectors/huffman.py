"""The Huffman tree of hierarchical softmax: frequent words have short paths (Mikolov et al. 2013a)."""

import numpy


def huffman_paths(counts: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """The way from the root to each word, for ``counts`` in falling order: where each path begins (words + 1), its
    inner nodes (0 to words - 2, the root is the last), and at each whether it goes right (1) or left (0)."""
    words = len(counts)
    parents, right = _merge(counts)
    paths = [_climb(word, parents, right, words) for word in range(words)]
    starts = numpy.cumsum([0, *map(len, paths)])
    steps = numpy.array([step for path in paths for step in path], dtype=numpy.int64).reshape(-1, 2)
    return starts, steps[:, 0].astype(numpy.int32), steps[:, 1].astype(numpy.uint8)


def _merge(counts: numpy.ndarray) -> tuple[list[int], list[int]]:
    """Join the two rarest nodes until one is left. Inner nodes come out in rising order by themselves, so two queues
    do; of equals the inner one comes first, as in fastText. Words are nodes 0 to words - 1, inner nodes follow. The
    parent of each node, and whether it is its right child."""
    words = len(counts)
    total = counts.tolist() + [0] * (words - 1)
    parents, right = [0] * len(total), [0] * len(total)
    word, inner = words - 1, words  # the rarest of each queue
    for new in range(words, len(total)):
        for side in (0, 1):
            if word >= 0 and (inner >= new or total[word] < total[inner]):
                node, word = word, word - 1
            else:
                node, inner = inner, inner + 1
            total[new] += total[node]
            parents[node], right[node] = new, side
    return parents, right


def _climb(node: int, parents: list[int], right: list[int], words: int) -> list[tuple[int, int]]:
    path = []
    while node != len(parents) - 1:
        path.append((parents[node] - words, right[node]))
        node = parents[node]
    return path[::-1]
