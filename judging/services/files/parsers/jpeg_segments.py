"""JPEG without what cameras write beside the picture (ITU T.81, annex B). The picture itself is not touched."""

from __future__ import annotations

_START, _SCAN, _END = 0xD8, 0xDA, 0xD9
_COMMENT = 0xFE
_APPLICATIONS = range(0xE0, 0xF0)
# JFIF's own head, and Adobe's, which says how colours are to be read; profiles of colour are APP2.
_KEPT = {0xE0: b"JFIF\x00", 0xEE: b"Adobe"}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})


def without_metadata(content: bytes) -> bytes:
    """The same picture; whatever cannot be followed to the first scan raises ValueError."""
    if content[:2] != bytes((0xFF, _START)):
        raise ValueError("no JPEG")
    kept, place = bytearray(content[:2]), 2
    while True:
        if place + 4 > len(content) or content[place] != 0xFF:
            raise ValueError("no segment where one must be")
        kind = content[place + 1]
        if kind == 0xFF or kind in _ALONE:
            place += 1 if kind == 0xFF else 2
            continue
        if kind == _SCAN:
            return bytes(kept) + _scans(content[place:])
        length = int.from_bytes(content[place + 2 : place + 4], "big")
        segment = content[place : place + 2 + length]
        if not _is_dropped(kind, segment):
            kept += segment
        place += 2 + length


def _is_dropped(kind: int, segment: bytes) -> bool:
    if kind == _COMMENT:
        return True
    if kind not in _APPLICATIONS:
        return False
    return not (kind in _KEPT and segment[4:].startswith(_KEPT[kind]))


def _scans(rest: bytes) -> bytes:
    """From the first scan to the end of the picture; what stands behind that is no part of it."""
    end = rest.rfind(bytes((0xFF, _END)))
    place = rest.find(bytes((0xFF, _END)))
    # Inside a scan the end's two bytes cannot stand: FF is always followed by 00 or a restart mark.
    return rest[: place + 2] if end >= 0 else rest
