"""The copy of a picture: the same picture, drawn anew."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any, BinaryIO

from PIL import Image

from judging.services.files.parsers.picture_facts import FORMATS, MOST_PIXELS
from judging.services.files.parsers.pictures import redrawn, save_pictures

_OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"compress_level": 6},
    "WEBP": {"quality": 90, "method": 2},
}
_MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def copy(stream: BinaryIO) -> Mapping[str, Any]:
    """Write `copy` and its pictures into the present folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(stream, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValueError("too many pixels")
            kind = "JPEG" if image.format == "MPO" else str(image.format)
            clean = redrawn(image)
    shown = clean.convert("RGB") if kind == "JPEG" else clean
    shown.save("copy", kind, **_OPTIONS[kind])
    return {"media_type": _MEDIA_TYPES[kind], "pictures": save_pictures(clean, name="picture", small=True)}
