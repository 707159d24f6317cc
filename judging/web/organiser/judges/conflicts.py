"""Conflicts of interest of a contest: listed by what they do, set, set aside, and looked for anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import conflicts as queries
from judging.db.queries import office_running
from judging.domain.conflicts import BY_UNIT, CONFLICT_LABELS, DECLARABLE, MAY_HINT, ConflictKind
from judging.domain.forcing import can_see_conflicts, can_settle_conflicts
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_assign, can_configure
from judging.domain.policy import policy
from judging.errors import N_, NotAllowed, NotFound
from judging.services.judges.conflicts.finding import hints_of
from judging.services.judges.conflicts.hints import surname_hints
from judging.services.judges.conflicts.office import (
    search_conflicts,
    set_conflict,
    set_terms,
    take_judge_off,
    withdraw_conflict,
)
from judging.services.judges.conflicts.statements import Tie, set_unit_conflict, withdraw_statement
from judging.web.context import actor, contest, now, rules
from judging.web.formats import label
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.named import named_entry, named_judge
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask.typing import ResponseReturnValue

    from judging.db.models import Conflict

_SHOWN = 60
_SOURCES = {
    "declared": N_("declared by the judge"), "office": N_("set by the office"), "detected": N_("found in the data"),
    "unit": N_("follows from a tie to a school or unit"),
}  # fmt: skip
_STATES = {
    queries.STANDING: N_("Bars"), queries.HINT: N_("Hint only"), queries.LIFTED: N_("Lifted by two persons"),
    queries.ASIDE: N_("Set aside"),
}  # fmt: skip


@blueprint.get("/<slug>/conflicts")
@policy(*READERS)
def conflicts(slug: str) -> str:
    """The conflicts of the contest by kind, source, state and judge, and the words on schools and units."""
    del slug
    return _page()


@blueprint.post("/<slug>/conflicts")
@policy(*DESK)
def add_conflict(slug: str) -> ResponseReturnValue:
    """Bar a judge from one entry, or from a whole school or unit, with a reason."""
    judge, entry = named_judge(), named_entry()
    unit, kind, reason = (request.form.get(name, "").strip() for name in ("unit", "kind", "reason"))
    if judge is None or kind not in set(DECLARABLE) or (entry is None) is not bool(unit):
        return _page(
            [_("Choose a judge, and write either the code of an entry or the name of a school or unit.")]
        ), REFUSED

    def act() -> None:
        if unit:
            tie = Tie(unit, ConflictKind(kind))
            set_unit_conflict(db(), judge=judge, tie=tie, reason=reason, actor=actor(), now=now())
        elif entry is not None:
            set_conflict(
                db(), judge=judge, entry=entry, kind=ConflictKind(kind), reason=reason, actor=actor(), now=now()
            )

    return _done(act, slug, _("Recorded. The judge no longer sees what it is about."))


@blueprint.post("/<slug>/conflicts/search")
@policy(*DESK)
def find_conflicts(slug: str) -> ResponseReturnValue:
    """Look through all judges and entries."""
    found = search_conflicts(db(), contest=contest(), actor=actor(), now=now())
    flash(
        ngettext("%(num)s new possible conflict found.", "%(num)s new possible conflicts found.", found),
        "attention" if found else "info",
    )
    return redirect(url_for("organiser.conflicts", slug=slug))


@blueprint.post("/<slug>/conflicts/<conflict_id>/withdraw")
@policy(*DESK)
def set_conflict_aside(slug: str, conflict_id: str) -> ResponseReturnValue:
    """Set a conflict aside that is none, with a reason."""
    found = _named(conflict_id)
    return _done(
        lambda: withdraw_conflict(
            db(), contest=contest(), conflict=found, reason=request.form.get("reason", ""), actor=actor(), now=now()
        ),
        slug,
        _("Set aside. The judge may have the entry, unless something else bars."),
    )


@blueprint.post("/<slug>/conflicts/<conflict_id>/take-off")
@policy(*DESK)
def take_off(slug: str, conflict_id: str) -> ResponseReturnValue:
    """Recuse the judge from the entry that a conflict keeps them from."""
    found = _named(conflict_id)
    return _done(
        lambda: take_judge_off(db(), conflict=found, reason=request.form.get("reason", ""), actor=actor(), now=now()),
        slug,
        _("The judge is off the entry. The score log keeps it."),
    )


@blueprint.post("/<slug>/conflicts/units/<statement_id>/withdraw")
@policy(*DESK)
def withdraw_unit(slug: str, statement_id: str) -> ResponseReturnValue:
    """Withdraw a word on a school or unit, with a reason."""
    found = queries.find_statement(db(), contest(), statement_id)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return _done(
        lambda: withdraw_statement(
            db(), statement=found, reason=request.form.get("reason", ""), actor=actor(), now=now()
        ),
        slug,
        _("Withdrawn. What else bars the judge stays."),
    )


@blueprint.get("/<slug>/conflicts/terms")
@policy(*READERS)
def conflict_terms(slug: str) -> str:
    """Which kinds of found conflicts bar and which only hint, and people of one surname among those assigned."""
    del slug
    _require_sight()
    hints = hints_of(db(), contest().id)
    return render_template(
        "organiser/judges/conflict_terms.html",
        contest=contest(),
        rules=rules(),
        kinds=[(kind.value, label(CONFLICT_LABELS[kind]), kind not in hints) for kind in MAY_HINT],
        surnames=surname_hints(db(), contest=contest(), limit=_SHOWN),
        may_set=can_configure(actor(), phase=ContestPhase(contest().phase)) and can_settle_conflicts(actor()),
    )


@blueprint.post("/<slug>/conflicts/terms")
@policy("organiser")
def change_conflict_terms(slug: str) -> ResponseReturnValue:
    """Keep which kinds bar; every box that is empty is a hint."""
    barring = set(request.form.getlist("bars"))
    hints = [kind for kind in MAY_HINT if kind.value not in barring]
    set_terms(db(), contest=contest(), hints=hints, actor=actor(), now=now())
    flash(_("Recorded. It holds for what was found already, too."), "info")
    return redirect(url_for("organiser.conflict_terms", slug=slug))


def _page(refused: list[str] | None = None) -> str:
    _require_sight()
    asked = {name: request.args.get(name, "") for name in ("kind", "source", "judge")}
    wanted = queries.Wanted(
        kind=asked["kind"], source=asked["source"], judge_id=asked["judge"],
        state=request.args.get("state", queries.STANDING),
    )  # fmt: skip
    page = page_of(queries.count_conflicts(db(), contest(), wanted))
    may_settle = can_settle_conflicts(actor())
    return render_template(
        "organiser/judges/conflicts.html",
        contest=contest(),
        rules=rules(),
        rows=queries.list_conflicts(db(), contest(), wanted, limit=page.limit, offset=page.offset),
        list_page=page,
        clashing=queries.clashing_pairs(db(), contest()),
        statements=queries.list_statements(db(), contest(), limit=_SHOWN),
        asked={**asked, "state": wanted.state},
        state_of=queries.state_of,
        labels={kind.value: label(text) for kind, text in CONFLICT_LABELS.items()},
        sources={key: label(text) for key, text in _SOURCES.items()},
        states={key: label(text) for key, text in _STATES.items()},
        declarable=_options(DECLARABLE),
        by_unit=_options(BY_UNIT),
        judges=[(one.id, one.account.name) for one in office_running.list_judges(db(), contest())],
        may_settle=may_settle,
        may_search=may_settle and can_assign(actor(), phase=ContestPhase(contest().phase)),
        refused=refused or [],
        typed=request.form,
    )


def _done(act: Callable[[], object], slug: str, told: str) -> ResponseReturnValue:
    if refused := refusals_of(act):
        return _page(refused), REFUSED
    flash(told, "info")
    return redirect(url_for("organiser.conflicts", slug=slug))


def _named(conflict_id: str) -> Conflict:
    found = queries.find_conflict(db(), contest(), conflict_id)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def _options(kinds: Iterable[ConflictKind]) -> list[tuple[str, str]]:
    return [(kind.value, label(CONFLICT_LABELS[kind])) for kind in kinds]


def _require_sight() -> None:
    if not can_see_conflicts(actor()):
        raise NotAllowed(N_("You judge in this contest: the conflicts of the others stay closed to you."))
