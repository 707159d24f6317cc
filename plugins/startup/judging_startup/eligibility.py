"""Who may enter the innovative start-ups contest: young firms, and limits per person, leader and organisation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from judging.api import N_, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from judging.api import ContestRules, Entry, Member


def check_eligibility(rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
    """Every reason against the entry on `today`, the date of submission in the contest's zone."""
    yield from _check_firm(rules, entry, today)
    yield from _check_organisation(entry)
    for member in entry.members:
        yield from _check_entries(rules, entry, member)
        yield from _check_leads(rules, member)


def last_day_to_enter(registered_on: date, years: int) -> date:
    """The anniversary on which a firm is `years` old: on that day it may still enter, on the next no more.

    A firm registered on 29 February reaches its age on 28 February of a year that has no 29th.
    """
    year = registered_on.year + years
    try:
        return registered_on.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def _check_firm(rules: ContestRules, entry: Entry, today: date) -> Iterator[Problem]:
    if entry.answers.get("registered") is not True:
        return
    registered_on = _read_date(entry.answers.get("registered_on"))
    if registered_on is None:
        yield Problem(
            code="registration-date-missing",
            message=N_("Give the date on which the firm was first registered."),
            where="registered_on",
        )
    else:
        yield from _check_age(registered_on, _limit(rules, "firm_years"), today)
    if not entry.items.get("firm_registration"):
        yield Problem(
            code="registration-missing",
            message=N_("A registered firm attaches its certificate of registration."),
            where="firm_registration",
        )


def _check_age(registered_on: date, years: int, today: date) -> Iterator[Problem]:
    if registered_on > today:
        yield Problem(
            code="not-registered-yet",
            message=N_("The firm cannot have been registered on %(registered)s: that day has not come yet."),
            params={"registered": registered_on},
            where="registered_on",
        )
    elif years and today > (last := last_day_to_enter(registered_on, years)):
        yield Problem(
            code="firm-too-old",
            message=N_(
                "Years since first registration that a firm may have at most: %(years)s. "
                "This firm, registered on %(registered)s, could enter until %(last)s."
            ),
            params={"years": years, "registered": registered_on, "last": last},
            where="registered_on",
            setting="firm_years",
        )


def _check_organisation(entry: Entry) -> Iterator[Problem]:
    if entry.answers.get("applicant") != "organisation":
        return
    if not str(entry.answers.get("organisation") or "").strip():
        yield Problem(
            code="organisation-missing",
            message=N_("Name the organisation that enters this plan."),
            where="organisation",
        )


def _check_entries(rules: ContestRules, entry: Entry, member: Member) -> Iterator[Problem]:
    """A person who enters for an organisation is held to the organisation's limit, anyone else to a person's."""
    count = member.other_entries + 1
    if entry.answers.get("applicant") == "organisation":
        key = "entries_per_organisation"
        message = N_("The most entries of one organisation: %(limit)s. This would be number %(count)s of %(name)s.")
    else:
        key = "entries_per_person"
        message = N_("The most entries of one person: %(limit)s. This would be number %(count)s of %(name)s.")
    limit = _limit(rules, key)
    if limit and count > limit:
        yield Problem(
            code="too-many-entries",
            message=message,
            params={"limit": limit, "count": count, "name": member.name},
            where="members",
            setting=key,
        )


def _check_leads(rules: ContestRules, member: Member) -> Iterator[Problem]:
    limit, count = _limit(rules, "leads_per_person"), member.other_leads + 1
    if member.is_lead and limit and count > limit:
        yield Problem(
            code="too-many-leads",
            message=N_("The most entries led by one person: %(limit)s. This would be number %(count)s of %(name)s."),
            params={"limit": limit, "count": count, "name": member.name},
            where="members",
            setting="leads_per_person",
        )


def _limit(rules: ContestRules, key: str) -> int:
    """A whole-number setting. Raises TypeError for any other value: then nobody may enter until it is mended."""
    value = rules.value(key)
    if not isinstance(value, int):
        raise TypeError(key)
    return value


def _read_date(answer: object) -> date | None:
    """An answer to a date field: a date, or its ISO form as answers are stored."""
    if isinstance(answer, date):
        return answer
    try:
        return date.fromisoformat(str(answer or ""))
    except ValueError:
        return None
