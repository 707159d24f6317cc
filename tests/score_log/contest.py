"""A whole contest played through the services, each act in a unit of work of its own, as requests do it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from judging.db.models import Assignment, Contest, Entry, Judge
from judging.domain.conflicts import ConflictKind
from judging.domain.permissions import Actor, Role
from judging.services.contests.editions import contest_rules
from judging.services.judges.assigning.assignments import apply_plan, plan_round
from judging.services.judges.conflicts.recusals import recuse
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results
from judging.services.rounds.running import advance_round, close_round, open_round, reopen_round, start_round
from judging.services.rounds.states import list_rounds
from judging.services.score_log.heads import list_logs, newest_log
from judging.services.score_log.opening import ensure_log
from judging.services.score_log.publishing import publish_bundle
from judging.services.score_log.replay import ranking_now, replay
from judging.services.sheets.life import reopen_sheet, save_draft, submit_sheet
from tests.factories import NOW, even_marks, give_role, make_account, make_contest, make_entry, make_judge, make_panel
from tests.services.office import FINAL, PRELIMINARY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.services.score_log.appending import Log

COMMENT = "Ý tưởng rõ ràng. Mô hình chạy tốt. Nên thử thêm."


@dataclass
class Played:
    """A contest that is being played. `shares` gives an entry's marks by its number; the first is number 1."""

    database: Database
    registry: Registry
    contest_id: str = ""
    desk_id: str = ""
    now: datetime = NOW
    shares: dict[int, str] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    """The ids of all versions that were submitted, in their order."""

    @property
    def organiser(self) -> Actor:
        return Actor(account_id=self.desk_id, roles=frozenset({Role.ORGANISER}))

    def act(self, work: Callable[[Session, Contest], Any]) -> Any:
        """One unit of work, a second after the one before."""
        self.now += timedelta(seconds=1)
        with self.database.writing() as session:
            return work(session, session.get_one(Contest, self.contest_id))

    def do(self, service: Callable[..., Any], **more: Any) -> Any:
        """A service that the organiser calls on the contest."""
        return self.act(
            lambda session, contest: service(session, contest=contest, actor=self.organiser, now=self.now, **more)
        )

    def order(self, service: Callable[..., Any], **more: Any) -> Any:
        """A service that asks for the contest kinds as well."""
        return self.do(service, registry=self.registry, **more)

    def look(self, work: Callable[[Session, Contest], Any]) -> Any:
        with self.database.reading() as session:
            return work(session, session.get_one(Contest, self.contest_id))

    def log(self) -> Log:
        found = self.look(newest_log)
        assert found is not None
        return found  # type: ignore[no-any-return]

    def logs(self) -> list[Log]:
        return list(self.look(list_logs))

    def open(self, *, entries: int, judges: int, log: bool = True) -> None:
        with self.database.writing() as session:
            contest = make_contest(session, self.registry, phase="judging")
            self.contest_id = contest.id
            desk = make_account(session)
            give_role(session, contest, desk, "organiser")
            self.desk_id = desk.id
            rules = contest_rules(self.registry, contest)
            panel = make_panel(session, contest, categories=[one.key for one in rules.categories])
            for number in range(1, entries + 1):
                make_entry(session, contest, number=number)
            for _ in range(judges):
                make_judge(
                    session, contest, panel=panel, capacity=entries, conflicts_declared_at=NOW + timedelta(days=9)
                )
            # As make_contest leaves it, the first round is open already; here it is opened by its service.
            contest_round = next(one for one in contest_rounds(session, contest) if one.key == PRELIMINARY)
            contest_round.state = "pending"
            if log:
                ensure_log(session, contest, now=self.now)

    def assign(self, round_key: str) -> int:
        def work(session: Session, contest: Contest) -> Any:
            planned = plan_round(session, registry=self.registry, contest=contest, round_key=round_key)
            return apply_plan(
                session, registry=self.registry, contest=contest, round_key=round_key, seal=planned.seal,
                actor=self.organiser, now=self.now,
            )  # fmt: skip

        return int(self.act(work))

    def start(self, round_key: str) -> None:
        if round_key == PRELIMINARY:
            self.act(
                lambda session, contest: open_round(
                    session, registry=self.registry, contest=contest, round_key=round_key, actor_id=None, now=self.now
                )
            )
        else:
            self.order(start_round, round_key=round_key)

    def waiting(self, round_key: str) -> list[str]:
        """The sheets of a round that are not submitted."""
        query = (
            select(Assignment.id)
            .join(Entry, Entry.id == Assignment.entry_id)
            .join(Judge, Judge.id == Assignment.judge_id)
            .where(
                Assignment.contest_id == self.contest_id, Assignment.round == round_key,
                Assignment.state.in_(["assigned", "draft", "reopened"]),
            )
            .order_by(Entry.number, Judge.alias)
        )  # fmt: skip
        return list(self.look(lambda session, _contest: session.scalars(query).all()))

    def submit(self, sheet_id: str, share: str | None = None) -> str:
        """Fill in and submit a sheet; the id of the version."""

        def work(session: Session, _contest: Contest) -> Any:
            return submit_in(session, self.registry, sheet_id, share, shares=self.shares, now=self.now)

        self.sheets.append(str(self.act(work)))
        return self.sheets[-1]

    def submit_some(self, round_key: str, count: int | None, share: str | None = None) -> None:
        """Submit so many sheets, or all that are left, in one unit of work."""
        waiting = self.waiting(round_key)[:count]

        def work(session: Session, _contest: Contest) -> list[str]:
            return [
                submit_in(session, self.registry, sheet_id, share, shares=self.shares, now=self.now)
                for sheet_id in waiting
            ]

        self.sheets += self.act(work)

    def submit_all(self, round_key: str, *, at_once: bool = False) -> None:
        """Submit all that is left, each sheet in a unit of work of its own, or `at_once` in one."""
        if at_once:
            self.submit_some(round_key, None)
            return
        for sheet_id in self.waiting(round_key):
            self.submit(sheet_id)

    def reopen(self, sheet_id: str) -> None:
        self.act(
            lambda session, _contest: reopen_sheet(
                session, assignment=session.get_one(Assignment, sheet_id), actor=self.organiser, reason="Nhầm tiêu chí",
                now=self.now,
            )
        )  # fmt: skip

    def recuse(self, sheet_id: str) -> None:
        def work(session: Session, _contest: Contest) -> None:
            assignment = session.get_one(Assignment, sheet_id)
            judge = Actor(account_id=assignment.judge.account_id, roles=frozenset({Role.JUDGE}))
            recuse(session, assignment=assignment, actor=judge, kind=ConflictKind.TEACHER, reason="", now=self.now)

        self.act(work)

    def close(self, round_key: str) -> None:
        self.order(close_round, round_key=round_key)

    def advance(self, round_key: str) -> None:
        self.order(advance_round, round_key=round_key)

    def publish(self) -> None:
        self.order(settle_prizes)
        self.order(publish_results, decision="1840/QĐ-UBND")

    def bundle(self) -> None:
        publish_bundle(self.database, contest_id=self.contest_id, now=self.now)

    def ranking(self) -> bytes:
        """What follows from the log now."""

        def work(session: Session, contest: Contest) -> bytes:
            log = newest_log(session, contest)
            assert log is not None
            return ranking_now(replay(session, log, contest=contest, registry=self.registry)).ranking

        return bytes(self.look(work))


def contest_rounds(session: Session, contest: Contest) -> Iterator[Any]:
    yield from list_rounds(session, contest=contest)


def submit_in(
    session: Session, registry: Registry, sheet_id: str, share: str | None, *, shares: dict[int, str], now: datetime
) -> str:
    assignment = session.get_one(Assignment, sheet_id)
    judged = contest_rules(registry, assignment.entry.contest).find_round(assignment.round)
    assert judged is not None
    given = even_marks(judged, Decimal(share or shares.get(assignment.entry.number, "0.8")))
    actor = Actor(account_id=assignment.judge.account_id, roles=frozenset({Role.JUDGE}))
    comments = {one.key: "Đạt yêu cầu." for one in judged.rubric.criteria}
    saved = save_draft(
        session, registry=registry, assignment=assignment, actor=actor, comments=comments, comment=COMMENT, bands={},
        marks={key: str(mark) for key, mark in given.items()}, locale="en", now=now,
    )  # fmt: skip
    version = submit_sheet(session, registry=registry, assignment=assignment, actor=actor, now=now, saved=saved)
    return version.id


def play(played: Played, *, entries: int = 8, judges: int = 5, at_once: bool = False) -> Played:
    """Everything a contest does: versions, a recusal, a reopened round, two rounds, prizes, publication, the bundle."""
    played.shares = {number: f"0.{max(60, 96 - 3 * number)}" for number in range(1, entries + 1)}
    played.open(entries=entries, judges=judges)
    played.assign(PRELIMINARY)
    played.start(PRELIMINARY)
    first, second, *_ = played.waiting(PRELIMINARY)
    played.submit(first, "0.4")
    played.reopen(first)
    played.submit(first)
    played.submit(second)
    played.recuse(second)
    # Another judge takes the place of the one who stepped back.
    played.assign(PRELIMINARY)
    played.submit_all(PRELIMINARY, at_once=at_once)
    played.close(PRELIMINARY)
    played.order(reopen_round_of, round_key=PRELIMINARY)
    played.reopen(first)
    played.submit(first, "0.9")
    played.close(PRELIMINARY)
    played.advance(PRELIMINARY)
    played.assign(FINAL)
    played.start(FINAL)
    played.submit_all(FINAL, at_once=at_once)
    played.close(FINAL)
    played.publish()
    played.bundle()
    return played


def reopen_round_of(session: Session, *, registry: Registry, **more: Any) -> None:
    del registry
    reopen_round(session, reason="Kiểm tra lại", **more)
