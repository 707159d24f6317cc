"""The kinds of files that are taken at all, and which item takes which."""

from __future__ import annotations

from collections.abc import Mapping

from judging.domain.fields import DossierItem, ItemKind

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
IMAGES = ("jpg", "png", "webp")
_ALLOWED: Mapping[ItemKind, tuple[str, ...]] = {
    ItemKind.PDF: ("pdf",),
    ItemKind.IMAGE: IMAGES,
    ItemKind.VIDEO: ("mp4", "webm", "mov"),
    ItemKind.SLIDES: ("pdf", "pptx", "odp"),
    ItemKind.DOCUMENT: ("pdf", "docx", "odt"),
    ItemKind.TABLE: ("pdf", "xlsx", "ods"),
    ItemKind.LINK: (),
    ItemKind.PHYSICAL: (),
}


def extensions_for(item: DossierItem) -> tuple[str, ...]:
    """The kinds of files that the item takes, as file name extensions; none for what is handed in at the office.

    Papers for the office only are scanned as often as photographed, so a picture there may also be a PDF.
    """
    allowed = _ALLOWED.get(item.kind, ())
    return (*allowed, "pdf") if item.office_only and item.kind is ItemKind.IMAGE else allowed


def is_image(media_type: str) -> bool:
    """Whether the file is a picture."""
    return EXTENSIONS.get(media_type) in IMAGES


def is_video(media_type: str) -> bool:
    """Whether the file is a video."""
    return media_type in EXTENSIONS and media_type.startswith("video/")


def is_office(media_type: str) -> bool:
    """Whether the file is a text, a table or slides of an office program: an archive of XML."""
    return media_type in EXTENSIONS and media_type.startswith((_OFFICE, _OPEN))
