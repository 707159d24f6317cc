"""Letters about decisions over sheets: to whoever may decide, and to whoever proposed. No mark stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.lifecycle import OverrideState
from judging.errors import N_
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.results.overrides.persons import second_persons
from judging.services.rounds.entries import entry_code

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Assignment, SheetOverride
    from judging.domain.rules import ContestRules


def tell_second_persons(
    session: Session, *, override: SheetOverride, assignment: Assignment, rules: ContestRules, now: datetime
) -> None:
    """Tell everybody who may decide that a proposal waits for one of them."""
    contest, entry = assignment.entry.contest, assignment.entry
    for person in second_persons(session, contest=contest, entry=entry, proposed_by=override.by_id):
        send_letter(
            session,
            to=person,
            subject=N_("A decision over a score sheet waits for a second person"),
            text=N_(
                "In the contest “%(contest)s” an organiser proposes that the sheet of judge %(judge)s on entry"
                " %(code)s be left out, or counted with other marks. It counts only if a second person approves.\n\n"
                "The reason given: %(reason)s\n\n"
                "Please look at it on the page “Decisions over sheets” of the contest, and approve or reject it."
            ),
            params={**_common(person, assignment, rules), "reason": override.reason},
            now=now,
            about=contest,
            kind="override",
        )


def tell_proposer(
    session: Session, *, override: SheetOverride, assignment: Assignment, rules: ContestRules, now: datetime
) -> None:
    """Tell whoever proposed what became of it."""
    approved = override.state == OverrideState.APPROVED
    send_letter(
        session,
        to=override.by,
        subject=N_("Your proposal was approved") if approved else N_("Your proposal was rejected"),
        text=N_(
            "In the contest “%(contest)s” your proposal for the sheet of judge %(judge)s on entry %(code)s was approved"
            " and counts now. If prizes were settled before, settle them anew."
        )
        if approved
        else N_(
            "In the contest “%(contest)s” your proposal for the sheet of judge %(judge)s on entry %(code)s was"
            " rejected. The sheet counts as it did before."
        ),
        params=_common(override.by, assignment, rules),
        now=now,
        about=assignment.entry.contest,
        kind="override",
    )


def _common(person: Account, assignment: Assignment, rules: ContestRules) -> dict[str, str]:
    contest = assignment.entry.contest
    return {
        "contest": contest_title(contest, person.locale),
        "judge": assignment.judge.alias,
        "code": entry_code(rules, assignment.entry.number),
    }
