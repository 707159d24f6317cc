"""What may enter the technical innovation contest: recent work, in use, not prized before, by named authors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.api import N_, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from judging.api import ContestRules, Entry

YEARS_BACK = 5


def check_eligibility(rules: ContestRules, entry: Entry, today: date) -> Iterable[Problem]:
    """Every reason against the entry on `today`, the date of submission in the contest's zone.

    An answer that is still missing is the core's to report; here only what was answered can break a rule.
    """
    yield from _check_years(rules, entry, today)
    yield from _check_prized(rules, entry)
    yield from _check_organisation(entry)
    yield from _check_contributions(entry)


def find_first_year(rules: ContestRules, today: date) -> int:
    """The earliest year in which a work may have been created and applied: as set, else five before `today`'s year.

    Raises TypeError for a setting that is no number: then nobody may enter until it is mended.
    """
    since = rules.value("applied_since")
    if not isinstance(since, int):
        raise TypeError(since)
    return since or today.year - YEARS_BACK


def _check_years(rules: ContestRules, entry: Entry, today: date) -> Iterator[Problem]:
    created, applied = entry.answers.get("created_year"), entry.answers.get("applied_year")
    since = find_first_year(rules, today)
    if isinstance(created, int) and created < since:
        yield Problem(
            code="created-too-early",
            message=N_("Only work created in %(since)s or later may enter; this one is of %(year)s."),
            params={"since": str(since), "year": str(created)},
            where="created_year",
            setting="applied_since",
        )
    if isinstance(applied, int) and applied < since:
        yield Problem(
            code="applied-too-early",
            message=N_("Only work first applied in %(since)s or later may enter; this one was in %(year)s."),
            params={"since": str(since), "year": str(applied)},
            where="applied_year",
            setting="applied_since",
        )
    if isinstance(applied, int) and applied > today.year:
        yield Problem(
            code="not-applied-yet",
            message=N_("Only work that is already applied may enter; %(year)s has not come yet."),
            params={"year": str(applied)},
            where="applied_year",
        )
    if isinstance(created, int) and isinstance(applied, int) and applied < created:
        yield Problem(
            code="applied-before-created",
            message=N_("The work cannot have been applied in %(applied)s, before it was created in %(created)s."),
            params={"applied": str(applied), "created": str(created)},
            where="applied_year",
        )


def _check_prized(rules: ContestRules, entry: Entry) -> Iterator[Problem]:
    if entry.answers.get("prized") is not True:
        return
    if rules.value("prized_allowed") is not True:
        yield Problem(
            code="already-prized",
            message=N_("A work that has already won a prize in a contest of this kind may not enter again."),
            where="prized",
            setting="prized_allowed",
        )
    elif not _has_text(entry, "earlier_prizes"):
        yield Problem(
            code="prizes-not-named",
            message=N_("Name the prizes that the work has won, with the contest and the year."),
            where="earlier_prizes",
            setting="prized_allowed",
        )


def _check_organisation(entry: Entry) -> Iterator[Problem]:
    if entry.answers.get("applicant") == "organisation" and not _has_text(entry, "unit"):
        yield Problem(
            code="organisation-missing",
            message=N_("Name the organisation that enters this work."),
            where="unit",
        )


def _check_contributions(entry: Entry) -> Iterator[Problem]:
    for member in entry.members:
        if member.share is not None and member.share <= 0:
            yield Problem(
                code="no-contribution",
                message=N_("%(name)s has no contribution: only people who created the work are authors."),
                params={"name": member.name},
                where="members",
            )


def _has_text(entry: Entry, key: str) -> bool:
    return bool(str(entry.answers.get(key) or "").strip())
