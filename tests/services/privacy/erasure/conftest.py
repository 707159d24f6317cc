"""A published contest in which one entry holds canaries."""

from __future__ import annotations

import pytest

from judging.services.platform import Platform
from tests.services.privacy.erasures import Stage, publish_canaries


@pytest.fixture
def stage(platform: Platform) -> Stage:
    return publish_canaries(platform)
