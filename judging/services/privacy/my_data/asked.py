"""What a person was asked about entries, with what they answered, and the files that they sent or began to send."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from judging.db.models import PeopleLink, Upload
from judging.errors import N_
from judging.services.privacy.my_data.parts import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.services.privacy.my_data.parts import Fact


def asked_rows(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    """The questions that the account answered; whoever it is about is named in no other way than by the entry."""
    query = select(PeopleLink).where(PeopleLink.account_id == account.id).options(joinedload(PeopleLink.entry))
    for one in session.scalars(query.order_by(PeopleLink.asked_at, PeopleLink.id)):
        yield facts(
            ("entry", N_("Entry"), one.entry.alias), ("role", N_("Role"), one.role),
            ("email", N_("E-mail address"), one.email), ("asked_at", N_("Asked"), one.asked_at),
            ("answer", N_("Answer"), one.answer), ("answered_at", N_("Answered"), one.answered_at),
            ("name", N_("Signed as"), one.answered_name),
        )  # fmt: skip


def upload_rows(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    """The uploads of the account whose names are still known."""
    query = select(Upload).where(Upload.account_id == account.id, Upload.filename != "")
    for one in session.scalars(query.options(joinedload(Upload.entry)).order_by(Upload.begun_at, Upload.id)):
        yield facts(
            ("entry", N_("Entry"), one.entry.alias), ("item", N_("Dossier item"), one.item),
            ("name", N_("Name"), one.filename), ("size", N_("Size in bytes"), one.length),
            ("state", N_("State"), one.state), ("begun_at", N_("Begun"), one.begun_at),
        )  # fmt: skip
