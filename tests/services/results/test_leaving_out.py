"""What hangs on each judge, read from the database: who is told, when, and from which sheets."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.api import Grant, Standing, hookimpl
from judging.db.models import Assignment, PeopleLink
from judging.domain.leaving_out.values import PrizeChange, PrizePlace, RankChange
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, NotFound
from judging.plugins import Registry
from judging.services.core_plugin import CorePlugin
from judging.services.results.leaving_out.shown import codes_of, plain_report
from judging.services.results.leaving_out.weighing import judge_names, may_see_judge_effects, weigh_judges
from judging.services.results.standings import round_standings
from judging_youth_creativity.plugin import YouthCreativity
from tests.factories import NOW, make_account, make_entry, make_judge
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest, score_entry, set_round

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.domain.leaving_out.values import Report


def weighed(session: Session, registry: Registry, held: Office, actor: Actor | None = None, **asked: str) -> Report:
    return weigh_judges(session, registry=registry, contest=held.contest, actor=actor or held.organiser, **asked)


def closed_round(session: Session, registry: Registry, *, entries: int = 3, judges: int = 3) -> Office:
    """The last judge alone puts the first entry last, and alone has read an entry more."""
    held = hold_contest(session, registry, entries=entries + 1, judges=judges)
    for place, entry in enumerate(held.entries[:-1]):
        # All agree that the first is the best, save the last judge; without any one of the others nobody moves.
        others, last = str(round(0.9 - 0.3 * place / entries, 4)), "0.3" if place == 0 else "0.95"
        score_entry(session, held, entry, [others] * (judges - 1) + [last])
    reader = held.judges
    held.judges = reader[-1:]
    score_entry(session, held, held.entries[-1], ["0.2"])
    held.judges = reader
    set_round(session, held, PRELIMINARY, "closed")
    return held


def test_ranks_are_those_of_the_standings_without_the_judges_sheets(session: Session, registry: Registry) -> None:
    held = closed_round(session, registry)
    last = held.judges[-1]
    before = {one.entry: one.rank for one in round_standings(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY
    )}  # fmt: skip

    report = weighed(session, registry, held, round_key=PRELIMINARY)

    for reading in session.query(Assignment).filter_by(judge_id=last.id):
        reading.state = "recused"
    session.flush()
    after = {one.entry: one.rank for one in round_standings(
        session, registry=registry, contest=held.contest, round_key=PRELIMINARY
    )}  # fmt: skip
    effect = report.judges[0]
    assert effect.judge == last.alias
    assert {one.entry: (one.before, one.after) for one in effect.ranks} == {
        entry: (rank, after[entry]) for entry, rank in before.items() if entry in after and after[entry] != rank
    }
    assert effect.ranks
    assert [one.entry for one in effect.without_sheet] == [held.entries[-1].alias]
    assert held.entries[-1].alias not in after


def test_prizes_are_compared_once_every_round_is_closed(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, entries=3, judges=2)
    finish_rounds(session, held, ("0.9", "0.8", "0.7"))
    extra = make_judge(session, held.contest, panel=held.panel)
    held.judges = [extra]
    score_entry(session, held, held.entries[1], ["1.0"], round_key=FINAL)
    score_entry(session, held, held.entries[0], ["0.5"], round_key=FINAL)

    report = weighed(session, registry, held, round_key=FINAL)

    assert report.prizes
    effect = next(one for one in report.judges if one.judge == extra.alias)
    assert {one.entry for one in effect.prizes} == {held.entries[0].alias, held.entries[1].alias}
    assert all(isinstance(one.after, PrizePlace) for one in effect.prizes)
    assert {one.entry: one.after for one in effect.ranks} == {held.entries[0].alias: 1, held.entries[1].alias: 2}


class Giver(YouthCreativity):
    """Gives the first prize to the last of the standings, and notes what it is asked with."""

    def __init__(self) -> None:
        self.asked: list[Sequence[Standing]] = []

    @hookimpl
    def judging_grant_awards(self, standings: Sequence[Standing]) -> Sequence[Grant]:
        self.asked.append(standings)
        return [Grant(entry=standings[-1].entry, level="first")]


def test_plugins_prizes_are_asked_for_with_the_whole_standings_of_each_case(session: Session) -> None:
    giver, registry = Giver(), Registry()
    registry.register(CorePlugin(), name="core")
    assert registry.register(giver, name="giver")
    held = hold_contest(session, registry, entries=3, judges=2)
    finish_rounds(session, held, ("0.9", "0.8", "0.7"))
    held.judges = [make_judge(session, held.contest, panel=held.panel)]
    score_entry(session, held, held.entries[0], ["0.1"], round_key=FINAL)

    report = weighed(session, registry, held, round_key=FINAL)

    first, *_, last = [one.alias for one in held.entries]
    effect = report.judges[0]
    assert effect.judge == held.judges[0].alias
    assert set(effect.prizes) == {
        PrizeChange(first, PrizePlace("first", ""), None, waits=False),
        PrizeChange(last, None, PrizePlace("first", ""), waits=False),
    }
    # Once with all sheets, and once without each of the three judges.
    assert [len(standings) for standings in giver.asked] == [3] * 4
    assert {type(standings) for standings in giver.asked} == {tuple}
    assert {tuple(one.rank for one in standings) for standings in giver.asked} == {(1, 2, 3)}


def test_round_that_is_open_tells_nothing(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, shares=("0.9", "0.8", "0.7"))

    with pytest.raises(Conflict, match="not closed"):
        weighed(session, registry, held, round_key=PRELIMINARY)
    with pytest.raises(Conflict, match="still open"):
        weighed(session, registry, held)


def test_sheets_of_a_later_round_that_is_open_are_left_alone(session: Session, registry: Registry) -> None:
    held = closed_round(session, registry)
    alone = weighed(session, registry, held, round_key=PRELIMINARY)
    set_round(session, held, PRELIMINARY, "advanced")
    set_round(session, held, FINAL, "open")
    for entry, share in zip(held.entries, ("0.1", "0.9", "0.5"), strict=False):
        score_entry(session, held, entry, [share] * 3, round_key=FINAL)

    assert weighed(session, registry, held, round_key=PRELIMINARY) == alone
    assert not alone.prizes
    with pytest.raises(Conflict):
        weighed(session, registry, held)


def test_whole_contest_is_all_rounds_that_are_closed(session: Session, registry: Registry) -> None:
    held = closed_round(session, registry)
    assert weighed(session, registry, held).rounds == (PRELIMINARY,)

    finish_rounds(session, held, ("0.9", "0.8", "0.7", "0.6"))

    assert weighed(session, registry, held).rounds == (PRELIMINARY, FINAL)


def test_one_judge_is_told_in_full(session: Session, registry: Registry) -> None:
    held = closed_round(session, registry, entries=9)
    last = held.judges[-1].alias
    cut = weighed(session, registry, held, round_key=PRELIMINARY).judges[0]

    (effect,) = weighed(session, registry, held, round_key=PRELIMINARY, judge=last).judges

    assert cut.judge == last
    assert len(cut.ranks) < cut.moved
    assert len(effect.ranks) == effect.moved == cut.moved
    assert effect.ranks[: len(cut.ranks)] == cut.ranks


def test_round_and_judge_that_are_not_there_are_not_found(session: Session, registry: Registry) -> None:
    held = closed_round(session, registry)

    with pytest.raises(NotFound):
        weighed(session, registry, held, round_key="no-such-round")
    with pytest.raises(NotFound):
        weighed(session, registry, held, round_key=PRELIMINARY, judge="no-such-judge")


def actor(account: Account, *roles: Role) -> Actor:
    return Actor(account_id=account.id, roles=frozenset(roles))


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.JUDGE, Role.CHAIR, Role.ADMINISTRATOR])
def test_only_organiser_and_auditor_are_told(session: Session, registry: Registry, role: Role) -> None:
    held = closed_round(session, registry)
    person = make_account(session)

    assert weighed(session, registry, held, actor(person, Role.AUDITOR), round_key=PRELIMINARY).judges
    with pytest.raises(NotAllowed):
        weighed(session, registry, held, actor(person, role), round_key=PRELIMINARY)


@pytest.mark.parametrize("tie", ["judges", "judged once", "owns", "is named", "said so"])
def test_organiser_with_a_stake_in_the_contest_is_not_told(session: Session, registry: Registry, tie: str) -> None:
    held = closed_round(session, registry)
    person = make_account(session)
    asked = actor(person, Role.ORGANISER)
    assert may_see_judge_effects(session, contest=held.contest, actor=asked)

    if tie in ("judges", "judged once"):
        make_judge(session, held.contest, panel=held.panel, account=person).is_active = tie == "judges"
    elif tie == "owns":
        make_entry(session, held.contest, owner=person)
    elif tie == "is named":
        make_entry(session, held.contest, members=({"name": "Nông Mẫu An", "email": person.email.upper()},))
    else:
        entry = make_entry(session, held.contest)
        session.add(
            PeopleLink(entry_id=entry.id, role="guardian", account_id=person.id, answer="accepted", asked_at=NOW)
        )
    session.flush()

    assert not may_see_judge_effects(session, contest=held.contest, actor=asked)
    with pytest.raises(NotAllowed):
        weighed(session, registry, held, asked, round_key=PRELIMINARY)


def test_stake_in_another_contest_is_none_in_this_one(session: Session, registry: Registry) -> None:
    held, other = closed_round(session, registry), hold_contest(session, registry)
    person = make_account(session)
    make_judge(session, other.contest, account=person)
    make_entry(session, other.contest, owner=person)

    assert may_see_judge_effects(session, contest=held.contest, actor=actor(person, Role.ORGANISER))


def test_statements_do_not_grow_with_judges_and_entries(session: Session, registry: Registry) -> None:
    counts = []
    for entries, judges in ((2, 2), (12, 6)):
        held = closed_round(session, registry, entries=entries, judges=judges)
        session.flush()
        session.expire_all()
        statements: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_rest: object, into: list[str] = statements
        ) -> None:
            into.append(statement)

        engine = session.get_bind()
        event.listen(engine, "before_cursor_execute", note)
        report = weighed(session, registry, held, round_key=PRELIMINARY)
        codes = codes_of(session, contest=held.contest, rules=held.rules)
        names = judge_names(session, held.contest)
        event.remove(engine, "before_cursor_execute", note)
        assert (len(report.judges), len(codes), len(names)) == (judges, entries + 1, judges)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 9


def test_plain_values_name_entries_by_alias_and_code_and_scores_with_six_places(
    session: Session, registry: Registry
) -> None:
    held = closed_round(session, registry)
    report = weighed(session, registry, held, round_key=PRELIMINARY)

    told = plain_report(report, codes_of(session, contest=held.contest, rules=held.rules))

    first = report.judges[0].ranks[0]
    assert isinstance(first, RankChange)
    assert isinstance(first.shift, Fraction)
    assert told["judges"][0]["ranks"][0] == {
        "round": PRELIMINARY, "entry": first.entry, "code": f"{held.rules.prefix}-001",
        "before": first.before, "after": first.after, "shift": f"{float(first.shift):.6f}",
    }  # fmt: skip
    assert told["judges"][0]["without_sheet"][0]["after"] is None
    assert [one["judge"] for one in told["judges"]] == [one.judge for one in report.judges]
