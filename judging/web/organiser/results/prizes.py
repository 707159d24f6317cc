"""Prizes: what the rules give, what stays empty, what a person must decide, and prizes by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.models import Prize
from judging.db.queries import office_running as queries
from judging.domain.boards import board_label, boards_of
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.results.prizes import (
    PrizePlan,
    grant_prize,
    list_prizes,
    may_settle,
    plan_prizes,
    settle_prizes,
    take_prize_back,
)
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import entry_code, label, problem_sentence
from judging.web.organiser.acts import READERS, REFUSED, refusals_of, require_standings
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import stage_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import Entry
    from judging.domain.values import Problem

_ENDED = ("closed", "advanced")


@blueprint.get("/<slug>/prizes")
@policy(*READERS)
def prizes(slug: str) -> str:
    """The plan by the rules beside what has been given."""
    del slug
    return _page()


@blueprint.post("/<slug>/prizes/settle")
@policy("organiser")
def settle(slug: str) -> ResponseReturnValue:
    """Give the ranked prizes as the plan says."""
    given = 0

    def act() -> None:
        nonlocal given
        given = settle_prizes(db(), registry=platform().registry, contest=contest(), actor=actor(), now=now())

    if refused := refusals_of(act):
        return _page(refused), REFUSED
    flash(ngettext("%(num)s prize is settled.", "%(num)s prizes are settled.", given), "info")
    return redirect(url_for("organiser.prizes", slug=slug))


@blueprint.post("/<slug>/prizes/grant")
@policy("organiser")
def grant(slug: str) -> ResponseReturnValue:
    """Give one prize by a named decision."""
    level, _bar, board = request.form.get("level", "").partition("|")
    entry = _named_entry()
    if entry is None:
        return _page([_("Write the code of an entry of this contest.")]), REFUSED
    refused = refusals_of(
        lambda: grant_prize(
            db(), registry=platform().registry, contest=contest(), entry=entry, level=level, board=board,
            reason=request.form.get("reason", ""), actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The prize is given. The record keeps the reason."), "info")
    return redirect(url_for("organiser.prizes", slug=slug))


@blueprint.post("/<slug>/prizes/<prize_id>/take-back")
@policy("organiser")
def take_back(slug: str, prize_id: str) -> ResponseReturnValue:
    """Take a prize back, with a reason."""
    prize = db().get(Prize, prize_id)
    if prize is None or prize.contest_id != contest().id:
        raise NotFound(N_("There is nothing here."))
    refused = refusals_of(
        lambda: take_prize_back(
            db(), registry=platform().registry, contest=contest(), prize=prize,
            reason=request.form.get("reason", ""), actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The prize is taken back. The record keeps the reason."), "info")
    return redirect(url_for("organiser.prizes", slug=slug))


def _page(refused: list[str] | None = None) -> str:
    require_standings()
    stage = stage_of(rules().rounds[-1].key)
    ended = stage is not None and stage.state in _ENDED
    planned = plan_prizes(db(), registry=platform().registry, contest=contest()) if ended else None
    given = list_prizes(db(), contest=contest())
    entries = queries.entries_by_alias(db(), contest(), _aliases(planned, given))
    return render_template(
        "organiser/results/prizes.html",
        contest=contest(),
        rules=rules(),
        ended=ended,
        levels=_levels(planned, given, entries),
        side=[award for award in rules().awards if award.special],
        side_given=[one for one in given if one.level in {a.key for a in rules().awards if a.special}],
        unresolved=[_named(one, entries) for one in planned.plan.unresolved] if planned else [],
        settled=_is_settled(planned, given),
        given=given,
        options=_options(),
        entries=entries,
        by_plugin=bool(planned and planned.by_plugin),
        may_settle=may_settle(db(), contest=contest(), actor=actor()),
        last_round=rules().rounds[-1],
        labels={one.key: label(one.label) for one in rules().awards},
        refused=refused or [],
        typed=request.form,
    )


def _aliases(planned: PrizePlan | None, given: Sequence[Prize]) -> set[str]:
    named = {prize.entry.alias for prize in given}
    if planned is None:
        return named
    last = planned.standings[rules().rounds[-1].key]
    return named | {grant.entry for grant in planned.plan.grants} | {one.entry for one in last if one.shared}


def _levels(planned: PrizePlan | None, given: Sequence[Prize], entries: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """Each ranked level on each of its boards: what the rules give, what is given, and the places left empty."""
    standings = {one.entry: one for one in planned.standings[rules().rounds[-1].key]} if planned else {}
    levels = []
    for award in rules().awards:
        if award.special:
            continue
        for board in boards_of(rules(), award.board):
            by_rules = [
                grant.entry
                for grant in (planned.plan.grants if planned else ())
                if grant.level == award.key and grant.board == board
            ]
            own = [prize for prize in given if prize.level == award.key and prize.board == board]
            rows = [_row(prize.entry, prize, prize.entry.alias in by_rules) for prize in own]
            held = {prize.entry.alias for prize in own}
            rows += [_row(entries[alias], None, True) for alias in by_rules if alias not in held]
            rows.sort(key=lambda row: standings[row["entry"].alias].rank if row["entry"].alias in standings else 0)
            levels.append(
                {
                    "award": award, "board": board_label(rules(), board), "rows": rows, "given": len(own),
                    "empty": award.planned - len(own), "standings": standings,
                }
            )  # fmt: skip
    return levels


def _row(entry: Entry, prize: Prize | None, by_rules: bool) -> dict[str, Any]:  # noqa: FBT001 - a row's two marks
    return {"entry": entry, "prize": prize, "by_rules": by_rules}


def _named(problem: Problem, entries: Mapping[str, Entry]) -> str:
    """The sentence of an open tie, with codes in place of aliases."""
    sentence = problem_sentence(problem)
    for alias, entry in entries.items():
        sentence = sentence.replace(alias, entry_code(entry.number, rules().prefix))
    return sentence


def _is_settled(planned: PrizePlan | None, given: Sequence[Prize]) -> bool:
    if planned is None:
        return False
    by_rules = {(grant.entry, grant.level, grant.board) for grant in planned.plan.grants}
    return by_rules <= {(prize.entry.alias, prize.level, prize.board) for prize in given}


def _options() -> list[tuple[str, str]]:
    options = []
    for award in rules().awards:
        for board in boards_of(rules(), award.board) if not award.special else ("",):
            name = label(award.label)
            within = label(board_label(rules(), board))
            options.append((f"{award.key}|{board}", f"{name} – {within}" if within else name))
    return options


def _named_entry() -> Entry | None:
    code = request.form.get("code", "").strip().upper().removeprefix(f"{rules().prefix}-".upper())
    if not (code.isascii() and code.isdigit() and len(code) < 9):
        return None
    return queries.find_entry(db(), contest(), number=int(code))
