"""Starts a parser in a process of its own and takes its word.

The process gets the file, a folder to write into where it is to write, and nothing else: no environment, no settings,
no database. Memory, processor time and what it may write are bounded by the system, the time by us. So neither a bomb
nor a flaw in a parser reaches the server, and the memory that opening a file takes is given back whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO

import structlog

_CHILD = "judging.services.files.sandbox.child"
_PIECE = 1024 * 1024
_MEBIBYTE = 1024 * 1024
# All that the interpreter itself may need of the environment, on any system.
_NEEDED = ("SYSTEMROOT", "LD_LIBRARY_PATH")
_LONGEST_WORD = 500

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a process may use: bytes of address space, seconds of processor and of time, bytes of one file."""

    memory: int
    processor: int
    seconds: int
    writes: int = 0


LOOKING = Limits(memory=1536 * _MEBIBYTE, processor=20, seconds=40)
"""For the look into a file that somebody waits for."""
COPYING = Limits(memory=2048 * _MEBIBYTE, processor=200, seconds=240, writes=4096 * _MEBIBYTE)
"""For copies made in the background: less than the lease of a piece of work."""


class ParserStopped(Exception):
    """The process ended without a word. `out_of_bounds` says that it had used up what it may use."""

    def __init__(self, reason: str, *, out_of_bounds: bool) -> None:
        super().__init__(reason)
        self.out_of_bounds = out_of_bounds


def run_parser(
    act: str, media_type: str, source: BinaryIO, *, limits: Limits, folder: Path | None = None, **options: object
) -> Mapping[str, Any]:
    """Have a file looked into or copied; returns what the parser says. `source` must be seekable.

    `act` is one of those that the child knows; `folder` is where it writes. Raises ParserStopped.
    """
    order = {"act": act, "media_type": media_type, "limits": asdict(limits), "options": options}
    with as_file(source) as file:
        command = [sys.executable, "-I", "-m", _CHILD, json.dumps(order)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module, by this interpreter, with our own arguments
                command, stdin=file, capture_output=True, timeout=limits.seconds, env=bare_environment(),
                check=False, cwd=folder or tempfile.gettempdir(),
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise ParserStopped(f"still at work after {limits.seconds} s", out_of_bounds=True) from late
        except OSError as error:
            raise ParserStopped(f"not started: {error}", out_of_bounds=False) from error
    return read_answer(done.returncode, done.stdout, done.stderr, act=act, media_type=media_type)


def read_answer(code: int, output: bytes, complaint: bytes, *, act: str, media_type: str) -> Mapping[str, Any]:
    """What a parser's process said, by its exit status and both of its streams. Raises ParserStopped."""
    if code == 0:
        with contextlib.suppress(ValueError):
            said = json.loads(output)
            if isinstance(said, dict):
                return said
    word = complaint[-_LONGEST_WORD:].decode("utf-8", "replace").strip()
    _log.warning("parser_stopped", act=act, media_type=media_type, code=code, word=word)
    # A signal ended it: the system's own bounds, or a parser that fell over. Neither is worth another try.
    raise ParserStopped(word or f"ended with {code}", out_of_bounds=code < 0)


def bare_environment() -> dict[str, str]:
    """The environment of a parser's process."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


@contextlib.contextmanager
def as_file(source: BinaryIO) -> Iterator[IO[bytes]]:
    """A file of the system with the bytes of `source`, which itself need not be one."""
    source.seek(0)
    file: IO[bytes] | None = None
    # A child on Windows can only share our place in a file, so it gets a copy.
    if os.name == "posix":
        with contextlib.suppress(OSError):
            source.fileno()
            source.flush()
            file = source
    if file is not None:
        yield file
    else:
        with tempfile.TemporaryFile() as copy:
            while piece := source.read(_PIECE):
                copy.write(piece)
            copy.seek(0)
            yield copy
    source.seek(0)
