"""What a view may ask for: the platform, the clock, the person, the contest of the address and the rights in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from flask import current_app, g

from judging.domain.permissions import Actor
from judging.errors import N_, NotFound
from judging.services.contests.editions import contest_rules

if TYPE_CHECKING:
    from judging.db.models import Account, Assignment, BlindRepeat, Contest, Entry, SheetOverride
    from judging.domain.rules import ContestRules
    from judging.services.platform import Platform

EXTENSION = "judging"


def platform() -> Platform:
    """The platform that this application runs on."""
    return cast("Platform", current_app.extensions[EXTENSION])


def now() -> datetime:
    """The server's time, the same moment for the whole request."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    moment: datetime = g.now
    return moment


def account() -> Account:
    """The signed-in person. The policy has made sure that there is one."""
    found: Account | None = g.get("account")
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found


def actor() -> Actor:
    """The person with the rights that hold in the contest of this address."""
    found: Actor | None = g.get("actor")
    return found if found is not None else Actor(account_id=None, roles=frozenset())


def contest() -> Contest:
    """The contest that the address names, directly or through an entry or assignment."""
    return cast("Contest", _named("contest"))


def entry() -> Entry:
    """The entry that the address names."""
    return cast("Entry", _named("entry"))


def assignment() -> Assignment:
    """The assignment that the address names."""
    return cast("Assignment", _named("assignment"))


def repeat() -> BlindRepeat | None:
    """The blind repeat that the address names in place of an assignment, if it names one."""
    found: BlindRepeat | None = g.get("repeat")
    return found


def reading_row() -> Assignment | BlindRepeat | None:
    """The assignment, or the blind repeat in place of one, that the address names, if it names either."""
    found: Assignment | None = g.get("assignment")
    return found if found is not None else repeat()


def override() -> SheetOverride:
    """The decision over a sheet that the address names."""
    return cast("SheetOverride", _named("override"))


def rules() -> ContestRules:
    """The rules to show for the contest of this address."""
    return contest_rules(platform().registry, contest())


def _named(what: str) -> object:
    found: object | None = g.get(what)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found
