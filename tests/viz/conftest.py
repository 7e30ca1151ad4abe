"""A small space with groups of words in it."""

import numpy
import pytest

from spacy_rnn.vectors.space import Space

HOSTILE = ["</script>", "<!--<script>", "&amp;", '"\\', "$x$", "$", "\u2028", "{{data}}"]
WORDS = ["идти", "шёл", "читать", "читал", "писать", "писал", "king", "queen", "man", "woman", *HOSTILE]


@pytest.fixture
def space():
    rng = numpy.random.default_rng(0)
    vectors = rng.standard_normal((len(WORDS), 12))
    vectors[:6:2] += 3 * rng.standard_normal(12)  # the three infinitives together ...
    vectors[1:6:2] = vectors[:6:2] + 4 * rng.standard_normal(12)  # ... and their pasts beside them
    return Space(list(WORDS), vectors.astype("f"), lambda word: numpy.ones(12) if word == "новое" else None)
