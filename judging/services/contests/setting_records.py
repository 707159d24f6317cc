"""Recording settings at any time: freely before the contest opens, as an amendment with a reason after that."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from judging.db.models import Contest
from judging.domain.permissions import Actor
from judging.plugins import Registry
from judging.services.contests.settings import amend_rules, change_settings


def record_settings(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    values: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> None:
    """Record settings by key. Raises what `change_settings` and `amend_rules` raise."""
    if contest.rules is None:
        change_settings(session, registry=registry, contest=contest, actor=actor, values=values, now=now)
    else:
        amend_rules(
            session, registry=registry, contest=contest, actor=actor, values=values, reason=reason, now=now
        )  # fmt: skip
