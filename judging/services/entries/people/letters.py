"""The letters that ask people about an entry, and those that bring them their lasting link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.message_kinds import PEOPLE_ANSWERED, PEOPLE_ASKED
from judging.errors import N_
from judging.services.entries.people.roles import ACCEPTED, LinkRole
from judging.services.letters import send_letter, send_secret_letter
from judging.services.messages.texts import contest_title

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import PeopleLink
    from judging.settings import Settings

_SUBJECTS = {
    LinkRole.COAUTHOR: N_("Are you an author of “%(title)s”?"),
    LinkRole.GUARDIAN: N_("Your child would like to enter a contest"),
    LinkRole.MENTOR: N_("Did you guide “%(title)s”?"),
    LinkRole.SCHOOL: N_("Please confirm “%(title)s” for your school or unit"),
}
_ASKED = {
    LinkRole.COAUTHOR: N_(
        "%(asker)s entered “%(title)s” for “%(contest)s” and named you, %(name)s, as an author.\n\n"
        "Read what it is about, and say yes or no:\n%(link)s\n\n"
        "The link works once and for thirty days. Opening it says nothing yet. If you do not know of this, say no or "
        "leave this letter alone.\n"
    ),
    LinkRole.GUARDIAN: N_(
        "%(asker)s entered “%(title)s” for “%(contest)s”. %(name)s is one of the authors, and you were named as "
        "father, mother or guardian.\n\n"
        "Without your agreement the entry cannot be handed in, and what was written about the child is erased after "
        "thirty days. Read what you are asked, point by point:\n%(link)s\n\n"
        "Opening the link agrees to nothing. You can take back later, at any time and in one step, whatever you agree "
        "to. If you do not know of this, leave this letter alone.\n"
    ),
    LinkRole.MENTOR: N_(
        "%(asker)s entered “%(title)s” for “%(contest)s” and named you as the mentor.\n\n"
        "Read what you would confirm, and say yes or no:\n%(link)s\n\n"
        "The link works once and for thirty days. Opening it says nothing yet.\n"
    ),
    LinkRole.SCHOOL: N_(
        "%(asker)s entered “%(title)s” for “%(contest)s” and asks you to confirm it for your school or unit.\n\n"
        "Read what you would confirm, and say yes or no:\n%(link)s\n\n"
        "The link works once and for thirty days. Opening it says nothing yet. No stamp is needed.\n"
    ),
}
_LASTING = N_(
    "You answered about “%(title)s” in “%(contest)s”.\n\n"
    "Under this personal link you see at any time what you agreed to, and take it back in one step:\n%(link)s\n\n"
    "Keep this letter, and do not pass the link on.\n"
)


def send_question(session: Session, *, settings: Settings, link: PeopleLink, address: str, now: datetime) -> None:
    """Send the letter with the question; to whoever has answered, the one with their lasting link."""
    role = LinkRole(link.role)
    answered = link.answered_at is not None
    contest = link.entry.contest
    send_secret_letter(
        session,
        settings=settings,
        address=link.email,
        locale=link.locale,
        subject=N_("Your agreements for “%(title)s”") if answered else _SUBJECTS[role],
        text=_LASTING if answered else _ASKED[role],
        params={
            "asker": link.entry.owner.name,
            "name": link.member.name if link.member is not None else link.name,
            "title": link.entry.title or "…",
            "contest": contest_title(contest, link.locale),
        },
        secrets={"link": address},
        now=now,
        about=link.entry,
        kind=PEOPLE_ASKED,
        account_id=link.account_id,
    )


def tell_owner(session: Session, *, link: PeopleLink, now: datetime) -> None:
    """Tell whoever made the entry that somebody has answered."""
    agreed = link.answer == ACCEPTED
    send_letter(
        session,
        to=link.entry.owner,
        subject=N_("An answer about “%(title)s”"),
        text=N_("%(who)s said yes about your entry “%(title)s”.\n\nThe page of the entry shows who is still missing.\n")
        if agreed
        else N_(
            "%(who)s said no about your entry “%(title)s”.\n\n"
            "The page of the entry shows what this means. Talk to each other, then send the link again or take the "
            "person out.\n"
        ),
        params={"title": link.entry.title or "…", "who": link.answered_name},
        now=now,
        about=link.entry,
        kind=PEOPLE_ANSWERED,
    )
