"""Where a bundle lies: a folder, or a zip file that is read without being unpacked."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Protocol

from judging.domain.ledger.bundle import MANIFEST
from judging.domain.ledger.faults import HashError
from judging.errors import N_

_PIECE = 1 << 20
_MOST_IN_MEMORY = 256 << 20
_LONGEST_LINE = 64 * 1024


class Source(Protocol):
    """The files of a bundle by their paths."""

    def names(self) -> set[str]:
        """All files that are there."""
        ...

    def open(self, name: str) -> IO[bytes]:
        """A file for reading. Raises HashError when it is not there or cannot be read."""
        ...


class FolderSource:
    """A bundle in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> set[str]:
        """All files that are there."""
        return {path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()}

    def open(self, name: str) -> IO[bytes]:
        """A file for reading."""
        try:
            return (self._folder / name).open("rb")
        except OSError as error:
            raise _missing(name) from error


class ZipSource:
    """A bundle in a zip file."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        names = archive.namelist()
        if len(set(names)) != len(names):
            raise HashError(N_("The bundle holds a file twice."))
        self._names = {name for name in names if not name.endswith("/")}

    def names(self) -> set[str]:
        """All files that are there."""
        return self._names

    def open(self, name: str) -> IO[bytes]:
        """A file for reading."""
        try:
            return self._archive.open(name)
        except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, OSError) as error:
            raise _missing(name) from error


def open_bundle(path: Path, stack: ExitStack) -> Source:
    """The bundle at `path`, closed with `stack`. Raises HashError for what is no bundle."""
    try:
        found: Source = FolderSource(path) if path.is_dir() else ZipSource(stack.enter_context(zipfile.ZipFile(path)))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise HashError(
            N_("“%(path)s” is neither a folder nor a zip file that can be read."), path=path.name
        ) from error
    if MANIFEST not in found.names():
        raise HashError(N_("“%(path)s” is no bundle: it has no manifest."), path=path.name)
    return found


def read_pieces(source: Source, name: str) -> Iterator[bytes]:
    """A file piece by piece. Raises HashError."""
    with source.open(name) as file:
        try:
            while piece := file.read(_PIECE):
                yield piece
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise _missing(name) from error


def read_file(source: Source, name: str) -> bytes:
    """A whole file, which must not be larger than any honest one. Raises HashError."""
    pieces = []
    size = 0
    for piece in read_pieces(source, name):
        size += len(piece)
        if size > _MOST_IN_MEMORY:
            raise HashError(N_("%(file)s is larger than any such file can be."), file=name)
        pieces.append(piece)
    return b"".join(pieces)


def read_lines(source: Source, name: str) -> Iterator[bytes]:
    """A file line by line, the line feeds left off. Raises HashError."""
    rest = b""
    for piece in read_pieces(source, name):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
        if len(rest) > _LONGEST_LINE:
            raise HashError(N_("%(file)s is larger than any such file can be."), file=name)
    if rest:
        yield rest


def _missing(name: str) -> HashError:
    return HashError(N_("%(file)s is missing, or cannot be read."), file=name)
