"""Messages of the organiser: to people who were chosen, seen by each reader's eyes before, sent once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.dialects import postgresql, sqlite

from judging.db.models import Announcement
from judging.db.types import new_id
from judging.domain.message_kinds import ANNOUNCEMENT, FREE_VALUES
from judging.domain.message_templates import check_template
from judging.domain.permissions import Role
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter
from judging.services.messages.recipients import members_of, one_for_each_person
from judging.services.messages.texts import LOCALES, Text, contest_title, filled
from judging.services.rounds.entries import entry_code

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.services.messages.recipients import Recipient

_TABLE = Announcement.metadata.tables[Announcement.__tablename__]
_LONGEST_KEY = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message as it is written: texts by language, groups, and hand-picked recipients of them by key (None: all).

    A reader without a text in their language gets the one that there is.
    """

    texts: Mapping[str, Text]
    groups: Collection[str]
    picked: Collection[str] | None = None
    per_entry: bool = False

    def text_for(self, locale: str) -> Text:
        """The text that a reader of that language gets."""
        written = {key: text for key, text in self.texts.items() if text.subject.strip() or text.text.strip()}
        return written.get(locale) or next(iter(written.values()), Text("", ""))


def chosen_recipients(session: Session, *, contest: Contest, draft: Draft) -> Sequence[Recipient]:
    """Who would get the message: nobody where no group was chosen."""
    found = members_of(session, contest, draft.groups)
    if draft.picked is not None:
        found = [one for one in found if one.key in draft.picked]
    return found if draft.per_entry else one_for_each_person(found)


def check_draft(session: Session, *, contest: Contest, draft: Draft) -> Sequence[Recipient]:
    """The recipients of a message that can be sent. Raises Refused naming what is missing."""
    problems: list[Problem] = []
    written = [key for key in LOCALES if any(part.strip() for part in draft.texts.get(key, ("", "")))]
    for key in written or LOCALES[:1]:
        text = draft.texts.get(key, Text("", ""))
        found = check_template(subject=text.subject, text=text.text, allowed=FREE_VALUES)
        problems += [
            Problem(code=one.code, message=one.message, params=one.params, where=f"{one.where}_{key}") for one in found
        ]
    recipients = chosen_recipients(session, contest=contest, draft=draft)
    if not recipients:
        message = N_("Choose who gets the message. Nobody is chosen now.")
        problems.append(Problem(code="nobody", where="groups", message=message))
    if problems:
        raise Refused(problems)
    return recipients


def written_for(recipient: Recipient, *, contest: Contest, rules: ContestRules, draft: Draft) -> Text:
    """Exactly what this person gets."""
    locale = recipient.account.locale
    return filled(draft.text_for(locale), _values(recipient, contest, rules))


def send_announcement(
    session: Session,
    *,
    contest: Contest,
    rules: ContestRules,
    actor: Actor,
    draft: Draft,
    key: str,
    now: datetime,
) -> int:
    """Queue the message to everybody chosen and return how many; a second call with `key` sends nothing and returns 0.

    Raises NotAllowed and Refused.
    """
    if not actor.has(Role.ORGANISER, Role.SECRETARY):
        raise NotAllowed(N_("Letters are sent by the secretary and the organiser."))
    recipients = check_draft(session, contest=contest, draft=draft)
    made = _take_key(session, contest, actor, draft, key=key, count=len(recipients), now=now)
    if made is None:
        return 0
    for one in recipients:
        send_letter(
            session, to=one.account, subject="", text="", params=_values(one, contest, rules), now=now,
            about=one.entry or contest, kind=ANNOUNCEMENT, key=f"{made}:{one.key}",
            template=draft.text_for(one.account.locale),
        )  # fmt: skip
    record_event(
        session, action="announcement-sent", subject="announcement", subject_id=made, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"groups": sorted(draft.groups), "count": len(recipients)},
    )  # fmt: skip
    return len(recipients)


def _take_key(
    session: Session, contest: Contest, actor: Actor, draft: Draft, *, key: str, count: int, now: datetime
) -> str | None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {
        "id": new_id(), "contest_id": contest.id, "by_id": actor.account_id, "key": key[:_LONGEST_KEY],
        "texts": {locale: list(text) for locale, text in draft.texts.items()}, "recipients": count, "at": now,
    }  # fmt: skip
    statement = insert(_TABLE).values(values).on_conflict_do_nothing(index_elements=["contest_id", "key"])
    return session.connection().execute(statement.returning(_TABLE.c.id)).scalar_one_or_none()


def _values(recipient: Recipient, contest: Contest, rules: ContestRules) -> dict[str, str]:
    entry, account = recipient.entry, recipient.account
    return {
        "name": account.name, "contest": contest_title(contest, account.locale),
        "title": entry.title if entry is not None else "",
        "code": entry_code(rules, entry.number) if entry is not None else "",
    }  # fmt: skip
