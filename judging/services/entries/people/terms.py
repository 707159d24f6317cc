"""What one contest asks of its people: the country's profile, and whether co-authors must have confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.db.models import PeopleRule
from judging.domain.contest_phases import ContestPhase
from judging.domain.country import PROFILES, VIETNAM, CountryProfile, GivenBy, who_must_consent
from judging.domain.permissions import can_configure
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The profile in force, and whether somebody whose birth date is unknown counts as a child."""

    profile: CountryProfile = VIETNAM
    coauthors_must: bool = False
    among_children: bool = False

    def needed(self, born: date | None, on: date) -> frozenset[GivenBy]:
        """Whose word is needed for somebody born then, on that day."""
        return who_must_consent(born, on, self.profile, among_children=self.among_children)


def terms_of(session: Session, *, contest: Contest, rules: ContestRules) -> Terms:
    """The contest's terms; Vietnam's profile where nothing was set."""
    row = session.get(PeopleRule, contest.id)
    return Terms(
        profile=profile_of(row.profile if row is not None else ""),
        coauthors_must=row is not None and row.coauthors_must,
        among_children=rules.children,
    )


def profile_of(key: str | None) -> CountryProfile:
    """The profile of that key; Vietnam's for one that nobody knows, which is the strictest."""
    return PROFILES.get(key or "", VIETNAM)


def change_terms(
    session: Session, *, contest: Contest, actor: Actor, profile: str, coauthors_must: bool, now: datetime
) -> None:
    """Set the contest's terms; consents that were given stay as they are. Raises NotAllowed, and Refused."""
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))
    if profile not in PROFILES:
        raise Refused([Problem(code="profile", where="profile", message=N_("Choose a country from the list."))])
    row = session.get(PeopleRule, contest.id)
    before = (row.profile, row.coauthors_must) if row is not None else (VIETNAM.key, False)
    if before == (profile, coauthors_must):
        return
    if row is None:
        row = PeopleRule(contest_id=contest.id)
        session.add(row)
    row.profile, row.coauthors_must = profile, coauthors_must
    session.flush()
    record_event(
        session, action="people-terms-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={"from": before[0], "to": profile, "coauthors_must": coauthors_must},
    )  # fmt: skip
