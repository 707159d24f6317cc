"""Who may do what, held against the golden files: every address, method and person, in every phase that can matter.

When one of these fails after a change that is meant, run `python -m tests.web.matrix.regenerate` and read what it
changed: each line says who is let in.
"""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from tests.web.matrix.fields import FIELDS, write_fields
from tests.web.matrix.page import PAGE, access_page
from tests.web.matrix.people import GUEST, RIGHTS, WHO
from tests.web.matrix.table import FOLDER, Row, golden, ordinary, read_rows, rows_of, write_rows

if TYPE_CHECKING:
    from tests.web.matrix.stand import Stand
    from tests.web.matrix.survey import Survey

pytestmark = pytest.mark.xdist_group("matrix")

AREAS = sorted(path.stem for path in FOLDER.glob("*.txt") if path.stem != FIELDS)
AGAIN = "If that is meant: python -m tests.web.matrix.regenerate, and read the difference line by line."


def _difference(area: str, found: str) -> str:
    lines = unified_diff(golden(area).splitlines(), found.splitlines(), f"golden/{area}.txt", "found", lineterm="", n=2)
    return "\n".join(lines)


def _golden_rows() -> dict[str, list[Row]]:
    return {name: rows for area in AREAS for name, rows in read_rows(golden(area))}


def test_every_address_has_a_row(stand: Stand) -> None:
    known = {name for area in AREAS for name, _rows in read_rows(golden(area))}
    new = sorted({door.name for door in stand.doors} - known)
    gone = sorted(known - {door.name for door in stand.doors})
    assert not new, f"Nobody has said yet who may do what at {new}. {AGAIN}"
    assert not gone, f"These addresses are gone: {gone}. {AGAIN}"


@pytest.mark.parametrize("area", AREAS)
def test_area_lets_in_whom_the_golden_file_says(survey: Survey, area: str) -> None:
    difference = _difference(area, survey.text(area))
    assert not difference, f"{difference}\n\n{AGAIN}"
    assert survey.faults == []


def test_programs_are_told_the_golden_fields(survey: Survey) -> None:
    """The keys of each JSON address, by person and phase. Collected while the area was asked for."""
    if not survey.fields:
        survey.text("api")
    difference = _difference(FIELDS, write_fields(survey.fields))
    assert not difference, f"{difference}\n\n{AGAIN}"


def test_page_about_access_is_up_to_date(stand: Stand) -> None:
    assert PAGE.read_text("utf-8") == access_page(stand.doors), AGAIN


# What holds of the golden files themselves, so that a careless regeneration is noticed.


def test_nobody_without_a_right_acts_on_a_contest() -> None:
    outsiders = {who for who in WHO if who not in RIGHTS}
    # Whoever has an account may enter a contest that takes entries.
    entering = {"POST   /api/v1/contests/<slug>/entries"}
    acting = {
        name: sorted(outsiders & set(row.who))
        for name, rows in _golden_rows().items()
        if "<" in name and not name.partition("/")[2].startswith("account/") and name not in entering
        for row in rows
        if row.word == "acts" and outsiders & set(row.who)
    }
    assert acting == {}


def test_auditor_changes_nothing_but_the_own_account() -> None:
    acting = {
        name
        for name, rows in _golden_rows().items()
        if any(row.word == "acts" and "auditor" in row.who for row in rows)
    }
    own = {name for name in acting if "/account" in name or "/api/v1/me/" in name or name.endswith("/logout")}
    assert acting - own == {"POST   /api/v1/contests/<slug>/entries"}


def test_guest_acts_nowhere() -> None:
    assert [
        name for name, rows in _golden_rows().items() for row in rows if row.word == "acts" and GUEST in row.who
    ] == []


def test_lines_can_be_read_back() -> None:
    seen = {("open", "guest"): "sign-in", ("open", "judge"): "acts", ("judging", "judge"): "asks"}
    rows = rows_of(seen, scenes=("open", "judging"), api=False)
    assert list(read_rows(write_rows("GET    /here", rows))) == [
        ("GET    /here", [Row("acts", ("open",), ("judge",)), Row("asks", ("judging",), ("judge",))])
    ]
    assert ordinary(GUEST, api=True) == "401"
