"""T07: whoever asks a judge's pages again and again, to learn from the answers or from their times, is told to wait."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from judging.composition import create_web
from judging.services.access.sign_in import open_session
from tools.bench.clients import browser

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

BUDGET = 3


@pytest.mark.parametrize("path", ["/judge/", "/judge/{slug}/?round=preliminary", "/judge/offline/work"])
def test_judge_beyond_the_budget_is_told_to_wait(platform: Platform, case: Case, path: str) -> None:
    settings = replace(platform.settings, limit_account=BUDGET)
    client = browser(create_web(replace(platform, settings=settings)))
    with platform.database.writing() as session:
        token = open_session(session, account=session.merge(case.account), device="laptop", now=datetime.now(UTC))
    with client.session_transaction() as held:
        held["_user_id"], held["_fresh"] = token, True

    asked = path.format(slug=case.contest.slug)
    answers = [client.get(asked) for _ in range(BUDGET + 1)]

    assert [one.status_code for one in answers] == [200] * BUDGET + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 61
