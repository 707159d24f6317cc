"""Erasing an entry: nothing of it is left anywhere, what is of others stays, and the record names nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from judging.db.models import Account, AuditEvent, Contest, Entry, Job, Prize, Receipt
from judging.db.session import Database
from judging.domain.permissions import Actor, Role
from judging.services.letters import LETTER_JOB
from judging.services.platform import Platform
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.results.standings import round_standings
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.office import FINAL
from tests.services.privacy.erasures import MARK, Stage, erase, everything, overrule


@pytest.mark.parametrize("with_sheets", [False, True])
def test_erasure_leaves_no_canary_anywhere(platform: Platform, stage: Stage, *, with_sheets: bool) -> None:
    with platform.database.writing() as session:
        overrule(session, stage)
    assert everything(platform).count(MARK.encode()) > 30

    erase(platform, stage, with_sheets=with_sheets)

    assert everything(platform).find(MARK.encode()) == -1
    assert not platform.files.exists(stage.key)


@pytest.mark.postgres
def test_erasure_leaves_no_sample_of_names_in_postgres(platform: Platform, stage: Stage, database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    samples = text("SELECT count(*) FROM pg_stats WHERE CAST(most_common_vals AS text) LIKE :mark"
                   " OR CAST(histogram_bounds AS text) LIKE :mark")  # fmt: skip
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
        assert connection.execute(samples, {"mark": f"%{MARK}%"}).scalar_one() > 0

    erase(platform, stage)

    with database.engine.connect() as connection:
        assert connection.execute(samples, {"mark": f"%{MARK}%"}).scalar_one() == 0


def test_erasure_keeps_what_the_published_ranking_goes_by(platform: Platform, stage: Stage) -> None:
    with platform.database.reading() as session:
        before = session.get_one(Entry, stage.entry)
        standings = round_standings(session, registry=platform.registry, contest=before.contest, round_key=FINAL)
        levels = session.scalars(select(Prize.level).where(Prize.entry_id == stage.entry)).all()

    erase(platform, stage)

    with platform.database.reading() as session:
        entry = session.get_one(Entry, stage.entry)
        assert (entry.alias, entry.number, entry.category, entry.state) == (
            before.alias, before.number, before.category, before.state,
        )  # fmt: skip
        assert entry.erased_at == NOW
        assert standings == round_standings(session, registry=platform.registry, contest=entry.contest, round_key=FINAL)
        assert levels == session.scalars(select(Prize.level).where(Prize.entry_id == stage.entry)).all()


def test_account_with_other_business_stays_and_owns_the_entry_no_more(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        owner = session.get_one(Account, stage.owner)
        make_entry(session, session.get_one(Contest, stage.contest), owner=owner, state="draft")

    erase(platform, stage)

    with platform.database.reading() as session:
        entry, owner = session.get_one(Entry, stage.entry), session.get_one(Account, stage.owner)
        assert (owner.name, owner.disabled_at) == (f"{MARK} Owner", None)
        assert entry.owner_id != owner.id
        assert (entry.owner.name, entry.owner.email.split("@")[1]) == ("", "erased.invalid")
        assert entry.owner.disabled_at is not None


def test_letters_to_others_and_about_others_stay(platform: Platform, stage: Stage) -> None:
    payload = {"to": "judge@example.vn", "params": {"title": "Một sản phẩm khác"}}
    with platform.database.writing() as session:
        session.add(Job(name=LETTER_JOB, payload=payload, run_after=NOW, created_at=NOW))

    erase(platform, stage)

    with platform.database.reading() as session:
        assert [one.payload for one in session.scalars(select(Job).where(Job.name == LETTER_JOB))] == [payload]


def test_record_of_the_erasure_names_nobody(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, reason="Theo đơn số 7.")

    with platform.database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-erased")).one()
        assert event.details == {
            "entry": stage.alias, "files": 1, "letters": 2, "with_sheets": False, "reason": "Theo đơn số 7.",
        }  # fmt: skip


def test_receipts_keep_number_and_time(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)

    with platform.database.reading() as session:
        receipt = session.scalars(select(Receipt).where(Receipt.entry_id == stage.entry)).one()
        assert (receipt.content, receipt.sha256, receipt.at) == ({}, "", NOW)
        assert receipt.number


def test_administrator_erases_a_draft_of_a_contest_without_a_log(platform: Platform) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), state="draft")
        admin = Actor(account_id=make_account(session).id, roles=frozenset({Role.ADMINISTRATOR}))
        erase_entry(session, entry=entry, actor=admin, reason="x", with_sheets=False, now=NOW)

        assert (entry.title, entry.members) == ("", [])
