"""What files of the dossier tell of themselves: texts and looks, for the search of near duplicates.

A file that cannot be read tells nothing, and is no error.
"""

from __future__ import annotations

import base64
import io
import warnings
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

import docx
import pypdfium2
from PIL import Image

from judging.domain.similarity.pictures import FINE, GRID
from judging.services.files.parsers.tell_bounds import MOST_BYTES, MOST_LETTERS

_MOST_PAGES = 30
_MOST_PIXELS = 80_000_000
_MOST_PARTS = 2_000
_MOST_UNPACKED = 40_000_000

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Here, and not when the first picture is opened: a process that forks for each file does it once for all of them.
Image.preinit()
_PDF = b"%PDF"
_ZIP = b"PK\x03\x04"


def tell(stream: BinaryIO) -> Mapping[str, Any]:
    """The file's `text`, or `grey` and `fine`: a picture's small copies in base64. Nothing of a kind unknown here."""
    data = stream.read(MOST_BYTES + 1)
    if data.startswith(_PDF):
        return {"text": read_pdf(data)}
    if data.startswith(_ZIP):
        return {"text": read_docx(data)}
    copies = small_copies(data)
    if copies is None:
        return {}
    grey, fine = (base64.b64encode(one).decode() for one in copies)
    return {"grey": grey, "fine": fine}


def read_pdf(data: bytes) -> str:
    """The text of the first pages of a PDF; "" for one that is only pictures of pages, or cannot be read."""
    try:
        with pypdfium2.PdfDocument(data) as document:
            parts: list[str] = []
            for number in range(min(len(document), _MOST_PAGES)):
                page = document[number]
                text = page.get_textpage()
                parts.append(text.get_text_bounded())
                text.close()
                page.close()
                if sum(map(len, parts)) > MOST_LETTERS:
                    break
    except (pypdfium2.PdfiumError, ValueError, OSError, MemoryError):
        return ""
    return "\n".join(parts)[:MOST_LETTERS]


def read_docx(data: bytes) -> str:
    """The text of a DOCX, its tables included; "" for one that unpacks to too much, or cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                return ""
        document = docx.Document(io.BytesIO(data))
        lines = [paragraph.text for paragraph in document.paragraphs]
        lines += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    # The library raises whatever a broken document leads it to.
    except Exception:  # noqa: BLE001 - a stranger's file must not stop the work
        return ""
    return "\n".join(lines)[:MOST_LETTERS]


def small_copies(data: bytes) -> tuple[bytes, bytes] | None:
    """The grey values of a picture's copies of 9 × 9 and of 16 × 16, row by row; None if it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return None
                # A JPEG is read at a fraction of its size, which is all that is needed.
                picture.draft("L", (GRID * 16, GRID * 16))
                grey = picture.convert("L")
                coarse, fine = (grey.resize((side, side), Image.Resampling.BOX).tobytes() for side in (GRID, FINE))
    # The library raises whatever a broken picture leads it to.
    except Exception:  # noqa: BLE001 - a stranger's file must not stop the work
        return None
    return coarse, fine
