"""Technical innovation in English: engineers enter and the public sees the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.contestant import YEAR, Work
from tests.e2e.journey import Journey

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.house import House

pytestmark = pytest.mark.browser

WORK = Work(
    title="Automatic gate for irrigation ditches",
    author="Hoàng Mẫu An",
    born="1980-02-11",
    answers={"created_year": str(YEAR - 2), "applied_year": str(YEAR - 1)},
)


@pytest.mark.parametrize("width", [360, 1280])
def test_engineer_enters_and_public_sees_result(chromium: Browser, house: House, width: int) -> None:
    Journey(chromium, house, kind="technical-innovation", language="en", width=width).run(WORK)
