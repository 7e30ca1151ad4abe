"""Archives as natasha/navec writes them."""

import gzip
import io
import json
import struct
import tarfile

import numpy

WORDS = ["заяц", "кот", "the", "<unk>", "<pad>"]
COUNTS = [3, 9, 5, 0, 0]
CODES = numpy.random.default_rng(0).integers(0, 4, (5, 3)).astype(numpy.uint8)  # words x parts
CENTROIDS = numpy.random.default_rng(1).normal(size=(3, 4, 2)).astype(numpy.float32)  # parts x centroids x numbers
VECTORS = CENTROIDS[numpy.arange(3), CODES].reshape(5, 6)


def members(words=WORDS, counts=COUNTS, protocol=1, **numbers) -> dict[str, bytes]:
    vocabulary = struct.pack(f"<{1 + len(counts)}I", numbers.get("size", len(counts)), *counts)
    shape = [
        numbers.get(name, value)
        for name, value in zip(("rows", "dim", "parts", "centroids"), (5, 6, 3, 4), strict=True)
    ]
    return {
        "meta.json": json.dumps({"id": "test_5_6d_3q", "protocol": protocol}).encode(),
        "vocab.bin": gzip.compress(vocabulary + "\n".join(words).encode()),
        "pq.bin": struct.pack("<4I", *shape) + CODES.tobytes() + CENTROIDS.tobytes(),
    }


def archive(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
