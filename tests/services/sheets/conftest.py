"""A judge's sheet in an open round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.services.sheets.cases import make_case

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.sheets.cases import Case


@pytest.fixture
def case(session: Session, registry: Registry) -> Case:
    return make_case(session, registry)
