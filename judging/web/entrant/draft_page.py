"""The draft on its pages: what a page started from, and the texts of two devices side by side.

A form carries the version of each of its fields (`base`) and a token of its own (`page`). A form without them, as a
program might send it, is taken as it is.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from judging.db.models import DraftText, Entry
from judging.domain.draft_merge import version_of
from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import ContestRules
from judging.services.entries.draft_saving import PLACE, SavedDraft, Started
from judging.services.entries.draft_versions import Draft
from judging.services.entries.texts import PARTS, TICKED, answer_name, member_name, standing_texts
from judging.web.context import contest
from judging.web.entrant.answer_forms import PREFIX, typed_decimal
from judging.web.entrant.overview import answer_text
from judging.web.formats import label, moment

Names = Mapping[str, str]
"""The names of fields in the draft by their names in the form."""

_TOKEN = re.compile(r"[0-9a-f]{16}", re.ASCII)
_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDraft:
    """What a page's form carries along, and the waiting texts by the form's fields: `{id, text, standing, time}`."""

    base: str
    page: str
    waiting: Mapping[str, Sequence[Mapping[str, str]]]


def field_names(fields: Iterable[EntryField], *, place: bool) -> Names:
    """The fields of a stop of questions."""
    return {
        **({name: name for name in PLACE} if place else {}),
        **{PREFIX + field.key: answer_name(field.key) for field in fields},
    }


def row_names(ids: Sequence[str]) -> Names:
    """The fields of the people's stop."""
    return {
        f"members-{at}-{part}": member_name(member_id, part) for at, member_id in enumerate(ids) for part in PARTS
    }  # fmt: skip


def started_from(names: Names) -> Started | None:
    """What the posted form started from; None when it does not say."""
    if "base" not in request.form:
        return None
    page = request.form.get("page", "")
    try:
        base = json.loads(request.form["base"])
        versions, order = dict(base["versions"]), list(base.get("order", ()))
    except (ValueError, TypeError, KeyError):
        # Known to start from somewhere, but not from where: whatever differs is asked about.
        versions, order = {}, []
    return Started(
        versions={names[name]: str(version) for name, version in versions.items() if name in names},
        order=[str(each) for each in order[:_MOST]],
        page=page if _TOKEN.fullmatch(page) else "",
    )


def page_draft(entry: Entry, rules: ContestRules, draft: Draft, names: Names, order: Sequence[str]) -> PageDraft:
    """What the form of a page carries that shows the draft as it stands now."""
    standing = draft.over(standing_texts(entry, rules))
    by_field = {name: shown for shown, name in names.items()}
    waiting: dict[str, list[dict[str, str]]] = {}
    for row in draft.waiting():
        if row.field in by_field:
            waiting.setdefault(by_field[row.field], []).append(_shown(row, rules, standing.get(row.field, "")))
    versions = {shown: version_of(standing.get(name, "")) for shown, name in names.items()}
    return PageDraft(
        base=json.dumps({"versions": versions, "order": list(order)}, separators=(",", ":")),
        page=secrets.token_hex(8),
        waiting=waiting,
    )


def shown_text(rules: ContestRules, name: str, text: str) -> str:
    """A field's text in the reader's words: the name of a choice, a day or a number as they write it."""
    kind, _, rest = name.partition(":")
    if name in ("category", "division"):
        return next(
            (label(one.label) for one in (*rules.categories, *rules.divisions) if one.key == text), text
        )  # fmt: skip
    asked = next((one for one in rules.fields if kind == "answer" and one.key == rest), None)
    if asked is None:
        return text
    try:
        return answer_text(asked, text == TICKED if asked.kind is FieldKind.BOOLEAN else text)
    except (ValueError, ArithmeticError):
        # Typed, and no answer yet.
        return text


def _shown(row: DraftText, rules: ContestRules, standing: str) -> dict[str, str]:
    return {
        "id": row.id,
        "text": shown_text(rules, row.field, row.text),
        "standing": shown_text(rules, row.field, standing),
        "time": moment(row.at, contest().zone),
    }


def form_text(rules: ContestRules, name: str, text: str) -> str:
    """A field's text as a form holds it."""
    decimals = {answer_name(one.key) for one in rules.fields if one.kind is FieldKind.DECIMAL}
    return typed_decimal(text) if name in decimals or name.endswith(":share") else text


def merged_answer(rules: ContestRules, saved: SavedDraft, names: Names) -> dict[str, Any]:
    """What a page is told of a save, by its form's fields.

    {"started": {"versions": {…}}, "brought": {field: text}, "clashes": {field: {"text", "shown", "version"}}}; a field
    that clashes keeps the version it started from until a person has said which text holds.
    """
    merge = saved.merge
    known = {name: shown for shown, name in names.items()}
    return {
        "started": {
            "versions": {
                known[name]: version
                for name, version in saved.versions.items()
                if name in known and name not in merge.clashes
            }
        },
        "brought": {known[name]: form_text(rules, name, text) for name, text in merge.brought.items() if name in known},
        "clashes": {
            known[name]: {
                "text": form_text(rules, name, clash.standing),
                "shown": shown_text(rules, name, clash.standing),
                "version": version_of(clash.standing),
            }
            for name, clash in merge.clashes.items()
            if name in known
        },
    }
