"""Whether an archive is what an office program would pack, asked before anything of it is unpacked.

After APPNOTE.TXT of the zip format, the way of overlapping entries (David Fifield, "A better zip bomb", 2019) and
CVE-2024-0450. What an archive says of itself counts for nothing: sizes are counted while it is unpacked.
"""

from __future__ import annotations

import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

MOST_PARTS = 5_000
MOST_DIRECTORY = 2_000_000
MOST_UNPACKED = 200_000_000
PIECE = 256 * 1024

# Signature, disk, disk of the list, parts on it, parts, length of the list, its place, length of the comment.
_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_LONGEST_COMMENT = 65_535
_ZIP64_LOCATOR = b"PK\x06\x07"
_LOCKED = 0x1
_UPWARDS = re.compile(r"(^|/)\.\.(/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f]")


class Unsound(Exception):
    """The archive is refused; the argument is the code of the sentence."""


def open_archive(stream: BinaryIO) -> zipfile.ZipFile:
    """Open an archive whose list of parts is short and honest. Raises Unsound, and what zipfile raises."""
    _check_end(stream)
    archive = zipfile.ZipFile(stream)
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unsound("unpacks-large")
    names = [part.filename for part in parts]
    if len(set(names)) != len(names):
        raise Unsound("unsound-archive")
    for part in parts:
        _check_part(part)
    _check_places(stream, archive)
    return archive


def unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, *, most: int = MOST_UNPACKED) -> Iterator[bytes]:
    """The bytes of a part, piece by piece. Raises Unsound once they are more than the part says or `most`."""
    count = 0
    with archive.open(part) as opened:
        while piece := opened.read(PIECE):
            count += len(piece)
            if count > part.file_size or count > most:
                raise Unsound("unpacks-large")
            yield piece


def _check_end(stream: BinaryIO) -> None:
    """Look at the record at the very end, which says how many parts there are, before a list of them is made."""
    size = stream.seek(0, 2)
    start = max(0, size - _END.size - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read()
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or len(tail) - place < _END.size:
        raise Unsound("damaged")
    _, disk, _, here, total, length, _, _ = _END.unpack_from(tail, place)
    if _ZIP64_LOCATOR in tail[max(0, place - 20) : place]:
        # A file this small needs none of the larger figures; whoever writes them has something to hide.
        raise Unsound("unsound-archive")
    if disk or max(here, total) > MOST_PARTS or length > MOST_DIRECTORY:
        raise Unsound("unpacks-large")
    stream.seek(0)


def _check_part(part: zipfile.ZipInfo) -> None:
    if part.flag_bits & _LOCKED:
        raise Unsound("locked")
    if not part.filename or _UPWARDS.search(part.filename) or "\\" in part.orig_filename:
        raise Unsound("unsound-archive")
    if stat.S_ISLNK(part.external_attr >> 16):
        raise Unsound("unsound-archive")
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unsound("unsound-archive")


def _check_places(stream: BinaryIO, archive: zipfile.ZipFile) -> None:
    """No two parts share a byte, quoted or not, and each is called at its place what the list calls it."""
    reached = 0
    for part in sorted(archive.infolist(), key=lambda one: one.header_offset):
        if part.header_offset < reached:
            raise Unsound("unsound-archive")
        stream.seek(part.header_offset)
        head = stream.read(_LOCAL.size)
        if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
            raise Unsound("unsound-archive")
        name_length, extra_length = _LOCAL.unpack(head)[9:11]
        reached = part.header_offset + _LOCAL.size + name_length + extra_length + part.compress_size
    if reached > archive.start_dir:
        raise Unsound("unsound-archive")
