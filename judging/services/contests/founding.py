"""Opening a contest: an edition of a kind, owned by an organisation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Account, Contest, ContestRole, Organisation
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, Role, can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.actors import organisations_run_by
from judging.services.audit import record_event
from judging.services.contests.dates import ContestDates, check_dates

DEFAULT_ZONE = "Asia/Ho_Chi_Minh"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_LONGEST_SLUG = 80
_LONGEST_TITLE = 300
# Addresses below /organise/ that are pages of their own.
_RESERVED = frozenset({"new", "entries", "assignments"})
_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def open_contest(
    session: Session,
    *,
    registry: Registry,
    organisation: Organisation,
    account: Account,
    kind: str,
    slug: str,
    title: str,
    year: int,
    now: datetime,
    title_en: str = "",
    edition: int = 1,
    zone: str = DEFAULT_ZONE,
    dates: ContestDates | None = None,
) -> Contest:
    """Create a contest in preparation, with the rules of its kind and no differences from them.

    `account` must run contests of the organisation or be an administrator, who thereby becomes the contest's organiser.
    Raises NotAllowed, ContestSuspended for a kind that is not installed, and Refused with every reason by field.
    """
    runs = organisation.id in organisations_run_by(session, account=account)
    if not runs and not account.is_administrator:
        raise NotAllowed(N_("You do not open contests for that organisation."))
    registry.rules(kind)
    dates = dates or ContestDates()
    slug = slug.strip()
    problems = [*_check_slug(session, slug), *_check_title(title, title_en), *_check_edition(year, edition, zone)]
    problems += check_dates(dates)
    if problems:
        raise Refused(problems)
    contest = Contest(
        organisation=organisation, kind=kind, slug=slug, title=" ".join(title.split()),
        title_en=" ".join(title_en.split()), year=year, edition=edition, zone=zone, phase=ContestPhase.DRAFT.value,
        settings={}, created_at=now, opens_at=dates.opens_at, closes_at=dates.closes_at,
        judging_starts_at=dates.judging_starts_at, judging_ends_at=dates.judging_ends_at,
        publishes_at=dates.publishes_at,
    )  # fmt: skip
    session.add(contest)
    session.flush()
    if not runs:
        session.add(
            ContestRole(contest_id=contest.id, account_id=account.id, role=Role.ORGANISER.value, created_at=now)
        )
    record_event(
        session, action="contest-created", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=account.id, now=now, details={"kind": kind, "slug": slug, "year": year},
    )  # fmt: skip
    return contest


def describe_contest(
    session: Session,
    *,
    contest: Contest,
    actor: Actor,
    title: str,
    title_en: str,
    summary: str,
    summary_en: str,
    now: datetime,
) -> None:
    """Change the contest's titles and the texts that introduce it. Raises NotAllowed and Refused."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    if problems := tuple(_check_title(title, title_en)):
        raise Refused(problems)
    contest.title, contest.title_en = " ".join(title.split()), " ".join(title_en.split())
    contest.summary, contest.summary_en = summary.strip(), summary_en.strip()
    record_event(
        session, action="contest-described", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"title": contest.title},
    )  # fmt: skip


def _check_slug(session: Session, slug: str) -> Iterator[Problem]:
    if len(slug) > _LONGEST_SLUG or not _SLUG.fullmatch(slug) or slug in _RESERVED:
        message = N_("Write the address with small letters a to z, digits and hyphens, such as youth-creativity-2026.")
        yield Problem(code="slug", where="slug", message=message)
    elif session.scalar(select(Contest.id).where(Contest.slug == slug)) is not None:
        yield Problem(code="taken", where="slug", message=N_("Another contest has that address."))


def _check_title(title: str, title_en: str) -> Iterator[Problem]:
    if not title.strip():
        yield Problem(code="missing", where="title", message=N_("The contest needs a title."))
    for where, text in (("title", title), ("title_en", title_en)):
        if len(text) > _LONGEST_TITLE:
            yield Problem(
                code="long", where=where, message=N_("At most %(most)s characters."), params={"most": _LONGEST_TITLE}
            )


def _check_edition(year: int, edition: int, zone: str) -> Iterator[Problem]:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        yield Problem(
            code="year",
            where="year",
            message=N_("The year must lie between %(first)s and %(last)s."),
            params={"first": str(_FIRST_YEAR), "last": str(_LAST_YEAR)},
        )
    if edition < 1:
        yield Problem(code="edition", where="edition", message=N_("The edition counts from 1."))
    if zone not in available_timezones():
        yield Problem(code="zone", where="zone", message=N_("There is no time zone of that name."))
