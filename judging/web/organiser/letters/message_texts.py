"""What letters of each kind say, and when letters leave: read and changed by the organiser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import ContestPhase
from judging.domain.message_kinds import (
    EDITABLE_KINDS,
    FREE_VALUES,
    LATE_SHEET_TAKEN,
    MESSAGE_KINDS,
    NEW_WORK,
    REMINDER,
    RETURN_EXTENDED,
    RETURN_REMINDER,
    ROUND_END,
    SILENT_JUDGE,
)
from judging.domain.permissions import can_configure
from judging.domain.policy import policy
from judging.errors import N_, NotFound, Refused
from judging.services.contests.deadlines import return_term
from judging.services.messages.recipients import GROUPS, JUDGES, members_of
from judging.services.messages.reminders import drafts_of, reminder_values
from judging.services.messages.return_reminders import return_values
from judging.services.messages.rules import change_sending_rules, sending_rules
from judging.services.messages.texts import (
    Text,
    contest_title,
    default_template,
    filled,
    reset_template,
    rewritten_kinds,
    save_template,
    template_of,
)
from judging.services.rounds.entries import entry_code
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label, problem_sentence
from judging.web.i18n import LANGUAGES
from judging.web.organiser.acts import DESK, REFUSED
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue

    from judging.services.messages.recipients import Recipient

_MOST_SHOWN = 200
_TO_JUDGES = (NEW_WORK, ROUND_END, LATE_SHEET_TAKEN, SILENT_JUDGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A letter as one real person would get it now."""

    name: str
    address: str
    language: str
    text: Text


@blueprint.get("/<slug>/messages/texts")
@policy(*DESK)
def message_texts(slug: str) -> str:
    """The kinds of letters with the languages in which the organiser wrote them anew."""
    del slug
    return _texts_page({})


@blueprint.post("/<slug>/messages/texts")
@policy("organiser")
def change_sending(slug: str) -> ResponseReturnValue:
    """Set quiet hours and the reminders before the deadline."""
    typed = {name: request.form.get(name, "") for name in ("quiet_from", "quiet_until", "steps")}
    try:
        with db().begin_nested():
            change_sending_rules(db(), contest=contest(), actor=actor(), now=now(), **typed)
    except Refused as refused:
        return _texts_page({one.where: problem_sentence(one) for one in refused.problems}, typed), REFUSED
    flash(_("Recorded. What is on its way already leaves as it was planned."), "info")
    return redirect(url_for("organiser.message_texts", slug=slug))


@blueprint.get("/<slug>/messages/texts/<kind_key>/<language>")
@policy(*DESK)
def message_text(slug: str, kind_key: str, language: str) -> str:
    """The text of one kind of letter in one language, with what a chosen person would get."""
    del slug
    _known(kind_key, language)
    return _text_page(kind_key, language)


@blueprint.post("/<slug>/messages/texts/<kind_key>/<language>")
@policy("organiser")
def change_message_text(slug: str, kind_key: str, language: str) -> ResponseReturnValue:
    """Write the text anew, look at it as a chosen person would, or go back to the text that comes with the program."""
    _known(kind_key, language)
    typed = Text(request.form.get("subject", ""), request.form.get("text", ""))
    act = request.form.get("act", "")
    if act == "preview":
        return _text_page(kind_key, language, typed)
    try:
        with db().begin_nested():
            if act == "reset":
                reset_template(db(), contest=contest(), actor=actor(), kind=kind_key, locale=language, now=now())
            else:
                save_template(
                    db(), contest=contest(), actor=actor(), kind=kind_key, locale=language, template=typed, now=now()
                )
    except Refused as refused:
        errors = {one.where: problem_sentence(one) for one in reversed(refused.problems)}
        return _text_page(kind_key, language, typed, errors), REFUSED
    flash(_("The text is recorded. Letters say it from now on."), "info")
    return redirect(url_for("organiser.message_text", slug=slug, kind_key=kind_key, language=language))


def _known(kind: str, language: str) -> None:
    if kind not in EDITABLE_KINDS or language not in LANGUAGES:
        raise NotFound(N_("There is nothing here."))


def _texts_page(errors: Mapping[str, str], typed: Mapping[str, str] | None = None) -> str:
    kept = sending_rules(db(), contest_id=contest().id)
    shown = {
        "quiet_from": f"{kept.quiet.start:%H:%M}", "quiet_until": f"{kept.quiet.end:%H:%M}",
        "steps": ", ".join(map(str, kept.steps)),
    }  # fmt: skip
    return render_template(
        "organiser/letters/message_texts.html",
        contest=contest(),
        rules=rules(),
        kinds=[MESSAGE_KINDS[key] for key in EDITABLE_KINDS],
        languages=LANGUAGES,
        rewritten=rewritten_kinds(db(), contest_id=contest().id),
        values=typed or shown,
        errors=errors,
        drafts=len(drafts_of(db(), contest())) if contest().phase == ContestPhase.OPEN else 0,
        may_change=_may_change(),
    )


def _text_page(kind: str, language: str, typed: Text | None = None, errors: Mapping[str, str] | None = None) -> str:
    template = typed or template_of(db(), contest_id=contest().id, kind=kind, locale=language)
    people = _people(kind, language)
    asked = request.values.get("reader", "")
    reader = next((one for one in people if one.key == asked), None)
    return render_template(
        "organiser/letters/message_text.html",
        contest=contest(),
        rules=rules(),
        kind=MESSAGE_KINDS[kind],
        language=language,
        languages=LANGUAGES,
        # The base of all pages has a text of its own.
        template=template,
        placeholders=[(f"{{{key}}}", label(text)) for key, text in MESSAGE_KINDS[kind].values.items()],
        is_own=(kind, language) in rewritten_kinds(db(), contest_id=contest().id),
        is_default=template == default_template(kind, language),
        readers=[(one.key, f"{one.account.name} <{one.account.email}>") for one in people],
        reader=asked,
        preview=None if reader is None else _preview(reader, template, kind),
        errors=errors or {},
        may_change=_may_change(),
    )


def _people(kind: str, language: str) -> list[Recipient]:
    """Real people who would get such a letter in that language; reminders go to drafts or returned entries alone."""
    others = [JUDGES] if kind in _TO_JUDGES else [group for group in GROUPS if group not in ("drafts", JUDGES)]
    groups = {REMINDER: ["drafts"], RETURN_REMINDER: ["returned"], RETURN_EXTENDED: ["returned"]}.get(kind, others)
    found = members_of(db(), contest(), groups)
    return [one for one in found if one.account.locale == language][:_MOST_SHOWN]


def _preview(reader: Recipient, template: Text, kind: str) -> Preview:
    account, entry = reader.account, reader.entry
    values = {name: f"[{label(text)}]" for name, text in MESSAGE_KINDS[kind].values.items()}
    if entry is None:
        values |= {"name": account.name, "contest": contest_title(contest(), account.locale)}
    else:
        known = {
            "name": account.name, "title": entry.title, "contest": contest_title(contest(), account.locale),
            "code": entry_code(rules(), entry.number),
        }  # fmt: skip
        values |= {name: value for name, value in known.items() if values.get(name) == f"[{label(FREE_VALUES[name])}]"}
        if kind == REMINDER:
            values |= reminder_values(
                db(), registry=platform().registry, settings=platform().settings, entry=entry, now=now()
            )
        term = return_term(db(), entry) if kind == RETURN_REMINDER else None
        if term is not None and term.until > now():
            values |= return_values(
                db(), registry=platform().registry, settings=platform().settings, entry=entry, term=term, now=now()
            )
    return Preview(
        name=account.name, address=account.email, language=LANGUAGES[account.locale], text=filled(template, values)
    )


def _may_change() -> bool:
    return can_configure(actor(), phase=ContestPhase(contest().phase))
