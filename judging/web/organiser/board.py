"""The office's board of one contest: what is the state today, and what needs a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import office_running as queries
from judging.domain.lifecycle import MAIN_LINE, ContestPhase
from judging.domain.permissions import can_see_progress
from judging.domain.policy import policy
from judging.services.contests.editions import why_suspended
from judging.services.contests.phases import what_is_missing
from judging.services.results.prizes import list_prizes
from judging.services.rounds.entries import judged_round, unlocked_entries
from judging.services.rounds.progress import RoundProgress, round_progress
from judging.services.rounds.states import list_rounds
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import day as day_text
from judging.web.formats import label
from judging.web.organiser.acts import READERS
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.state_of_day import Day, title_of_day, todo_of_day
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence
    from datetime import date

    from judging.db.models import ContestRound

_MOST_COLUMNS = 30
_LAST_DAYS = 3
_SETUP = MAIN_LINE[: MAIN_LINE.index(ContestPhase.SCREENING) + 1]


@blueprint.get("/<slug>/")
@policy(*READERS)
def board(slug: str) -> str:
    """The state of the day, what needs a person first, and the figures behind it."""
    rounds = list_rounds(db(), contest=contest())
    current = next((row for row in rounds if row.state != "advanced"), None)
    progress = _progress(current)
    today = Day(
        contest=contest(),
        rules=rules(),
        states=queries.count_states(db(), contest()),
        current=current,
        progress=progress,
        prizes=len(list_prizes(db(), contest=contest())),
        gaps=_setup_gaps(),
        unlocked=_unlocked(current),
    )
    return render_template(
        "organiser/board.html",
        contest=contest(),
        rules=rules(),
        day=today,
        title=title_of_day(today),
        todo=todo_of_day(today),
        suspended=why_suspended(platform().registry, contest()),
        track=_track(today, rounds),
        days=_days(queries.count_days(db(), contest())),
        categories=_categories(slug),
        round_key=current.key if current else rules().rounds[-1].key,
        now=now(),
    )


def _setup_gaps() -> Sequence[Any]:
    if ContestPhase(contest().phase) not in _SETUP:
        return ()
    return what_is_missing(db(), registry=platform().registry, contest=contest())


def _progress(current: ContestRound | None) -> RoundProgress | None:
    # Whoever judges here sees no counts of the others, whatever office they hold.
    if current is None or contest().phase != ContestPhase.JUDGING or not can_see_progress(actor()):
        return None
    return round_progress(
        db(),
        contest=contest(),
        judged=judged_round(rules(), current.key),
        open_since=current.opened_at if current.state == "open" else None,
        now=now(),
    )


def _unlocked(current: ContestRound | None) -> int:
    if current is None or current.state != "open":
        return 0
    return len(unlocked_entries(db(), contest=contest(), rules=rules(), round_key=current.key))


def _days(counts: Counter[date]) -> dict[str, Any] | None:
    """Entries by day, or by as many days to a column as make at most thirty columns."""
    if not counts:
        return None
    first, last = min(counts), max(counts)
    width = -(-((last - first).days + 1) // _MOST_COLUMNS)
    columns = ((last - first).days // width) + 1
    values = [0] * columns
    for one, count in counts.items():
        values[(one - first).days // width] += count
    shown = max(1, round(_LAST_DAYS / width))
    last_columns = sum(values[-shown:])
    note = ngettext("one column: %(num)s day", "one column: %(num)s days", width)
    ending = _("%(count)s in the last %(days)s days", count=last_columns, days=shown * width)
    # The words stand above the last columns, where a higher one before them would run through.
    rises = columns > shown and max(values[-shown:]) >= max(values[:-shown])
    return {
        "values": values,
        "labels": [day_text(first + timedelta(days=width * index)) for index in range(columns)],
        "highlight_from": columns - shown if rises else None,
        "highlight_label": ending if rises else None,
        "note": note,
    }


def _categories(slug: str) -> list[dict[str, Any]]:
    counts = queries.count_categories(db(), contest())
    rows = [
        {
            "label": label(category.label), "value": counts[category.key], "accent": False,
            "url": url_for("organiser.entries", slug=slug, category=category.key),
        }
        for category in rules().categories
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -int(str(row["value"])))


def _track(today: Day, rounds: Sequence[ContestRound]) -> dict[str, Any]:
    held = contest()
    zone = held.zone
    here = ContestPhase(held.resume_phase) if held.phase == ContestPhase.SUSPENDED and held.resume_phase else None
    phase = here or ContestPhase(held.phase)
    place = MAIN_LINE.index(phase) if phase in MAIN_LINE else MAIN_LINE.index(ContestPhase.DELIBERATION)
    stops: list[tuple[str, str, Any, Any, str, int, int]] = [
        ("open", _("Entries"), held.opens_at, held.closes_at, _("%(count)s entries", count=today.entries), 0, 3),
        ("screening", _("Screening"), None, None, _("%(count)s wait", count=today.waiting), 3, 5),
    ]
    judging = MAIN_LINE.index(ContestPhase.JUDGING)
    for index, row in enumerate(rounds):
        begins = row.starts_at or (held.judging_starts_at if index == 0 else None)
        ends = row.ends_at or (held.judging_ends_at if index == len(rounds) - 1 else None)
        stops.append((row.key, label(judged_round(rules(), row.key).label), begins, ends, "", judging, judging + 1))
    stops.append(("decision", _("Deliberation"), None, None, "", judging + 1, MAIN_LINE.index(ContestPhase.PUBLISHED)))
    stops.append(("published", _("Results"), held.publishes_at, None, "", MAIN_LINE.index(ContestPhase.PUBLISHED), 99))
    phases = [
        {
            "key": key, "label": name, "dates": _dates(begins, ends, zone), "fact": fact,
            "state": _stop_state(key, place, (low, high), rounds, today.current),
            "ticks": min(max((ends - begins).days // 7 if begins and ends else 1, 1), 20),
        }
        for key, name, begins, ends, fact, low, high in stops
    ]  # fmt: skip
    spans = ((one[2], one[3]) for one, shown in zip(stops, phases, strict=True) if shown["state"] == "present")
    return {"phases": phases, "today_at": _part_gone(next(spans, None))}


def _stop_state(
    key: str, place: int, span: tuple[int, int], rounds: Sequence[ContestRound], current: ContestRound | None
) -> str:
    low, high = span
    if place >= high:
        return "past"
    if place < low:
        return "future"
    positions = {row.key: row.position for row in rounds}
    if key in positions and current is not None and positions[key] != current.position:
        return "past" if positions[key] < current.position else "future"
    return "present"


def _dates(begins: Any, ends: Any, zone: str) -> str:
    if begins and ends:
        return f"{day_text(begins, zone)} – {day_text(ends, zone)}"
    return day_text(begins or ends, zone) if begins or ends else ""


def _part_gone(span: tuple[Any, Any] | None) -> float | None:
    if span is None or not span[0] or not span[1] or span[1] <= span[0]:
        return None
    return float(min(max((now() - span[0]) / (span[1] - span[0]), 0.0), 1.0))
