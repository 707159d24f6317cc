"""What a PDF is: its pages, and what in it does more than be read (ISO 32000, 12.5 annotations and 12.6 actions)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, BinaryIO

import pikepdf

MOST_PAGES = 2_000
MOST_OBJECTS = 400_000
_DEEPEST = 60

# A key of any dictionary, and what it is there for.
_KEYS: Mapping[str, str] = {
    "/JS": "script",
    "/JavaScript": "script",
    "/OpenAction": "opens-by-itself",
    "/AA": "opens-by-itself",
    "/EmbeddedFiles": "embedded-files",
    "/EF": "embedded-files",
    "/XFA": "form-xfa",
    "/RichMediaContent": "media",
}
_ACTIONS: Mapping[str, str] = {
    "/JavaScript": "script",
    "/Launch": "launches",
    "/SubmitForm": "sends-form",
    "/ImportData": "outside-links",
    "/GoToR": "outside-links",
    "/GoToE": "embedded-files",
    "/Movie": "media",
    "/Sound": "media",
    "/Rendition": "media",
    "/RichMediaExecute": "media",
}
_ANNOTATIONS: Mapping[str, str] = {
    "/Text": "comments",
    "/FreeText": "comments",
    "/Popup": "comments",
    "/FileAttachment": "embedded-files",
    "/RichMedia": "media",
    "/Movie": "media",
    "/Sound": "media",
    "/Screen": "media",
    "/3D": "media",
}


def look(stream: BinaryIO) -> Mapping[str, Any]:
    """The number of pages and the findings, or why the file is refused."""
    try:
        with pikepdf.open(stream) as pdf:
            found = _look_at_all(pdf)
    except pikepdf.PasswordError:
        return {"refused": "locked"}
    except (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, RuntimeError):
        return {"refused": "damaged"}
    return found


def _look_at_all(pdf: pikepdf.Pdf) -> Mapping[str, Any]:
    if pdf.is_encrypted:
        return {"refused": "locked"}
    if len(pdf.objects) > MOST_OBJECTS:
        return {"refused": "too-complex"}
    pages = len(pdf.pages)
    if not pages:
        return {"refused": "damaged"}
    if pages > MOST_PAGES:
        return {"refused": "too-many-pages", "params": {"count": pages, "limit": MOST_PAGES}}
    return {"pages": pages, "findings": sorted(_findings(pdf))}


def _findings(pdf: pikepdf.Pdf) -> set[str]:
    found: set[str] = set()
    for one in pdf.objects:
        _look_at(one, found, depth=0)
    return found


def is_direct(part: Any) -> bool:
    """Whether it is written where it stands; numbers and the like come as Python's own."""
    return isinstance(part, pikepdf.Object) and not part.is_indirect


def _look_at(one: Any, found: set[str], *, depth: int) -> None:
    """A dictionary, and those written inside it; what it refers to comes by itself."""
    if depth > _DEEPEST:
        return
    if isinstance(one, pikepdf.Array):
        for part in one.as_list():
            if is_direct(part):
                _look_at(part, found, depth=depth + 1)
        return
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return
    names = one.keys()
    found.update(_KEYS[name] for name in names if name in _KEYS)
    found.update(_by_name(one, "/S", _ACTIONS), _by_name(one, "/Subtype", _ANNOTATIONS))
    for name in names:
        inside = one.get(name)
        if is_direct(inside):
            _look_at(inside, found, depth=depth + 1)


def _by_name(one: Any, key: str, known: Mapping[str, str]) -> set[str]:
    value = one.get(key)
    if not isinstance(value, pikepdf.Name):
        return set()
    return {known[str(value)]} if str(value) in known else set()
