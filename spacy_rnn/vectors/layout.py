"""safetensors' file layout, read as views instead of copies, so that a file can be mapped into memory.

Eight bytes of length, a JSON header that tells each tensor's dtype, shape and place, then the tensors without gaps.
Specification: github.com/huggingface/safetensors, "Format". Tensors are written in falling order of their items' size,
and the header is padded, so that each begins where an array of its dtype may begin.
"""

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy

DTYPES = {"U64": "<u8", "F32": "<f4", "I32": "<i4", "U32": "<u4", "F16": "<f2", "U16": "<u2", "U8": "|u1"}
NAMES = {dtype: name for name, dtype in DTYPES.items()}
MAX_HEADER = 2**20  # bytes
ALIGNED = 64  # bytes: the first tensor begins at a multiple of this

Tensors = dict[str, numpy.ndarray]


def write(tensors: Tensors, metadata: dict[str, str]) -> Iterator[memoryview | bytes]:
    """The pieces of a file. Equal tensors give equal bytes."""
    order = sorted(tensors, key=lambda name: (-tensors[name].itemsize, name))
    header: dict[str, Any] = {"__metadata__": metadata}
    arrays, end = [], 0
    for name in order:
        little = tensors[name].dtype.newbyteorder("<")
        array = numpy.ascontiguousarray(tensors[name], dtype=little)
        start, end = end, end + array.nbytes
        header[name] = {"dtype": NAMES[little.str], "shape": list(array.shape), "data_offsets": [start, end]}
        arrays.append(array)
    encoded = json.dumps(header).encode("utf8")
    encoded += b" " * (-(len(encoded) + 8) % ALIGNED)
    yield len(encoded).to_bytes(8, "little")
    yield encoded
    for array in arrays:
        yield array.reshape(-1).view(numpy.uint8).data


def read(data) -> tuple[Tensors, dict[str, str]]:
    """The tensors in ``data`` (bytes or a mapped file) as read-only views of it, and the metadata. ValueError says what
    is wrong."""
    whole = numpy.frombuffer(data, dtype=numpy.uint8)
    length = int.from_bytes(whole[:8].tobytes(), "little")
    if len(whole) < 8 or length > min(MAX_HEADER, len(whole) - 8):
        raise ValueError(f"{len(whole):,} bytes, and a header of {length:,}")
    header = _parse(whole[8 : 8 + length].tobytes())
    metadata = header.pop("__metadata__", {})
    body = whole[8 + length :]
    tensors, end = {}, 0
    for name, entry in sorted(header.items(), key=_start):
        dtype, shape, (start, stop) = _entry(name, entry)
        if start != end or stop - start != math.prod(shape) * dtype.itemsize or stop > len(body):
            raise ValueError(f"tensor {name} has the wrong size, or is cut off")
        if (8 + length + start) % dtype.itemsize:
            raise ValueError(f"tensor {name} is not aligned")
        tensors[name] = body[start:stop].view(dtype).reshape(shape)
        end = stop
    if end != len(body):
        raise ValueError(f"{len(body) - end:,} bytes more than its header tells")
    if not isinstance(metadata, dict):
        raise ValueError("its metadata is not a table")
    return tensors, metadata


def _parse(encoded: bytes) -> dict:
    try:
        header = json.loads(encoded.decode("utf8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its header is not JSON: {error}") from error
    if not isinstance(header, dict):
        raise ValueError("its header is not a JSON object")
    return header


def _start(item: tuple[str, Any]) -> tuple[int, int]:
    return tuple(_entry(*item)[2])


def _entry(name: str, entry: Any) -> tuple[numpy.dtype, list[int], list[int]]:
    """dtype, shape and place of a tensor."""
    fine = isinstance(entry, dict) and isinstance(entry.get("dtype"), str) and entry["dtype"] in DTYPES
    shape, offsets = (entry.get("shape"), entry.get("data_offsets")) if fine else (None, None)
    fine = fine and _counts(shape) and _counts(offsets) and len(offsets) == 2
    if not fine:
        raise ValueError(f"its header is wrong about tensor {name}")
    return numpy.dtype(DTYPES[entry["dtype"]]), shape, offsets


def _counts(values: Any) -> bool:
    return isinstance(values, list) and all(type(value) is int and 0 <= value < 2**63 for value in values)
