"""What hangs on each judge as plain values, for the command and for programs: judges and entries by alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from judging.db.models import Entry
from judging.domain.ledger.recount import score_text
from judging.services.rounds.entries import entry_code

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.leaving_out.values import JudgeEffect, PrizePlace, RankChange, Report, SheetEffect
    from judging.domain.rules import ContestRules

Codes = dict[str, str]


def codes_of(session: Session, *, contest: Contest, rules: ContestRules) -> Codes:
    """The code of every entry of the contest by its alias."""
    query = select(Entry.alias, Entry.number).where(Entry.contest_id == contest.id)
    return {alias: entry_code(rules, number) for alias, number in session.execute(query)}


def plain_report(report: Report, codes: Mapping[str, str]) -> dict[str, Any]:
    """All judges of a round or contest, with the sheets that stand apart."""
    return {
        "rounds": list(report.rounds),
        "prizes_compared": report.prizes,
        "judges": [_effect(one, codes) for one in report.judges],
        "sheets": None if report.sheets is None else [_sheet(one, codes) for one in report.sheets],
        "mover": None if report.mover is None else _sheet(report.mover, codes),
    }


def _effect(effect: JudgeEffect, codes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "judge": effect.judge,
        "sheets": effect.sheets,
        "moved": effect.moved,
        "largest": None if effect.largest is None else _rank(effect.largest, codes),
        "ranks": [_rank(one, codes) for one in effect.ranks],
        "without_sheet": [_rank(one, codes) for one in effect.without_sheet],
        "prizes": [
            {
                "entry": one.entry, "code": codes[one.entry], "before": _place(one.before), "after": _place(one.after),
                "waits": one.waits,
            }
            for one in effect.prizes
        ],
        "onward": [
            {"round": one.round, "entry": one.entry, "code": codes[one.entry], "would": one.would}
            for one in effect.onward
        ],
        "gates": [
            {"gate": one.gate, "entry": one.entry, "code": codes[one.entry], "would": one.would}
            for one in effect.gates
        ],
    }  # fmt: skip


def _rank(change: RankChange, codes: Mapping[str, str]) -> dict[str, Any]:
    return {
        "round": change.round, "entry": change.entry, "code": codes[change.entry],
        "before": change.before, "after": change.after, "shift": _text(change.shift),
    }  # fmt: skip


def _sheet(effect: SheetEffect, codes: Mapping[str, str]) -> dict[str, Any]:
    return {"judge": effect.judge, **_rank(effect.change, codes), "apart": _text(effect.apart)}


def _place(place: PrizePlace | None) -> dict[str, str] | None:
    return None if place is None else {"level": place.level, "board": place.board}


def _text(value: Fraction | None) -> str | None:
    return None if value is None else score_text(value)
