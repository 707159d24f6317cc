"""Publication: what is still missing, the one act that makes everything public, and its withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.lifecycle import CONTEST_LABELS, CONTEST_MOVES, PASSABLE_PHASES, ContestPhase, path
from judging.domain.permissions import Role
from judging.domain.policy import policy
from judging.services.results.prizes import list_prizes, living_publication
from judging.services.results.publication import (
    Published,
    find_obstacles,
    list_publications,
    may_publish,
    publish_results,
    withdraw_publication,
)
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label, problem_sentence
from judging.web.organiser.acts import READERS, REFUSED, refusals_of, require_standings
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import default_round
from judging.web.transaction import db, unit

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_ROUND_PAGES = frozenset({"progress"})


@blueprint.get("/<slug>/publication")
@policy(*READERS)
def publication(slug: str) -> str:
    """What is missing, or the form that publishes; what has been published before."""
    del slug
    return _page()


@blueprint.post("/<slug>/publication")
@policy("organiser")
def publish(slug: str) -> ResponseReturnValue:
    """Publish the results by a decision; plugins hear of it once everything is stored."""
    made: list[Published] = []
    registry = platform().registry
    refused = refusals_of(
        lambda: made.append(
            publish_results(
                db(), registry=registry, contest=contest(), decision=request.form.get("decision", ""),
                actor=actor(), now=now(),
            )
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    standings, in_force = made[0].standings, rules()
    unit().after_commit(lambda: registry.tell_results_published(in_force, standings))
    flash(_("The results are public. Everything changed at this one moment."), "info")
    return redirect(url_for("organiser.publication", slug=slug))


@blueprint.post("/<slug>/publication/withdraw")
@policy("organiser")
def withdraw(slug: str) -> ResponseReturnValue:
    """Take the results off the public pages, with a reason."""
    reason = request.form.get("reason", "")
    refused = refusals_of(
        lambda: withdraw_publication(db(), contest=contest(), reason=reason, actor=actor(), now=now())
    )
    if refused:
        return _page(refused), REFUSED
    flash(_("The results are withdrawn. The public page says that they are not published."), "attention")
    return redirect(url_for("organiser.publication", slug=slug))


def _page(refused: list[str] | None = None) -> str:
    require_standings()
    living = living_publication(db(), contest=contest())
    phase = ContestPhase(contest().phase)
    public = living is not None and phase in (ContestPhase.PUBLISHED, ContestPhase.ARCHIVED)
    obstacles = [] if public else find_obstacles(db(), registry=platform().registry, contest=contest())
    steps = path(CONTEST_MOVES, phase, ContestPhase.PUBLISHED, through=PASSABLE_PHASES)
    return render_template(
        "organiser/results/publication.html",
        contest=contest(),
        rules=rules(),
        living=living if public else None,
        history=list_publications(db(), contest=contest()),
        obstacles=[(problem_sentence(one), _address(one.where)) for one in obstacles],
        passed=[label(CONTEST_LABELS[move.target]) for move in steps[:-1]],
        prizes=len(list_prizes(db(), contest=contest())),
        may_publish=may_publish(db(), contest=contest(), actor=actor()),
        may_withdraw=public and phase is ContestPhase.PUBLISHED and actor().has(Role.ORGANISER),
        refused=refused or [],
        typed=request.form,
    )


def _address(where: str) -> str:
    if where in _ROUND_PAGES:
        return url_for(f"organiser.{where}", slug=contest().slug, round_key=default_round())
    return url_for(f"organiser.{where}", slug=contest().slug)
