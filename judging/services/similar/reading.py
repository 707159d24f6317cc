"""Texts and looks out of files of the dossier. A file that cannot be read tells nothing, and is no error."""

from __future__ import annotations

import io
import warnings
import zipfile

import docx
import pypdfium2
import structlog
from PIL import Image

from judging.domain.similarity.pictures import FINE, GRID, Look, look_of

MOST_BYTES = 25_000_000
MOST_LETTERS = 60_000
_MOST_PAGES = 30
_MOST_PIXELS = 80_000_000
_MOST_PARTS = 2_000
_MOST_UNPACKED = 40_000_000

_log = structlog.get_logger(__name__)


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
    except (pypdfium2.PdfiumError, ValueError, OSError, MemoryError) as error:
        _log.info("similar_file_unread", reason=type(error).__name__)
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
    except Exception as error:  # noqa: BLE001 - a stranger's file must not stop the work
        _log.info("similar_file_unread", reason=type(error).__name__)
        return ""
    return "\n".join(lines)[:MOST_LETTERS]


def look_of_picture(data: bytes) -> Look | None:
    """What a picture looks like, None for one that is all of one grey or cannot be read."""
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
    except Exception as error:  # noqa: BLE001 - a stranger's file must not stop the work
        _log.info("similar_file_unread", reason=type(error).__name__)
        return None
    return look_of(coarse, fine)
