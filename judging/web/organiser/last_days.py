"""Days as the desk's forms take them: a date counts to its end, by the contest's clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from judging.services.contests.deadlines import intake_settings
from judging.web.context import contest, now
from judging.web.transaction import db


def end_of_day(text: str) -> datetime | None:
    """The end of the day that was typed, in the contest's zone; None when there is none."""
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    last = day.replace(hour=23, minute=59, second=59, tzinfo=ZoneInfo(contest().zone))
    return last.astimezone(UTC)


def last_day() -> date:
    """The day until which a dossier that is returned now may be completed, where nothing else is said."""
    days = intake_settings(db(), contest()).return_days
    return (now() + timedelta(days=days)).astimezone(ZoneInfo(contest().zone)).date()
