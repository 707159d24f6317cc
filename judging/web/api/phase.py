"""Where a contest stands, and taking it further - up to the publication of its results."""

from __future__ import annotations

from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase
from judging.errors import N_, Refused
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.contests.phase_steps import go_to_phase
from judging.services.contests.phases import next_moves, what_is_missing
from judging.services.results.publication import publish_results
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.base import FaultAnswer
from judging.web.api.schemas.rounds import Phase, PhaseBody, Step
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label
from judging.web.problems import ApiError, faults_of
from judging.web.transaction import db, unit

_TAG = "Running a contest"


@blueprint.get("/contests/<slug>/phase")
@operation(
    tag=_TAG, answer=Phase, roles=("organiser", "secretary", "committee", "auditor"), scopes=(READ, OFFICE),
    fails=(404,),
)  # fmt: skip
def get_phase(slug: str) -> Phase:
    """Read where the contest stands, the steps that the caller may ask for, and what is still to be set up."""
    del slug
    return _phase()


@blueprint.post("/contests/<slug>/phase")
@operation(
    tag=_TAG, answer=Phase, roles=("organiser", "secretary", "committee"), scopes=(OFFICE,), fails=(404, 409),
    repeats=True, example={"to": "open"},
)  # fmt: skip
def change_phase(slug: str, json: PhaseBody) -> Phase:
    """Take the contest to a phase; `published` publishes the results by the decision of that number.

    Steps in between that an organiser may switch off are passed, each recorded on its own. 409 lists what is missing.
    """
    del slug
    try:
        _publish(json) if json.to is ContestPhase.PUBLISHED else _go(json)
    except Refused as refused:
        raise ApiError(
            409, "conditions-missing", N_("The step cannot be taken yet. What is missing is listed."),
            faults=faults_of(refused.problems),
        ) from refused  # fmt: skip
    db().flush()
    return _phase()


def _go(asked: PhaseBody) -> None:
    go_to_phase(
        db(), registry=platform().registry, contest=contest(), actor=actor(), to=asked.to, reason=asked.reason,
        now=now(),
    )  # fmt: skip


def _publish(asked: PhaseBody) -> None:
    registry = platform().registry
    made = publish_results(
        db(), registry=registry, contest=contest(), decision=asked.decision or asked.reason, actor=actor(), now=now()
    )
    in_force = rules()
    unit().after_commit(lambda: registry.tell_results_published(in_force, made.standings))


def _phase() -> Phase:
    shown = contest()
    missing = what_is_missing(db(), registry=platform().registry, contest=shown)
    return Phase(
        phase=shown.phase,
        label=label(CONTEST_LABELS[ContestPhase(shown.phase)]),
        steps=[
            Step(to=move.target.value, label=label(CONTEST_LABELS[move.target]), needs_reason=move.needs_reason)
            for move in next_moves(shown, actor=actor())
        ],
        missing=[FaultAnswer(**one.plain()) for one in faults_of(missing)],
    )
