"""T51: a child of nine, one of fifteen and a grown-up, under two countries' law: asked, given, withdrawn, erased."""

from __future__ import annotations

import hashlib
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, Consent, ConsentText, Contest, Entry, Job, PeopleLink, SentMessage
from judging.db.session import Database
from judging.domain.country import GivenBy, Purpose
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.entries.people.answering import Answer, answer_question
from judging.services.entries.people.asking import LINK_LIFE, Question, ask_person, find_lasting, find_question
from judging.services.entries.people.clock import CONSENT_JOB, look_for_missing_consents
from judging.services.entries.people.counting import with_linked_accounts
from judging.services.entries.people.giving import Proof, take_back
from judging.services.entries.people.guard import check_consents
from judging.services.entries.people.paper import paper_code, record_paper
from judging.services.entries.people.roles import LinkRole, Method
from judging.services.entries.people.standing import member_states
from judging.services.entries.people.terms import Terms, change_terms, terms_of
from judging.services.privacy.erasure.afterwards import keep_erasures
from judging.settings import Settings
from judging.storage import open_store
from tests.factories import NOW, agree, give_role, make_account, make_contest, make_entry
from tests.letters import SETTINGS

TODAY = NOW.date()
NINE, FIFTEEN, GROWN = date(2012, 3, 1), date(2006, 3, 1), date(1990, 3, 1)
POINTS = ((Purpose.TAKE_PART, GivenBy.GUARDIAN), (Purpose.TAKE_PART, GivenBy.SELF))


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry)


def entry_of(session: Session, contest: Contest, *births: date, state: str = "draft") -> Entry:
    people = [{"name": f"Lò Mẫu {place}", "born": born} for place, born in enumerate(births)]
    entry = make_entry(session, contest, members=people, state=state)
    session.refresh(entry)
    return entry


def terms(session: Session, registry: Registry, contest: Contest) -> Terms:
    return terms_of(session, contest=contest, rules=registry.rules(contest.kind))


def missing(session: Session, registry: Registry, entry: Entry) -> list[str]:
    rules = registry.rules(entry.contest.kind)
    return [problem.code for problem in check_consents(session, entry=entry, rules=rules, on=TODAY)]


def ask(
    session: Session, registry: Registry, entry: Entry, *, role: LinkRole = LinkRole.GUARDIAN,
    email: str = "me@example.vn", now: datetime = NOW, place: int = 0,
) -> PeopleLink:  # fmt: skip
    member = entry.members[place] if role in (LinkRole.GUARDIAN, LinkRole.COAUTHOR) else None
    return ask_person(
        session, settings=SETTINGS, terms=terms(session, registry, entry.contest), entry=entry,
        question=Question(role=role, email=email, member=member), actor=Actor(account_id=entry.owner_id), now=now,
    )  # fmt: skip


def answer(session: Session, link: PeopleLink, *, accepts: bool = True, now: datetime = NOW) -> str:
    given = Answer(name="Lò Mẫu Mẹ", accepts=accepts, locale="vi", agreed=POINTS)
    return answer_question(
        session, settings=SETTINGS, link=link, answer=given, words=tuple(GivenBy), now=now
    )  # fmt: skip


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


def test_guardians_answer_is_proved_by_words_time_method_and_name(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE)

    token = answer(session, ask(session, registry, entry), now=NOW + timedelta(hours=1))

    assert missing(session, registry, entry) == []
    rows = session.scalars(select(Consent).order_by(Consent.given_by)).all()
    assert [(row.purpose, row.given_by, row.method, row.by_name) for row in rows] == [
        ("take-part", "guardian", "link", "Lò Mẫu Mẹ"),
        ("take-part", "self", "link", "Lò Mẫu Mẹ"),
    ]
    assert {row.given_at for row in rows} == {NOW + timedelta(hours=1)}
    for row in rows:
        text = session.get_one(ConsentText, row.text_sha256)
        assert hashlib.sha256(text.text.encode()).hexdigest() == row.text_sha256
        assert text.locale == "vi"
    held = find_lasting(session, token=token)
    assert held is not None
    assert held.member_id == entry.members[0].id


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


def test_link_is_good_once_and_for_thirty_days_and_only_the_newest_holds(
    session: Session, registry: Registry, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["first", "second", "lasting"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: next(tokens))
    entry = entry_of(session, contest, NINE)
    ask(session, registry, entry)
    link = ask(session, registry, entry)

    assert find_question(session, token="first", now=NOW) is None
    assert find_question(session, token="second", now=NOW + LINK_LIFE) is None
    assert find_question(session, token="second", now=NOW) is link
    answer(session, link)
    assert find_question(session, token="second", now=NOW) is None


def test_question_that_moves_to_another_address_ends_at_the_first(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE)
    first = ask(session, registry, entry, email="wrong@example.vn")
    moved = ask(session, registry, entry, email="right@example.vn", now=NOW + timedelta(days=3))
    assert (moved.id, moved.email, moved.asked_at) == (first.id, "right@example.vn", NOW)


def test_letters_to_one_address_are_few(session: Session, registry: Registry, contest: Contest) -> None:
    entry = entry_of(session, contest, NINE)
    for _ in range(3):
        ask(session, registry, entry)
    with pytest.raises(Conflict):
        ask(session, registry, entry)
    ask(session, registry, entry, now=NOW + timedelta(hours=2))


def test_child_is_not_its_own_guardian_and_strangers_ask_nobody(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry = entry_of(session, contest, NINE, GROWN)
    entry.members[0].email = "child@example.vn"
    with pytest.raises(Refused):
        ask(session, registry, entry, email="Child@example.vn")
    with pytest.raises(Refused):
        ask(session, registry, entry, place=1)
    with pytest.raises(NotAllowed):
        ask_person(
            session, settings=SETTINGS, terms=Terms(), entry=entry, actor=Actor(account_id=make_account(session).id),
            question=Question(role=LinkRole.SCHOOL, email="truong@example.vn"), now=NOW,
        )  # fmt: skip


def test_yes_needs_a_name_and_the_first_point(session: Session, registry: Registry, contest: Contest) -> None:
    link = ask(session, registry, entry_of(session, contest, NINE))
    for wrong in (
        Answer(name="", accepts=True, locale="vi", agreed=POINTS),
        Answer(name="Lò Mẫu Mẹ", accepts=True, locale="vi", agreed=[(Purpose.PHOTO, GivenBy.GUARDIAN)]),
    ):
        with pytest.raises(Refused):
            answer_question(session, settings=SETTINGS, link=link, answer=wrong, words=tuple(GivenBy), now=NOW)
    answer(session, link, accepts=False)
    assert (link.answer, session.scalars(select(Consent)).all()) == ("declined", [])


def test_paper_needs_the_office_and_a_code_of_this_entry(
    session: Session, registry: Registry, contest: Contest
) -> None:
    entry, other = entry_of(session, contest, NINE), entry_of(session, contest, NINE)
    states = member_states(session, entry=entry, terms=terms(session, registry, contest), on=TODAY)
    office = Actor(account_id=entry.owner_id, roles=frozenset({Role.SECRETARY}))

    def record(actor: Actor, code: str) -> None:
        record_paper(
            session, settings=SETTINGS, entry=entry, states=states, code=code, agreed=POINTS, name="Lò Mẫu Mẹ",
            actor=actor, locale="vi", now=NOW,
        )  # fmt: skip

    with pytest.raises(NotAllowed):
        record(Actor(account_id=entry.owner_id), paper_code(SETTINGS, entry.members[0].id))
    with pytest.raises(Refused):
        record(office, paper_code(SETTINGS, other.members[0].id))
    record(office, paper_code(SETTINGS, entry.members[0].id).lower().replace("-", " "))
    assert missing(session, registry, entry) == []


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


def test_letters_about_agreements_stand_in_the_log_without_their_links(
    session: Session, registry: Registry, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = iter(["secretone", "secrettwo"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda _size: next(tokens))
    entry = entry_of(session, contest, NINE)
    answer(session, ask(session, registry, entry))
    consent = session.scalars(select(Consent).where(Consent.given_by == "guardian")).one()
    proof = Proof(method=Method.LINK, name="Lò Mẫu Mẹ", locale="vi")
    take_back(session, entry=entry, consent=consent, proof=proof, now=NOW)

    logged = session.scalars(select(SentMessage).order_by(SentMessage.id)).all()
    assert Counter((one.kind, one.entry_id, one.address) for one in logged) == {
        ("people-asked", entry.id, "me@example.vn"): 2,
        ("people-answered", entry.id, entry.owner.email): 1,
        ("consent-withdrawn", entry.id, entry.owner.email): 1,
    }
    assert not [one for one in logged if "secret" in one.text + one.subject]


def test_letter_of_the_coming_erasure_stands_in_the_log(database: Database, registry: Registry) -> None:
    with database.writing() as session:
        entry = entry_of(session, make_contest(session, registry), NINE)
        ask(session, registry, entry)
        entry_id = entry.id

    look_for_missing_consents(database, registry=registry, now=NOW + timedelta(days=24))

    with database.reading() as session:
        kinds = session.scalars(select(SentMessage.kind).where(SentMessage.entry_id == entry_id)).all()
        assert sorted(kinds) == ["erasure-ahead", "people-asked"]
