"""What a file of the dossier really is: told by its content, then opened. Its name and its sender count for nothing."""

from __future__ import annotations

import re
import unicodedata
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import filetype
import pikepdf
from PIL import Image

from judging.domain.fields import DossierItem, ItemKind
from judging.domain.values import Problem
from judging.errors import N_, Refused

MEGABYTE = 1_000_000
_MOST_PIXELS = 80_000_000
_MOST_PARTS = 5_000
_MOST_UNPACKED = 500 * MEGABYTE
_LONGEST_NAME = 120

PDF = "application/pdf"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
EXTENSIONS: Mapping[str, str] = {
    PDF: "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "video/mp4": "mp4",
    "video/webm": "webm",
    "video/quicktime": "mov",
    f"{_OFFICE}.wordprocessingml.document": "docx",
    f"{_OFFICE}.spreadsheetml.sheet": "xlsx",
    f"{_OFFICE}.presentationml.presentation": "pptx",
    f"{_OPEN}.text": "odt",
    f"{_OPEN}.spreadsheet": "ods",
    f"{_OPEN}.presentation": "odp",
}
_IMAGES = ("jpg", "png", "webp")
_ALLOWED: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.PDF: ("pdf",),
    ItemKind.IMAGE: _IMAGES,
    ItemKind.VIDEO: ("mp4", "webm", "mov"),
    ItemKind.SLIDES: ("pdf", "pptx", "odp"),
    ItemKind.DOCUMENT: ("pdf", "docx", "odt"),
    ItemKind.TABLE: ("pdf", "xlsx", "ods"),
    ItemKind.LINK: (),
    ItemKind.PHYSICAL: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A file that may be kept: a safe name, its media type by content, its size in bytes and its pages if any."""

    filename: str
    media_type: str
    size: int
    pages: int | None = None


def extensions_for(item: DossierItem) -> tuple[str, ...]:
    """The kinds of files that the item takes, as file name extensions; none for what is handed in at the office.

    Papers for the office only are scanned as often as photographed, so a picture there may also be a PDF.
    """
    allowed = _ALLOWED[item.kind]
    return (*allowed, "pdf") if item.office_only and item.kind is ItemKind.IMAGE else allowed


def is_image(media_type: str) -> bool:
    """Whether a browser may show the file in the page."""
    return EXTENSIONS.get(media_type) in _IMAGES


def check_file(stream: BinaryIO, *, filename: str, item: DossierItem) -> Checked:
    """Look into the whole file, leave the stream at its beginning. Raises Refused with the reason and the way out."""
    name = safe_name(filename)
    size = stream.seek(0, 2)
    stream.seek(0)
    allowed = extensions_for(item)
    if not allowed:
        if item.kind is ItemKind.LINK:
            raise _refused("link", N_("“%(item)s” is an address: type it, there is no file."), item=item.label)
        raise _refused("physical", N_("“%(item)s” is handed in at the office, not here."), item=item.label)
    if size == 0:
        raise _refused("empty", N_("%(file)s is empty. Choose it again; it may not have been saved."), file=name)
    if item.max_megabytes and size > item.max_megabytes * MEGABYTE:
        raise _refused(
            "too-large", N_("%(file)s is larger than %(limit)s MB. Make it smaller, or split it."),
            file=name, limit=item.max_megabytes,
        )  # fmt: skip
    media_type = str(filetype.guess_mime(stream.read(8192)) or "")
    stream.seek(0)
    if EXTENSIONS.get(media_type) not in allowed:
        raise _refused(
            "kind", N_("%(file)s is not a file of the kind that is taken here: %(kinds)s. Convert it and try again."),
            file=name, kinds=", ".join(kind.upper() for kind in allowed),
        )  # fmt: skip
    pages = _open(stream, name, media_type, item)
    stream.seek(0)
    return Checked(filename=_with_extension(name, media_type), media_type=media_type, size=size, pages=pages)


def safe_name(filename: str) -> str:
    """The last part of a file name in NFC, without signs that a system or a page could take for something else."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", filename))[-1]
    kept = "".join(sign for sign in last if unicodedata.category(sign)[0] not in "CZ" or sign == " ")
    name = re.sub(r"[<>:\"|?*;%]", "", kept).strip(" .")
    stem, dot, extension = name.rpartition(".")
    return (f"{stem[:_LONGEST_NAME]}{dot}{extension[:10]}" if dot else name[:_LONGEST_NAME]) or "file"


def _with_extension(name: str, media_type: str) -> str:
    extension = EXTENSIONS[media_type]
    stem, dot, given = name.rpartition(".")
    known = {extension, "jpeg"} if extension == "jpg" else {extension}
    return name if dot and given.casefold() in known else f"{stem if dot else name}.{extension}"


def _open(stream: BinaryIO, name: str, media_type: str, item: DossierItem) -> int | None:
    if media_type == PDF:
        return _open_pdf(stream, name, item)
    if media_type.startswith("image/"):
        _open_image(stream, name)
    elif media_type.startswith("application/"):
        _open_archive(stream, name)
    return None


def _open_pdf(stream: BinaryIO, name: str, item: DossierItem) -> int:
    try:
        with pikepdf.open(stream) as pdf:
            pages, encrypted = len(pdf.pages), pdf.is_encrypted
    except pikepdf.PasswordError:
        pages, encrypted = 0, True
    except (pikepdf.PdfError, ValueError) as error:
        raise _damaged(name) from error
    if encrypted:
        raise _refused("locked", N_("%(file)s is protected by a password. Save it without one."), file=name)
    if item.max_pages and pages > item.max_pages:
        raise _refused(
            "too-many-pages", N_("%(file)s has %(count)s pages; at most %(limit)s are taken here."),
            file=name, count=pages, limit=item.max_pages,
        )  # fmt: skip
    return pages


def _open_image(stream: BinaryIO, name: str) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(stream, formats=("JPEG", "PNG", "WEBP")) as image:
                width, height = image.size
                if width * height > _MOST_PIXELS:
                    raise _refused("too-many-pixels", N_("%(file)s has too many pixels. Save it smaller."), file=name)
                image.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise _damaged(name) from error


def _open_archive(stream: BinaryIO, name: str) -> None:
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _damaged(name) from error
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise _refused("unpacks-large", N_("%(file)s unpacks to more than can be taken. Save it as PDF."), file=name)


def _damaged(name: str) -> Refused:
    return _refused("damaged", N_("%(file)s cannot be opened. It may be damaged; save it again and retry."), file=name)


def _refused(code: str, message: str, **params: object) -> Refused:
    return Refused([Problem(code=code, message=message, params=params, where="file")])
