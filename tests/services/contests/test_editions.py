"""Pinned rules are read once for each digest, and only where they are what the digest says."""

from __future__ import annotations

import copy

import pytest
from sqlalchemy.orm import Session

from judging.plugins import Registry
from judging.services.contests import editions
from judging.services.contests.editions import contest_rules
from tests.factories import make_contest


def test_rules_changed_beside_the_program_are_not_taken_for_those_of_other_contests(
    session: Session, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed, untouched = make_contest(session, registry), make_contest(session, registry)
    assert changed.rules_digest == untouched.rules_digest
    stored = copy.deepcopy(changed.rules)
    assert stored is not None
    stored["rounds"][0]["judges_per_entry"] = 7
    changed.rules = stored
    # As in a process that meets the changed one first.
    monkeypatch.setattr(editions, "_READ", {})

    assert contest_rules(registry, changed).rounds[0].judges_per_entry == 7
    assert contest_rules(registry, untouched).rounds[0].judges_per_entry == 3
