"""Submitting a score sheet: the service, and the judge's page, each beside the bare writes on the same database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from itertools import product
from random import Random

from flask.testing import FlaskClient
from sqlalchemy import select

from judging.composition import create_web
from judging.db.models import Account, Assignment, Contest
from judging.domain.rules import Round
from judging.services.actors import actor_in_contest
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.sheets.drafts import canonical_marks
from judging.services.sheets.life import save_draft, submit_sheet
from judging.web.sheet_blocks import MARK_FIELD, OVERALL_FIELD
from tools.bench.bare import bare_app, write_sheet, writer
from tools.bench.clients import browser, csrf_token, expect, sign_in
from tools.bench.contests import PASSWORD, Filled, fill_contest, give_marks
from tools.bench.measure import Bound, Figure, Peer, Timing, measure_in_turns
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores, count_statements

_SHEETS = 5
_COMMENT = "Ý tưởng rõ ràng. Mô hình chạy tốt và dễ làm lại."
_SERVICE = Bound(seconds=0.05, reason="a judge does not notice it")
_PAGE = Bound(seconds=0.15, reason="the live final: saving within 150 ms")


@dataclass(frozen=True, slots=True)
class _Desk:
    """One judge's work: the account, the readings that are left, and the marks that go onto each sheet."""

    platform: Platform
    judged: Round
    email: str
    left: Iterator[str]
    marks: dict[str, Decimal]


def submitting(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time service and page at two sizes on each engine; the larger says how many times the smaller it takes."""
    smaller: dict[tuple[str, str], Timing] = {}
    for engine, entries in product(engines, sizes.sheets):
        with stores.installation(engine) as platform:
            with platform.database.writing() as session:
                filled = fill_contest(session, platform.registry, entries=entries, sheets=_SHEETS, submitted=False)
            emails = list(filled.readings)
            # The service, the page and their peers each write sheets of a judge of their own.
            desks = [_desk(platform, filled, email) for email in emails[:4]]
            case = f"{entries:,} entries, {engine}"
            for figure in (
                _service(desks[0], desks[1], case, sizes.times),
                _page(desks[2], desks[3], case, sizes.times),
            ):
                key = (engine, figure.benchmark)
                yield _with_growth(figure, smaller.setdefault(key, figure.timing))


def _desk(platform: Platform, filled: Filled, email: str) -> _Desk:
    with platform.database.reading() as session:
        judged = contest_rules(platform.registry, session.get_one(Contest, filled.contest_id)).rounds[0]
    marks = give_marks(judged, Random(email), 0.7)  # noqa: S311 - the same marks in every run
    return _Desk(platform, judged, email, iter(filled.readings[email]), marks)


def _with_growth(figure: Figure, smaller: Timing) -> Figure:
    if smaller is figure.timing:
        return figure
    growth = f"{figure.timing.median / smaller.median:.2f}"
    return Figure(
        benchmark=figure.benchmark,
        case=figure.case,
        timing=figure.timing,
        bound=figure.bound,
        peer=figure.peer,
        notes={**figure.notes, "times the smaller": growth},
    )


def _service(own: _Desk, other: _Desk, case: str, times: int) -> Figure:
    with count_statements(own.platform) as statements:
        _submit(own)
    timing, peer = measure_in_turns(partial(_submit, own), partial(_write, other, writer(own.platform)), times=times)
    return Figure(
        benchmark="submit a sheet, service",
        case=case,
        timing=timing,
        bound=_SERVICE,
        peer=Peer(name="the same writes, bare", timing=peer),
        notes={"statements": len(statements)},
    )


def _submit(desk: _Desk) -> None:
    """Save what was typed and submit it, as the page does, in one unit of work."""
    platform, now = desk.platform, datetime.now(UTC)
    with platform.database.writing() as session:
        assignment = session.get_one(Assignment, next(desk.left))
        account = session.scalars(select(Account).where(Account.email_key == desk.email)).one()
        contest = assignment.entry.contest
        actor = actor_in_contest(session, account=account, contest=contest, judge_id=assignment.judge_id)
        saved = save_draft(
            session, registry=platform.registry, assignment=assignment, actor=actor,
            marks=canonical_marks(desk.marks), bands={}, comments={}, comment=_COMMENT, locale="en", now=now,
        )  # fmt: skip
        submit_sheet(session, registry=platform.registry, assignment=assignment, actor=actor, now=now, saved=saved)


def _write(desk: _Desk, by: str) -> None:
    with desk.platform.database.writing() as session:
        write_sheet(session, next(desk.left), canonical_marks(desk.marks), _COMMENT, by)


def _page(own: _Desk, other: _Desk, case: str, times: int) -> Figure:
    judge = sign_in(create_web(own.platform), own.email, PASSWORD)
    token = csrf_token(judge, "/account")
    bare = browser(bare_app(other.platform))
    ours, plain = partial(_post, judge, own, token), partial(_post, bare, other, token)
    with count_statements(own.platform) as statements:
        ours()
    timing, peer = measure_in_turns(ours, plain, times=times)
    return Figure(
        benchmark="submit a sheet, page",
        case=case,
        timing=timing,
        bound=_PAGE,
        peer=Peer(name="bare Flask route, same writes", timing=peer),
        notes={"statements": len(statements)},
    )


def _post(client: FlaskClient, desk: _Desk, token: str) -> None:
    typed = {MARK_FIELD + key: text for key, text in canonical_marks(desk.marks).items()}
    form = {**typed, OVERALL_FIELD: _COMMENT, "version": "0", "action": "submit", "csrf_token": token}
    expect(client, "POST", f"/judge/sheets/{next(desk.left)}", 302, form)
