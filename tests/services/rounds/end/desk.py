"""A judge with a whole sheet in a round with an end, and an organiser: what the tests of ends begin with."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from judging.db.models import ContestRound, LogLeaf
from judging.services.rounds.end.late import note_late, take_late
from judging.services.rounds.end.moving import set_end
from judging.services.sheets.life import save_draft, submit_sheet
from tests.factories import NOW
from tests.letters import SETTINGS
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case, office

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import SheetVersion
    from judging.plugins import Registry
    from judging.services.rounds.end.moving import EndPlan
    from tests.services.sheets.cases import Case

END = NOW + timedelta(hours=1)
LATER = END + timedelta(days=1)
TICK = timedelta(milliseconds=1)


class Desk:
    """A judge's whole sheet in a round with an end, and an organiser."""

    def __init__(self, session: Session, registry: Registry, *, ends_at: datetime | None = END) -> None:
        self.session, self.registry = session, registry
        self.case = make_case(session, registry, zone="Asia/Ho_Chi_Minh")
        self.stage = session.query(ContestRound).filter_by(contest_id=self.case.contest.id, key="preliminary").one()
        self.stage.ends_at = ends_at
        self.organiser = office(session, self.case)
        session.flush()

    def save(self, case: Case | None = None, *, at: datetime = NOW) -> None:
        mine = case or self.case
        save_draft(
            self.session, registry=self.registry, assignment=mine.assignment, actor=mine.actor, marks=WHOLE, bands={},
            comments=COMMENTS, comment=COMMENT, locale="en", now=at,
        )  # fmt: skip

    def submit(self, case: Case | None = None, *, at: datetime, received_at: datetime | None = None) -> SheetVersion:
        mine = case or self.case
        return submit_sheet(
            self.session, registry=self.registry, assignment=mine.assignment, actor=mine.actor, now=at,
            received_at=received_at,
        )  # fmt: skip

    def set_end(self, until: datetime, *, at: datetime = NOW, **values: object) -> EndPlan:
        told = {"actor": self.organiser, "reason": "Mất điện.", **values}
        return set_end(
            self.session, registry=self.registry, settings=SETTINGS, contest=self.case.contest,
            round_key="preliminary", until=until, now=at, **told,  # type: ignore[arg-type]  # each test its own
        )  # fmt: skip

    def come_late(self, *, at: datetime = LATER) -> None:
        note_late(self.session, assignment=self.case.assignment, received_at=at, now=at)

    def take(self, *, at: datetime = LATER, **values: object) -> None:
        told = {"actor": self.organiser, "reason": "Nộp trên máy trước hạn.", **values}
        take_late(
            self.session, settings=SETTINGS, assignment=self.case.assignment, now=at,
            **told,  # type: ignore[arg-type]  # each test its own
        )  # fmt: skip

    def extensions(self) -> list[tuple[str, str, str]]:
        """What the score log says of moved dates."""
        found = self.session.query(LogLeaf).order_by(LogLeaf.idx)
        bodies = [body for leaf in found if (body := json.loads(leaf.entry or b"{}"))["type"] == "extend"]
        return [(one["what"], one["old"], one["new"]) for one in bodies]
