"""Technical innovation and start-ups in English: the office at a desk, everybody else on a phone.

What the pages of a kind are at the other width, the youth creativity contest shows: it runs twice, for all at each.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from tests.e2e.journey import run_contest
from tests.e2e.stage import Person, Play

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from judging.db.models import Organisation
    from judging.plugins import Registry
    from tests.e2e.journey import Meet
    from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_PHONE, _DESK = 360, 1280
_ENTRANT = Person(name="Hoàng Mẫu An", email="author@example.vn", password="a dry season without sand")


def _phone_or_desk(meet: Callable[..., Visitor]) -> Meet:
    return lambda who: meet("en", _DESK if who.in_office else _PHONE, keyboard=who.keyboard)


def test_technical_contest_runs_from_opening_to_results(
    meet: Callable[..., Visitor],
    registry: Registry,
    office: Callable[[str], tuple[Organisation, Person]],
    papers: Mapping[str, Path],
) -> None:
    organisation, organiser = office("en")
    year = datetime.now(UTC).year
    play = Play(
        rules=registry.kinds["technical-innovation"],
        organisation=organisation.name,
        entrant=_ENTRANT,
        title="Sample pump that needs no current",
        born="1984-05-04",
        answers={"applicant": "person", "created_year": str(year - 2), "applied_year": str(year - 1)},
        files=papers,
    )
    run_contest(play, organiser, _phone_or_desk(meet))


def test_startup_contest_runs_from_opening_to_results(
    meet: Callable[..., Visitor],
    registry: Registry,
    office: Callable[[str], tuple[Organisation, Person]],
    papers: Mapping[str, Path],
) -> None:
    organisation, organiser = office("en")
    play = Play(
        rules=registry.kinds["startup"],
        organisation=organisation.name,
        entrant=_ENTRANT,
        title="Sample market for mountain tea",
        answers={"applicant": "group"},
        files=papers,
    )
    run_contest(play, organiser, _phone_or_desk(meet))
