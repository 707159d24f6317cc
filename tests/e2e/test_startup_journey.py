"""Start-ups in English: a founder enters an idea, passes three rounds, and the public sees the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.contestant import Work
from tests.e2e.journey import Journey

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.e2e.house import House

pytestmark = pytest.mark.browser

WORK = Work(title="Anise oil from fallen leaves", author="Lương Mẫu Hà", born="")


@pytest.mark.parametrize("width", [360, 1280])
def test_founder_enters_and_public_sees_result(chromium: Browser, house: House, width: int) -> None:
    Journey(chromium, house, kind="startup", language="en", width=width).run(WORK)
