"""Reports that plugins bring, as the office reads them on a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from judging.db.models import Account
from judging.db.session import Database
from judging.plugins import Registry
from tests.services.office import finish_rounds, hold_contest

SEND_UP = "youth-creativity-send-up"


@pytest.mark.parametrize(("language", "best"), [("vi", "90,00"), ("en", "90.00")])
def test_numbers_of_a_report_stand_at_the_right_in_the_readers_notation(
    client: FlaskClient,
    sign_in: Callable[[FlaskClient, Account], str],
    database: Database,
    registry: Registry,
    language: str,
    best: str,
) -> None:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=2)
        finish_rounds(session, held, ("0.9", "0.8"))
    sign_in(client, held.desk)

    page = client.get(f"/organise/{held.contest.slug}/reports/{SEND_UP}?lang={language}")
    table = client.get(f"/organise/{held.contest.slug}/reports/{SEND_UP}.csv?lang={language}")

    cells = [cell for cell in page.text.split("<td ")[1:] if best in cell.partition("</td>")[0]]
    assert [cell.partition('"')[2].partition('"')[0] for cell in cells] == ["num strong"]
    assert "90.00" in table.text
