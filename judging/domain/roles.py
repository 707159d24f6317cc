"""Roles: in what capacity somebody acts in one contest."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from judging.errors import N_


class Role(StrEnum):
    """Rights are per contest; an account may have several roles in one and others in another."""

    PUBLIC = "public"
    CONTESTANT = "contestant"
    GUARDIAN = "guardian"
    COAUTHOR = "coauthor"
    JUDGE = "judge"
    CHAIR = "chair"
    SECRETARY = "secretary"
    ORGANISER = "organiser"
    COMMITTEE = "committee"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


ROLE_LABELS: Mapping[Role, str] = {
    Role.PUBLIC: N_("Public"),
    Role.CONTESTANT: N_("Contestant"),
    Role.GUARDIAN: N_("Guardian"),
    Role.COAUTHOR: N_("Co-author"),
    Role.JUDGE: N_("Judge"),
    Role.CHAIR: N_("Panel chair"),
    Role.SECRETARY: N_("Secretary"),
    Role.ORGANISER: N_("Organiser"),
    Role.COMMITTEE: N_("Committee"),
    Role.AUDITOR: N_("Auditor"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
