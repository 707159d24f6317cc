"""Who an account is among the people of an entry: authors, co-authors and guardians, each of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from judging.db.models import DataExport, Entry, PeopleLink
from judging.domain.permissions import Actor, Role
from judging.services.entries.values import name_key
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.my_data.subjects import subjects_of
from tests.factories import NOW, make_account, make_entry
from tests.services.office import hold_contest
from tests.services.privacy.erasures import everything
from tests.services.privacy.my_data.seeded import Seeded, text_of

if TYPE_CHECKING:
    from judging.services.platform import Platform


def test_own_person_is_found_by_address_name_or_being_alone(platform: Platform) -> None:
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, entries=0)
        account = make_account(session, name="Nông Mẫu Bình")
        alone = make_entry(session, held.contest, owner=account, members=({"name": "Con Mẫu"},))
        named = make_entry(
            session, held.contest, owner=account,
            members=({"name": "Ai Khác"}, {"name": "Nông Mẫu Bình", "name_key": name_key("Nông Mẫu Bình")}),
        )  # fmt: skip
        neither = make_entry(session, held.contest, owner=account, members=({"name": "A Mẫu"}, {"name": "B Mẫu"}))
        found = {one.entry.id: len(one.members) for one in subjects_of(session, account)}
        assert found == {alone.id: 1, named.id: 1, neither.id: 0}


def _link(platform: Platform, seeded: Seeded, *, name: str, role: str, at: int) -> str:
    """An account that has said yes about one of the people of the entry; its id."""
    with platform.database.writing() as session:
        account = make_account(session, name=name, email=f"{role}@example.vn")
        entry = session.get_one(Entry, seeded.entry)
        session.add(
            PeopleLink(
                entry_id=entry.id, member_id=entry.members[at].id, role=role, email=account.email, asked_at=NOW,
                answer="accepted", answered_at=NOW, answered_name=f"signed-{role}", account_id=account.id,
            )
        )  # fmt: skip
        return account.id


@pytest.mark.parametrize("role", ["coauthor", "guardian"])
def test_coauthor_and_guardian_get_what_tells_of_their_person_and_nothing_else(platform: Platform, role: str) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role=role, at=1)

    archive, _ = seeded.archive()

    told = json.loads(archive.read("data.json"))
    assert [(one["name"], one["born"]) for one in told["particulars"]] == [("Đồng tác giả", "2009-06-07")]
    assert [one["purpose"] for one in told["consents"]] == ["publish-name"]
    assert [(one["role"], one["name"]) for one in told["asked"]] == [(role, f"signed-{role}")]
    assert [one["title"] for one in told["entries"]] == ["own-title"]
    assert [one for one in archive.namelist() if one.startswith("files/")] == []
    found = text_of(archive)
    theirs = ("own-name", "own-mail", "own-answer", "own-reason", "own-file.pdf", "own-letter", "2008-05-04", "zq-desk")
    assert [one for one in theirs if one in found] == []


def test_whoever_said_no_gets_no_more_than_what_they_were_asked(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role="guardian", at=1)
    with platform.database.writing() as session:
        session.query(PeopleLink).one().answer = "declined"

    told = json.loads(seeded.archive()[0].read("data.json"))

    assert [one["answer"] for one in told["asked"]] == ["declined"]
    assert not {"entries", "particulars", "consents", "prizes"} & set(told)


def test_archive_of_a_coauthor_goes_with_the_entry(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role="coauthor", at=1)
    seeded.archive()
    with platform.database.writing() as session:
        entry = session.get_one(Entry, seeded.entry)
        actor = Actor(account_id=seeded.desk, roles=frozenset({Role.ORGANISER}))
        erase_entry(session, entry=entry, actor=actor, reason="Theo đơn.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        assert session.query(DataExport).count() == 0
    assert b"own-title" not in everything(platform)
