"""Documents and reports ask the database as often for many entries as for few."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from judging.composition import create_web
from judging.db.models import Account, Contest, Entry
from tests.factories import PASSWORD, make_assignment, make_entry, make_judge, make_sheet
from tests.plugin_authors.test_plugin_faults import held
from tests.plugin_authors.unsound import KIND, NAME, Sound, registry_with, rules
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from judging.services.platform import Platform

_LIST = re.compile(r"\([?%][^)]*\)")
FEW, MANY = 3, 30


@pytest.mark.parametrize(
    "path",
    ["documents/certificate", "documents/certificate/papers", "reports/broken-report", "reports/broken-report.csv"],
)
def test_page_makes_as_many_queries_for_many_entries(platform: Platform, path: str) -> None:
    registry = registry_with((NAME, Sound()))
    with platform.database.writing() as session:
        contest, organiser = held(session, registry, KIND)
        contest.phase = "decided"
        email = session.get_one(Account, organiser.account_id).email
    app = create_web(replace(platform, registry=registry))
    visitor = Visitor(app)
    visitor.sign_in(email, PASSWORD)
    counts, lengths = [], []
    for number in (FEW, MANY):
        add_entries(platform, contest, number)
        statements: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_rest: object, seen: list[str] = statements
        ) -> None:
            seen.append(_LIST.sub("(?)", statement))

        event.listen(platform.database.engine, "before_cursor_execute", note)
        lengths.append(len(visitor.client.get(f"/organise/{contest.slug}/{path}").text))
        event.remove(platform.database.engine, "before_cursor_execute", note)
        counts.append(sorted(statements))

    assert len(counts[0]) == len(counts[1])
    assert lengths[1] > 1.2 * lengths[0], "the page shows no more rows: the test proves nothing"


def add_entries(platform: Platform, contest: Contest, number: int) -> None:
    """Bring the contest to so many judged entries."""
    judged = rules().rounds[0]
    with platform.database.writing() as session:
        row = session.get_one(Contest, contest.id)
        there = len(session.scalars(select(Entry.id).where(Entry.contest_id == contest.id)).all())
        judge = make_judge(session, row)
        for _ in range(number - there):
            entry = make_entry(session, row, state="in-round", round=judged.key)
            make_sheet(session, make_assignment(session, entry, judge, round_key=judged.key), judged)
