"""Files on their way out, all of them by here: answered so that no page can run them.

What was handed in is a download, whatever it claims to be. Shown in a page is only what we drew ourselves.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from judging.storage.port import Pieces
from judging.web.context import platform

if TYPE_CHECKING:
    from judging.db.models import FilePicture
    from judging.services.files.access import ShownFile

_NOTHING_RUNS = "sandbox; default-src 'none'"


def file_answer(shown: ShownFile) -> Response:
    """The bytes of a file as a download; in parts for a player, which asks for where it is to go on."""
    return _answer(shown.key, shown.size, shown.media_type, _disposition("attachment", shown.filename))


def picture_answer(picture: FilePicture) -> Response:
    """A picture that we drew, shown in the page."""
    return _answer(picture.key, picture.size, picture.media_type, "inline")


def _answer(key: str, size: int, media_type: str, disposition: str) -> Response:
    store = platform().files
    if request.range is None:
        answer = Response(store.stream(key), mimetype=media_type)
        answer.content_length = size
    else:
        # One part, as every player asks; whoever asks for several at once is told that this is not to be had.
        part = request.range.range_for_length(size)
        if part is None:
            raise RequestedRangeNotSatisfiable(size)
        start, stop = part
        answer = Response(_Part(store.open(key), start, stop), status=206, mimetype=media_type)
        answer.content_length = stop - start
        answer.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = _NOTHING_RUNS
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Disposition"] = disposition
    return answer


class _Part(Pieces):
    """The bytes of a file from `start` up to, and without, `stop`."""

    def __init__(self, file: IO[bytes], start: int, stop: int) -> None:
        super().__init__(file)
        file.seek(start)
        self._left = stop - start

    def __next__(self) -> bytes:
        piece = super().__next__()[: self._left]
        self._left -= len(piece)
        if not piece:
            self.close()
            raise StopIteration
        return piece


def _disposition(way: str, filename: str) -> str:
    """The header of RFC 6266: a plain name for old programs, the real one for the others."""
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_" for sign in filename)
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
