"""What is held stays, a contest's own terms go before the usual ones, and who sets either."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, Contest, Entry
from judging.domain.addresses import ERASED_DOMAIN
from judging.domain.permissions import Actor, Role
from judging.domain.retention import Terms
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.privacy.retention.holds import lift_hold, list_holds, place_hold
from judging.services.privacy.retention.nightly import apply_retention
from judging.services.privacy.retention.preview import contest_files_due
from judging.services.privacy.retention.terms import set_terms, terms_of
from tests.factories import NOW
from tests.services.privacy.retention.played import midnight

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

    from tests.services.privacy.retention.played import Played


@pytest.mark.parametrize("what", ["entry", "contest"])
def test_held_things_stay_until_the_hold_is_lifted_or_over(played: Played, what: str) -> None:
    platform, late = played.platform, midnight(2024, 12, 1)
    with platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        entry = session.get_one(Entry, played.loser) if what == "entry" else None
        hold = place_hold(
            session, contest=contest, entry=entry, actor=played.actor, reason="Khiếu nại số 3.", until=None, now=NOW
        )
        hold_id = hold.id

    apply_retention(platform.database, now=late)

    left = played.left()
    assert left["loser"]
    assert left["read"]
    assert left["winner"] == (what == "contest")
    assert left["trace"] == (what == "contest")
    with platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        owner = session.get_one(Account, session.get_one(Entry, played.loser).owner_id)
        assert not owner.email.endswith(ERASED_DOMAIN)
        lift_hold(session, contest=contest, hold_id=hold_id, actor=played.actor, now=late)
        assert list_holds(session, contest, now=late) == []
        with pytest.raises(Conflict):
            lift_hold(session, contest=contest, hold_id=hold_id, actor=played.actor, now=late)
    apply_retention(platform.database, now=late)
    assert not any(played.left()[one] for one in ("loser", "winner", "read", "trace"))


def test_hold_until_a_day_ends_with_it(played: Played) -> None:
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        place_hold(
            session, contest=contest, entry=None, actor=played.actor, reason="x", until=date(2022, 6, 30), now=NOW
        )

    apply_retention(played.platform.database, now=midnight(2022, 7, 1) - timedelta(seconds=1))
    assert played.left()["loser"]
    apply_retention(played.platform.database, now=midnight(2022, 7, 1))
    assert not played.left()["loser"]


def test_archive_by_regulation_keeps_the_files_for_five_years(played: Played) -> None:
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        set_terms(session, contest=contest, actor=played.actor, terms=Terms(archive_years=5), now=NOW)
        assert terms_of(session, contest).archive_years == 5
        assert {one.at for one in contest_files_due(session, contest, now=NOW)} == {midnight(2026, 10, 21)}

    apply_retention(played.platform.database, now=midnight(2026, 10, 20))

    assert played.left()["loser"]
    assert played.left()["winner"]


def _terms(session: Session, played: Played, actor: Actor, terms: Terms) -> Callable[[], None]:
    contest = session.get_one(Contest, played.stage.contest)
    return lambda: set_terms(session, contest=contest, actor=actor, terms=terms, now=NOW)


def test_terms_and_holds_are_for_organiser_and_administrator(played: Played) -> None:
    secretary = Actor(account_id=played.organiser, roles=frozenset({Role.SECRETARY}))
    with played.platform.database.writing() as session:
        contest = session.get_one(Contest, played.stage.contest)
        with pytest.raises(NotAllowed):
            _terms(session, played, secretary, Terms())()
        with pytest.raises(Refused):
            _terms(session, played, played.actor, Terms(loser_months=0))()
        with pytest.raises(NotAllowed):
            place_hold(session, contest=contest, entry=None, actor=secretary, reason="x", until=None, now=NOW)
        with pytest.raises(Refused) as refused:
            place_hold(
                session, contest=contest, entry=None, actor=played.actor, reason=" ", until=date(2020, 1, 1), now=NOW
            )
        assert [one.where for one in refused.value.problems] == ["reason", "until"]
