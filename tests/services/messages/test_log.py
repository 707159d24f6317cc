"""The log of letters: what is kept, what is hidden, what is sent once, quiet hours, and sending again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.jobs import MAX_ATTEMPTS, JobTable
from judging.db.models import AuditEvent, Job, SentMessage
from judging.domain.entry_states import EntryState
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused, StoreUnavailable
from judging.mail import MemoryTransport, MessageError
from judging.services.entries.removal import remove_entry
from judging.services.letters import send_letter, send_secret_letter
from judging.services.messages.announcements import Draft, chosen_recipients, send_announcement
from judging.services.messages.delivery import carry_letter
from judging.services.messages.log import send_again
from judging.services.messages.rules import SendingRules, change_sending_rules, sending_rules
from judging.services.messages.texts import Text, reset_template, save_template, template_of
from judging.services.privacy.erasure.rows import erase_logged_letters
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.letters import SETTINGS
from tests.services.office import hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.mail import Message
    from judging.plugins import Registry

EVENING = datetime(2021, 10, 20, 15, 0, tzinfo=UTC)
MORNING = datetime(2021, 10, 20, 23, 0, tzinfo=UTC)
ORGANISER = Actor(account_id=None, roles=frozenset({Role.ORGANISER}))


class Broken(MemoryTransport):
    """Answers every letter with an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def send(self, message: Message, *, key: str) -> None:
        del message, key
        raise self.error


def logged(session: Session) -> list[SentMessage]:
    return list(session.scalars(select(SentMessage).order_by(SentMessage.id)))


def _send(session: Session, registry: Registry, *, now: datetime = NOW, kind: str = "eligible", key: str = "") -> str:
    entry = make_entry(session, make_contest(session, registry), title="Máy tưới {name}")
    made = send_letter(
        session, to=entry.owner, subject="Hello %(name)s", text="About %(title)s", now=now, about=entry, kind=kind,
        params={"name": "An", "title": entry.title}, key=key,
    )  # fmt: skip
    assert made is not None
    return made


def test_letter_about_an_entry_is_logged_as_it_is_read(session: Session, registry: Registry) -> None:
    made = _send(session, registry)
    (row,) = logged(session)
    assert (row.id, row.state, row.kind) == (made, "queued", "eligible")
    assert (row.subject, row.text) == ("Hello An", "About Máy tưới {name}")
    assert row.entry_id is not None
    assert session.get_one(Job, made).payload["to"] == row.address


def test_letter_of_the_same_key_is_sent_once(session: Session, registry: Registry) -> None:
    entry = make_entry(session, make_contest(session, registry))
    again = [
        send_letter(
            session, to=entry.owner, subject="s", text="t", params={}, now=NOW, about=entry, kind="receipt", key="1"
        )
        for _ in range(3)
    ]
    assert again[0] is not None
    assert again[1:] == [None, None]
    assert len(logged(session)) == len(session.scalars(select(Job)).all()) == 1


def test_letter_without_a_contest_is_not_logged(session: Session) -> None:
    assert send_letter(session, to=make_account(session), subject="s", text="t", params={}, now=NOW) is None
    assert logged(session) == []


def test_secret_is_not_in_the_log(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry)
    send_secret_letter(
        session, settings=SETTINGS, address="a@example.vn", locale="en", subject="s", text="Open %(link)s", params={},
        secrets={"link": "https://example.vn/letter?key=abc"}, now=NOW, about=contest, kind="judge-invited",
    )  # fmt: skip
    (row,) = logged(session)
    assert row.text == "Open (personal link)"


@pytest.mark.parametrize(("kind", "leaves"), [("eligible", MORNING), ("receipt", EVENING)])
def test_quiet_hours_hold_back_all_but_receipts(
    session: Session, registry: Registry, kind: str, leaves: datetime
) -> None:
    made = _send(session, registry, now=EVENING, kind=kind)
    assert session.get_one(Job, made).run_after == leaves
    assert session.get_one(SentMessage, made).leaves_at == leaves


def test_sending_rules_are_changed_and_refused_by_name(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry)
    assert sending_rules(session, contest_id=contest.id) == SendingRules()
    change_sending_rules(
        session, contest=contest, actor=ORGANISER, quiet_from="22:30", quiet_until="05:00", steps="12, 168, 12", now=NOW
    )
    changed = sending_rules(session, contest_id=contest.id)
    assert (f"{changed.quiet.start:%H:%M}", changed.steps) == ("22:30", (168, 12))
    with pytest.raises(Refused) as refused:
        change_sending_rules(
            session, contest=contest, actor=ORGANISER, quiet_from="25:00", quiet_until="5:00", steps="1.5", now=NOW
        )
    assert [one.where for one in refused.value.problems] == ["quiet_from", "quiet_until", "steps"]


def test_organisers_text_is_used_until_it_is_set_back(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="screening", entries=1, state="submitted")
    entry = held.entries[0]
    entry.title = "{reason} %(x)s"
    text = Text("{contest}: {title}", "{name}: {title} – {reason}")
    save_template(
        session, contest=held.contest, actor=held.organiser, kind="withdrawn", locale="en", template=text, now=NOW
    )
    remove_entry(session, entry=entry, target=EntryState.WITHDRAWN, reason="R", actor=held.organiser, now=NOW)
    (row,) = logged(session)
    assert row.text == f"{entry.owner.name}: {{reason}} %(x)s – R"
    with pytest.raises(Refused) as refused:
        save_template(
            session, contest=held.contest, actor=held.organiser, kind="withdrawn", locale="en",
            template=Text("a", "{password}"), now=NOW,
        )  # fmt: skip
    assert [one.params for one in refused.value.problems] == [{"name": "password"}]
    reset_template(session, contest=held.contest, actor=held.organiser, kind="withdrawn", locale="en", now=NOW)
    assert template_of(session, contest_id=held.contest.id, kind="withdrawn", locale="en").subject == (
        "Your entry was withdrawn"
    )


def _carry(database: Database, letter_id: str, transport: MemoryTransport, *, attempt: int = 1) -> None:
    with database.reading() as session:
        payload = session.get_one(Job, letter_id).payload
    carry_letter(
        database, letter_id=letter_id, payload=payload, attempt=attempt, transport=transport, settings=SETTINGS,
        clock=lambda: NOW,
    )  # fmt: skip


def _queued(database: Database, registry: Registry) -> str:
    with database.writing() as session:
        return _send(session, registry)


def _row(database: Database, letter_id: str) -> SentMessage:
    with database.reading() as session:
        return session.get_one(SentMessage, letter_id)


def test_sent_letter_is_noted_and_not_sent_by_another_worker(database: Database, registry: Registry) -> None:
    letter, transport = _queued(database, registry), MemoryTransport()
    _carry(database, letter, transport)
    _carry(database, letter, transport, attempt=2)
    assert len(transport.sent) == 1
    row = _row(database, letter)
    assert (row.state, row.attempts, row.sent_at) == ("sent", 1, NOW)


def test_refusal_is_final_and_what_the_server_said_is_kept(database: Database, registry: Registry) -> None:
    letter, cause = _queued(database, registry), OSError("550 no such user")
    error = MessageError("a@example.vn is refused by the mail server.")
    error.__cause__ = cause
    _carry(database, letter, Broken(error))
    row = _row(database, letter)
    assert (row.state, row.answer) == ("failed", "a@example.vn is refused by the mail server. (550 no such user)")


def test_letter_is_given_up_after_the_last_attempt_only(database: Database, registry: Registry) -> None:
    letter = _queued(database, registry)
    for attempt, state in ((1, "queued"), (8, "failed")):
        with pytest.raises(StoreUnavailable):
            _carry(database, letter, Broken(StoreUnavailable("away")), attempt=attempt)
        assert _row(database, letter).state == state


@pytest.mark.parametrize("dies", [True, False])
def test_letter_whose_worker_says_nothing_eight_times_is_not_said_to_wait(
    database: Database, registry: Registry, *, dies: bool
) -> None:
    """The worker is killed each time, or fails before it comes to the letter; then nobody notes the attempt."""
    with database.writing() as session:
        made = _send(session, registry, kind="receipt")
    rows, now = JobTable(database), NOW
    for attempt in range(1, MAX_ATTEMPTS + 1):
        claimed = rows.claim(now)
        assert claimed is not None
        assert (claimed[0], claimed[3]) == (made, attempt)
        if not dies:
            assert rows.fail(made, attempt, now, error="The database is out of reach.")
        now += timedelta(hours=2)
    assert rows.claim(now) is None

    with database.writing() as session:
        row = session.get_one(SentMessage, made)
        said = "No worker lived to finish it." if dies else "The database is out of reach."
        assert (row.state, row.attempts, row.answer) == ("failed", MAX_ATTEMPTS, said)
        send_again(session, message=row, actor=ORGANISER, now=now)
    again = rows.claim(now)
    assert again is not None
    assert (again[0], again[3]) == (made, 1)


def test_failed_letter_is_sent_again_once(database: Database, registry: Registry) -> None:
    letter, transport = _queued(database, registry), MemoryTransport()
    _carry(database, letter, Broken(MessageError("no")))
    with database.writing() as session:
        send_again(session, message=session.get_one(SentMessage, letter), actor=ORGANISER, now=NOW)
    with database.writing() as session, pytest.raises(Conflict):
        send_again(session, message=session.get_one(SentMessage, letter), actor=ORGANISER, now=NOW)
    with database.reading() as session:
        assert session.get_one(Job, letter).state == "queued"
        assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "message-sent-again")).all()) == 1
    _carry(database, letter, transport)
    assert (len(transport.sent), _row(database, letter).state) == (1, "sent")
    with database.writing() as session, pytest.raises(NotAllowed):
        send_again(
            session, message=session.get_one(SentMessage, letter), now=NOW,
            actor=Actor(account_id=None, roles=frozenset({Role.AUDITOR})),
        )  # fmt: skip


DRAFT = Draft(texts={"en": Text("{contest}", "Dear {name}, “{title}” {code}")}, groups=("submitted",))


def test_message_goes_to_each_person_once_however_often_it_is_sent(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="screening", entries=3, state="submitted", judges=1)
    held.entries[1].owner_id = held.entries[0].owner_id
    session.flush()
    session.expire_all()
    made = [
        send_announcement(
            session, contest=held.contest, rules=held.rules, actor=held.organiser, draft=DRAFT, key="k", now=NOW
        )
        for _ in range(2)
    ]
    assert made == [2, 0]
    rows = logged(session)
    assert len({row.address for row in rows}) == len(rows) == 2
    reader = held.entries[0].owner.name
    assert rows[0].text == f"Dear {reader}, “Sản phẩm 1” {held.rules.prefix}-001"
    each = replace(DRAFT, per_entry=True)
    assert len(chosen_recipients(session, contest=held.contest, draft=each)) == 3
    picked = replace(DRAFT, picked={held.entries[2].id})
    assert [one.entry for one in chosen_recipients(session, contest=held.contest, draft=picked)] == [held.entries[2]]


def test_nobody_is_chosen_by_default_and_then_nothing_is_sent(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, phase="screening", entries=1, state="submitted")
    for draft in (replace(DRAFT, groups=()), replace(DRAFT, picked=())):
        with pytest.raises(Refused) as refused:
            send_announcement(
                session, contest=held.contest, rules=held.rules, actor=held.organiser, draft=draft, key="k", now=NOW
            )
        assert [one.code for one in refused.value.problems] == ["nobody"]
    assert logged(session) == []


def test_quiet_letter_waits_no_longer_than_a_night(session: Session, registry: Registry) -> None:
    made = _send(session, registry, now=EVENING)
    assert session.get_one(SentMessage, made).leaves_at - EVENING < timedelta(hours=12)


def test_erasure_takes_the_letters_of_an_entry_and_no_others(session: Session, registry: Registry) -> None:
    contest = make_contest(session, registry)
    erased, other = (make_entry(session, contest, title=title) for title in ("Máy tưới cây mẫu", "Một bài khác"))
    for about, to, text in (
        (erased, erased.owner, "about it"),
        (contest, erased.owner, "to its owner"),
        (contest, other.owner, "It names Máy tưới cây mẫu."),
        (other, other.owner, "stays"),
    ):
        send_letter(session, to=to, subject="s", text=text, params={}, now=NOW, about=about)
    gone = erase_logged_letters(session, erased, addresses={erased.owner.email}, title=erased.title)
    assert gone == 3
    assert [row.text for row in logged(session)] == ["stays"]
    assert [job.payload["text"] for job in session.scalars(select(Job))] == ["stays"]
