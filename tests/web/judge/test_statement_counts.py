"""One submitted sheet costs few statements on either database, so that a whole panel can submit in the same minute.

What a cursor executes is counted, apart from beginning, committing and pragmas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.db.models import Assignment, PanelSeat
from tests.factories import make_panel

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient

    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

    Counting = Callable[[], AbstractContextManager[list[str]]]

MOST = 15
FOR_REPEATS = 2
"""A program that submits also looks up its idempotency key and stores the answer."""


def counted(statements: list[str]) -> list[str]:
    return [one for one in statements if not one.startswith(("BEGIN", "PRAGMA", "SAVEPOINT"))]


def is_submitted(platform: Platform, case: Case) -> bool:
    with platform.database.reading() as session:
        return session.get_one(Assignment, case.assignment.id).state == "submitted"


def seat_as_chair(platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        panel = make_panel(session, case.contest, categories=[case.entry.category])
        session.add(PanelSeat(panel_id=panel.id, judge_id=case.judge.id, is_chair=True))


@pytest.mark.parametrize("is_chair", [False, True])
def test_submitting_a_sheet_from_its_page_takes_few_statements(
    platform: Platform,
    client: FlaskClient,
    case: Case,
    address: str,
    typed: dict[str, Any],
    count_queries: Counting,
    is_chair: bool,
) -> None:
    if is_chair:
        seat_as_chair(platform, case)

    with count_queries() as statements:
        answer = client.post(address, data={**typed, "version": "0", "action": "submit"})

    assert answer.status_code == 302, answer.text
    assert is_submitted(platform, case)
    assert len(counted(statements)) <= MOST - FOR_REPEATS, statements


def test_submitting_a_reviewed_draft_takes_few_statements(
    platform: Platform, client: FlaskClient, case: Case, address: str, typed: dict[str, Any], count_queries: Counting
) -> None:
    assert client.post(address, data={**typed, "version": "0", "action": "review"}).status_code == 302

    with count_queries() as statements:
        answer = client.post(f"{address}/review", data={"csrf_token": typed["csrf_token"], "version": "1"})

    assert answer.status_code == 302, answer.text
    assert is_submitted(platform, case)
    assert len(counted(statements)) <= MOST - FOR_REPEATS, statements


def test_saving_a_draft_takes_few_statements(
    client: FlaskClient, address: str, typed: dict[str, Any], count_queries: Counting
) -> None:
    with count_queries() as statements:
        answer = client.post(f"{address}/draft", data={**typed, "version": "0"})

    assert answer.status_code == 200
    assert answer.get_json()["version"] == 1
    assert len(counted(statements)) <= MOST - FOR_REPEATS, statements
