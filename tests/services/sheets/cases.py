"""A contest in judging with a judge, ready to be marked: what the tests of score sheets begin with."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from judging.domain.permissions import Actor, Role
from judging.domain.rubric import Band, CommentRule, Criterion, Part, Rubric, Scale
from judging.domain.structure import to_plain
from judging.services.contests.editions import contest_rules
from judging.services.score_log.opening import ensure_log
from tests import factories

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Account, Assignment, Contest, Entry, Judge
    from judging.domain.rules import Round
    from judging.plugins import Registry

D = Decimal

# A plain scale, exclusive bands, sub-criteria, a coefficient and a comment without a mark, in one sheet.
RUBRIC = Rubric(
    criteria=(
        Criterion(
            key="novelty",
            label="Novelty",
            scale=Scale(high=D(30), step=D(1)),
            bands=(
                Band(key="new", label="Fully new", low=D(27), high=D(30)),
                Band(key="fair", label="Fairly improved", low=D(21), high=D(26)),
                Band(key="little", label="Little", low=D(1), high=D(20)),
                Band(key="none", label="None", low=D(0), high=D(0)),
            ),
            comment=CommentRule.AT_ZERO,
        ),
        Criterion(
            key="use",
            label="Use",
            parts=(
                Part(key="easy", label="Easy to make", scale=Scale(high=D(10))),
                Part(key="wide", label="Of wide use", scale=Scale(high=D(15))),
            ),
        ),
        Criterion(key="form", label="Form", scale=Scale(high=D(15)), weight=D(3), comment=CommentRule.REQUIRED),
        Criterion(key="advice", label="Advice"),
    )
)

WHOLE = {"novelty": "24", "use.easy": "8.5", "use.wide": "11", "form": "12"}
WHOLE_TOTAL = "79.500000"
COMMENTS = {"form": "Neat."}
COMMENT = "A clear idea. It could be tried in flood season."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One judge's reading of one entry, in a round that is open."""

    contest: Contest
    judged: Round
    entry: Entry
    judge: Judge
    assignment: Assignment

    @property
    def account(self) -> Account:
        """The judge's own account."""
        return self.judge.account

    @property
    def actor(self) -> Actor:
        """The judge at the desk."""
        return Actor(account_id=self.judge.account_id, roles=frozenset({Role.JUDGE}))


def make_case(session: Session, registry: Registry, **contest: Any) -> Case:
    """A youth contest whose first round is open and is judged by RUBRIC, two sentences asked for."""
    settings = {"rubric-preliminary": to_plain(RUBRIC), "round-preliminary": {"sentences": 2}}
    made = factories.make_contest(session, registry, phase="judging", **{"settings": settings, **contest})
    judge = factories.make_judge(session, made)
    entry = factories.make_entry(session, made)
    assignment = factories.make_assignment(session, entry, judge, round_key="preliminary", position=1)
    judged = contest_rules(registry, made).find_round("preliminary")
    assert judged is not None
    # As the opening of a contest does it.
    ensure_log(session, made, now=factories.NOW)
    return Case(contest=made, judged=judged, entry=entry, judge=judge, assignment=assignment)


def add_colleague(session: Session, case: Case) -> Case:
    """Another judge of the same entry."""
    judge = factories.make_judge(session, case.contest)
    assignment = factories.make_assignment(session, case.entry, judge, round_key="preliminary", position=1)
    return Case(contest=case.contest, judged=case.judged, entry=case.entry, judge=judge, assignment=assignment)


def office(session: Session, case: Case, role: Role = Role.ORGANISER) -> Actor:
    """Somebody of the office."""
    account = factories.make_account(session)
    factories.give_role(session, case.contest, account, role.value)
    return Actor(account_id=account.id, roles=frozenset({role}))
