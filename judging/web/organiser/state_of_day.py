"""The state of a contest today: one sentence, and what needs a person first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.domain.lifecycle import CONTEST_LABELS, ContestPhase, EntryState
from judging.web.formats import label, moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.models import Contest, ContestRound
    from judging.domain.rules import ContestRules
    from judging.domain.values import Problem
    from judging.services.rounds.progress import RoundProgress

_WAITS = (EntryState.SUBMITTED, EntryState.LATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What the board knows of the contest today. `current` is the round that is open or comes next."""

    contest: Contest
    rules: ContestRules
    states: Counter[str]
    current: ContestRound | None
    progress: RoundProgress | None
    prizes: int
    gaps: Sequence[Problem]
    unlocked: int

    @property
    def entries(self) -> int:
        """Entries that were handed in."""
        return self.states.total() - self.states[EntryState.DRAFT]

    @property
    def waiting(self) -> int:
        """Entries that the secretariat has not decided on."""
        return sum(self.states[state] for state in _WAITS)

    @property
    def round_label(self) -> str:
        """The name of the current round."""
        judged = self.rules.find_round(self.current.key) if self.current else None
        return label(judged.label) if judged else ""


def title_of_day(day: Day) -> str:
    """The state of the contest in one sentence."""
    phase = ContestPhase(day.contest.phase)
    if phase is ContestPhase.OPEN:
        return ngettext("Open: %(num)s entry so far", "Open: %(num)s entries so far", day.entries)
    if phase is ContestPhase.CLOSED:
        return ngettext("Closed with %(num)s entry", "Closed with %(num)s entries", day.entries)
    if phase is ContestPhase.SCREENING:
        return _("Screening: %(done)s of %(total)s decided", done=day.entries - day.waiting, total=day.entries)
    if phase is ContestPhase.JUDGING and day.current is not None:
        if day.current.state == "open" and day.progress is not None:
            return _(
                "%(round)s: %(done)s of %(total)s sheets recorded",
                round=day.round_label, done=day.progress.done, total=day.progress.total,
            )  # fmt: skip
        return {
            "pending": _("%(round)s has not begun", round=day.round_label),
            "closed": _("%(round)s is closed", round=day.round_label),
        }.get(day.current.state, label(CONTEST_LABELS[phase]))
    return label(CONTEST_LABELS[phase])


def todo_of_day(day: Day) -> list[dict[str, Any]]:
    """What needs a person, the most pressing first, in the form that the macro `page.todo` takes."""
    rows = [row for rows in (_setup(day), _screening(day), _round(day), _end(day)) for row in rows]
    return [{**row, "next": index == 0} for index, row in enumerate(rows)]


def _row(count: int, title: str, text: str, url: str, action: str, *, attention: bool = True) -> dict[str, Any]:
    return {
        "count": count, "title": title, "text": text, "url": url, "action": action,
        "kind": "attention" if attention else None, "next": False,
    }  # fmt: skip


def _setup(day: Day) -> list[dict[str, Any]]:
    if not day.gaps:
        return []
    return [
        _row(
            len(day.gaps),
            _("Something is still missing before judging can begin"),
            _("Dates, rules, panels and judges: the settings list what is open."),
            url_for("organiser.settings", slug=day.contest.slug),
            _("Open the settings"),
        )
    ]


def _screening(day: Day) -> list[dict[str, Any]]:
    slug = day.contest.slug
    rows = []
    if day.waiting:
        rows.append(
            _row(
                day.waiting,
                ngettext("%(num)s entry waits for screening", "%(num)s entries wait for screening", day.waiting),
                _("Each contestant is told the decision and its reason."),
                url_for("organiser.screening", slug=slug),
                _("Screen"),
                attention=day.contest.phase == ContestPhase.SCREENING,
            )
        )
    returned = day.states[EntryState.RETURNED]
    if returned and day.contest.phase != ContestPhase.OPEN:
        rows.append(
            _row(
                returned,
                ngettext("%(num)s entry is with its authors", "%(num)s entries are with their authors", returned),
                _("They were returned to complete and have not come back."),
                url_for("organiser.entries", slug=slug, state=EntryState.RETURNED.value),
                _("See the entries"),
            )
        )
    return rows


def _round(day: Day) -> list[dict[str, Any]]:
    if day.contest.phase != ContestPhase.JUDGING or day.current is None:
        return []
    address: dict[str, Any] = {"slug": day.contest.slug, "round_key": day.current.key}
    if day.current.state == "pending":
        return [
            _row(
                1, _("%(round)s waits to be opened", round=day.round_label), _("Assign its judges first."),
                url_for("organiser.assignment", **address), _("Assign judges"),
            )
        ]  # fmt: skip
    if day.current.state == "closed":
        last = day.current.key == day.rules.rounds[-1].key
        if last and day.prizes:
            return []
        where = "organiser.prizes" if last else "organiser.standings"
        text = _("Settle the prizes.") if last else _("Look at the standings, then let the entries go on.")
        target = url_for(where, slug=day.contest.slug) if last else url_for(where, **address)
        return [_row(1, _("%(round)s is closed", round=day.round_label), text, target, _("Go on"))]
    return _open_round(day, address)


def _open_round(day: Day, address: dict[str, Any]) -> list[dict[str, Any]]:
    progress = day.progress
    if progress is None:
        return []
    rows = []
    ready = progress.total > 0 and day.unlocked == 0
    where = url_for("organiser.progress", **address)
    if silent := progress.silent:
        names = ", ".join(one.judge.account.name for one in silent[:3])
        text = _("%(names)s: %(left)s sheets left.", names=names, left=sum(one.left for one in silent))
        title = ngettext(
            "%(num)s judge has been silent for more than a day",
            "%(num)s judges have been silent for more than a day",
            len(silent),
        )
        rows.append(_row(len(silent), title, text, where, _("See the judges")))
    if progress.gaps:
        title = ngettext(
            "%(num)s entry has a gap above the limit", "%(num)s entries have a gap above the limit", len(progress.gaps)
        )
        rows.append(
            _row(len(progress.gaps), title, _("Their panels discuss them."), f"{where}#gaps", _("See the gaps"))
        )
    if ready:
        text = _("Every entry is locked.")
        rows.append(_row(1, _("%(round)s can be closed", round=day.round_label), text, where, _("Close the round")))
    return rows


def _end(day: Day) -> list[dict[str, Any]]:
    phase = ContestPhase(day.contest.phase)
    slug = day.contest.slug
    final = day.current is None or (day.current.state == "closed" and day.current.key == day.rules.rounds[-1].key)
    if phase is ContestPhase.JUDGING and not (final and day.prizes):
        return []
    if phase in (ContestPhase.DELIBERATION, ContestPhase.RECHECK) and not day.prizes:
        return [
            _row(
                1,
                _("The prizes wait to be settled"),
                "",
                url_for("organiser.prizes", slug=slug),
                _("Settle the prizes"),
            )
        ]
    if phase in (
        ContestPhase.JUDGING,
        ContestPhase.DELIBERATION,
        ContestPhase.APPROVED,
        ContestPhase.POSTED,
        ContestPhase.DECIDED,
    ):
        planned = day.contest.publishes_at
        text = _("Planned for %(moment)s.", moment=moment(planned, day.contest.zone)) if planned else ""
        return [
            _row(
                1, _("The results wait to be published"), text, url_for("organiser.publication", slug=slug),
                _("Look and publish"), attention=False,
            )
        ]  # fmt: skip
    return []
