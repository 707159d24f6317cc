"""Rows of a form that grow, shrink and move by plain submits, so that they work without a script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

Row = TypeVar("Row")

MOST_ROWS = 60


def read_rows(form: Mapping[str, str], prefix: str, names: Iterable[str]) -> list[dict[str, str]]:
    """The rows that a form holds as `prefix-0-name`, in the order of their numbers; at most MOST_ROWS."""
    pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,3}})-[a-z_]+", re.ASCII)
    indexes = sorted({int(found[1]) for name in form if (found := pattern.fullmatch(name))})
    wanted = tuple(names)
    return [{name: form.get(f"{prefix}-{index}-{name}", "") for name in wanted} for index in indexes[:MOST_ROWS]]


def act_on_rows(rows: list[Row], act: str, *, blank: Row) -> list[Row]:
    """The rows after "add", "remove-2", "up-2" or "down-2"; whatever else is asked for changes nothing."""
    what, _, number = act.partition("-")
    if what == "add":
        return [*rows, blank][:MOST_ROWS]
    if not (number.isascii() and number.isdigit()) or int(number) >= len(rows):
        return rows
    index = int(number)
    if what == "remove":
        return rows[:index] + rows[index + 1 :]
    other = {"up": index - 1, "down": index + 1}.get(what, -1)
    if not 0 <= other < len(rows):
        return rows
    moved = list(rows)
    moved[index], moved[other] = moved[other], moved[index]
    return moved
