"""From many dimensions to two: principal components, and t-SNE.

PCA keeps directions, so that equal differences of words stay parallel arrows. t-SNE (van der Maaten & Hinton 2008,
"Visualizing Data using t-SNE") keeps neighbourhoods: what is near stays near, but distances between groups say little.
This is the exact method, quadratic in the number of words: some seconds for 1,000 words, a minute or so for 3,000.
"""

import numpy

EXAGGERATION = 4.0  # of all attractions, at first, so that groups can still pass through each other
EXAGGERATED = 250  # steps
STEPS = 750
SMALLEST_GAIN = 0.01
TINY = 1e-12


def pca(vectors: numpy.ndarray) -> tuple[numpy.ndarray, float]:  # words x dim -> words x 2, share of the variance
    """The plane of the two largest variances. The sign of each axis is fixed: its largest value is positive."""
    centred = numpy.asarray(vectors, dtype=numpy.float64)
    centred = centred - centred.mean(axis=0)
    u, s, _ = numpy.linalg.svd(centred, full_matrices=False)
    points = numpy.zeros((len(centred), 2))
    kept = min(2, len(s))
    points[:, :kept] = u[:, :kept] * s[:kept]
    largest = numpy.abs(points).argmax(axis=0)
    points *= numpy.where(numpy.take_along_axis(points, largest[None], axis=0) < 0, -1, 1)
    variance = float((s**2).sum())
    return points, float((s[:2] ** 2).sum()) / variance if variance else 1.0


def tsne(vectors: numpy.ndarray, perplexity: float, seed: int = 0, steps: int = STEPS) -> numpy.ndarray:
    """words x dim -> words x 2. It begins at the principal components, with a little noise from ``seed``. The
    learning rate grows with the number of words, as Belkina et al. 2019 advise ("Automated optimized parameters")."""
    attraction = neighbour_probabilities(vectors, perplexity).astype(numpy.float32)  # words x words
    points = pca(vectors)[0].astype(numpy.float32)
    points *= 1e-4 / max(float(points[:, 0].std()), TINY)
    points += 1e-6 * numpy.random.default_rng(seed).standard_normal(points.shape, dtype=numpy.float32)
    rate = max(len(points) / 20, 50.0)
    velocity, gains = numpy.zeros_like(points), numpy.ones_like(points)
    for step in range(steps):
        early = step < EXAGGERATED
        gradient = _gradient(points, attraction, EXAGGERATION if early else 1.0)
        same = (gradient > 0) == (velocity > 0)  # velocity goes against the gradient
        gains = numpy.maximum(numpy.where(same, gains * 0.8, gains + 0.2), SMALLEST_GAIN)
        velocity = (0.5 if early else 0.8) * velocity - rate * gains * gradient
        points = points + velocity
        points -= points.mean(axis=0)
    return points.astype(numpy.float64)


def _gradient(points: numpy.ndarray, attraction: numpy.ndarray, exaggeration: float) -> numpy.ndarray:
    """Equation 5: 4 sum_j (p_ij - q_ij) (1 + |y_i - y_j|^2)^-1 (y_i - y_j).  # words x 2"""
    near = squared_distances(points)
    near += 1
    numpy.reciprocal(near, out=near)
    numpy.fill_diagonal(near, 0)
    pull = attraction * exaggeration
    pull -= near / max(float(near.sum()), TINY)
    pull *= near
    return 4 * (pull.sum(axis=1, keepdims=True) * points - pull @ points)


def neighbour_probabilities(vectors: numpy.ndarray, perplexity: float) -> numpy.ndarray:
    """Symmetric p_ij: Gaussians around each word, as wide as to have the same perplexity.  # words x words, sum 1"""
    distances = squared_distances(numpy.asarray(vectors, dtype=numpy.float64))
    numpy.fill_diagonal(distances, numpy.inf)
    distances -= distances.min(axis=1, keepdims=True)  # cancels out, and keeps exp() in its range
    low = numpy.zeros((len(distances), 1))
    high = numpy.full((len(distances), 1), numpy.inf)
    beta = numpy.ones_like(low)
    target = numpy.log2(min(perplexity, max(len(distances) - 1, 1)))
    for _ in range(60):  # bisection, of all words together
        weights = numpy.exp(-distances * beta)
        p = weights / weights.sum(axis=1, keepdims=True)
        entropy = -(p * numpy.log2(numpy.maximum(p, TINY))).sum(axis=1, keepdims=True)
        flat = entropy > target
        low, high = numpy.where(flat, beta, low), numpy.where(flat, high, beta)
        beta = numpy.where(numpy.isinf(high), beta * 2, (low + high) / 2)
    return (p + p.T) / (2 * len(p))


def squared_distances(points: numpy.ndarray) -> numpy.ndarray:  # words x words
    squares = (points**2).sum(axis=1)
    distances = points @ points.T
    distances *= -2
    distances += squares[:, None]
    distances += squares[None]
    return numpy.maximum(distances, 0, out=distances)
