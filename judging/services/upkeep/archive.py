"""The file of a backup: a ZIP archive with a manifest that names every part with its size and SHA-256.

    manifest.json            what this is, of which revision of the tables, and the list of parts
    rows/<table>.jsonl       one line of JSON for each row
    files/<key>              the bytes of a stored file
    secret.key               the installation's key, unless it was left out

Nothing is ever taken out under a name that the archive chooses, and nothing of it is held in memory but the manifest.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from judging.disk import sync_folder
from judging.errors import N_, Conflict, JudgingError, StoreUnavailable

FORMAT = "judging-backup"
FORMAT_VERSION = 1
MANIFEST = "manifest.json"
SECRET = "secret.key"  # noqa: S105 - the name of a part, not its content

_CHUNK = 256 * 1024
_SYNC_EVERY = 32 * 1024 * 1024
_MOST_MANIFEST = 512 * 1024 * 1024
_PART = re.compile(r"rows/[a-z][a-z0-9_]{0,62}\.jsonl|files/blobs/[0-9a-f]{2}/[0-9a-f]{30}|secret\.key")
# All that the standard library raises for an archive that is not whole; OSError also for a disk that fails.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError,
    TypeError,
)  # fmt: skip


class BrokenArchive(JudgingError):
    """The file is no backup, or not all of one, or one that this program does not know. Says which."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part by its name, with its size in bytes and SHA-256 in hexadecimal."""

    name: str
    size: int
    sha256: str


class ArchiveWriter:
    """Writes parts one after another; nothing stands at the target before `finish`."""

    def __init__(self, target: Path, *, replace: bool = False) -> None:
        """Raise Conflict when `target` exists and may not be replaced."""
        self._target = target
        self._replace = replace
        self._parts: list[Part] = []
        self._unsynced = 0
        if target.exists() and not replace:
            raise _exists(target)
        self._draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")
        descriptor = os.open(self._draft, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED, compresslevel=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        # After `finish` there is no draft any more; after an error nothing of it may stay.
        with contextlib.suppress(OSError, ValueError):
            self._zip.close()
        self._file.close()
        self._draft.unlink(missing_ok=True)

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> Part:
        """Write a part. Pictures and documents are packed already: `packed` is for text."""
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info._compresslevel = 1  # type: ignore[attr-defined] # noqa: SLF001 - public as compress_level from Python 3.13 on
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as part:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                part.write(piece)
        self._sync_now_and_then(size)
        made = Part(name=name, size=size, sha256=digest.hexdigest())
        self._parts.append(made)
        return made

    def finish(self, manifest: Mapping[str, Any]) -> str:
        """Write the manifest, put the file in its place so that it lasts, and return the manifest's SHA-256."""
        document = {
            "format": FORMAT,
            "version": FORMAT_VERSION,
            **manifest,
            "parts": [{"name": part.name, "size": part.size, "sha256": part.sha256} for part in self._parts],
        }
        content = json.dumps(document, ensure_ascii=False, indent=1).encode()
        self._zip.writestr(MANIFEST, content)
        self._zip.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._place()
        return hashlib.sha256(content).hexdigest()

    def _place(self) -> None:
        if self._replace:
            self._draft.replace(self._target)
        else:
            try:
                # Unlike a rename this refuses a file that came to be there meanwhile.
                os.link(self._draft, self._target)
            except FileExistsError as error:
                raise _exists(self._target) from error
            except OSError:
                # A memory stick's file system has no links.
                self._draft.rename(self._target)
        sync_folder(self._target.parent)

    def _sync_now_and_then(self, size: int) -> None:
        """Hand the disk a little at a time: one great sync at the end would keep everybody else's commits waiting."""
        self._unsynced += size
        if self._unsynced >= _SYNC_EVERY:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._unsynced = 0


class ArchiveReader:
    """A backup that was found whole: every part is there, is listed, and has its digest."""

    def __init__(self, path: Path) -> None:
        """Read and verify all of it. Raises BrokenArchive, and StoreUnavailable when the file cannot be read at all."""
        self.path = path
        self._file = _open(path)
        try:
            with _broken_is_said(path):
                self._zip = zipfile.ZipFile(self._file)
                content = self._manifest_bytes()
                self.manifest: Mapping[str, Any] = json.loads(content)
                self.parts = self._listed_parts()
                for part in self.parts.values():
                    self._verify(part)
        except BaseException:
            self._file.close()
            raise
        self.sha256 = hashlib.sha256(content).hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._zip.close()
        self._file.close()

    def open(self, name: str) -> IO[bytes]:
        """Open a part for reading."""
        return self._zip.open(self.parts[name].name)

    def _manifest_bytes(self) -> bytes:
        info = self._zip.getinfo(MANIFEST)
        if info.file_size > _MOST_MANIFEST:
            raise ValueError("the manifest is too large")
        return self._zip.read(info)

    def _listed_parts(self) -> dict[str, Part]:
        if self.manifest["format"] != FORMAT:
            raise ValueError("it is something else")
        if self.manifest["version"] != FORMAT_VERSION:
            raise BrokenArchive(
                N_(
                    "The backup is of format %(found)s, made by version %(program)s of the program; this one reads"
                    " format %(known)s. Restore it with that version, then update."
                ),
                found=self.manifest["version"],
                program=self.manifest.get("program", "?"),
                known=FORMAT_VERSION,
            )
        listed = {
            str(one["name"]): Part(name=str(one["name"]), size=int(one["size"]), sha256=str(one["sha256"]))
            for one in self.manifest["parts"]
        }
        for name in listed:
            if not _PART.fullmatch(name):
                raise ValueError(f"it has a part of the name {name!r}")
        found = sorted(info.filename for info in self._zip.infolist())
        if found != sorted([*listed, MANIFEST]):
            raise ValueError("its parts are not those that it lists")
        return listed

    def _verify(self, part: Part) -> None:
        digest, size = hashlib.sha256(), 0
        with self._zip.open(part.name) as source:
            # A part that claims to be small must not be able to unfold into something large.
            while size <= part.size and (piece := source.read(_CHUNK)):
                digest.update(piece)
                size += len(piece)
        if size != part.size or digest.hexdigest() != part.sha256:
            raise ValueError(f"{part.name} is not as it was written")


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the rest of `file`."""
    while piece := file.read(_CHUNK):
        yield piece


@contextlib.contextmanager
def _broken_is_said(path: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BrokenArchive(
            N_("%(file)s is no whole backup: %(reason)s. Nothing was restored; take another copy of it."),
            file=path,
            reason=str(error).strip("'\"") or type(error).__name__,
        ) from error


def _open(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreUnavailable(
            N_("%(file)s cannot be read: %(reason)s."), file=path, reason=error.strerror or error
        ) from error


def _exists(target: Path) -> Conflict:
    return Conflict(
        N_("%(file)s exists already, and was left as it is. Name another file, or replace it with --force."),
        file=target,
    )
