"""What would be otherwise without one judge, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from judging.domain.boards import board_label
from judging.web.formats import label, score

if TYPE_CHECKING:
    from fractions import Fraction

    from judging.domain.leaving_out.values import JudgeEffect, Onward, PrizeChange, PrizePlace, RankChange
    from judging.domain.rules import ContestRules

Codes = Mapping[str, str]


def consequences(effect: JudgeEffect, codes: Codes, rules: ContestRules, *, only: str | None) -> list[tuple[str, str]]:
    """What matters beyond ranks, the weightiest first: the entry's alias and the sentence, told by its code.

    `only` is the round that the reader is looking at, and so need not be told; None when there are several.
    """
    return [
        *((one.entry, _prize(one, codes, rules)) for one in effect.prizes),
        *((one.entry, _onward(one, codes, rules)) for one in effect.onward),
        *_gates(effect, codes, rules),
        *((one.entry, _without(one, codes, rules, only=only)) for one in effect.without_sheet),
    ]


def moves(change: RankChange, codes: Codes, rules: ContestRules, *, only: str | None) -> str:
    """From which rank to which, and in which round if it is not the `only` one."""
    said = {"code": codes[change.entry], "before": change.before, "after": change.after}
    if change.round == only:
        return _("%(code)s: rank %(before)s, without %(after)s", **said)
    return _("%(code)s: rank %(before)s, without %(after)s (%(round)s)", **said, round=_round(rules, change.round))


def signed(value: Fraction | None) -> str:
    """Points with their sign: +1.25 and −0.50."""
    if value is None:
        return "–"
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{score(abs(value))}"


def _prize(change: PrizeChange, codes: Codes, rules: ContestRules) -> str:
    code = codes[change.entry]
    if change.before and change.after:
        before, after = _place(rules, change.before), _place(rules, change.after)
        return _("%(code)s: “%(before)s” would become “%(after)s”.", code=code, before=before, after=after)
    if change.before:
        said = {"code": code, "prize": _place(rules, change.before)}
        if change.waits:
            return _("%(code)s: “%(prize)s” would wait for a vote on a tie.", **said)
        return _("%(code)s would not win “%(prize)s”.", **said)
    said = {"code": code, "prize": _place(rules, change.after)}
    if change.waits:
        return _("%(code)s would win “%(prize)s”, which waits for a vote on a tie now.", **said)
    return _("%(code)s would win “%(prize)s”.", **said)


def _onward(change: Onward, codes: Codes, rules: ContestRules) -> str:
    said = {"code": codes[change.entry], "round": _round(rules, change.round)}
    if change.would:
        return _("%(code)s would go on from “%(round)s”.", **said)
    return _("%(code)s would not go on from “%(round)s”.", **said)


def _gates(effect: JudgeEffect, codes: Codes, rules: ContestRules) -> Iterator[tuple[str, str]]:
    names = {gate.key: label(gate.label) for gate in rules.gates}
    for one in effect.gates:
        said = {"code": codes[one.entry], "gate": names[one.gate]}
        told = (
            _("%(code)s would clear the gate “%(gate)s”.", **said)
            if one.would
            else _("%(code)s would not clear the gate “%(gate)s”.", **said)
        )
        yield one.entry, told


def _without(change: RankChange, codes: Codes, rules: ContestRules, *, only: str | None) -> str:
    said = {"code": codes[change.entry], "before": change.before}
    if change.round == only:
        return _("%(code)s, now rank %(before)s, would be without a sheet.", **said)
    return _(
        "%(code)s, now rank %(before)s, would be without a sheet (%(round)s).",
        **said, round=_round(rules, change.round),
    )  # fmt: skip


def _round(rules: ContestRules, key: str) -> str:
    return next((label(one.label) for one in rules.rounds if one.key == key), key)


def _place(rules: ContestRules, place: PrizePlace | None) -> str:
    if place is None:
        return ""
    level = next((label(one.label) for one in rules.awards if one.key == place.level), place.level)
    board = label(board_label(rules, place.board))
    return f"{level} – {board}" if board else level
