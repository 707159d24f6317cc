"""T51: under two countries' law, whose agreement is missing, given, withdrawn; without it a draft is erased."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Consent, Contest, Entry, Job, PeopleLink
from judging.db.session import Database
from judging.domain.permissions import Actor, Role
from judging.errors import NotAllowed, Refused
from judging.plugins import Registry
from judging.services.entries.people.clock import CONSENT_JOB, look_for_missing_consents
from judging.services.entries.people.counting import with_linked_accounts
from judging.services.entries.people.giving import Proof, take_back
from judging.services.entries.people.paper import paper_code, record_paper
from judging.services.entries.people.roles import LinkRole, Method
from judging.services.entries.people.standing import member_states
from judging.services.entries.people.terms import change_terms
from judging.services.privacy.erasure.afterwards import keep_erasures
from judging.settings import Settings
from judging.storage import open_store
from tests.factories import NOW, agree, give_role, make_account, make_contest
from tests.letters import SETTINGS
from tests.services.entries.people.cases import (
    FIFTEEN,
    GROWN,
    NINE,
    POINTS,
    TODAY,
    answer,
    ask,
    entry_of,
    missing,
    terms,
)


@pytest.mark.parametrize(
    ("profile", "codes"),
    [
        ("vn", ["guardian-consent-missing", "own-assent-missing"] * 2),
        ("eu-16", ["guardian-consent-missing", "own-assent-missing"] * 2),
        ("eu-13", ["guardian-consent-missing", "own-assent-missing"]),
    ],
)
def test_whose_agreement_is_missing_follows_the_country(
    session: Session, registry: Registry, contest: Contest, profile: str, codes: list[str]
) -> None:
    organiser = Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))
    change_terms(session, contest=contest, actor=organiser, profile=profile, coauthors_must=False, now=NOW)
    entry = entry_of(session, contest, NINE, FIFTEEN, GROWN)

    assert missing(session, registry, entry) == codes

    agree(session, entry)
    assert missing(session, registry, entry) == []


def test_grown_up_authors_keep_nobody_back_unless_the_contest_says_so(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, GROWN)
    assert missing(session, registry, entry) == []

    organiser = Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))
    change_terms(session, contest=contest, actor=organiser, profile="vn", coauthors_must=True, now=NOW)
    assert missing(session, registry, entry) == ["coauthor-missing"]

    answer(session, ask(session, registry, entry, role=LinkRole.COAUTHOR))
    assert missing(session, registry, entry) == []


def test_only_the_organiser_changes_the_terms_and_only_to_a_known_country(session: Session, contest: Contest) -> None:
    with pytest.raises(NotAllowed):
        change_terms(session, contest=contest, actor=Actor(account_id="x"), profile="vn", coauthors_must=True, now=NOW)
    organiser = Actor(account_id="x", roles=frozenset({Role.ORGANISER}))
    with pytest.raises(Refused):
        change_terms(session, contest=contest, actor=organiser, profile="xx", coauthors_must=True, now=NOW)


def test_withdrawal_keeps_the_history_and_the_draft_cannot_be_handed_in(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE)
    answer(session, ask(session, registry, entry))
    row = session.scalars(select(Consent).where(Consent.given_by == "guardian")).one()
    proof = Proof(method=Method.LINK, name="Lò Mẫu Mẹ", locale="vi")

    take_back(session, entry=entry, consent=row, proof=proof, now=NOW + timedelta(days=1))
    take_back(session, entry=entry, consent=row, proof=proof, now=NOW + timedelta(days=2))

    assert missing(session, registry, entry) == ["guardian-consent-missing"]
    assert (row.given_at, row.withdrawn_at, row.withdrawn_method) == (NOW, NOW + timedelta(days=1), "link")
    letters = [job.payload["subject"] for job in session.scalars(select(Job).where(Job.name == "send-letter"))]
    assert "Somebody no longer takes part" in letters

    agree_again = member_states(session, entry=entry, terms=terms(session, registry, contest), on=TODAY)[0]
    record_paper(
        session, settings=SETTINGS, entry=entry, states=[agree_again],
        code=paper_code(SETTINGS, entry.members[0].id), agreed=POINTS[:1], name="Lò Mẫu Mẹ",
        actor=Actor(account_id=entry.owner_id, roles=frozenset({Role.SECRETARY})), locale="vi",
        now=NOW + timedelta(days=3),
    )  # fmt: skip
    rows = session.scalars(select(Consent).where(Consent.given_by == "guardian").order_by(Consent.given_at)).all()
    assert [(one.method, one.withdrawn_at is None) for one in rows] == [("link", False), ("paper", True)]


def test_account_is_counted_under_each_spelling_of_its_name(
    session: Session, registry: Registry, contest: Contest
) -> None:
    account = make_account(session)
    entries = [entry_of(session, contest, GROWN, state="eligible"), entry_of(session, contest, date(1990, 3, 2))]
    for entry in entries:
        link = ask(session, registry, entry, role=LinkRole.COAUTHOR)
        answer(session, link)
        link.account_id = account.id
    session.flush()
    draft = entries[1]
    key = (draft.members[0].name_key, draft.members[0].born)
    assert with_linked_accounts(session, entry=draft, counted={}) == {key: (1, 1)}
    assert with_linked_accounts(session, entry=entries[0], counted={}) == {}, "a draft does not count"


def test_draft_without_a_guardians_consent_is_told_of_and_erased_on_its_day(
    database: Database, registry: Registry, database_settings: Settings
) -> None:
    keep_erasures(database, files=open_store(database_settings.storage_url), score_log=database_settings.score_log)
    with database.writing() as session:
        contest = make_contest(session, registry)
        waiting, agreed = entry_of(session, contest, NINE), entry_of(session, contest, NINE)
        ask(session, registry, waiting)
        agree(session, agreed)
        ask(session, registry, agreed, email="other@example.vn")
        give_role(session, contest, make_account(session), "organiser")
        ids = (waiting.id, agreed.id)

    def night(days: int) -> int:
        with time_machine.travel(NOW + timedelta(days=days, hours=12), tick=False) as clock:
            del clock
            return look_for_missing_consents(database, registry=registry, now=datetime.now(NOW.tzinfo))

    def told() -> list[str]:
        with database.reading() as session:
            return [
                job.payload["subject"]
                for job in session.scalars(select(Job).where(Job.name == "send-letter"))
                if "erased" in job.payload["subject"]
            ]

    assert (night(22), told()) == (0, [])
    assert (night(23), len(told())) == (0, 1)
    assert (night(24), len(told())) == (0, 1)
    assert night(29) == 0
    assert night(30) == 1
    assert night(30) == 0
    assert night(60) == 0

    with database.reading() as session:
        gone, kept = (session.get_one(Entry, one) for one in ids)
        assert (gone.erased_at is not None, gone.title, list(gone.members)) == (True, "", [])
        assert kept.erased_at is None
        assert len(kept.members) == 1
        assert session.scalars(select(PeopleLink.entry_id)).all() == [kept.id]
        assert session.scalars(select(Job.name).where(Job.name == CONSENT_JOB)).all() != []
        causes = session.scalars(select(AuditEvent.details).where(AuditEvent.action == "entry-erased")).all()
        assert [each["cause"] for each in causes] == ["no-guardian-consent"]
