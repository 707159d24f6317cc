"""A contest as everybody may read it: what it is, when, and by which rules."""

from __future__ import annotations

from flask import Response, render_template

from judging.db.queries.public import list_amendments
from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase
from judging.domain.policy import policy
from judging.services.contests.deadline_extension import list_extensions
from judging.services.contests.deadlines import intake_settings
from judging.services.contests.editions import why_suspended
from judging.services.entries.life import takes_entries
from judging.web.contest_side import contest_context, public_contest
from judging.web.context import now, platform, rules
from judging.web.public.blueprint import blueprint
from judging.web.public.phase_track import public_track
from judging.web.rule_texts import setting_lines, tie_break_labels
from judging.web.transaction import db
from judging.web.write_ups import write_up_answer


@blueprint.get("/contests/<slug>/", endpoint="contest")
@policy("public")
def contest_page(**_address: str) -> str:
    """What the contest is about, its dates, categories and prizes, and how to enter."""
    shown = public_contest()
    return render_template(
        "public/contest.html",
        **contest_context("contest"),
        track=public_track(shown, now()),
        phase_label=CONTEST_LABELS[ContestPhase(shown.phase)],
        grace_minutes=intake_settings(db(), shown).grace_minutes,
        extensions=list_extensions(db(), contest=shown),
        open_now=takes_entries(shown, now()) and why_suspended(platform().registry, shown) is None,
    )


@blueprint.get("/contests/<slug>/write-up.docx")
@policy("public")
def write_up(**_address: str) -> Response:
    """The blank form of the write-up, with the questions of this contest."""
    return write_up_answer(public_contest(), rules())


@blueprint.get("/contests/<slug>/rules", endpoint="rules")
@policy("public")
def rules_page(**_address: str) -> str:
    """Everything that decides, as the contest has pinned it."""
    shown = public_contest()
    return render_template(
        "public/rules.html",
        **contest_context("rules"),
        settings=setting_lines(shown, rules()),
        tie_breaks=tie_break_labels(platform().registry, rules()),
        aggregators=platform().registry.aggregators,
        amendments=list_amendments(db(), contest=shown),
        grace_minutes=intake_settings(db(), shown).grace_minutes,
        extensions=list_extensions(db(), contest=shown),
    )
