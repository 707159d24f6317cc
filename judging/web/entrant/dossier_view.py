"""The dossier's items with their files, as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.models import Entry, EntryFile
from judging.db.queries.file_copies import MadeOf, made_of_files
from judging.domain.copy_states import AUTHORS_ARE_TOLD
from judging.domain.fields import DossierItem, ItemKind
from judging.domain.rules import ContestRules
from judging.services.entries.age_checks import checked_items
from judging.services.files.checks import extensions_for, is_image
from judging.web.file_previews import preview_of, state_of, video_facts
from judging.web.formats import label, megabytes
from judging.web.transaction import db


def dossier_items(entry: Entry, rules: ContestRules) -> list[dict[str, Any]]:
    """Each item with what it takes, in words, and its files as the macro `file.row` takes them."""
    made = made_of_files(db(), entry)
    checked = checked_items(db(), entry=entry, rules=rules)
    return [{**_item(entry, item, made), "checked": item.key in checked} for item in rules.dossier]


def _item(entry: Entry, item: DossierItem, made: Mapping[str, MadeOf]) -> dict[str, Any]:
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
        "files": [{"file": _file(entry, file, made.get(file.id)), "id": file.id} for file in files],
    }


def _takes(item: DossierItem, extensions: tuple[str, ...]) -> str:
    parts = [", ".join(extension.upper() for extension in extensions)]
    if item.max_megabytes:
        parts.append(_("at most %(size)s MB each", size=item.max_megabytes))
    if item.max_pages:
        slides = item.kind is ItemKind.SLIDES
        parts.append(
            _("at most %(count)s slides", count=item.max_pages)
            if slides
            else _("at most %(count)s pages", count=item.max_pages)
        )
    if item.max_seconds:
        parts.append(_("at most %(count)s seconds", count=item.max_seconds))
    if item.min_height:
        parts.append(_("at least %(lines)sp", lines=item.min_height))
    return "; ".join(part for part in parts if part)


def _file(entry: Entry, file: EntryFile, made: MadeOf | None) -> dict[str, Any]:
    detail = [*video_facts(made), megabytes(file.size)]
    if file.pages:
        # Outside the f-string: the texts inside one are not collected for translation.
        detail.insert(0, ngettext("%(num)s page", "%(num)s pages", file.pages))
    told = AUTHORS_ARE_TOLD.get(state_of(made))
    kind = "image" if is_image(file.media_type) else "video" if file.media_type.startswith("video/") else "file"
    return {
        "name": file.filename,
        "url": url_for("entrant.file", entry_id=entry.id, file_id=file.id),
        "kind": kind,
        "detail": ", ".join(detail),
        "state": _("Checked and recorded"),
        "ok": True,
        "error": label(told) if told else None,
        "preview": preview_of(made, entry_id=entry.id, name=file.filename, count=file.pages),
    }
