"""In what capacity somebody is asked about an entry, and the ways in which they answer."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from judging.domain.country import GivenBy
from judging.errors import N_

if TYPE_CHECKING:
    from collections.abc import Mapping


class LinkRole(StrEnum):
    """Who is asked."""

    COAUTHOR = "coauthor"
    GUARDIAN = "guardian"
    MENTOR = "mentor"
    SCHOOL = "school"


class Method(StrEnum):
    """How a word came: by a link from a letter, on paper, by an account, or before proofs were kept."""

    LINK = "link"
    PAPER = "paper"
    ACCOUNT = "account"
    EARLIER = "earlier"


ACCEPTED, DECLINED = "accepted", "declined"
OF_MEMBERS = frozenset({LinkRole.COAUTHOR, LinkRole.GUARDIAN})
"""Roles that are about one author; the others are about the entry as a whole."""

ROLE_LABELS: Mapping[str, str] = {
    LinkRole.COAUTHOR: N_("Author"),
    LinkRole.GUARDIAN: N_("Father, mother or guardian"),
    LinkRole.MENTOR: N_("Mentor"),
    LinkRole.SCHOOL: N_("School or unit"),
}
METHOD_LABELS: Mapping[str, str] = {
    Method.LINK: N_("by link"),
    Method.PAPER: N_("on paper"),
    Method.ACCOUNT: N_("by account"),
    Method.EARLIER: N_("recorded by the entry's account"),
}


def word_of(role: LinkRole) -> GivenBy:
    """Whose word somebody of that role gives."""
    return GivenBy.GUARDIAN if role is LinkRole.GUARDIAN else GivenBy.SELF
