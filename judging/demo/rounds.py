"""Playing the rounds of a contest: readings, sheets, a gap that is discussed, a tie, and who goes on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from judging.db.models import Entry
from judging.demo.edition import Edition, Seat
from judging.demo.marks import give_marks, same_total_less
from judging.demo.readings import Reading, assign_readings, declare_all, recuse_one, write_off
from judging.demo.sheets import Window, store_sheets
from judging.demo.tally import tally
from judging.domain.assignment import Pair
from judging.domain.entry_states import EntryState
from judging.domain.gates import advancing
from judging.domain.roles import Role
from judging.domain.rules import Round
from judging.domain.scoring import gap
from judging.domain.sheet_states import SheetState
from judging.domain.totals import exact
from judging.domain.values import Ballot

_RIPENED = 0.05
_SHOCK = 0.28
_TIED_PLACES = range(2, 12)


def play_round(edition: Edition, judged: Round, entries: Sequence[Entry], forbidden: set[Pair]) -> None:
    """Judge a round to its end and let its entries go on or not. `forbidden` grows by a recusal."""
    window = edition.calendar.rounds[edition.rules.rounds.index(judged)]
    first, last = judged is edition.rules.rounds[0], judged is edition.rules.rounds[-1]
    readings = _prepare(edition, judged, entries, forbidden, window, with_troubles=first)
    _mark_all(edition, judged, readings, worth_more=0.0 if first else _RIPENED)
    if first:
        _disagree(edition, judged, readings, settled=True)
    if last:
        _tie_two(edition, judged, readings)
    edition.ballots[judged.key] = store_sheets(edition, judged, readings, window)
    _close(edition, judged, entries, window, last=last)


def begin_round(edition: Edition, judged: Round, entries: Sequence[Entry], forbidden: set[Pair]) -> None:
    """Judge a part of a round: some judges are done, some in the middle, one has not begun."""
    window = edition.calendar.rounds[0]
    readings = _prepare(edition, judged, entries, forbidden, window, with_troubles=True, write_offs=False)
    _mark_all(edition, judged, readings, worth_more=0.0)
    _disagree(edition, judged, readings, settled=False)
    _stop_midway(edition, readings)
    edition.ballots[judged.key] = store_sheets(edition, judged, readings, window)


def _prepare(
    edition: Edition,
    judged: Round,
    entries: Sequence[Entry],
    forbidden: set[Pair],
    window: Window,
    *,
    with_troubles: bool,
    write_offs: bool = True,
) -> list[Reading]:
    readings = assign_readings(edition, judged, entries, forbidden=forbidden, at=window[0] - timedelta(days=1))
    for entry in entries:
        entry.state, entry.round, entry.changed_at = EntryState.IN_ROUND.value, judged.key, window[0]
    row = edition.rounds[judged.key]
    row.state, row.starts_at, row.opened_at = "open", window[0], window[0]
    _record(edition, judged, window[0], "round-opened", entries=len(entries))
    if with_troubles:
        _absent_seat(edition).absent = True
    declare_all(edition, readings, window[0] - timedelta(hours=14))
    if with_troubles:
        for reading in readings:
            if reading.seat.absent and write_offs:
                write_off(edition, reading, window[1] - timedelta(days=2))
        stepped_down = recuse_one(edition, judged, readings, window[0] + timedelta(days=1))
        if stepped_down is not None:
            forbidden.add(stepped_down)
    return readings


def _absent_seat(edition: Edition) -> Seat:
    """The judge who never comes sits where the panel has most to spare."""
    sizes = {panel.id: sum(seat.panel is panel for seat in edition.seats) for panel in edition.panels}
    largest = max(edition.panels, key=lambda panel: sizes[panel.id])
    return [seat for seat in edition.seats if seat.panel is largest][-2]


def _mark_all(edition: Edition, judged: Round, readings: Sequence[Reading], *, worth_more: float) -> None:
    draw, by_entry = edition.world.draw, _by_entry(readings)
    limit = exact(judged.gap_limit)
    for alias, own in by_entry.items():
        worth = min(0.97, edition.quality[alias] + worth_more + draw.random.gauss(0, 0.01))
        for reading in own:
            reading.versions = [give_marks(draw, judged.rubric, reading.seat, worth)]
        while gap(judged, [_ballot(reading) for reading in own]) > limit:
            for reading in own:
                reading.versions = [give_marks(draw, judged.rubric, reading.seat, worth, calm=True)]


def _disagree(edition: Edition, judged: Round, readings: Sequence[Reading], *, settled: bool) -> None:
    """One judge sees an entry quite otherwise; `settled` when the panel has discussed it and the sheet was redone."""
    full = [own for own in _by_entry(readings).values() if len(own) >= judged.judges_per_entry]
    own = max(
        full, key=lambda each: (edition.quality[each[0].entry.alias] < 0.75, edition.quality[each[0].entry.alias])
    )
    odd = own[-1]
    worth = edition.quality[odd.entry.alias] - _SHOCK
    shocked = give_marks(edition.world.draw, judged.rubric, odd.seat, worth, calm=True)
    odd.versions = [shocked, *odd.versions] if settled else [shocked]


def _tie_two(edition: Edition, judged: Round, readings: Sequence[Reading]) -> None:
    """Bring two entries near the top to one score, so that the first tie-break parts them."""
    key = next((one.partition(":")[2] for one in edition.rules.tie_breaks if one.startswith("criterion:")), None)
    by_entry = _by_entry(readings)
    edition.ballots[judged.key] = [_ballot(reading) for own in by_entry.values() for reading in own]
    order = tally(edition, judged)
    for place in _TIED_PLACES:
        if key is None or place + 1 >= len(order):
            return
        if order[place - 1].score.value == order[place].score.value:
            continue
        upper, lower = by_entry[order[place].entry], by_entry[order[place + 1].entry]
        moved = [same_total_less(judged.rubric, reading.versions[-1], key) for reading in upper]
        if len(upper) != len(lower) or None in moved:
            continue
        for number, (mine, theirs, changed) in enumerate(zip(lower, upper, moved, strict=True)):
            mine.versions = [changed if number == 0 and changed is not None else dict(theirs.versions[-1])]
        return


def _stop_midway(edition: Edition, readings: Sequence[Reading]) -> None:
    draw = edition.world.draw
    demo_judge = edition.world.office.id_of(Role.JUDGE)
    for seat in edition.seats:
        own = sorted((one for one in readings if one.seat is seat), key=lambda one: one.row.position)
        own = [reading for reading in own if reading.row.state == SheetState.ASSIGNED.value]
        share = 0.0 if seat.absent else 0.55 if seat.judge.account_id == demo_judge else draw.random.uniform(0.4, 1.05)
        done = min(len(own), int(len(own) * share))
        for number, reading in enumerate(own[done:]):
            marks = reading.versions[-1]
            # The next sheet is begun: the first half of its marks.
            begun = number == 0 and not seat.absent
            reading.draft = dict(list(marks.items())[: max(1, len(marks) // 2)]) if begun else {}
            reading.versions = []


def _close(edition: Edition, judged: Round, entries: Sequence[Entry], window: Window, *, last: bool) -> None:
    row = edition.rounds[judged.key]
    row.state, row.ends_at, row.closed_at = "closed", window[1], window[1]
    _record(edition, judged, window[1], "round-closed")
    if last:
        return
    row.state = "advanced"
    row.advanced = [standing.entry for standing in advancing(edition.rules, judged, tally(edition, judged)).advanced]
    onward = set(row.advanced)
    for entry in entries:
        entry.state = (EntryState.ADVANCED if entry.alias in onward else EntryState.ELIMINATED).value
    moment = window[1] + timedelta(hours=1)
    _record(edition, judged, moment, "round-advanced", advanced=len(onward), eliminated=len(entries) - len(onward))


def _by_entry(readings: Sequence[Reading]) -> dict[str, list[Reading]]:
    """The readings that give a mark, by entry."""
    grouped: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.row.state == SheetState.ASSIGNED.value:
            grouped.setdefault(reading.entry.alias, []).append(reading)
    return grouped


def _ballot(reading: Reading) -> Ballot:
    return Ballot(judge=reading.seat.judge.alias, entry=reading.entry.alias, marks=reading.versions[-1])


def _record(edition: Edition, judged: Round, at: datetime, action: str, **details: object) -> None:
    edition.world.rows.event(
        at, action, "round", judged.key, actor_id=edition.world.office.id_of(Role.ORGANISER),
        contest_id=edition.contest.id, **details,
    )  # fmt: skip
