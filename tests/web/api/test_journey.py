"""Over the interface alone a contest of each kind goes from opening to published results."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from tests.web.api.journey import Journey

if TYPE_CHECKING:
    from flask import Flask

    from judging.services.platform import Platform

YEAR = datetime.now(UTC).year
KINDS: dict[str, dict[str, Any]] = {
    "youth-creativity": {"born": f"{YEAR - 12}-05-04", "answers": {"own_work": True}},
    "technical-innovation": {
        "born": "1984-05-04",
        "answers": {"applicant": "person", "created_year": YEAR - 2, "applied_year": YEAR - 1},
    },
    "startup": {"answers": {"applicant": "group"}},
}


@pytest.mark.parametrize("kind", KINDS)
def test_contest_runs_from_opening_to_published_results(app: Flask, platform: Platform, kind: str) -> None:
    rules = platform.registry.kinds[kind]

    results = Journey(app=app, platform=platform, rules=rules, **KINDS[kind]).run()

    ranked = {award.key for award in rules.awards if not award.special}
    assert results["decision"] == "12/QĐ-SKHCN"
    assert results["prizes"]
    assert {one["level"] for one in results["prizes"]} <= ranked
    assert results["prizes"][0]["title"] == "Mẫu 0"
    # Nobody consented, so nobody is named.
    assert {tuple(one["names"]) for one in results["prizes"]} == {()}
