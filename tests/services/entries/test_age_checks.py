"""Proof of age: seen, recorded, deleted; the submission asks for it no more, and nothing but the record stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from judging.db.models import AgeCheck, AuditEvent, Entry, EntryFile
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound, Refused
from judging.services.entries.age_checks import checked_items, proof_items, standing_checks, verify_age
from judging.services.entries.eligibility import check_entry
from judging.services.entries.files import attach_file, find_item
from judging.services.files.checks import Checked
from judging.services.privacy.erasure.erasing import erase_entry
from tests.factories import NOW, make_entry
from tests.services.office import hold_contest

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.services.office import Office

PEOPLE = (
    {"name": "Nông Mẫu Bình", "born": date(2008, 5, 4)},
    {"name": "Hoàng Mẫu An", "born": date(2009, 6, 7)},
)
CANARY = b"\x89PNG qxzcanary birth certificate"


def stage(platform: Platform) -> tuple[Office, str, list[str]]:
    """A submitted entry of two with a proof for each, and a picture that is no proof."""
    keys = [platform.files.put(CANARY).key for _ in PEOPLE]
    other = platform.files.put(b"picture").key
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, phase="screening", state="submitted", entries=0)
        entry = make_entry(session, held.contest, members=PEOPLE, state="submitted")
        items = [("proof_of_age", key) for key in keys] + [("pictures", other)]
        for item, key in items:
            session.add(
                EntryFile(
                    entry_id=entry.id, item=item, filename="giay-khai-sinh.png", media_type="image/png", size=8,
                    sha256="0" * 64, key=key, uploaded_at=NOW,
                )
            )  # fmt: skip
        held.entries = [entry]
    return held, entry.id, [*keys, other]


def verify(platform: Platform, held: Office, entry_id: str, at: int, actor: Actor | None = None) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        verify_age(
            session, entry=entry, member_id=entry.members[at].id, actor=actor or held.organiser, rules=held.rules,
            now=NOW,
        )  # fmt: skip


def missing(platform: Platform, entry_id: str) -> set[str]:
    with platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        return {one.where for one in check_entry(session, registry=platform.registry, entry=entry, now=NOW)}


def test_last_author_verified_deletes_the_proofs_and_nothing_else(platform: Platform) -> None:
    held, entry_id, keys = stage(platform)

    verify(platform, held, entry_id, 0)
    assert [platform.files.exists(key) for key in keys] == [True, True, True]
    verify(platform, held, entry_id, 1)

    assert [platform.files.exists(key) for key in keys] == [False, False, True]
    with platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        assert [file.item for file in entry.files] == ["pictures"]
        checks = standing_checks(session, entry)
        assert {(one.by_id, one.at) for one in checks.values()} == {(held.desk.id, NOW)}
        acts = session.query(AuditEvent).filter_by(action="age-verified").order_by(AuditEvent.id).all()
        assert [(one.actor_id, one.details["files"]) for one in acts] == [(held.desk.id, 0), (held.desk.id, 2)]


def test_submission_asks_for_no_proof_after_the_check_and_for_one_without(platform: Platform) -> None:
    held, entry_id, _ = stage(platform)
    with platform.database.writing() as session:
        for file in session.get_one(Entry, entry_id).files[:2]:
            session.delete(file)
    assert "proof_of_age" in missing(platform, entry_id)

    verify(platform, held, entry_id, 0)
    assert "proof_of_age" in missing(platform, entry_id)
    verify(platform, held, entry_id, 1)

    assert "proof_of_age" not in missing(platform, entry_id)


@pytest.mark.parametrize("change", [{"born": date(2011, 1, 1)}, {"name_key": "somebody else"}])
def test_check_of_somebody_who_was_changed_holds_no_longer(platform: Platform, change: dict[str, object]) -> None:
    held, entry_id, _ = stage(platform)
    for at in (0, 1):
        verify(platform, held, entry_id, at)

    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        for key, value in change.items():
            setattr(entry.members[1], key, value)
        session.flush()
        assert len(standing_checks(session, entry)) == 1
        assert checked_items(session, entry=entry, rules=held.rules) == frozenset()

    assert "proof_of_age" in missing(platform, entry_id)
    verify(platform, held, entry_id, 1)
    assert "proof_of_age" not in missing(platform, entry_id)


def test_refused_commit_keeps_the_bytes(platform: Platform) -> None:
    held, entry_id, keys = stage(platform)
    verify(platform, held, entry_id, 0)

    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        member = entry.members[1].id
        verify_age(session, entry=entry, member_id=member, actor=held.organiser, rules=held.rules, now=NOW)
        session.rollback()
        session.info.clear()

    assert all(platform.files.exists(key) for key in keys)


@pytest.mark.parametrize("role", [Role.JUDGE, Role.COMMITTEE, Role.AUDITOR, Role.CONTESTANT, Role.ADMINISTRATOR])
def test_only_the_desk_verifies(platform: Platform, role: Role) -> None:
    held, entry_id, _ = stage(platform)

    with pytest.raises(NotAllowed):
        verify(platform, held, entry_id, 0, Actor(account_id=held.desk.id, roles=frozenset({role})))


def test_own_entry_nobody_and_second_time_are_refused(platform: Platform) -> None:
    held, entry_id, _ = stage(platform)
    owner = Actor(account_id=held.entries[0].owner_id, roles=frozenset({Role.SECRETARY}))

    with pytest.raises(NotAllowed):
        verify(platform, held, entry_id, 0, owner)
    verify(platform, held, entry_id, 0)
    with pytest.raises(Conflict):
        verify(platform, held, entry_id, 0)
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        with pytest.raises(NotFound):
            verify_age(session, entry=entry, member_id="nobody", actor=held.organiser, rules=held.rules, now=NOW)


def test_erasing_the_entry_takes_the_checks(platform: Platform) -> None:
    held, entry_id, _ = stage(platform)
    verify(platform, held, entry_id, 0)
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        entry.state = "withdrawn"
        session.flush()
        erase_entry(session, entry=entry, actor=held.organiser, reason="Theo đơn.", with_sheets=False, now=NOW)
        assert session.query(AgeCheck).count() == 0


def test_youth_contests_delete_proofs_of_age_and_nothing_else(platform: Platform) -> None:
    assert proof_items(platform.registry.rules("youth-creativity")) == {"proof_of_age"}


def _attach(platform: Platform, held: Office, entry_id: str, item: str) -> None:
    checked = Checked(filename="khai-sinh-lai.png", media_type="image/png", size=len(CANARY))
    stored = platform.files.put(CANARY)
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        entry.state = "returned"
        wanted = find_item(held.rules, item)
        owner = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))
        attach_file(session, entry=entry, actor=owner, item=wanted, checked=checked, stored=stored, now=NOW)


def test_proof_of_a_verified_age_is_not_taken_again(platform: Platform) -> None:
    held, entry_id, _ = stage(platform)
    verify(platform, held, entry_id, 0)
    verify(platform, held, entry_id, 1)

    with pytest.raises(Refused) as refused:
        _attach(platform, held, entry_id, "proof_of_age")

    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("verified", "file")
    _attach(platform, held, entry_id, "pictures")


def test_proof_is_taken_again_once_an_author_is_another_person(platform: Platform) -> None:
    held, entry_id, _ = stage(platform)
    verify(platform, held, entry_id, 0)
    verify(platform, held, entry_id, 1)
    with platform.database.writing() as session:
        session.get_one(Entry, entry_id).members[0].born = date(2009, 1, 1)

    _attach(platform, held, entry_id, "proof_of_age")

    with platform.database.reading() as session:
        assert "proof_of_age" in {file.item for file in session.get_one(Entry, entry_id).files}
