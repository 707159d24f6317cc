"""What a picture is. It is opened whole, since a damaged end shows only then; how large it is, is asked before."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, BinaryIO

from PIL import Image, ImageFile

MOST_PIXELS = 80_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
_GPS = 0x8825
_TAIL = 4096
# What lies behind the end of a picture, where more than filling does; Pillow does not say where it stopped.
_ENDS = {"JPEG": b"\xff\xd9", "PNG": b"IEND\xaeB`\x82"}


def look(stream: BinaryIO) -> Mapping[str, Any]:
    """Width, height and findings, or why the picture is refused."""
    # A file that is cut off is damaged, and never filled up with grey.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=FORMATS) as image:
                return _look_at(image, stream)
    except Image.DecompressionBombError:
        return {"refused": "too-many-pixels"}
    except (OSError, SyntaxError, ValueError, EOFError):
        return {"refused": "damaged"}


def _look_at(image: Image.Image, stream: BinaryIO) -> Mapping[str, Any]:
    width, height = image.size
    if width * height > MOST_PIXELS:
        return {"refused": "too-many-pixels"}
    # A phone's JPEG may carry a second, smaller picture; only the first is ever shown.
    if image.format in {"PNG", "WEBP"} and getattr(image, "n_frames", 1) > 1:
        return {"refused": "moving"}
    kind = str(image.format)
    image.load()
    findings = []
    if _GPS in image.getexif():
        findings.append("position")
    if _has_tail(kind, stream):
        findings.append("trailing-bytes")
    return {"width": width, "height": height, "findings": findings}


def _has_tail(kind: str, stream: BinaryIO) -> bool:
    if kind not in _ENDS:
        return False
    size = stream.seek(0, 2)
    stream.seek(max(0, size - _TAIL))
    tail = stream.read().rstrip(b"\x00")
    return not tail.endswith(_ENDS[kind])
