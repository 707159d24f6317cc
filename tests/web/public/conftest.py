"""A youth contest whose sheets are in, with and without its results published, for the pages of its score log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Contest
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.score_log.opening import ensure_log
from tests.factories import NOW
from tests.services.office import Office, finish_rounds, hold_contest

if TYPE_CHECKING:
    from judging.db.session import Database
    from judging.plugins import Registry

Act = Callable[[], None]


@pytest.fixture
def logged(database: Database, registry: Registry) -> Office:
    """Five entries with three sheets each in the final; the log was begun at `NOW`."""
    with database.writing() as session:
        held = hold_contest(session, registry, entries=5)
        finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
        settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
        ensure_log(session, held.contest, now=NOW)
    return held


@pytest.fixture
def publish(database: Database, registry: Registry, logged: Office) -> Act:
    def act() -> None:
        with database.writing() as session:
            contest = session.get_one(Contest, logged.contest.id)
            publish_results(
                session, registry=registry, contest=contest, decision="12/QĐ", actor=logged.organiser, now=NOW
            )

    return act


@pytest.fixture
def withdraw(database: Database, logged: Office) -> Act:
    def act() -> None:
        with database.writing() as session:
            contest = session.get_one(Contest, logged.contest.id)
            withdraw_publication(
                session, contest=contest, reason="Cộng nhầm", actor=logged.organiser, now=datetime.now(UTC)
            )

    return act
