"""What letters say: the catalogue's text of each kind, or the organiser's in its place."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from babel.support import NullTranslations, Translations
from sqlalchemy import delete, select

from judging.db.models import MessageTemplate
from judging.domain.lifecycle import ContestPhase
from judging.domain.message_kinds import EDITABLE_KINDS, find_kind
from judging.domain.message_templates import check_template, fill_subject, fill_text, from_msgid
from judging.domain.permissions import can_configure
from judging.errors import N_, NotAllowed, NotFound, Refused
from judging.paths import translations_folder
from judging.services.audit import record_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor

LOCALES = ("vi", "en")


class Text(NamedTuple):
    """A subject and a text, as a template or as they are read."""

    subject: str
    text: str


@lru_cache(maxsize=8)
def catalogue(locale: str) -> NullTranslations:
    """The core's words in a language."""
    return Translations.load(translations_folder(), [locale])


def contest_title(contest: Contest, locale: str) -> str:
    """The contest's name as a reader of that language is told it."""
    return contest.title_en if locale == "en" and contest.title_en else contest.title


def default_template(kind: str, locale: str) -> Text:
    """The catalogue's text of a kind."""
    found, translate = find_kind(kind), catalogue(locale).gettext
    return Text(from_msgid(translate(found.subject)), from_msgid(translate(found.text)))


def own_template(session: Session, *, contest_id: str, kind: str, locale: str) -> MessageTemplate | None:
    """The organiser's text of a kind, where there is one."""
    return session.scalar(
        select(MessageTemplate).where(
            MessageTemplate.contest_id == contest_id, MessageTemplate.kind == kind, MessageTemplate.locale == locale
        )
    )


def template_of(session: Session, *, contest_id: str, kind: str, locale: str) -> Text:
    """The text that letters of the kind are made of now."""
    own = own_template(session, contest_id=contest_id, kind=kind, locale=locale)
    return default_template(kind, locale) if own is None else Text(own.subject, own.text)


def filled(template: Text, values: Mapping[str, str]) -> Text:
    """The letter that a template makes."""
    return Text(fill_subject(template.subject, values), fill_text(template.text, values))


def rewritten_kinds(session: Session, *, contest_id: str) -> set[tuple[str, str]]:
    """The kinds and languages that the organiser has written anew."""
    query = select(MessageTemplate.kind, MessageTemplate.locale).where(MessageTemplate.contest_id == contest_id)
    return {(kind, locale) for kind, locale in session.execute(query)}


def save_template(
    session: Session, *, contest: Contest, actor: Actor, kind: str, locale: str, template: Text, now: datetime
) -> None:
    """Have letters of the kind say `template` from now on. Raises NotAllowed, NotFound, or Refused."""
    _must_configure(contest, actor, kind, locale)
    tidy = Text(template.subject.strip(), template.text.replace("\r\n", "\n").strip())
    if problems := check_template(subject=tidy.subject, text=tidy.text, allowed=find_kind(kind).values):
        raise Refused(problems)
    own = own_template(session, contest_id=contest.id, kind=kind, locale=locale)
    if own is None:
        own = MessageTemplate(contest_id=contest.id, kind=kind, locale=locale)
        session.add(own)
    own.subject, own.text, own.changed_at, own.changed_by_id = tidy.subject, tidy.text, now, actor.account_id
    session.flush()
    _record(session, "template-changed", contest, actor, now=now, kind=kind, locale=locale)


def reset_template(session: Session, *, contest: Contest, actor: Actor, kind: str, locale: str, now: datetime) -> None:
    """Go back to the catalogue's text. Raises NotAllowed and NotFound."""
    _must_configure(contest, actor, kind, locale)
    gone = session.execute(
        delete(MessageTemplate)
        .where(MessageTemplate.contest_id == contest.id, MessageTemplate.kind == kind, MessageTemplate.locale == locale)
        .returning(MessageTemplate.id)
    ).first()
    if gone is not None:
        _record(session, "template-reset", contest, actor, now=now, kind=kind, locale=locale)


def _must_configure(contest: Contest, actor: Actor, kind: str, locale: str) -> None:
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    if kind not in EDITABLE_KINDS or locale not in LOCALES:
        raise NotFound(N_("There is nothing here."))


def _record(
    session: Session, action: str, contest: Contest, actor: Actor, *, now: datetime, kind: str, locale: str
) -> None:
    record_event(
        session, action=action, subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"kind": kind, "locale": locale},
    )  # fmt: skip
