"""What consents lean on: the words that were shown, and each contest's rule of who must agree."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from judging.db.base import Base


class ConsentText(Base):
    """The words of a consent as they were shown, once for each wording, by their SHA-256."""

    __tablename__ = "consent_text"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    locale: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)


class PeopleRule(Base):
    """Who must agree in one contest: the country's profile, and whether co-authors must have confirmed."""

    __tablename__ = "people_rule"

    contest_id: Mapped[str] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True)
    profile: Mapped[str] = mapped_column(String(20), default="vn")
    coauthors_must: Mapped[bool] = mapped_column(default=False)
