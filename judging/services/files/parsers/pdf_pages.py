"""Pictures of the first pages of a PDF."""

from __future__ import annotations

from typing import Any

import pypdfium2

from judging.services.files.parsers.pictures import LONGEST_SIDE, save_pictures

MOST_DRAWN = 20
_LARGEST_SCALE = 3.0


def draw_pages(path: str) -> list[dict[str, Any]]:
    """Draw the first pages; one without a size is left out. Scripts are not run: there is nothing to run them."""
    made: list[dict[str, Any]] = []
    with pypdfium2.PdfDocument(path) as document:
        for number in range(min(len(document), MOST_DRAWN)):
            page = document[number]
            width, height = page.get_size()
            longest = max(width, height)
            if longest <= 0:
                continue
            bitmap = page.render(scale=min(LONGEST_SIDE / longest, _LARGEST_SCALE), may_draw_forms=False)
            image = bitmap.to_pil().convert("RGB")
            made += save_pictures(image, name=f"page-{number + 1}", small=not made)
            bitmap.close()
            page.close()
    return made
