"""Letters about assigning in spite of a conflict: to whoever may decide, and to whoever proposed it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.forcing import ForceState
from judging.errors import N_
from judging.services.letters import send_letter
from judging.services.messages.texts import contest_title
from judging.services.results.overrides.persons import second_persons
from judging.services.rounds.entries import entry_code

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, ForcedAssignment
    from judging.domain.rules import ContestRules


def tell_force_seconds(session: Session, *, forced: ForcedAssignment, rules: ContestRules, now: datetime) -> None:
    """Tell everybody who may decide that a proposal waits for one of them."""
    contest = forced.entry.contest
    for person in second_persons(session, contest=contest, entry=forced.entry, proposed_by=forced.by_id):
        send_letter(
            session,
            to=person,
            subject=N_("Assigning a judge in spite of a conflict waits for a second person"),
            text=N_(
                "In the contest “%(contest)s” an organiser proposes that judge %(judge)s reads entry %(code)s in spite"
                " of a conflict of interest. Nothing is assigned unless a second person approves.\n\n"
                "The reason given: %(reason)s\n\n"
                "Please look at it on the page “Conflicts of interest” of the contest, and approve or reject it."
            ),
            params={**_common(person, forced, rules), "reason": forced.reason},
            now=now,
            about=contest,
            kind="force",
        )


def tell_force_proposer(session: Session, *, forced: ForcedAssignment, rules: ContestRules, now: datetime) -> None:
    """Tell whoever proposed what became of it."""
    approved = forced.state == ForceState.APPROVED
    send_letter(
        session,
        to=forced.by,
        subject=N_("Your proposal was approved") if approved else N_("Your proposal was rejected"),
        text=N_(
            "In the contest “%(contest)s” your proposal that judge %(judge)s reads entry %(code)s was approved. The"
            " judge has the entry now, and the score log tells of it."
        )
        if approved
        else N_(
            "In the contest “%(contest)s” your proposal that judge %(judge)s reads entry %(code)s was rejected. The"
            " judge does not get the entry."
        ),
        params=_common(forced.by, forced, rules),
        now=now,
        about=forced.entry.contest,
        kind="force",
    )


def _common(person: Account, forced: ForcedAssignment, rules: ContestRules) -> dict[str, str]:
    contest = forced.entry.contest
    return {
        "contest": contest_title(contest, person.locale),
        "judge": forced.judge.alias,
        "code": entry_code(rules, forced.entry.number),
    }
