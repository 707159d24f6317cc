"""The first guess at what a file is, by its first bytes alone. Nothing is opened here."""

from __future__ import annotations

import re
from typing import BinaryIO

import filetype

HEAD = 8192
ARCHIVE = "application/zip"
"""Any archive: which kind of document it is, if any, is told by opening it."""

_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PHONE_PICTURES = re.compile(rb"....ftyp(heic|heix|hevc|mif1|msf1|avif)", re.DOTALL)
_PAGE = re.compile(
    rb"<(!doctype\s+html|html|head|body|script|iframe|svg|math|form|meta|base|object|embed)\b", re.IGNORECASE
)
_MARKUP = re.compile(rb"\s*<([?!]|[a-z])", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def sniff(stream: BinaryIO) -> str:
    """The media type that the first bytes claim, ARCHIVE for every zip, empty when nothing is known of it."""
    head = _head(stream)
    if head.startswith(_ARCHIVES):
        return ARCHIVE
    found = str(filetype.guess_mime(head) or "")
    # A PNG that moves is a PNG; opening it tells.
    return "image/png" if found == "image/apng" else found


def recognised_as(stream: BinaryIO) -> str:
    """What a file that is not taken seems to be, so that the refusal can say more than no: a word, or empty.

    `page` for HTML, SVG, XML and scripts in them; `old-office` for the formats before 2007, which locked ones are as
    well; `phone-picture` for HEIC and AVIF; `program` for what a computer runs.
    """
    head = _head(stream)
    plain = head.removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    if head.startswith(_OLD_OFFICE):
        return "old-office"
    if _PHONE_PICTURES.match(head):
        return "phone-picture"
    if head.startswith(_PROGRAMS):
        return "program"
    if _MARKUP.match(plain.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")) or _PAGE.search(plain):
        return "page"
    return ""


def _head(stream: BinaryIO) -> bytes:
    stream.seek(0)
    head = stream.read(HEAD)
    stream.seek(0)
    return head
