"""Who may enter the youth creativity contest: ages by two birth dates, limits per author, own work."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from judging.api import N_, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from judging.api import ContestRules, Entry, Member

OLDEST_AGE = 19
YOUNGEST_AGE = 6


def check_eligibility(rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
    """Every reason against the entry on `today`, the date of submission in the contest's zone."""
    for member in entry.members:
        yield from _check_birth(rules, member, today)
        yield from _check_limits(rules, member)
    if entry.answers.get("own_work") is not True:
        yield Problem(code="own-work", message=N_("State that the authors made the work themselves."), where="own_work")


def find_birth_window(rules: ContestRules, today: date) -> tuple[date, date]:
    """The first and the last birth date that may enter, both included.

    A date that the organiser left open is counted from the year of `today`: the ages of 6 to 19 reached in that year.
    """
    first, last = rules.value("born_from"), rules.value("born_until")
    return (
        first if isinstance(first, date) else date(today.year - OLDEST_AGE, 1, 1),
        last if isinstance(last, date) else date(today.year - YOUNGEST_AGE, 12, 31),
    )


def _check_birth(rules: ContestRules, member: Member, today: date) -> Iterator[Problem]:
    if member.born is None:
        yield Problem(
            code="born-missing",
            message=N_("The birth date of %(name)s is missing: without it the age cannot be checked."),
            params={"name": member.name},
            where="members",
        )
        return
    first, last = find_birth_window(rules, today)
    if rules.value("soft_lower") is True:
        # Younger children are welcome, but nobody is born after the day of submission.
        last = max(last, today)
    if member.born < first:
        yield Problem(
            code="too-old",
            message=N_("%(name)s was born on %(born)s: authors must be born on %(limit)s or later."),
            params={"name": member.name, "born": member.born, "limit": first},
            where="members",
            setting="born_from",
        )
    if member.born > last:
        yield Problem(
            code="too-young",
            message=N_("%(name)s was born on %(born)s: authors must be born on %(limit)s or earlier."),
            params={"name": member.name, "born": member.born, "limit": last},
            where="members",
            setting="born_until",
        )


def _check_limits(rules: ContestRules, member: Member) -> Iterator[Problem]:
    entries, most_entries = member.other_entries + 1, _limit(rules, "entries_per_author")
    if most_entries and entries > most_entries:
        yield Problem(
            code="too-many-entries",
            message=N_("The most entries of one author: %(limit)s. This would be number %(count)s of %(name)s."),
            params={"name": member.name, "count": entries, "limit": most_entries},
            where="members",
            setting="entries_per_author",
        )
    leads, most_leads = member.other_leads + 1, _limit(rules, "leads_per_author")
    if member.is_lead and most_leads and leads > most_leads:
        yield Problem(
            code="too-many-leads",
            message=N_("The most entries led by one author: %(limit)s. This would be number %(count)s of %(name)s."),
            params={"name": member.name, "count": leads, "limit": most_leads},
            where="members",
            setting="leads_per_author",
        )


def _limit(rules: ContestRules, key: str) -> int:
    """A whole-number setting. Raises TypeError for any other value: then nobody may enter until it is mended."""
    value = rules.value(key)
    if not isinstance(value, int):
        raise TypeError(key)
    return value
