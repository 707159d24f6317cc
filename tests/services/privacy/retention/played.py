"""A published contest in which every class of data has something, and the nights after it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import (
    Account,
    AuditEvent,
    ConsentTrace,
    Contest,
    DataRead,
    Entry,
    EntryFile,
    LoginSession,
    SentMessage,
)
from judging.db.types import new_id
from judging.domain.addresses import ERASED_DOMAIN
from judging.domain.permissions import Actor, Role
from tests.factories import NOW, give_role, make_account, make_entry
from tests.services.privacy.erasures import publish_canaries

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from judging.db.base import Base
    from judging.services.platform import Platform
    from tests.services.privacy.erasures import Stage

PUBLISHED = NOW
"""20 October 2021, 10:00 in Vietnam."""


def midnight(year: int, month: int, day: int) -> datetime:
    """The moment at which that day begins in Vietnam."""
    return datetime(year, month, day, tzinfo=UTC) - timedelta(hours=7)


def attach(platform: Platform, session: Session, entry: Entry) -> str:
    key = platform.files.put(b"%PDF-1.7 file").key
    session.add(
        EntryFile(
            entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=13,
            sha256="0" * 64, key=key, uploaded_at=NOW,
        )
    )  # fmt: skip
    return key


class Played:
    """A published contest in which every class has something, and the nights after it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.stage: Stage = publish_canaries(platform)
        with platform.database.writing() as session:
            contest = session.get_one(Contest, self.stage.contest)
            entries = session.scalars(select(Entry).where(Entry.contest_id == contest.id).order_by(Entry.number)).all()
            winner = next(one for one in entries if one.state == "awarded")
            loser = make_entry(session, contest, state="eliminated", number=90)
            self.winner, self.loser, self.winner_owner = winner.id, loser.id, winner.owner_id
            self.keys = {"winner": attach(platform, session, winner), "loser": attach(platform, session, loser)}
            self.idle = make_account(session, created_at=PUBLISHED).id
            self.active = make_account(session, created_at=PUBLISHED).id
            self._log_in(session, self.active, PUBLISHED + timedelta(days=700))
            self.organiser = make_account(session, created_at=PUBLISHED).id
            give_role(session, contest, session.get_one(Account, self.organiser), "organiser")
            session.add(
                DataRead(
                    at=PUBLISHED, account_id=self.organiser, contest_id=contest.id, entry_id=loser.id, what="dossier"
                )
            )  # fmt: skip
            session.add(
                ConsentTrace(
                    contest_id=contest.id, entry_id=new_id(), member_id=new_id(), purpose="publish-name",
                    given_by="self", given_at=PUBLISHED - timedelta(days=99), data_gone_at=PUBLISHED,
                )
            )  # fmt: skip
            session.add(
                SentMessage(
                    contest_id=contest.id, entry_id=loser.id, address="a@example.vn", kind="other", key="other:k",
                    locale="vi", subject="Về bài dự thi", text="Gửi em", sha256="0" * 64, state="sent",
                    answer="250 OK", created_at=PUBLISHED, leaves_at=PUBLISHED,
                )
            )  # fmt: skip
            # What the database itself must take for five years old, it being asked by its own clock.
            old = datetime(2017, 6, 1, 3, tzinfo=UTC)
            session.add(AuditEvent(at=old, action="signed-in", subject="account", subject_id=self.organiser))

    def _log_in(self, session: Session, account_id: str, seen: datetime) -> None:
        session.add(
            LoginSession(
                account_id=account_id, token_sha256=new_id(), created_at=PUBLISHED, seen_at=seen, expires_at=seen
            )
        )

    @property
    def actor(self) -> Actor:
        return Actor(account_id=self.organiser, roles=frozenset({Role.ORGANISER}))

    def left(self) -> dict[str, bool]:
        """What is still there."""
        with self.platform.database.reading() as session:

            def count(model: type[Base], *where: ColumnElement[bool]) -> bool:
                return bool(session.scalar(select(func.count()).select_from(model).where(*where)))

            def known(account_id: str) -> bool:
                return not session.get_one(Account, account_id).email.endswith(ERASED_DOMAIN)

            return {
                "loser": self.platform.files.exists(self.keys["loser"]),
                "loser-row": count(EntryFile, EntryFile.entry_id == self.loser),
                "winner": self.platform.files.exists(self.keys["winner"]),
                "winner-row": count(EntryFile, EntryFile.entry_id == self.winner),
                "idle": known(self.idle),
                "active": known(self.active),
                "organiser": known(self.organiser),
                "read": count(DataRead),
                "trace": count(ConsentTrace),
                "letter": count(SentMessage, SentMessage.key == "other:k", SentMessage.text != ""),
                "old-act": count(AuditEvent, AuditEvent.at < datetime(2018, 1, 1, tzinfo=UTC)),
            }
