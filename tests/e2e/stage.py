"""What a journey is about: the contest kind, the people, and what the entrant will have to say."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from judging.domain.rules import ContestRules

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DECISION = "1840/QĐ-UBND"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who signs in: by password or, the first time, by the link of an invitation."""

    name: str
    email: str
    password: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """One contest from its opening to its results.

    `answers` are by the key of the question: what is typed, or the key of the choice, or True for a box that is ticked.
    Questions that are not named are left alone, but every long text gets a sentence.
    """

    rules: ContestRules
    organisation: str
    entrant: Person
    title: str
    answers: Mapping[str, str | bool]
    files: Mapping[str, Path]
    born: str = ""
    share: str = ""
    judges: tuple[Person, ...] = field(
        default=tuple(
            Person(name=f"Mẫu Giám Khảo {number}", email=f"judge-{number}@example.vn") for number in ("A", "B", "C")
        )
    )
    secretary: Person = field(default=Person(name="Mẫu Thư Ký", email="secretary@example.vn"))

    @property
    def code(self) -> str:
        """The code of the only entry."""
        return f"{self.rules.prefix}-001"


def local_text(*, days: int) -> str:
    """A moment so many days from now as a date control takes it, in the contest's zone."""
    return (datetime.now(UTC) + timedelta(days=days)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
