"""A matrix of vectors in any of its forms: float32, float16, or product-quantised; and the tensors it is saved as."""

import numpy

from ..errors import Errors, RNNError
from .layout import Tensors
from .quantize import CENTROIDS, Quantized

FLOATS = (numpy.float32, numpy.float16)
PARTS = ("codes", "norms", "centroids", "basis")  # of a quantised one

Matrix = numpy.ndarray | Quantized  # rows x dim


def take(matrix: Matrix, rows) -> numpy.ndarray:  # rows x dim, float32
    """Some rows. Indexed, not taken: ``numpy.take`` copies the whole of a mapped matrix that is not aligned."""
    return matrix.take(rows) if isinstance(matrix, Quantized) else matrix[rows].astype(numpy.float32, copy=False)


def cast(matrix: Matrix, dtype: str) -> numpy.ndarray:
    """The matrix as "float32" or "float16"; a quantised one is decoded."""
    floats = matrix.decode() if isinstance(matrix, Quantized) else matrix
    with numpy.errstate(over="ignore"):
        result = floats.astype(dtype, copy=False)
    if dtype == "float16" and numpy.isinf(result).any():
        raise RNNError(Errors.R229.format(limit=numpy.finfo(numpy.float16).max))
    return result


def to_tensors(matrix: Matrix, name: str) -> Tensors:
    if isinstance(matrix, Quantized):
        return {f"{name}.{part}": getattr(matrix, part) for part in PARTS}
    return {name: matrix}


def from_tensors(tensors: Tensors, name: str) -> Matrix:
    """Take the matrix out of ``tensors``. KeyError, ValueError: it is not there, or is none."""
    if name in tensors:
        matrix = tensors.pop(name)
    else:
        matrix = Quantized(*(tensors.pop(f"{name}.{part}") for part in PARTS))
    if not is_matrix(matrix):
        raise ValueError(f"{name} is no matrix")
    return matrix


def is_matrix(matrix: Matrix) -> bool:
    """Is it of the right type, and do its parts fit together?"""
    if not isinstance(matrix, Quantized):
        return matrix.ndim == 2 and matrix.dtype in FLOATS
    codes, norms, centroids, basis = (getattr(matrix, part) for part in PARTS)
    dtypes = [array.dtype for array in (codes, norms, centroids, basis)]
    fit = dtypes == ["uint8", "float16", "float32", "float32"]
    fit = fit and (codes.ndim, norms.ndim, centroids.ndim, basis.ndim) == (2, 1, 3, 2)
    fit = fit and len(norms) == len(codes) and centroids.shape[:2] == (codes.shape[1], CENTROIDS)
    return fit and len(basis) == centroids.shape[0] * centroids.shape[2]
