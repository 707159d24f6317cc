"""Blind repeats of a round: how many, who has them, and how steady each judge's marks turn out to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries.repeats import HIDING, repeat_plan, repeats_of_round
from judging.domain.asides import ASIDE_LABELS, AsideKind
from judging.domain.lifecycle import ContestPhase
from judging.domain.policy import policy
from judging.domain.repeats import (
    ENTRIES_FOR_ONE,
    MOST,
    can_set_repeats,
    reading_code,
    why_not_repeated,
)
from judging.services.judges.repeats.giving import repeats_by_judge, set_repeats
from judging.services.judges.repeats.report import round_consistency, waiting_repeats
from judging.services.rounds.entries import judged_round
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import integer, label, score, sentence
from judging.web.organiser.acts import REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import default_round, round_tabs, stage_of
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import Entry
    from judging.domain.consistency import Spread
    from judging.domain.rules import Round
    from judging.services.judges.repeats.giving import JudgeRepeats
    from judging.services.judges.repeats.report import JudgeConsistency

_UNREADABLE = -1


@blueprint.get("/<slug>/repeats")
@policy("organiser", "auditor")
def round_repeats(slug: str) -> ResponseReturnValue:
    """The page of the round that people mean when they name none."""
    return redirect(url_for("organiser.repeats", slug=slug, round_key=default_round()))


@blueprint.get("/<slug>/rounds/<round_key>/repeats")
@policy("organiser", "auditor")
def repeats(slug: str, round_key: str) -> str:
    """The setting, who has repeats, and the figures of judges whose sheets are locked."""
    del slug
    return _page(round_key)


@blueprint.post("/<slug>/rounds/<round_key>/repeats")
@policy("organiser")
def change_repeats(slug: str, round_key: str) -> ResponseReturnValue:
    """Set how many repeats each judge gets, and give them."""
    text = request.form.get("per_judge", "").strip()
    given = 0

    def act() -> None:
        nonlocal given
        given = set_repeats(
            db(), registry=platform().registry, contest=contest(), round_key=round_key, per_judge=_number(text),
            actor=actor(), now=now(),
        )  # fmt: skip

    if refused := refusals_of(act):
        return _page(round_key, refused=refused, typed=text), REFUSED
    flash(ngettext("Recorded. %(num)s repeat was given.", "Recorded. %(num)s repeats were given.", given), "info")
    return redirect(url_for("organiser.repeats", slug=slug, round_key=round_key))


@blueprint.get("/<slug>/rounds/<round_key>/repeats.csv")
@policy("organiser", "auditor")
def repeats_csv(slug: str, round_key: str) -> Response:
    """The figures as a file: one line for each judge and criterion, the total first."""
    judged = judged_round(rules(), round_key)
    head = [
        _("Judge"), _("Criterion"), _("Pairs"), _("Mean absolute difference"), _("Mean shift"),
        _("Standard deviation"), _("Pairs of the others"), _("Mean absolute difference of the others"),
    ]  # fmt: skip
    rows = (
        (one.judge.account.name, name, *_figures(own), *_figures(others)[:2])
        for one in _consistency(judged)
        if one.own is not None
        for name, own, others in _lines(judged, one)
    )
    return csv_answer(f"{slug}-{round_key}-repeats", head, rows)


def _number(text: str) -> int:
    try:
        return typed_integer(text) if text else 0
    except TypedError:
        return _UNREADABLE


def _page(round_key: str, *, refused: Sequence[str] = (), typed: str | None = None) -> str:
    judged, stage = judged_round(rules(), round_key), stage_of(round_key)
    consistency = _consistency(judged)
    plan = repeat_plan(db(), contest_id=contest().id, round_key=round_key)
    by_judge = repeats_by_judge(db(), contest=contest(), round_key=round_key)
    given = repeats_of_round(db(), contest_id=contest().id, round_key=round_key)
    asked = request.args.get("code", "").strip().lower()
    return render_template(
        "organiser/judges/repeats.html",
        contest=contest(), rules=rules(), judged=judged, stage=stage, refused=refused,
        tabs=round_tabs("organiser.repeats", round_key),
        why_not=sentence(why_not_repeated(blind=judged.blind, mode=judged.mode)),
        may_set=can_set_repeats(actor(), phase=ContestPhase(contest().phase)) and stage is not None
        and stage.state in HIDING,
        typed=typed if typed is not None else str(plan.per_judge if plan is not None else 0),
        plan=plan, most=MOST, one_for=ENTRIES_FOR_ONE, by_judge=by_judge,
        waiting=[(one, reading_code(one.id), _why(one.aside_kind, one.aside_words)) for one in waiting_repeats(given)],
        asked=asked, found=_behind(asked, by_judge), consistency=consistency,
        lines={one.judge.id: list(_lines(judged, one)) for one in consistency},
    )  # fmt: skip


def _consistency(judged: Round) -> list[JudgeConsistency]:
    return round_consistency(
        db(), contest=contest(), judged=judged, stage=stage_of(judged.key), actor=actor()
    )  # fmt: skip


def _behind(code: str, by_judge: Sequence[JudgeRepeats]) -> tuple[str, Entry, bool] | None:
    """Whose reading goes by a code that a judge names: the judge's name, the entry, and whether it is a repeat."""
    for one in by_judge:
        entries = {reading.id: reading.entry for reading in one.readings}
        for reading in one.readings:
            if code == reading_code(reading.id):
                return one.judge.account.name, reading.entry, False
        for repeat in one.given:
            if code == reading_code(repeat.id):
                return one.judge.account.name, entries[repeat.assignment_id], True
    return None


def _lines(judged: Round, one: JudgeConsistency) -> Iterator[tuple[str, Spread | None, Spread | None]]:
    """The judge's figures beside those of the others, the total first, then each criterion that has marks."""
    if one.own is None or one.others is None:
        return
    yield _("Total"), one.own.total, one.others.total
    for criterion in judged.rubric.criteria:
        if not criterion.is_comment_only:
            yield label(criterion.label), one.own.criteria.get(criterion.key), one.others.criteria.get(criterion.key)


def _figures(spread: Spread | None) -> tuple[str, ...]:
    if spread is None:
        return integer(0), "–", "–", "–"
    return integer(spread.number), score(spread.absolute), score(spread.shift), score(spread.deviation)


def _why(kind: str, words: str) -> str:
    reason = label(ASIDE_LABELS[AsideKind(kind)])
    return f"{reason} – {words}" if words else reason
