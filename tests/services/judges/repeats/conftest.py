"""A judge's desk with one repeat on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.judges.repeat_cases import show_again

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.judges.repeat_cases import Shown


@pytest.fixture
def shown(session: Session, registry: Registry) -> Shown:
    return show_again(session, registry)
