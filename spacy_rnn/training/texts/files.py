"""The files in a path: itself, those below a folder, or the members of a .zip or .tar, all of them perhaps gzipped.

Nothing is unpacked to the disk, and nothing read as a whole.
"""

import codecs
import gzip
import io
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, TextIO

from ...errors import Errors, RNNError

ABOUT = ("readme", "license", "licence", "copying")  # names of files that are not data, but for the suffix
TAR = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz")
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class TextFile(NamedTuple):
    name: str  # for messages
    inside: PurePosixPath  # where it is in its folder or archive
    open: Callable[[], IO[bytes]]
    size: int  # bytes

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.inside.name.removesuffix(".gz")).suffix.lower()


@dataclass
class Files:
    """passed_over: about the data, not of it (README, LICENSE, .xml, hidden files), or archives in a folder."""

    taken: list[TextFile]
    alone: bool  # the path is a file
    in_order: bool = False  # they should be read one after the other, being packed as one
    passed_over: list[str] = field(default_factory=list)


@contextmanager
def open_files(path: str | Path, parts: Sequence[str] = ()) -> Iterator[Files]:
    """R301: no such path, R333: damaged, R514: no such part, R522: nothing in it."""
    path = Path(path)
    if not path.exists():
        raise RNNError(Errors.R301.format(path=path))
    with readable(path), ExitStack() as stack:
        members = _members(path, stack)
        if members is None:
            file = TextFile(str(path), PurePosixPath(path.name), partial(path.open, "rb"), path.stat().st_size)
            yield Files([file], alone=True)
            return
        about = [name for name in members if _is_about(name)]
        names = sorted(set(members) - set(about))
        if not names:
            raise RNNError(Errors.R522.format(path=path))
        names = _chosen(names, parts, path)
        root = _common_root(names)
        files = [TextFile(f"{path}/{name}", name.relative_to(root), *members[name]) for name in names]
        in_order = path.is_file() and path.suffix.lower() not in (".zip", ".tar")
        yield Files(files, False, in_order, [str(name) for name in about])


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """R292: what the system does not let us read, R333: what is damaged."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, tarfile.TarError, zlib.error, RuntimeError) as error:
        raise RNNError(Errors.R333.format(path=path, reason=error)) from error
    except OSError as error:
        raise RNNError(Errors.R292.format(path=path, error=error.strerror or error)) from error


def _members(path: Path, stack: ExitStack) -> dict[PurePosixPath, tuple[Callable[[], IO[bytes]], int]] | None:
    """Name -> how to open it, and its size; None for a file that is no archive."""
    if path.is_dir():
        found = [(file, PurePosixPath(file.relative_to(path).as_posix())) for file in path.rglob("*") if file.is_file()]
        return {name: (partial(file.open, "rb"), file.stat().st_size) for file, name in found}
    if path.suffix.lower() == ".zip":
        archive = stack.enter_context(zipfile.ZipFile(path))
        found = [(info, _relative(info.filename)) for info in archive.infolist() if not info.is_dir()]
        return {name: (partial(archive.open, info), info.file_size) for info, name in found}
    if path.name.lower().endswith(TAR):
        archive = stack.enter_context(tarfile.open(path))
        found = [(info, _relative(info.name)) for info in archive if info.isfile()]
        return {name: (partial(archive.extractfile, info), info.size) for info, name in found}
    return None


def _relative(name: str) -> PurePosixPath:
    return PurePosixPath(name.lstrip("/"))


def _is_about(name: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts if part != "..")
    return hidden or name.name.lower().endswith((*TAR, ".zip", ".xml")) or name.name.split(".")[0].lower() in ABOUT


def _common_root(names: list[PurePosixPath]) -> PurePosixPath:
    """The folder that all of them are in."""
    common = list(names[0].parent.parts)
    for name in names:
        while tuple(common) != name.parts[: len(common)]:
            common.pop()
    return PurePosixPath(*common)


def _chosen(names: list[PurePosixPath], parts: Sequence[str], path: Path) -> list[PurePosixPath]:
    """The files that are a part or in one. Parts are named from the path, or from the folder that all files are in."""
    if not parts:
        return names
    root = _common_root(names)
    chosen = []
    for part in parts:
        starts = {PurePosixPath(part), root / part}
        files = [name for name in names if starts & {name, *name.parents}]
        if not files:
            found = ", ".join(sorted({name.relative_to(root).parts[0] for name in names})[:20])
            raise RNNError(Errors.R514.format(path=path, part=part, found=found))
        chosen += files
    return sorted(set(chosen))


@contextmanager
def open_text(file: TextFile, encoding: str | None, newline: str | None = None) -> Iterator[TextIO]:
    """UTF-8, with a byte order mark or without, UTF-16 with one, or the encoding that is named. Bytes that are not
    valid become lone surrogates, for whoever knows the row to find them. R331: no such encoding."""
    with io.BufferedReader(file.open()) as raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        with io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else nullcontext(raw) as plain:
            try:
                if encoding is None and plain.peek(2)[:2] in UTF16:
                    encoding = "utf-16"
                elif encoding is None or codecs.lookup(encoding).name == "utf-8":
                    encoding = "utf-8-sig"
                text = io.TextIOWrapper(plain, encoding=encoding, errors="surrogateescape", newline=newline)
            except (LookupError, ValueError) as error:
                raise RNNError(Errors.R331.format(path=file.name, encoding=encoding, reason=error)) from error
            with text:
                yield text
