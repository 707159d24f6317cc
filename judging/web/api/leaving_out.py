"""What hangs on each judge, for organiser and auditor."""

from __future__ import annotations

from judging.errors import N_, NotFound
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.results.leaving_out.shown import codes_of, plain_report
from judging.services.results.leaving_out.weighing import may_see_judge_effects, weigh_judges
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.leaving_out import JudgeWeights, OneJudge
from judging.web.context import actor, contest, platform, rules
from judging.web.transaction import db


@blueprint.get("/contests/<slug>/leave-one-out")
@operation(
    tag="Results", answer=JudgeWeights, roles=("organiser", "auditor"), scopes=(READ, OFFICE), fails=(404, 409)
)  # fmt: skip
def weigh_contest_judges(slug: str, query: OneJudge) -> JudgeWeights:
    """Read what would be otherwise without one judge's sheets, over all rounds that are closed."""
    del slug
    return _weights(None, query.judge)


@blueprint.get("/contests/<slug>/rounds/<round_key>/leave-one-out")
@operation(
    tag="Results", answer=JudgeWeights, roles=("organiser", "auditor"), scopes=(READ, OFFICE), fails=(404, 409)
)  # fmt: skip
def weigh_round_judges(slug: str, round_key: str, query: OneJudge) -> JudgeWeights:
    """Read what would be otherwise without one judge's sheets of a round that is closed."""
    del slug
    return _weights(round_key, query.judge)


def _weights(round_key: str | None, judge: str | None) -> JudgeWeights:
    if not may_see_judge_effects(db(), contest=contest(), actor=actor()):
        raise NotFound(N_("There is nothing here."))
    report = weigh_judges(
        db(), registry=platform().registry, contest=contest(), actor=actor(), round_key=round_key, judge=judge
    )
    return JudgeWeights.model_validate(plain_report(report, codes_of(db(), contest=contest(), rules=rules())))
