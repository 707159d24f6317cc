"""What requests and archives would still tell of people who were erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from judging.db.models import DataExport, PeopleLink, PrivacyRequest, PrivacyStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session


def forget_exports(session: Session, *, account_id: str) -> Sequence[str]:
    """Take back the archives made for an account; returns the keys of their bytes, to be deleted after the commit."""
    keys = session.scalars(select(DataExport.key).where(DataExport.account_id == account_id)).all()
    session.execute(delete(DataExport).where(DataExport.account_id == account_id))
    return [key for key in keys if key is not None]


def forget_linked_exports(session: Session, *, entry_id: str) -> Sequence[str]:
    """Take back the archives of all who have answered about an entry: they hold what tells of it."""
    linked = select(PeopleLink.account_id).where(PeopleLink.entry_id == entry_id, PeopleLink.account_id.is_not(None))
    accounts = set(session.scalars(linked))
    return [key for account_id in accounts if account_id for key in forget_exports(session, account_id=account_id)]


def forget_requests(session: Session, *, account_id: str | None = None, entry_id: str | None = None) -> None:
    """Empty what requests of that account, or about that entry, tell of a person; dates and steps stay as evidence."""
    asked = PrivacyRequest.entry_id == entry_id if entry_id else PrivacyRequest.account_id == account_id
    ids = session.scalars(select(PrivacyRequest.id).where(asked)).all()
    session.execute(update(PrivacyStep).where(PrivacyStep.request_id.in_(ids)).values(note=""))
    session.execute(
        update(PrivacyRequest)
        .where(PrivacyRequest.id.in_(ids))
        .values(person="", contact="", text="", identity_note="")
        .execution_options(synchronize_session="fetch")
    )
