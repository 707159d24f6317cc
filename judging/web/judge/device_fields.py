"""A sheet's fields by their names in the form, and what a device is told of a merge."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from judging.domain.draft_merge import version_of
from judging.domain.marks import lines_of
from judging.services.sheets.drafts import read_draft
from judging.services.sheets.merging import COMMENT, MARK, OVERALL, SheetStart, sheet_texts, sheet_versions
from judging.web.formats import label, mark
from judging.web.sheet_blocks import COMMENT_FIELD, MARK_FIELD, OVERALL_FIELD
from judging.web.typed_sheet import typed_texts

if TYPE_CHECKING:
    from judging.domain.rules import Round
    from judging.services.sheets.drafts import Draft
    from judging.services.sheets.merging import SheetMerge

MOST_SENT = 8
_BAND = "-band"


def shown_fields(judged: Round, draft: Draft) -> dict[str, str]:
    """By the names of the form, what its fields hold when they show this sheet in the reader's language."""
    shown = {}
    for key in lines_of(judged.rubric):
        shown[MARK_FIELD + key] = mark(draft.marks[key]) if key in draft.marks else draft.typed.get(key, "")
    for criterion in judged.rubric.criteria:
        if criterion.bands:
            shown[f"{MARK_FIELD}{criterion.key}{_BAND}"] = _band_of(judged, draft, criterion.key)
        shown[COMMENT_FIELD + criterion.key] = draft.comments.get(criterion.key, "")
    shown[OVERALL_FIELD] = draft.comment
    return shown


def field_labels(judged: Round) -> list[tuple[str, str]]:
    """What the rubric calls the fields of the form, in its order: for showing two sheets beside each other."""
    labels = []
    for criterion in judged.rubric.criteria:
        labels += [(MARK_FIELD + key, label(text)) for key, text, _scale in criterion.scales]
        labels.append((COMMENT_FIELD + criterion.key, _("Comment on %(criterion)s", criterion=label(criterion.label))))
    return [*labels, (OVERALL_FIELD, _("Overall comment"))]


def sheet_base(judged: Round, draft: Draft) -> str:
    """What the form carries along to say from what its page started."""
    versions = {form_name(name): version for name, version in sheet_versions(judged, draft).items()}
    return json.dumps({"versions": versions}, separators=(",", ":"))


def sheet_start(judged: Round, *, base: object, sent: object, locale: str) -> SheetStart:
    """From what a device says it started; whatever cannot be read counts as not known, so that differences are told."""
    versions = base.get("versions") if isinstance(base, Mapping) else None
    return SheetStart(
        versions={_field_name(name): version for name, version in _texts(versions).items()},
        sent=[_read(judged, _texts(each), locale) for each in sent[:MOST_SENT]] if isinstance(sent, list) else (),
    )


def form_start(judged: Round, form: Mapping[str, str], *, locale: str) -> SheetStart | None:
    """The same from the hidden fields of a form; None for one that does not say, as a plain form post."""
    if "base" not in form:
        return None
    return sheet_start(judged, base=_json(form["base"]), sent=_json(form.get("sent", "")), locale=locale)


def merge_told(judged: Round, merge: SheetMerge) -> dict[str, Any]:
    """What a device is told: versions by now, fields that changed elsewhere, and those that changed on both sides.

    The version of a field of the last kind is told with it alone: the device starts from there once the judge has
    seen both texts.
    """
    texts, shown = sheet_texts(judged, merge.merged), shown_fields(judged, merge.merged)
    standing, clashes = sheet_texts(judged, merge.standing), merge.outcome.clashes
    versions = {form_name(name): version_of(text) for name, text in texts.items() if name not in clashes}
    brought = {form_name(name) for name in merge.outcome.brought}
    bands = {name + _BAND for name in brought}
    return {
        "started": {"versions": versions},
        "brought": {name: text for name, text in shown.items() if name in brought | bands},
        "clashes": {
            form_name(name): {
                "text": shown[form_name(name)], "shown": shown[form_name(name)], "version": version_of(standing[name]),
            }
            for name in clashes
        },
    }  # fmt: skip


def form_name(name: str) -> str:
    """The name in the form of a field of the sheet."""
    if name == OVERALL:
        return OVERALL_FIELD
    return name.replace(MARK, MARK_FIELD, 1) if name.startswith(MARK) else name.replace(COMMENT, COMMENT_FIELD, 1)


def _field_name(name: str) -> str:
    if name == OVERALL_FIELD:
        return OVERALL
    for prefix, kind in ((MARK_FIELD, MARK), (COMMENT_FIELD, COMMENT)):
        if name.startswith(prefix):
            return kind + name.removeprefix(prefix)
    return name


def _band_of(judged: Round, draft: Draft, key: str) -> str:
    criterion = next(each for each in judged.rubric.criteria if each.key == key)
    number = draft.marks.get(key)
    inside = criterion.band_of(number) if number is not None else None
    return inside.key if inside is not None else draft.bands.get(key, "")


def _read(judged: Round, fields: Mapping[str, str], locale: str) -> Draft:
    return read_draft(judged, **typed_texts(judged, fields), locale=locale)


def _texts(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name): text for name, text in value.items() if isinstance(text, str)}


def _json(text: str) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
