"""What hangs on each judge."""

from __future__ import annotations

from pydantic import Field

from judging.web.api.schemas.base import Amount, Answer, Query
from judging.web.api.schemas.rounds import Alias


class OneJudge(Query):
    """With `judge`, the alias of one, every change of rank is named for that judge alone."""

    judge: Alias | None = None


class RankMoved(Answer):
    """An entry that would stand elsewhere. Left without any sheet it has no place: `after` and `shift` are null."""

    round: str
    entry: str
    code: str
    before: int
    after: int | None
    shift: Amount | None = Field(description="What its score would gain; negative when it loses.")


class PrizeLevel(Answer):
    """A prize level and the board it is given on."""

    level: str
    board: str


class PrizeMoved(Answer):
    """An entry whose prize by the rules would be another, or none.

    `waits`: the side without a prize is not decided, a tie there has to be voted on.
    """

    entry: str
    code: str
    before: PrizeLevel | None
    after: PrizeLevel | None
    waits: bool


class OnwardMoved(Answer):
    """An entry that would go on from the round and does not, or the other way round."""

    round: str
    entry: str
    code: str
    would: bool


class GateMoved(Answer):
    """An entry that would clear the gate and does not, or the other way round."""

    gate: str
    entry: str
    code: str
    would: bool


class JudgeWeight(Answer):
    """What would be otherwise without one judge. `ranks` names those who move furthest, `moved` counts them all."""

    judge: str
    sheets: int
    moved: int
    largest: RankMoved | None = Field(description="Where a score would change most.")
    ranks: list[RankMoved]
    without_sheet: list[RankMoved]
    prizes: list[PrizeMoved]
    onward: list[OnwardMoved]
    gates: list[GateMoved]


class SheetWeight(RankMoved):
    """What one sheet alone does to its entry's place, and how far it stands from its judge's habit."""

    judge: str
    apart: Amount | None


class JudgeWeights(Answer):
    """A question to a person, never a finding. The judge on whom most hangs stands first.

    `rounds` are those whose sheets were left out. `prizes_compared` is false until every round is closed. `sheets`,
    those that stand furthest from their judge's habit, is null when one judge was asked for, and where sheets are
    combined in a way that looks across judges; `mover` is the sheet that moves its entry by most ranks.
    """

    rounds: list[str]
    prizes_compared: bool
    judges: list[JudgeWeight]
    sheets: list[SheetWeight] | None
    mover: SheetWeight | None
