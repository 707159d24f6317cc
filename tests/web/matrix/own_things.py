"""What the matrix asks for beyond the world of the leak tests: a plugin's contest, and things of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.db.models import Account, Conflict, Contest, Organisation, Passkey
from tests.factories import make_contest
from tests.web.leaks.world import TODAY
from tests.web.matrix.plugin_pages import KIND

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.web.leaks.site import Site

PLUGINS_CONTEST = "of-the-plugin"


def add_to_world(session: Session, site: Site) -> None:
    """A contest of the third party's kind, and in ours a found conflict; a passkey of the stranger."""
    world = site.world
    held = session.get_one(Contest, world.contest)
    home = session.get_one(Organisation, world.organisations[0])
    make_contest(session, site.registry, kind=KIND, organisation=home, slug=PLUGINS_CONTEST, phase="judging")
    # A conflict that was found rather than declared, which the office may set aside.
    session.add(
        Conflict(
            contest_id=held.id, judge_id=world.judges[0], entry_id=world.entries["b"], kind="same-unit",
            source="detected", at=TODAY,
        )
    )  # fmt: skip
    stranger = session.query(Account).filter_by(email=world.emails["stranger"]).one()
    session.add(
        Passkey(
            account_id=stranger.id, name="Khoá mẫu", credential_id="matrix", public_key="matrix", transports=[],
            created_at=TODAY,
        )
    )  # fmt: skip
    session.flush()
