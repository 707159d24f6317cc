"""Boards: the parts of a contest for each of which a number of prizes or places is meant."""

from __future__ import annotations

from judging.domain.rules import Board, ContestRules
from judging.domain.values import Standing


def boards_of(rules: ContestRules, board: Board) -> tuple[str, ...]:
    """The keys of all boards of that sort, in the order of the rules.

    The whole contest is one board with the key ""; so is a contest without divisions when divisions are asked for.
    """
    if board is Board.CATEGORY:
        return tuple(category.key for category in rules.categories)
    if board is Board.DIVISION and rules.divisions:
        return tuple(division.key for division in rules.divisions)
    return ("",)


def board_of(rules: ContestRules, board: Board, standing: Standing) -> str | None:
    """The key of the board that an entry stands on; None when it stands on none, as an entry without a division."""
    if board is Board.CATEGORY:
        return standing.category
    if board is Board.DIVISION and rules.divisions:
        return standing.division
    return ""


def board_label(rules: ContestRules, key: str) -> str:
    """The msgid that names a board: a category's or division's label, "" for the whole contest."""
    return next((thing.label for thing in (*rules.divisions, *rules.categories) if thing.key == key), "")
