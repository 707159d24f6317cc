"""The hours, rooms and lengths that the office typed, read into an arrangement, and an arrangement as a form shows it.

Every list ends with empty rows to fill in; a row that is emptied goes. So the form needs no script to grow or shrink.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from judging.domain.timetable import Window
from judging.domain.values import Problem
from judging.errors import N_
from judging.services.judges.live.arranging import MOST_ROOMS, MOST_WINDOWS, Arrangement, RoomWish

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

_SHOWN = "%Y-%m-%dT%H:%M"
_SPARE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedArrangement:
    """What was typed, with a problem for each thing that cannot be read."""

    arrangement: Arrangement
    problems: tuple[Problem, ...] = ()


def read_arrangement(form: MultiDict[str, str], zone: str) -> TypedArrangement:
    """The arrangement that the form holds; its times are those of the contest's zone."""
    problems: list[Problem] = []
    windows = []
    for index in range(MOST_WINDOWS + _SPARE):
        start, end = (form.get(f"window-{index}-{name}", "").strip() for name in ("from", "until"))
        if not start and not end:
            continue
        moments = read_moment(start, zone), read_moment(end, zone)
        if moments[0] is None or moments[1] is None:
            message = N_("Write day and time of both ends, such as 2026-11-20 08:00.")
            problems.append(Problem(code="window", where=f"window-{index}-from", message=message))
        else:
            windows.append(Window(moments[0], moments[1]))
    rooms = [
        RoomWish(
            name=form.get(f"room-{index}-name", ""),
            id=form.get(f"room-{index}-id") or None,
            panels=tuple(form.getlist(f"room-{index}-panels")),
        )
        for index in range(MOST_ROOMS + _SPARE)
        if form.get(f"room-{index}-name", "").strip()
    ]
    arrangement = Arrangement(
        way=form.get("way", ""), windows=tuple(windows), minutes=_whole(form, "minutes"), change=_whole(form, "change"),
        rooms=tuple(rooms),
    )  # fmt: skip
    return TypedArrangement(arrangement=arrangement, problems=tuple(problems))


def arrangement_values(arrangement: Arrangement, zone: str) -> dict[str, Any]:
    """What the form shows of an arrangement, with empty rows at the end of both lists."""
    windows = [{"from": local_text(start, zone), "until": local_text(end, zone)} for start, end in arrangement.windows]
    rooms = [{"id": room.id or "", "name": room.name, "panels": set(room.panels)} for room in arrangement.rooms]
    return {
        "way": arrangement.way,
        "minutes": str(arrangement.minutes),
        "change": str(arrangement.change),
        "windows": [*windows, *({"from": "", "until": ""} for _ in range(_SPARE))][: max(MOST_WINDOWS, len(windows))],
        "rooms": [*rooms, {"id": "", "name": "", "panels": set()}][: max(MOST_ROOMS, len(rooms))],
    }


def typed_values(form: MultiDict[str, str]) -> dict[str, Any]:
    """What the form held, as it was typed."""
    return {
        "way": form.get("way", ""),
        "minutes": form.get("minutes", ""),
        "change": form.get("change", ""),
        "windows": [
            {"from": form.get(f"window-{index}-from", ""), "until": form.get(f"window-{index}-until", "")}
            for index in _rows(form, "window", "from")
        ],
        "rooms": [
            {
                "id": form.get(f"room-{index}-id", ""),
                "name": form.get(f"room-{index}-name", ""),
                "panels": set(form.getlist(f"room-{index}-panels")),
            }
            for index in _rows(form, "room", "name")
        ],
    }


def read_moment(text: str, zone: str) -> datetime | None:
    """The moment that a control holds in the zone's time; None for nothing, and for what cannot be read."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) if text else None
    except (ValueError, OverflowError):
        # The first and the last day of all have no moment in every zone.
        return None


def local_text(moment: datetime | None, zone: str) -> str:
    """A moment as a control shows it."""
    return "" if moment is None else moment.astimezone(ZoneInfo(zone)).strftime(_SHOWN)


def _rows(form: Mapping[str, str], what: str, name: str) -> list[int]:
    return [index for index in range(MOST_ROOMS + _SPARE) if f"{what}-{index}-{name}" in form]


def _whole(form: Mapping[str, str], name: str) -> int:
    text = form.get(name, "").strip()
    # Whatever is no number is refused as a length that makes no sense, with the bounds told.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1
