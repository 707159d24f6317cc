"""Two judges at work by program, one with a blind repeat and one with another entry in its place, are told the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, select

from judging.db.models import Contest, ContestRound, Judge, UnitsAnswer
from tests.factories import NOW
from tests.services.judges.repeat_cases import ROUND
from tests.web.api.two_desks import DRAFT, SUBMITTED, WORK, TwoDesks, Witness, keyed, look_at_everything, work_on

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform
    from tests.web.api.programs import Program

    Acting = Callable[..., Program]


def test_view_with_a_repeat_is_the_view_with_another_reading_in_its_place(
    desks: TwoDesks, acting: Acting
) -> None:  # fmt: skip
    told = []
    own = ((desks.readings, desks.repeat.id), (desks.theirs, desks.twin.id))
    for account, (readings, last) in zip(desks.accounts, own, strict=True):
        witness = Witness(program=acting(account, "judge"))
        ids = look_at_everything(witness)
        assert ids == sorted([*(one.id for one in readings), last])
        for one in (last, readings[0].id):
            work_on(witness, one)
        look_at_everything(witness)
        told.append(witness.told)

    assert told[0] == told[1]
    everything = "\n".join(told[0])
    # The transcript is one of a judge at work, not of doors that are shut.
    assert everything.count('"201 CREATED"') == 4
    assert "copy" in everything
    assert '"412 PRECONDITION FAILED"' in everything


@pytest.mark.parametrize("change", ["undeclared", "no-units", "ended", "deliberation", "pending"])
def test_sheet_that_cannot_be_written_on_is_refused_alike(
    desks: TwoDesks, platform: Platform, acting: Acting, change: str
) -> None:
    with platform.database.writing() as session:
        stage = session.scalars(select(ContestRound).where(ContestRound.key == ROUND)).one()
        if change in ("undeclared", "no-units"):
            for one in session.scalars(select(Judge)):
                one.conflicts_declared_at = None
        if change == "no-units":
            session.execute(delete(UnitsAnswer))
        if change == "ended":
            stage.ends_at = NOW - timedelta(days=1)
        if change == "deliberation":
            session.get_one(Contest, desks.case.contest.id).phase = change
        if change == "pending":
            stage.state = change
    told = []
    for account, reading in zip(desks.accounts, (desks.repeat.id, desks.twin.id), strict=True):
        witness = Witness(program=acting(account, "judge"))
        witness.ask("GET", WORK)
        for body in (SUBMITTED, DRAFT):
            witness.ask("GET", f"/assignments/{reading}/sheet")
            witness.ask("PUT", f"/assignments/{reading}/sheet", body, **keyed(If_None_Match="*"))
        told.append(witness.told)

    assert told[0] == told[1]
    assert '"409 CONFLICT"' in "".join(told[0])
