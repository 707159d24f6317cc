"""Requests: taken from people and from the office, seen to in steps, reminded of once, and shown as evidence."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, AuditEvent, Contest, Entry, Job, PrivacyRequest
from judging.domain.permissions import Actor, Role
from judging.domain.privacy_requests import Channel, Profile, RequestKind, RequestState, RequestStep
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.letters import LETTER_JOB
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.request_desk.evidence import evidence_of
from judging.services.privacy.request_desk.receiving import Asked, Entered, contests_to_ask, enter_request, receive_own
from judging.services.privacy.request_desk.reminding import desk_of, plan_reminders, send_reminders
from judging.services.privacy.request_desk.working import (
    find_request,
    list_requests,
    own_requests,
    take_back,
    take_step,
)
from tests.factories import NOW, give_office, give_role, make_account
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from judging.services.platform import Platform

MARK = "qxzcanary"


@pytest.fixture
def held(session: Session, registry: Registry) -> Office:
    return hold_contest(session, registry, phase="published", state="not-awarded", entries=2)


def ask(session: Session, held: Office, kind: RequestKind = RequestKind.SEE) -> PrivacyRequest:
    entry = held.entries[0]
    asked = Asked(kind=kind, text="Cho tôi xem dữ liệu.", contest=held.contest, entry=entry)
    return receive_own(session, account=entry.owner, asked=asked, now=NOW)


def entered(
    *, person: str = "Nông Mẫu Phụ Huynh", identity_note: str = "Đã xem căn cước.", received_at: datetime | None = None
) -> Entered:
    return Entered(
        channel=Channel.PAPER, person=person, contact="0900", profile=Profile.VN, identity_note=identity_note,
        received_at=received_at or NOW - timedelta(days=1),
    )  # fmt: skip


def test_own_request_has_number_dates_and_a_letter(session: Session, held: Office) -> None:
    first, second = ask(session, held), ask(session, held, RequestKind.ERASE)

    assert [first.number, second.number] == ["YC-2021-00001", "YC-2021-00002"]
    assert first.answer_due < first.act_due < second.act_due
    assert first.about_child
    assert contests_to_ask(session, held.entries[0].owner) == [held.contest]
    letters = [job.payload for job in session.query(Job).filter_by(name=LETTER_JOB)]
    assert {one["to"] for one in letters} == {held.entries[0].owner.email}
    acts = session.query(AuditEvent).filter_by(action="privacy-request-received").all()
    assert {act.actor_id for act in acts} == {held.entries[0].owner_id}


def test_request_without_words_is_refused(session: Session, held: Office) -> None:
    with pytest.raises(Refused):
        receive_own(session, account=held.desk, asked=Asked(kind=RequestKind.SEE, text="  "), now=NOW)


def test_office_enters_what_came_on_paper_with_its_own_day(session: Session, held: Office) -> None:
    asked = Asked(kind=RequestKind.ERASE, text="Xóa giúp.", contest=held.contest, entry=held.entries[1])

    made = enter_request(session, asked=asked, entered=entered(), actor=held.organiser, now=NOW)

    assert made.received_at == NOW - timedelta(days=1)
    assert (made.account_id, made.channel) == (None, "paper")
    with pytest.raises(Refused) as refused:
        enter_request(
            session, asked=Asked(kind=RequestKind.SEE, text="", contest=held.contest),
            entered=entered(person="", identity_note=" ", received_at=NOW + timedelta(days=1)), actor=held.organiser,
            now=NOW,
        )  # fmt: skip
    assert [one.where for one in refused.value.problems] == ["text", "person", "identity_note", "received"]


@pytest.mark.parametrize("role", [Role.JUDGE, Role.COMMITTEE, Role.AUDITOR, Role.CONTESTANT])
def test_only_desk_and_administrator_work_on_requests(session: Session, held: Office, role: Role) -> None:
    request = ask(session, held)
    other = Actor(account_id=held.desk.id, roles=frozenset({role}))

    with pytest.raises(NotAllowed):
        take_step(session, request=request, step=RequestStep.ANSWER, note="x", actor=other, now=NOW)
    asked = Asked(kind=RequestKind.SEE, text="x", contest=held.contest)
    with pytest.raises(NotAllowed):
        enter_request(session, asked=asked, entered=entered(), actor=other, now=NOW)


def test_request_about_no_contest_is_the_administrators(session: Session, held: Office) -> None:
    request = receive_own(session, account=held.desk, asked=Asked(kind=RequestKind.SEE, text="x"), now=NOW)
    administrator = Actor(account_id=held.desk.id, roles=frozenset({Role.ADMINISTRATOR}))

    with pytest.raises(NotAllowed):
        take_step(session, request=request, step=RequestStep.ANSWER, note="x", actor=held.organiser, now=NOW)
    take_step(session, request=request, step=RequestStep.ANSWER, note="x", actor=administrator, now=NOW)
    with pytest.raises(NotFound):
        find_request(session, held.contest, request.id)


def test_steps_are_evidence(session: Session, held: Office) -> None:
    request = ask(session, held)
    for step, note, hours in (
        (RequestStep.ANSWER, "Đã nhận, sẽ gửi tệp.", 5),
        (RequestStep.NOTE, "Gọi lại ngày mai.", 6),
        (RequestStep.DO, "Đã gửi tệp.", 30 * 24),
    ):
        take_step(
            session, request=request, step=step, note=note, actor=held.organiser, now=NOW + timedelta(hours=hours)
        )
    session.refresh(request)

    told = json.loads(json.dumps(evidence_of(find_request(session, held.contest, request.id))))

    assert (told["state"], told["answered_in_time"], told["closed_in_time"]) == ("done", True, False)
    assert [step["step"] for step in told["steps"]] == ["receive", "answer", "note", "do"]
    assert {step["by"] for step in told["steps"][1:]} == {held.desk.name}
    with pytest.raises(Conflict):
        take_step(session, request=request, step=RequestStep.REFUSE, note="x", actor=held.organiser, now=NOW)
    with pytest.raises(Refused):
        take_step(session, request=request, step=RequestStep.NOTE, note=" ", actor=held.organiser, now=NOW)


def test_own_request_can_be_taken_back_by_its_person_only(session: Session, held: Office) -> None:
    request = ask(session, held)

    with pytest.raises(NotFound):
        take_back(session, request=request, account=held.entries[1].owner, now=NOW)
    take_back(session, request=request, account=held.entries[0].owner, now=NOW)

    assert request.state == RequestState.TAKEN_BACK
    assert own_requests(session, held.entries[0].owner) == [request]
    assert own_requests(session, held.entries[1].owner) == []


def test_queue_has_what_is_due_first_and_what_is_closed_last(session: Session, held: Office) -> None:
    late, soon, done = ask(session, held, RequestKind.ERASE), ask(session, held), ask(session, held)
    take_step(session, request=late, step=RequestStep.ANSWER, note="x", actor=held.organiser, now=NOW)
    take_step(session, request=done, step=RequestStep.DO, note="x", actor=held.organiser, now=NOW)

    found = list_requests(session, held.contest, limit=10, offset=0)

    assert [one.number for one in found] == [soon.number, late.number, done.number]


def test_desk_is_that_of_the_contest_or_the_administrators(session: Session, held: Office) -> None:
    administrator = make_account(session, is_administrator=True)
    office = make_account(session)
    give_office(session, held.contest.organisation, office, "secretary")
    give_role(session, held.contest, make_account(session), "auditor")

    assert set(desk_of(session, held.contest)) == {held.desk, office}
    assert set(desk_of(session, None)) == {administrator}


def test_reminders_come_once_before_and_once_after_each_date(platform: Platform) -> None:
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, phase="published", entries=1)
        request = ask(session, held)
        request_id, answer_due, desk = request.id, request.answer_due, held.desk.email

    def subjects() -> list[str]:
        with platform.database.reading() as session:
            jobs = session.query(Job).filter_by(name=LETTER_JOB).order_by(Job.created_at, Job.id)
            return [job.payload["subject"].split(" is ")[-1] for job in jobs if job.payload["to"] == desk]

    sent = [
        send_reminders(platform.database, settings=platform.settings, now=answer_due + timedelta(hours=hours))
        for hours in (-48, -23, -2, 1, 25, 49)
        for _ in range(2)
    ]
    assert sent == [0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert subjects() == ["due tomorrow", "overdue"]
    with platform.database.writing() as session:
        request = session.get_one(PrivacyRequest, request_id)
        take_step(session, request=request, step=RequestStep.DO, note="x", actor=held.organiser, now=NOW)
    assert send_reminders(platform.database, settings=platform.settings, now=answer_due + timedelta(days=99)) == 0


def test_mornings_are_planned_once(session: Session) -> None:
    for _ in range(3):
        plan_reminders(session, now=NOW)

    (job,) = session.query(Job).filter_by(name="remind-request-desk")
    assert (job.run_after.hour, job.run_after.minute) == (0, 30)


def test_erasure_empties_requests_and_keeps_their_dates(platform: Platform) -> None:
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, phase="published", state="not-awarded", entries=2)
        entry = held.entries[0]
        entry.owner.name = f"{MARK} name"
        asked = Asked(kind=RequestKind.ERASE, text=f"{MARK} text", contest=held.contest, entry=entry)
        own = receive_own(session, account=entry.owner, asked=asked, now=NOW)
        paper = enter_request(
            session, asked=asked, entered=entered(person=MARK, identity_note=MARK), actor=held.organiser, now=NOW
        )
        take_step(session, request=paper, step=RequestStep.ANSWER, note=f"{MARK} note", actor=held.organiser, now=NOW)
        other = ask(session, Office(held.contest, held.rules, held.desk, held.organiser, [held.entries[1]]))
        ids = [own.id, paper.id]
    with platform.database.writing() as session:
        entry = session.get_one(Entry, held.entries[0].id)
        erase_entry(session, entry=entry, actor=held.organiser, reason="Theo đơn.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        contest = session.get_one(Contest, held.contest.id)
        told = [evidence_of(find_request(session, contest, one)) for one in ids]
        assert MARK not in json.dumps(told)
        assert {(one["kind"], one["person"], one["asked"]) for one in told} == {("erase", "", "")}
        assert all(one["received_at"] for one in told)
        kept = session.get_one(PrivacyRequest, other.id)
        assert kept.text
        assert session.get_one(Account, str(kept.account_id)).name == kept.person
