"""navec's archives: the same vectors, still quantised, and nothing unpacked that should not be."""

import gzip
import io
import tarfile

import numpy
import pytest
import spacy

from spacy_rnn.errors import RNNError
from spacy_rnn.vectors.format import load_table, save_table
from spacy_rnn.vectors.formats import read, write
from spacy_rnn.vectors.quantize import Quantized

from .navec_archive import CENTROIDS, VECTORS, archive, members


@pytest.fixture
def path(tmp_path):
    return tmp_path / "navec.tar"


def test_read(path):
    path.write_bytes(archive(members()))
    table = read(path)
    assert table.words == ["кот", "the", "заяц", "<unk>"]  # by falling count, and <pad> is none
    assert isinstance(table.vectors, Quantized) and table.normalization.lower
    assert (table.vectors.decode() == VECTORS[[1, 2, 0, 3]]).all()
    assert read(path, limit=2).words == ["кот", "the"] and len(read(path, limit=2).vectors) == 2
    save_table(table, path.with_suffix(".safetensors"))
    assert (load_table(path.with_suffix(".safetensors")).vectors.decode() == VECTORS[[1, 2, 0, 3]]).all()


def test_in_a_pipeline(path, tmp_path):
    path.write_bytes(archive(members()))
    write(read(path), tmp_path / "pipeline", lang="ru")
    doc = spacy.load(tmp_path / "pipeline")("Кот неизвестное")
    assert numpy.allclose(doc[0].vector, VECTORS[1]) and not doc[1].vector.any()


def test_to_text(path, tmp_path):
    path.write_bytes(archive(members()))
    write(read(path), tmp_path / "navec.vec")
    assert numpy.allclose(read(tmp_path / "navec.vec").vectors, VECTORS[[1, 2, 0, 3]], atol=1e-6)


def without(name: str) -> dict[str, bytes]:
    files = members()
    del files[name]
    return files


@pytest.mark.parametrize(
    "code, files",
    [
        ("R252.*meta.json", without("meta.json")),
        ("R252.*pq.bin", without("pq.bin")),
        ("R252.*protocol 2", members(protocol=2)),
        ("R252", members() | {"meta.json": b"[]"}),
        ("R252", members() | {"meta.json": b"{"}),
        ("R252.*cut off", members() | {"vocab.bin": members()["vocab.bin"][:-3]}),
        ("R252.*vocab.bin", members() | {"vocab.bin": b"nothing"}),
        ("R252.*cut off", members() | {"vocab.bin": gzip.compress(bytes(10**7))}),
        ("R252.*vocab.bin", members() | {"vocab.bin": gzip.compress(b"\5\0\0\0" + bytes(20) + b"\xff")}),
        ("R249.*number of words", members(words=["a"])),
        ("R249.*number of words", members(size=4)),
        ("R249.*parts that divide", members(parts=4)),
        ("R249.*parts that divide", members(parts=0)),
        ("R249.*256", members(centroids=257)),
        ("R249.*a code", members(centroids=1) | {"pq.bin": members(centroids=1)["pq.bin"][: 16 + 15 + 24]}),
        ("R248", members(rows=2**32 - 1)),
        ("R248", members() | {"pq.bin": members()["pq.bin"][:-1]}),
        ("R249.*the end", members() | {"pq.bin": members()["pq.bin"] + b"x"}),
        ("R252.*finite", members() | {"pq.bin": members()["pq.bin"][: -CENTROIDS.nbytes] + b"\xff" * CENTROIDS.nbytes}),
    ],
)
def test_faults(path, code, files):
    path.write_bytes(archive(files))
    with pytest.raises(RNNError, match=code):
        read(path)


def test_members_that_are_no_files(path):
    """A link in the place of a member leads nowhere."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name in ("meta.json", "vocab.bin", "pq.bin"):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(info)
    path.write_bytes(buffer.getvalue())
    with pytest.raises(RNNError, match="R252.*plain file"):
        read(path)


def test_packed_archives_are_refused(path):
    path.write_bytes(gzip.compress(archive(members())))
    with pytest.raises(RNNError, match="R251"):
        read(path)


def test_nothing_is_unpacked_outside(path, tmp_path):
    path.write_bytes(archive(members() | {"../escaped.txt": b"x", "/tmp/escaped.txt": b"x"}))
    assert len(read(path).words) == 4
    assert [file.name for file in tmp_path.iterdir()] == ["navec.tar"]
    assert not (tmp_path.parent / "escaped.txt").exists()
