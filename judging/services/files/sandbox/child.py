"""The process in which a file is opened: `python -I -m judging.services.files.sandbox.child ORDER < FILE`.

It bounds itself before it loads a parser, does the one act it was started for, and says what it found as JSON.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

_BUFFER = 256 * 1024
_OUT_OF_BOUNDS = 9
# Which parser does what, loaded only when it is its turn: each costs a tenth of a second.
_PARSERS: Mapping[str, Mapping[str, str]] = {
    "look": {"pdf": "pdf_facts", "image": "picture_facts", "video": "video_facts", "archive": "office_facts"},
    "tell": dict.fromkeys(("pdf", "image", "archive"), "telling"),
    "copy": {"pdf": "pdf_copy", "image": "picture_copy", "video": "video_copy", "archive": "office_copy"},
}


class RawFile(io.RawIOBase):
    """The file on standard input, read without moving the place that the parent reads from."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor
        self._size = os.fstat(descriptor).st_size
        self._place = 0

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; there is none before the beginning."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("there is nothing before the beginning of a file")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def readinto(self, buffer: Any) -> int:
        """Read from the place on."""
        if hasattr(os, "pread"):
            found = os.pread(self._descriptor, len(buffer), self._place)
        else:
            os.lseek(self._descriptor, self._place, os.SEEK_SET)
            found = os.read(self._descriptor, len(buffer))
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)


def main(argument: str) -> int:
    """Do what is ordered; the exit status."""
    order = json.loads(argument)
    bound(order["limits"])
    # Whatever a library prints would stand in the middle of our answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    stream = io.BufferedReader(RawFile(0), _BUFFER)
    try:
        found = parser_of(order["act"], order["media_type"])(stream, **order["options"])
    except MemoryError:
        return _OUT_OF_BOUNDS
    with answer:
        json.dump(found, answer)
    return 0


def parser_of(act: str, media_type: str) -> Callable[..., Mapping[str, Any]]:
    """The function that does the act with files of a media type; a zip and all that is packed as one are archives."""
    family, _, kind = media_type.partition("/")
    if family == "application":
        family = "pdf" if kind == "pdf" else "archive"
    module = importlib.import_module(f"judging.services.files.parsers.{_PARSERS[act][family]}")
    found: Callable[[BinaryIO], Mapping[str, Any]] = getattr(module, act)
    return found


def bound(limits: Mapping[str, int]) -> None:
    """Let the system hold this process to its bounds. Where there is no such system, only the time is bounded."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_CPU: limits["processor"],
        resource.RLIMIT_FSIZE: limits["writes"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for what, most in wanted.items():
        _, hard = resource.getrlimit(what)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        # macOS knows no bound of the address space and refuses it.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
