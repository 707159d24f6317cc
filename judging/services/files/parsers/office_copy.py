"""The copy of a document of an office program: packed anew part by part, each part cleaned, anything unknown emptied.

No page can be drawn of such a document here, so it has no pictures.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

from PIL import Image

from judging.services.files.parsers.archive_bounds import open_archive, unpack
from judging.services.files.parsers.office_facts import kind_of
from judging.services.files.parsers.office_xml import clean_xml
from judging.services.files.parsers.picture_facts import MOST_PIXELS
from judging.services.files.parsers.pictures import redrawn

_MOST_XML = 40_000_000
_XML = re.compile(r"\.(xml|rels|rdf|vml)$", re.IGNORECASE)
_FONTS = re.compile(r"\.(odttf|ttf|otf|fntdata)$", re.IGNORECASE)
_PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "bmp": "BMP", "tif": "TIFF", "tiff": "TIFF"}
_CORE = "http://schemas.openxmlformats.org"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Parts that say who wrote it and where, in their least form: the list of parts still names them.
_LEAST: Mapping[str, bytes] = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_CORE}/package/2006/metadata/core-properties"/>'.encode(),
    "docProps/app.xml": f'<Properties xmlns="{_CORE}/officeDocument/2006/extended-properties"/>'.encode(),
    "docProps/custom.xml": f'<Properties xmlns="{_CORE}/officeDocument/2006/custom-properties"/>'.encode(),
    "meta.xml": f'<office:document-meta xmlns:office="{_ODF}" office:version="1.3"/>'.encode(),
    "settings.xml": f'<office:document-settings xmlns:office="{_ODF}" office:version="1.3"/>'.encode(),
}
_DATA = re.compile(r"customXml/item\d+\.xml|docMetadata/[^/]+\.xml", re.IGNORECASE)
_LEFT_EMPTY = re.compile(r"(^|/)(embeddings|activeX|printerSettings)/|^Object \d+/|^Configurations2/", re.IGNORECASE)


def copy(stream: BinaryIO) -> Mapping[str, Any]:
    """Write `copy` into the present folder."""
    with open_archive(stream) as archive, zipfile.ZipFile("copy", "w", zipfile.ZIP_DEFLATED) as target:
        media_type = kind_of(archive)
        if media_type is None or media_type == "macros":
            raise ValueError("no document")
        for part in archive.infolist():
            if part.is_dir():
                continue
            # Packed without the time and the system that stood there.
            made = zipfile.ZipInfo(part.filename)
            made.compress_type = zipfile.ZIP_STORED if part.filename == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(made, _cleaned(archive, part))
    return {"media_type": media_type, "pictures": []}


def _cleaned(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    name = part.filename
    if name in _LEAST or _DATA.fullmatch(name):
        return _HEAD + _LEAST.get(name, b"<nothing/>")
    if _LEFT_EMPTY.search(name):
        return b""
    if name == "mimetype" or _FONTS.search(name):
        return b"".join(unpack(archive, part))
    if _XML.search(name):
        clean = _cleaned_drawing if name.endswith(".vml") else clean_xml
        return clean(b"".join(unpack(archive, part, most=_MOST_XML)), name)
    return _redrawn(b"".join(unpack(archive, part)), name)


def _cleaned_drawing(content: bytes, name: str) -> bytes:
    """The frames of notes, in a language older than XML that is not always well written."""
    try:
        return clean_xml(content, name)
    except ValueError:
        return b""


def _redrawn(content: bytes, name: str) -> bytes:
    """A picture drawn anew; what is none, or of a kind that is not drawn here, is left empty."""
    kind = _PICTURES.get(name.rpartition(".")[2].casefold())
    if kind is None or "thumbnail" in name.casefold():
        return b""
    made = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as image:
            if image.width * image.height > MOST_PIXELS:
                return b""
            clean = redrawn(image)
        (clean.convert("RGB") if kind in {"JPEG", "BMP"} else clean).save(made, kind)
    except (OSError, SyntaxError, ValueError, EOFError):
        return b""
    return made.getvalue()
