"""Pictures of files, drawn anew: nothing of the bytes that were handed in is left in them."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from PIL import Image, ImageCms, ImageOps

MEDIA_TYPE = "image/webp"
LONGEST_SIDE = 1800
SMALL_SIDE = 360
_QUALITY = 82
_EFFORT = 2


def redrawn(image: Image.Image) -> Image.Image:
    """The picture upright and in sRGB as mere pixels: no comment, profile, position or second picture comes along."""
    upright = ImageOps.exif_transpose(image)
    plain = _in_srgb(upright, image.info.get("icc_profile"))
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def save_pictures(image: Image.Image, *, name: str, small: bool) -> list[dict[str, Any]]:
    """Write a picture to be read at its full width, and a `small` one to be found again; tells what was written."""
    made = [_save(image, name, LONGEST_SIDE, is_small=False)]
    if small:
        made.append(_save(image, f"{name}-small", SMALL_SIDE, is_small=True))
    return made


def _save(image: Image.Image, name: str, side: int, *, is_small: bool) -> dict[str, Any]:
    shown = image.copy()
    shown.thumbnail((side, side), Image.Resampling.LANCZOS)
    shown.save(name, "WEBP", quality=_QUALITY, method=_EFFORT)
    return {"name": name, "width": shown.width, "height": shown.height, "small": is_small}


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    target = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "CMYK"}:
        # A profile that cannot be read is none: the colours are then those of the numbers.
        with contextlib.suppress(ImageCms.PyCMSError, OSError, ValueError):
            converted = ImageCms.profileToProfile(
                image, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"),
                outputMode=target if image.mode != "CMYK" else "RGB",
            )  # fmt: skip
            if converted is not None:
                return converted
    return image if image.mode == target else image.convert(target)
