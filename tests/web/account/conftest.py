"""What the tests of the account pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import make_account

if TYPE_CHECKING:
    from judging.db.models import Account
    from judging.services.platform import Platform


@pytest.fixture
def person(platform: Platform) -> Account:
    """Somebody with an account and a password."""
    with platform.database.writing() as session:
        return make_account(session, email="an@example.vn", name="Lê Mẫu An")
