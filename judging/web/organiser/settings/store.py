"""Recording settings: freely before the contest opens, as an amendment with a reason after that."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request

from judging.domain.values import Problem
from judging.errors import Refused, RulesError
from judging.services.contests.setting_records import record_settings
from judging.web.context import actor, contest, now, platform
from judging.web.transaction import db


def asked_version() -> int:
    """The version of the contest that the form was made from; -1, which no contest has, when it does not say."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def store_values(values: Mapping[str, Any], *, reason: str) -> None:
    """Record settings by key. Raises what the services raise: RulesError and Refused among it."""
    record_settings(
        db(), registry=platform().registry, contest=contest(), actor=actor(), values=values, reason=reason, now=now()
    )


def describe_error(error: RulesError | Refused) -> list[Problem]:
    """What was refused, as a list; a contradiction in the rules concerns the whole form, but a reason has its field."""
    if isinstance(error, Refused):
        return [
            Problem(
                code=one.code, message=one.message, params=one.params, where=one.where if one.where == "reason" else ""
            )
            for one in error.problems
        ]
    return [Problem(code="rules", message=error.message, params=error.params)]
