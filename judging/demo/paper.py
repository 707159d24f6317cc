"""Small real files: papers as PDF and pictures as PNG, drawn anew from what they are about."""

from __future__ import annotations

import io
import textwrap
import time
from collections.abc import Sequence
from functools import lru_cache
from random import Random

from PIL import Image, ImageDraw, ImageFont

from judging.paths import static_folder

PAGE = (744, 1052)  # A4 at 90 dots an inch: enough to read, and small
PICTURE = (640, 420)
_MARGIN = 64
_LINE = 24
_LETTERS = 62
# The date in a PDF is that of the demo year, so that the same paper has the same bytes.
_PRINTED = time.gmtime(1_625_040_000)
_INKS = ((94, 44, 145), (0, 94, 117), (44, 100, 25), (35, 64, 95), (133, 70, 0))


@lru_cache(maxsize=8)
def _font(weight: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(static_folder() / "fonts" / f"be-vietnam-pro-{weight}.woff2"), size)


def draw_paper(title: str, paragraphs: Sequence[tuple[str, str]]) -> tuple[bytes, list[bytes]]:
    """A PDF with a title and paragraphs under their headings, and its pages (1 or 2) as PNG."""
    lines: list[tuple[str, str]] = [("semibold", line) for line in textwrap.wrap(title, 44)]
    for heading, text in paragraphs:
        lines += [("", ""), ("medium", heading)]
        lines += [("regular", line) for line in textwrap.wrap(text, _LETTERS)]
    room = (PAGE[1] - 2 * _MARGIN) // _LINE
    pages = [_draw_page(lines[first : first + room]) for first in range(0, min(len(lines), 2 * room), room)]
    written = io.BytesIO()
    pages[0].save(
        written, "PDF", resolution=90, save_all=True, append_images=pages[1:], title=title, creationDate=_PRINTED,
        modDate=_PRINTED,
    )  # fmt: skip
    return written.getvalue(), [_as_png(page) for page in pages]


def _as_png(page: Image.Image) -> bytes:
    written = io.BytesIO()
    page.save(written, "PNG")
    return written.getvalue()


def _draw_page(lines: Sequence[tuple[str, str]]) -> Image.Image:
    # One bit a dot is stored like a fax: some kilobytes a page.
    page = Image.new("1", PAGE, 1)
    pen = ImageDraw.Draw(page)
    for number, (weight, text) in enumerate(lines):
        if text:
            pen.text((_MARGIN, _MARGIN + number * _LINE), text, font=_font(weight, 17), fill=0)
    return page


def draw_picture(title: str, seed: str) -> bytes:
    """A PNG that looks like a sketch of a thing, with its title under it."""
    chance = Random(seed)
    ink = chance.choice(_INKS)
    image = Image.new("RGB", PICTURE, (255, 255, 255))
    pen = ImageDraw.Draw(image)
    for x in range(0, PICTURE[0], 20):
        pen.line((x, 0, x, 340), fill=(232, 236, 241))
    for y in range(0, 341, 20):
        pen.line((0, y, PICTURE[0], y), fill=(232, 236, 241))
    _draw_thing(pen, chance, ink)
    for number, line in enumerate(textwrap.wrap(title, 58)[:2]):
        pen.text((20, 352 + number * 28), line, font=_font("medium", 18), fill=(20, 33, 46))
    written = io.BytesIO()
    # Of the ways to choose the colours, this is quicker than the median cut and comes closer to what was drawn.
    image.quantize(32, Image.Quantize.MAXCOVERAGE).save(written, "PNG")
    return written.getvalue()


def _draw_thing(pen: ImageDraw.ImageDraw, chance: Random, ink: tuple[int, int, int]) -> None:
    light = tuple(255 - (255 - part) // 5 for part in ink)
    left, right = chance.randrange(120, 200, 20), chance.randrange(440, 540, 20)
    top = chance.randrange(60, 140, 20)
    pen.rectangle((left, top, right, 280), outline=ink, fill=light, width=4)
    for _ in range(chance.randint(2, 5)):
        x, y, half = chance.randrange(left + 40, right - 20, 20), chance.randrange(top + 40, 260, 20), 20
        shape = chance.choice(("wheel", "box", "rod"))
        if shape == "wheel":
            pen.ellipse((x - half, y - half, x + half, y + half), outline=ink, fill=(255, 255, 255), width=4)
        elif shape == "box":
            pen.rectangle((x - half, y - half, x + half, y + half), outline=ink, fill=(255, 255, 255), width=3)
        else:
            pen.line((x, y, x, 40), fill=ink, width=5)
    pen.line((left - 40, 300, right + 40, 300), fill=ink, width=2)
    for x in range(left - 40, right + 41, 20):
        pen.line((x, 300, x, 310 if (x - left) % 100 else 318), fill=ink, width=2)
