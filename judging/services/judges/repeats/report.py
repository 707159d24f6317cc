"""How steady each judge of a round is: first sheets beside those of blind repeats, told once the judge's are locked.

It is a question to a person. No figure of it is used anywhere else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from judging.db.queries.repeats import HIDING, first_versions, repeats_of_round, unfinished_judges
from judging.domain.consistency import Consistency, OwnAndOthers, Pair, consistency_by_judge, consistency_of
from judging.domain.repeats import can_read_consistency
from judging.errors import N_, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import BlindRepeat, Contest, ContestRound, Judge, SheetVersion
    from judging.domain.permissions import Actor
    from judging.domain.rules import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeConsistency:
    """One judge's repeats: how many were given and submitted; `own` and the `others`' figures, None until locked.

    A pair counts when both sheets are there with the same rubric.
    """

    judge: Judge
    given: int
    submitted: int
    own: Consistency | None
    others: Consistency | None


def round_consistency(
    session: Session, *, contest: Contest, judged: Round, stage: ContestRound | None, actor: Actor
) -> list[JudgeConsistency]:
    """Every judge with repeats in the round, by alias; always the same number of queries. Raises NotAllowed."""
    if not can_read_consistency(actor):
        raise NotAllowed(N_("How steady judges are is for organisers and auditors who do not judge here."))
    repeats = repeats_of_round(session, contest_id=contest.id, round_key=judged.key)
    firsts = first_versions(session, assignment_ids=[one.assignment_id for one in repeats])
    marking: frozenset[str] = frozenset()
    if stage is None or stage.state in HIDING:
        marking = unfinished_judges(session, contest_id=contest.id, round_key=judged.key)
    pairs = [
        pair
        for one in repeats
        if one.judge.id not in marking and (pair := _pair(judged, one, firsts.get(one.assignment_id))) is not None
    ]
    given = Counter(one.judge.id for one in repeats)
    submitted = Counter(one.judge.id for one in repeats if one.submitted_at is not None)
    judges = {one.judge.id: one.judge for one in repeats}
    found, everybody = consistency_by_judge(pairs), consistency_of(pairs)
    without = OwnAndOthers(own=consistency_of(()), others=everybody)
    return [
        JudgeConsistency(
            judge=judge, given=given[judge.id], submitted=submitted[judge.id],
            own=None if judge.id in marking else found.get(judge.alias, without).own,
            others=None if judge.id in marking else found.get(judge.alias, without).others,
        )
        for judge in sorted(judges.values(), key=lambda one: one.alias)
    ]  # fmt: skip


def waiting_repeats(repeats: Sequence[BlindRepeat]) -> list[BlindRepeat]:
    """Those that their judges have set aside, the longest waiting first."""
    aside = [(one.aside_at, one) for one in repeats if one.aside_at is not None and one.submitted_at is None]
    return [one for _at, one in sorted(aside, key=lambda pair: (pair[0], pair[1].id))]


def _pair(judged: Round, repeat: BlindRepeat, first: SheetVersion | None) -> Pair | None:
    if repeat.submitted_at is None or first is None or not first.total:
        return None
    if first.rubric_digest != repeat.rubric_digest:
        return None
    return Pair(
        judge=repeat.judge.alias, first=_points(judged, first.marks), again=_points(judged, repeat.marks),
        first_total=Fraction(first.total), again_total=Fraction(repeat.total),
    )  # fmt: skip


def _points(judged: Round, marks: Mapping[str, str]) -> dict[str, Fraction]:
    """The points of each criterion as they stand on the sheet, before coefficients."""
    points = {}
    for criterion in judged.rubric.criteria:
        keys = [key for key, _label, _scale in criterion.scales]
        if keys and all(key in marks for key in keys):
            points[criterion.key] = sum((Fraction(Decimal(marks[key])) for key in keys), Fraction(0))
    return points
