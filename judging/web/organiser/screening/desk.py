"""The screening desk: one dossier with its checks beside it, and the next one after each decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.models import ScreeningOpinion
from judging.db.queries import office_running_entry as dossier
from judging.db.queries.screening_desk import following
from judging.domain.lifecycle import ENTRY_LABELS, ContestPhase, EntryState
from judging.domain.permissions import can_screen
from judging.domain.policy import policy
from judging.domain.second_look import Opinion, is_disputed
from judging.domain.values import Problem
from judging.errors import N_, ContestSuspended, NotAllowed
from judging.services.contests.deadlines import intake_settings, return_term
from judging.services.entries.eligibility import check_entry
from judging.services.entries.handovers import handovers_of
from judging.services.entries.relations import relation_to_entry
from judging.services.screening.deciding import Verdict, check_screener, screen_entry, verdicts_for
from judging.services.screening.dossier_desk import hold_of, is_party, take_dossier, tick_key, tick_points, ticks_of
from judging.services.screening.opinions import open_opinions
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.formats import error_sentence, problem_sentence
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.dossiers import answer_shown, items_shown
from judging.web.organiser.last_days import end_of_day, last_day
from judging.web.organiser.screening.desk_hints import desk_hints
from judging.web.organiser.screening.queue_filter import queue_arguments, queue_filter
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

_MOST_ITEMS = 50


@blueprint.get("/entries/<entry_id>/desk")
@policy(*DESK)
def desk(entry_id: str) -> str:
    """One dossier to be screened: its contents, the checks, and the decision."""
    del entry_id
    return desk_page()


@blueprint.post("/entries/<entry_id>/desk")
@policy(*DESK)
def decide_dossier(entry_id: str) -> ResponseReturnValue:
    """Take the dossier in hand, keep the ticks, or decide; after a decision the next dossier opens."""
    try:
        # A tick is part of the screening's record as well.
        check_screener(db(), actor=actor(), contest=contest(), entry=entry())
    except NotAllowed as not_allowed:
        return desk_page([error_sentence(not_allowed)]), REFUSED
    points = intake_settings(db(), contest()).checklist
    if request.form.get("act") != "take":
        tick_points(db(), entry=entry(), points=points, ticked=request.form.getlist("tick"), actor=actor(), now=now())
    verdict = request.form.get("verdict", "")
    if verdict not in set(Verdict):
        take_dossier(db(), entry=entry(), actor=actor(), now=now())
        return redirect(url_for("organiser.desk", entry_id=entry_id, **queue_arguments()))
    waits = False

    def act() -> None:
        nonlocal waits
        waits = _decide(Verdict(verdict))

    try:
        refused = refusals_of(act)
    except NotAllowed as not_allowed:
        refused = [error_sentence(not_allowed)]
    if refused:
        return desk_page(refused), REFUSED
    flash(
        _("Your word is kept. Another person confirms it.")
        if waits
        else _("The decision is recorded. The contestant is told by letter."),
        "info",
    )
    return _open_next()


@blueprint.post("/<slug>/screening/next")
@policy(*DESK)
def next_dossier(slug: str) -> ResponseReturnValue:
    """Take the next dossier of the filtered queue in hand and open it."""
    del slug
    return _open_next()


def _open_next() -> ResponseReturnValue:
    found = following(db(), contest(), queue_filter())
    if found is None:
        return redirect(url_for("organiser.screening", slug=contest().slug, **queue_arguments()))
    take_dossier(db(), entry=found, actor=actor(), now=now())
    return redirect(url_for("organiser.desk", entry_id=found.id, **queue_arguments()))


def _decide(verdict: Verdict) -> bool:
    """Decide by the form, and say whether the word waits for a second person."""
    reason = request.form.get(f"reason-{verdict}", "").strip()
    items: list[dict[str, str]] = []
    until = None
    if verdict is Verdict.RETURNED:
        sentences = {f"{one.where}|{text}": (one.where, text) for one, text in _checks()}
        chosen = [sentences[key] for key in request.form.getlist("item")[:_MOST_ITEMS] if key in sentences]
        items = [{"where": where, "text": text} for where, text in chosen]
        reason = "\n".join([*(f"– {item['text']}" for item in items), *([reason] if reason else [])])
        until = end_of_day(request.form.get("until", ""))
    made = screen_entry(
        db(), registry=platform().registry, contest=contest(), entry=entry(), verdict=verdict, reason=reason,
        actor=actor(), now=now(), until=until, items=items,
    )  # fmt: skip
    return isinstance(made, ScreeningOpinion)


def _checks() -> list[tuple[Problem, str]]:
    """What the computed checks find against the dossier as it was handed in, each with its sentence."""
    at = entry().submitted_at or now()
    try:
        problems = check_entry(db(), registry=platform().registry, entry=entry(), now=at)
    except ContestSuspended as suspended:
        problems = (Problem(code="suspended", message=suspended.message, params=suspended.params),)
    return [(problem, problem_sentence(problem)) for problem in problems]


def desk_page(refused: Sequence[str] = ()) -> str:
    """The desk with one dossier, and what was refused."""
    shown, settings = entry(), intake_settings(db(), contest())
    chosen = queue_filter()
    said = open_opinions(db(), entry=shown)
    checks = _checks()
    relation = relation_to_entry(db(), actor=actor(), entry=shown)
    party = is_party(db(), entry=shown, actor=actor())
    shown_texts: dict[str, Any] = {verdict.value: request.form.get(f"reason-{verdict}", "") for verdict in Verdict}
    return render_template(
        "organiser/screening/desk.html",
        contest=contest(),
        rules=rules(),
        entry=shown,
        state_label=ENTRY_LABELS[EntryState(shown.state)],
        answers=[(one.label, answer_shown(one, shown.answers.get(one.key))) for one in rules().fields],
        items=items_shown(relation),
        handovers=handovers_of(db(), entry=shown),
        members=dossier.list_members(db(), shown),
        term=return_term(db(), shown) if shown.state == EntryState.RETURNED else None,
        may_extend=not party and can_screen(actor(), phase=ContestPhase(contest().phase)),
        now=now(),
        screenings=dossier.list_screenings(db(), shown),
        checks=[(f"{one.where}|{text}", text) for one, text in checks],
        amiss=[text for one, text in checks if not one.ask],
        questions=[text for one, text in checks if one.ask],
        hints=desk_hints([one for one, _text in checks], relation),
        points=[(tick_key(point), point) for point in settings.checklist],
        ticks=ticks_of(db(), entry=shown),
        opinions=said,
        disputed=is_disputed([Opinion(by=one.by_id, verdict=one.verdict) for one in said]),
        hold=hold_of(db(), entry=shown, now=now()),
        me=actor().account_id,
        party=party,
        verdicts=() if party else [verdict.value for verdict in verdicts_for(contest(), shown, actor())],
        reasons=settings.reasons,
        texts=shown_texts,
        until=request.form.get("until") or last_day().isoformat(),
        chosen_items=request.form.getlist("item"),
        before=following(db(), contest(), chosen, after=shown, back=True),
        after=following(db(), contest(), chosen, after=shown),
        asked=queue_arguments(),
        refused=refused,
    )


FLAG_LABELS = {
    "late": N_("Late: needs the organiser's decision"),
    "back": N_("Returned before, and back"),
    "consent": N_("An author has given no consent"),
    "things": N_("A thing has not been received"),
    "similar": N_("Looks like another entry"),
    "mine": N_("In my hand"),
    "second": N_("Waits for a second person"),
    "disputed": N_("Two persons differ"),
    "overdue": N_("Returned, and its date has passed"),
}
