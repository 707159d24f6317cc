"""The contest whose nights are played."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.privacy.retention.played import Played

if TYPE_CHECKING:
    from judging.services.platform import Platform


@pytest.fixture
def played(platform: Platform) -> Played:
    return Played(platform)
