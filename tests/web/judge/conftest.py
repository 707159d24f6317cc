"""A judge signed in, with a sheet to fill in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, make_case

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        # What the tests read after the session is closed is loaded while it is open.
        assert made.judge.account.email
        return made


@pytest.fixture
def address(case: Case) -> str:
    return f"/judge/sheets/{case.assignment.id}"


@pytest.fixture
def token(client: FlaskClient, case: Case, sign_in: Callable[[FlaskClient, Account], str]) -> str:
    """The judge of `case` is signed in on `client`; a token for the posts that follow."""
    return sign_in(client, case.account)


@pytest.fixture
def typed(token: str) -> dict[str, Any]:
    """A whole sheet as its form sends it."""
    return {
        "csrf_token": token,
        **{f"m-{key}": text for key, text in WHOLE.items()},
        **{f"c-{key}": text for key, text in COMMENTS.items()},
        "comment": COMMENT,
    }
