"""The earlier versions of a draft: what each field said and when, what changed, and a way to take a text back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.text_changes import compare_texts, count_changed_words
from judging.errors import N_, NotFound
from judging.services.entries.draft_history import FieldHistory, Version, draft_history, take_earlier_text
from judging.services.entries.drafts import may_edit
from judging.services.entries.texts import answer_name
from judging.web.context import actor, entry, now, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.draft_page import shown_text
from judging.web.entrant.entry_page import entry_context
from judging.web.formats import day, label, mark
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

_SHORT = 80
_PARTS = {
    "name": N_("Full name"), "born": N_("Birth date"), "unit": N_("School, workplace or firm"),
    "email": N_("E-mail address (optional)"), "share": N_("Share in per cent"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """A version in the reader's words. `short` texts stand in the list itself; of others it says how many words."""

    version: Version
    text: str
    short: bool
    gone: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownField:
    """A field with its versions, the newest first."""

    field: str
    label: str
    gone: bool
    versions: Sequence[ShownVersion]


@blueprint.get("/entries/<entry_id>/versions")
@policy("contestant")
def versions(**_address: str) -> str:
    """The earlier versions of the draft by field; with `text`, one of them beside what stands now."""
    history = draft_history(db(), entry=entry(), rules=rules())
    asked = request.args.get("text")
    if asked is None:
        return render_template(
            "entrant/versions.html", **entry_context(), editable=may_edit(entry(), actor()),
            fields=[_shown_field(one) for one in history],
        )  # fmt: skip
    found = next(((one, each) for one in history for each in one.versions if each.id == asked), None)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    of_field, version = found
    return render_template(
        "entrant/version.html", **entry_context(),
        earlier=version,
        field_label=_field_label(version.field),
        text=_in_words(version.field, version.text),
        pieces=compare_texts(_in_words(version.field, version.text), _in_words(version.field, version.standing)),
        may_take=may_edit(entry(), actor()) and not of_field.gone and not version.is_standing,
    )  # fmt: skip


@blueprint.post("/entries/<entry_id>/versions")
@policy("contestant")
def take_version(entry_id: str) -> ResponseReturnValue:
    """Take an earlier text back into the draft. What the field said until now stays among the versions."""
    field = take_earlier_text(
        db(), entry=entry(), actor=actor(), rules=rules(), text_id=request.form.get("text", ""), now=now()
    )  # fmt: skip
    flash(_("“%(field)s” says the earlier text again. What it said before is kept below.", field=_field_label(field)))
    return redirect(url_for("entrant.versions", entry_id=entry_id))


def _shown_field(one: FieldHistory) -> ShownField:
    return ShownField(
        field=one.field, label=_field_label(one.field), gone=one.gone,
        versions=[_shown_version(each) for each in one.versions],
    )  # fmt: skip


def _shown_version(one: Version) -> ShownVersion:
    text = _in_words(one.field, one.text)
    gone, new = count_changed_words(one.before, one.text)
    return ShownVersion(version=one, text=text, short=len(text) <= _SHORT, gone=gone, new=new)


def _in_words(field: str, text: str) -> str:
    if not text or not field.startswith("member:"):
        return shown_text(rules(), field, text) if text else ""
    part = field.rpartition(":")[2]
    try:
        if part == "born":
            return day(date.fromisoformat(text))
        return mark(text) if part == "share" else text
    except (ValueError, ArithmeticError):
        # Typed, and no answer yet.
        return text


def _field_label(field: str) -> str:
    kind, _rest, rest = field.partition(":")
    if kind == "member":
        member_id, _colon, part = rest.partition(":")
        found = next((one for one in enumerate(entry().members, start=1) if one[1].id == member_id), None)
        what = label(_PARTS.get(part, part))
        if found is None:
            return _("Somebody who was taken off: %(what)s", what=what)
        return _("Author %(number)s: %(what)s", number=found[0], what=what)
    places = {"title": _("Title"), "category": _("Category"), "division": _("Division")}
    asked = next((one for one in rules().fields if answer_name(one.key) == field), None)
    return label(asked.label) if asked is not None else places.get(kind, rest or kind)
