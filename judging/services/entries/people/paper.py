"""The paper way: a form with a code for each author, and what the office reads off it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.addresses import tidy_name
from judging.domain.country import GivenBy, Purpose
from judging.domain.permissions.actors import DESK
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.entries.people.giving import Proof, give_consents
from judging.services.entries.people.roles import Method
from judging.services.sealing import fingerprint

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.permissions import Actor
    from judging.services.entries.people.standing import MemberState
    from judging.settings import Settings

# Base32 without what is misread on paper: no 0 and O, 1 and I, L, U.
_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ23"
_LENGTH = 8
_GROUP = 4
_PURPOSE = "paper-consent"


def paper_code(settings: Settings, member_id: str) -> str:
    """The code on an author's form, such as K7QD-4M2X: always the same, stored nowhere, and telling nothing."""
    digits = fingerprint(settings, member_id, purpose=_PURPOSE)
    signs = "".join(_SIGNS[int(digits[2 * at : 2 * at + 2], 16) % len(_SIGNS)] for at in range(_LENGTH))
    return f"{signs[:_GROUP]}-{signs[_GROUP:]}"


def record_paper(
    session: Session,
    *,
    settings: Settings,
    entry: Entry,
    states: Sequence[MemberState],
    code: str,
    agreed: Collection[tuple[Purpose, GivenBy]],
    name: str,
    actor: Actor,
    locale: str,
    now: datetime,
) -> MemberState:
    """Record what a signed form says: the points ticked on it, and who signed. Returns the author it is about.

    Raises NotAllowed, and Refused for a code that is on no form of this entry, without a name or without a point.
    """
    if not actor.has(*DESK) or actor.account_id is None:
        raise NotAllowed(N_("Only the office records what came on paper."))
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    found = next((one for one in states if paper_code(settings, one.member.id).replace("-", "") == typed), None)
    signed = tidy_name(name)
    problems = []
    if found is None:
        message = N_("No form of this entry has this code. It stands under the square at the top of the form.")
        problems.append(Problem(code="code", where="code", message=message))
    if len(signed) < 2:
        problems.append(Problem(code="name", where="name", message=N_("Write the name of whoever signed the form.")))
    if not agreed:
        message = N_("Tick what was ticked on the form. A form without a tick agrees to nothing and is not recorded.")
        problems.append(Problem(code="agreed", where="agreed", message=message))
    if problems or found is None:
        raise Refused(problems)
    proof = Proof(method=Method.PAPER, name=signed, locale=locale, account_id=actor.account_id)
    for word in sorted(found.needed):
        purposes = [purpose for purpose, by in agreed if by is word]
        give_consents(session, entry=entry, member=found.member, by=word, purposes=purposes, proof=proof, now=now)
    return found
