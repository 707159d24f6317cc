"""The dossier's items with their files, as pages show them."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.models import Entry, EntryFile
from judging.domain.fields import DossierItem, ItemKind
from judging.domain.rules import ContestRules
from judging.services.file_checks import extensions_for, is_image
from judging.web.formats import label, megabytes


def dossier_items(entry: Entry, rules: ContestRules) -> list[dict[str, Any]]:
    """Each item with what it takes, in words, and its files as the macro `file.row` takes them."""
    return [_item(entry, item) for item in rules.dossier]


def _item(entry: Entry, item: DossierItem) -> dict[str, Any]:
    files = [file for file in entry.files if file.item == item.key]
    links = [link for link in entry.links if link.item == item.key] if item.kind is ItemKind.LINK else []
    extensions = extensions_for(item)
    return {
        "key": item.key,
        "label": label(item.label),
        "help": label(item.help),
        "required": item.required,
        "office_only": item.office_only,
        "physical": item.kind is ItemKind.PHYSICAL,
        "link": item.kind is ItemKind.LINK,
        "links": [{"id": link.id, "url": link.url} for link in links],
        "takes": _takes(item, extensions),
        "accept": ",".join(f".{extension}" for extension in extensions),
        "multiple": item.high > 1,
        "full": len(files) + len(links) >= item.high,
        "count": len(files) + len(links),
        "least": item.low if item.required else 0,
        "most": item.high,
        "files": [{"file": _file(entry, file), "id": file.id} for file in files],
    }


def _takes(item: DossierItem, extensions: tuple[str, ...]) -> str:
    parts = [", ".join(extension.upper() for extension in extensions)]
    if item.max_megabytes:
        parts.append(_("at most %(size)s MB each", size=item.max_megabytes))
    if item.max_pages:
        parts.append(_("at most %(count)s pages", count=item.max_pages))
    if item.max_seconds:
        parts.append(_("at most %(count)s seconds", count=item.max_seconds))
    return "; ".join(part for part in parts if part)


def _file(entry: Entry, file: EntryFile) -> dict[str, Any]:
    detail = megabytes(file.size)
    if file.pages:
        # Outside the f-string: the texts inside one are not collected for translation.
        pages = ngettext("%(num)s page", "%(num)s pages", file.pages)
        detail = f"{pages}, {detail}"
    kind = "image" if is_image(file.media_type) else "video" if file.media_type.startswith("video/") else "file"
    return {
        "name": file.filename,
        "url": url_for("entrant.file", entry_id=entry.id, file_id=file.id),
        "kind": kind,
        "detail": detail,
        "state": _("Checked and recorded"),
        "ok": True,
        "error": None,
    }
