"""Youth creativity in Vietnamese, on a phone and on a desk's screen: a pupil enters and the public sees the result."""

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
    title="Bình lọc nước từ than gáo dừa",
    author="Nông Mẫu Bình",
    born=f"{YEAR - 13}-05-04",
    answers={"own_work": True, "adult_help": "Không có."},
)


@pytest.mark.parametrize("width", [360, 1280])
def test_pupil_enters_and_public_sees_result(chromium: Browser, house: House, width: int) -> None:
    Journey(chromium, house, kind="youth-creativity", language="vi", width=width).run(WORK)
