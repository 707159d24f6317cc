"""Who erases an entry, when, how often, and for what reason."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from judging.db.models import Entry
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.platform import Platform
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.erasure.tombstones import read_tombstones
from tests.factories import NOW
from tests.services.privacy.erasures import MARK, Stage, erase


@pytest.mark.parametrize("reason", ["", "  ", f"Em {MARK} Name đề nghị", f"{MARK.upper()} TITLE", f"{MARK}-unit"])
def test_reason_is_needed_and_may_not_name_what_goes(platform: Platform, stage: Stage, reason: str) -> None:
    with pytest.raises(Refused):
        erase(platform, stage, reason=reason)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.JUDGE, Role.CONTESTANT])
def test_erasure_is_for_organisers_and_administrators(platform: Platform, stage: Stage, role: Role) -> None:
    actor = Actor(account_id=stage.desk, roles=frozenset({role}))
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        with pytest.raises(NotAllowed):
            erase_entry(session, entry=entry, actor=actor, reason="x", with_sheets=False, now=NOW)


@pytest.mark.parametrize(
    ("phase", "state"), [("judging", "in-round"), ("screening", "eligible"), ("open", "submitted")]
)
def test_entry_that_is_still_judged_is_not_erased(platform: Platform, stage: Stage, phase: str, state: str) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        entry.state, entry.contest.phase = state, phase

    with pytest.raises(Conflict, match="still in the contest"):
        erase(platform, stage)


def test_erasure_happens_once_and_marks_may_follow(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)
    with pytest.raises(Conflict, match="already"):
        erase(platform, stage)

    erase(platform, stage, with_sheets=True)

    with pytest.raises(Conflict, match="already"):
        erase(platform, stage, with_sheets=True)
    (stone,) = read_tombstones(tombstone_file(platform.settings.score_log)).stones
    assert (stone.entry, stone.with_sheets, stone.at) == (stage.entry, True, NOW)


def test_marks_stay_while_the_publication_is_withdrawn(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        session.execute(text("UPDATE publication SET withdrawn_at = at"))

    with pytest.raises(Conflict, match="withdrawn"):
        erase(platform, stage, with_sheets=True)
    erase(platform, stage)
