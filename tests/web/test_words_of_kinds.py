"""Two kinds may translate the same text differently; each page speaks the words of the kind that it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.domain.lifecycle import ContestPhase
from tests.factories import NOW, make_contest

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.plugins import Registry
    from judging.services.platform import Platform

# Vietnamese has two words for a final, and each kind of contest uses the one that its founding decision uses.
FINALS = {"startup": "Vòng chung kết", "youth-creativity": "Vòng chung khảo", "technical-innovation": "Vòng chung khảo"}


@pytest.mark.parametrize("kind", sorted(FINALS))
def test_round_is_named_in_the_words_of_its_own_kind(
    kind: str, platform: Platform, registry: Registry, client: FlaskClient
) -> None:
    with platform.database.writing() as session:
        slug = make_contest(session, registry, kind=kind, phase=ContestPhase.OPEN.value, opens_at=NOW).slug

    page = client.get(f"/contests/{slug}/rules?lang=vi").text

    assert FINALS[kind] in page
    assert {other for other in FINALS.values() if other in page} == {FINALS[kind]}
