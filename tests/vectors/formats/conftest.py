"""Small tables, and gensim's bundled files."""

import numpy
import pytest
from gensim.test.utils import datapath

from spacy_rnn.vectors.format import Table

WORDS = ["the", "кот", "ёлка", "2010", "non\u00a0breaking", "naïve", "日本", "x"]
DIM = 7


def random_matrix(rows: int, dim: int = DIM, seed: int = 0) -> numpy.ndarray:
    return numpy.random.default_rng(seed).normal(size=(rows, dim)).astype(numpy.float32)


@pytest.fixture
def table() -> Table:
    """Whole words only."""
    return Table(list(WORDS), random_matrix(len(WORDS)), numpy.zeros((0, DIM), dtype=numpy.float32))


@pytest.fixture
def subword_table() -> Table:
    return Table(list(WORDS), random_matrix(len(WORDS)), random_matrix(50, seed=1), 2, 4, 50)


@pytest.fixture(scope="session")
def bundled():
    """A file that comes with gensim, by its name."""
    from pathlib import Path

    return lambda name: Path(datapath(name))


def equal(found: Table, expected: Table, tolerance: float = 1e-6) -> bool:
    close = numpy.allclose(found.vectors, expected.vectors, atol=tolerance)
    return list(found.words) == list(expected.words) and close
