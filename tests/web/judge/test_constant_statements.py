"""Saving and submitting a sheet costs the same in a contest of two thousand entries as in one of two hundred.

What a cursor executes is counted, apart from beginning, committing and pragmas.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from judging.composition import create_web
from judging.db.base import Base
from judging.db.models import Assignment, Contest, Entry
from judging.db.types import new_id
from judging.services.contests.editions import contest_rules
from judging.services.sheets.drafts import canonical_marks
from judging.web.sheet_blocks import MARK_FIELD, OVERALL_FIELD
from tools.bench.clients import csrf_token, enter, expect
from tools.bench.contests import fill_contest, give_marks
from tools.bench.stores import count_statements

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

FEW, TIMES = 200, 10


def copied(row: Base, **changes: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns} | changes


def multiply(session: Session) -> None:
    """Make the contest ten times as large, all its new entries on the same judge's desk."""
    entries = {entry.id: entry for entry in session.scalars(select(Entry))}
    readings = session.scalars(select(Assignment)).all()
    for turn in range(1, TIMES):
        new = {one: new_id() for one in entries}
        session.execute(
            insert(Entry),
            [
                copied(entry, id=new[key], number=entry.number + turn * FEW, alias=f"t{turn}-{entry.number}")
                for key, entry in entries.items()
            ],
        )
        session.execute(
            insert(Assignment),
            [
                copied(one, id=new_id(), entry_id=new[one.entry_id], position=one.position + turn * FEW)
                for one in readings
            ],
        )


def counts(platform: Platform, client: FlaskClient, sheet: str, form: dict[str, str]) -> list[int]:
    """How much the second save of a sheet takes, and submitting it."""
    path = f"/judge/sheets/{sheet}"
    expect(client, "POST", f"{path}/draft", 200, {**form, OVERALL_FIELD: "Rõ."})
    made = []
    for address, status, more in ((f"{path}/draft", 200, {}), (path, 302, {"action": "submit"})):
        with count_statements(platform) as executed:
            expect(client, "POST", address, status, {**form, **more})
        made.append(len(executed))
    return made


def test_saving_and_submitting_cost_the_same_in_a_large_contest(platform: Platform) -> None:
    with platform.database.writing() as session:
        filled = fill_contest(session, platform.registry, entries=FEW, sheets=1, submitted=False, load=FEW)
        judged = contest_rules(platform.registry, session.get_one(Contest, filled.contest_id)).rounds[0]
    ((email, sheets),) = filled.readings.items()
    client = enter(create_web(platform), platform, email)
    form = {
        **{MARK_FIELD + key: text for key, text in canonical_marks(give_marks(judged, Random(1), 0.7)).items()},
        "csrf_token": csrf_token(client, "/account"), OVERALL_FIELD: "Ý tưởng rõ ràng. Mô hình chạy tốt.",
    }  # fmt: skip
    counts(platform, client, sheets[0], form)

    # Every second leaf of the score log completes a node of its tree, which is one statement more: two and two.
    few = sorted(counts(platform, client, sheet, form) for sheet in sheets[1:3])
    with platform.database.writing() as session:
        multiply(session)
    many = sorted(counts(platform, client, sheet, form) for sheet in sheets[3:5])

    assert many == few
    with platform.database.reading() as session:
        assert len(session.scalars(select(Entry.id)).all()) == FEW * TIMES
        assert session.get_one(Assignment, sheets[4]).state == "submitted"
