"""The youth creativity contest in Vietnamese, on a phone and at a desk."""

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


@pytest.mark.parametrize("width", [360, 1280])
def test_youth_contest_runs_from_opening_to_results(
    meet: Callable[..., Visitor],
    registry: Registry,
    office: Callable[[str], tuple[Organisation, Person]],
    papers: Mapping[str, Path],
    width: int,
) -> None:
    organisation, organiser = office("vi")
    play = Play(
        rules=registry.kinds["youth-creativity"],
        organisation=organisation.name,
        entrant=Person(name="Nông Mẫu Bình", email="pupil@example.vn", password="vit con di hoc"),
        title="Máy lọc nước mẫu bằng vỏ trấu",
        born=f"{datetime.now(UTC).year - 12}-05-04",
        answers={"own_work": True, "school": "THCS Mẫu 12"},
        files=papers,
    )
    run_contest(play, organiser, lambda who: meet("vi", width, keyboard=who.keyboard))
