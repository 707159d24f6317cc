"""Technical innovation and start-ups in English, on a phone and at a desk."""

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
    from tests.e2e.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_ENTRANT = Person(name="Hoàng Mẫu An", email="author@example.vn", password="a dry season without sand")


@pytest.mark.parametrize("width", [360, 1280])
def test_technical_contest_runs_from_opening_to_results(
    meet: Callable[..., Visitor],
    registry: Registry,
    office: Callable[[str], tuple[Organisation, Person]],
    papers: Mapping[str, Path],
    width: int,
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
    run_contest(play, organiser, lambda keyboard: meet("en", width, keyboard=keyboard))


@pytest.mark.parametrize("width", [360, 1280])
def test_startup_contest_runs_from_opening_to_results(
    meet: Callable[..., Visitor],
    registry: Registry,
    office: Callable[[str], tuple[Organisation, Person]],
    papers: Mapping[str, Path],
    width: int,
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
    run_contest(play, organiser, lambda keyboard: meet("en", width, keyboard=keyboard))
