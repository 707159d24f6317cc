"""Where a body in chunks ends (RFC 9112, section 7.1), without taking it apart."""

from __future__ import annotations

import re

_SIZE = re.compile(rb"[0-9A-Fa-f]+[ \t]*(?:;.*)?", re.DOTALL)
_LONGEST_LINE = 8_190
_LINE_END = 2


class Chunks:
    """Follows a body piece by piece, however it is cut.

    What is not well formed counts as its end: the server's own reader says what is wrong with it.
    """

    def __init__(self) -> None:
        self.ended = False
        self._line = bytearray()
        self._left = 0
        self._in_trailers = False

    def feed(self, data: bytes) -> int:
        """Say how many of these bytes belong to the body."""
        at = 0
        while at < len(data) and not self.ended:
            if self._left:
                step = min(self._left, len(data) - at)
                self._left -= step
                at += step
                continue
            found = data.find(b"\n", at)
            stop = found + 1 or len(data)
            self._line += data[at:stop]
            at = stop
            if len(self._line) > _LONGEST_LINE:
                self.ended = True
            elif found >= 0:
                self._read_line()
        return at

    def _read_line(self) -> None:
        line = bytes(self._line).rstrip(b"\r\n")
        self._line.clear()
        if self._in_trailers:
            self.ended = not line
        elif not _SIZE.fullmatch(line):
            self.ended = True
        elif size := int(line.partition(b";")[0], 16):
            self._left = size + _LINE_END
        else:
            self._in_trailers = True
