"""PCA and t-SNE."""

import numpy
import pytest

from spacy_rnn.viz.wordmap import projection
from spacy_rnn.viz.wordmap.projection import neighbour_probabilities, pca, squared_distances, tsne


@pytest.fixture
def groups():
    """Three groups of 30 points in 20 dimensions."""
    rng = numpy.random.default_rng(0)
    return numpy.repeat(5 * rng.standard_normal((3, 20)), 30, axis=0) + rng.standard_normal((90, 20))


def test_pca_finds_a_plane_and_keeps_parallels():
    rng = numpy.random.default_rng(0)
    plane = rng.standard_normal((30, 2)) * [5, 2]
    turned, _ = numpy.linalg.qr(rng.standard_normal((10, 10)))
    points, explained = pca(plane @ turned[:2] + 7)
    assert explained == pytest.approx(1)
    assert numpy.allclose(squared_distances(points), squared_distances(plane))
    assert points[:, 0].var() > points[:, 1].var()
    assert (numpy.take_along_axis(points, numpy.abs(points).argmax(axis=0)[None], axis=0) > 0).all()


@pytest.mark.parametrize("shape", [(1, 5), (2, 5), (5, 1), (4, 4)])
def test_pca_of_little(shape):
    points, explained = pca(numpy.ones(shape))
    assert points.shape == (shape[0], 2) and not points.any() and explained == 1


@pytest.mark.parametrize("perplexity", [2, 10, 30])
def test_each_point_has_the_perplexity_asked_for(groups, perplexity):
    p = neighbour_probabilities(groups, perplexity)
    assert p.sum() == pytest.approx(1) and numpy.allclose(p, p.T) and not p.diagonal().any()
    # of equidistant points every other one is as near: the perplexity of a row is their number, whatever is asked
    row = neighbour_probabilities(numpy.eye(9), 4)[0] * 9
    assert row[1:] == pytest.approx(numpy.full(8, 1 / 8))


def test_perplexity_by_hand():
    line = numpy.array([[0.0], [1.0], [10.0]])
    p = neighbour_probabilities(
        line, 1.01
    )  # nearly all weight on the nearest neighbour: 0 and 1 on each other, 10 on 1
    assert p[0, 1] == pytest.approx(2 / 6, abs=0.01) and p[1, 2] == pytest.approx(1 / 6, abs=0.01)


def test_the_gradient_is_that_of_the_divergence(groups):
    p = neighbour_probabilities(groups[::10], 3)
    points = numpy.random.default_rng(1).standard_normal((9, 2))

    def divergence(points):
        near = 1 / (1 + squared_distances(points))
        numpy.fill_diagonal(near, 0)
        q = near / near.sum()
        return float((p[p > 0] * numpy.log(p[p > 0] / q[p > 0])).sum())

    found = projection._gradient(points, p, 1.0)
    for i, j in [(0, 0), (4, 1), (8, 0)]:
        step = numpy.zeros_like(points)
        step[i, j] = 1e-5
        slope = (divergence(points + step) - divergence(points - step)) / 2e-5
        assert found[i, j] == pytest.approx(slope, rel=1e-3, abs=1e-7)


def test_tsne_keeps_groups_apart_and_is_repeatable(groups):
    points = tsne(groups, 10, seed=3)
    assert (points == tsne(groups, 10, seed=3)).all() and (points != tsne(groups, 10, seed=4)).any()
    centres = points.reshape(3, 30, 2).mean(axis=1)
    widest = numpy.linalg.norm(points.reshape(3, 30, 2) - centres[:, None], axis=2).max()
    apart = numpy.sqrt(squared_distances(centres))[numpy.triu_indices(3, 1)].min()
    assert apart > 2 * widest


def test_tsne_of_equal_points():
    points = tsne(numpy.ones((6, 4)), 2)
    assert numpy.isfinite(points).all()


def test_tsne_of_three():
    assert numpy.isfinite(tsne(numpy.eye(3), 2 / 3)).all()
