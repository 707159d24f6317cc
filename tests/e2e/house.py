"""The installation that a journey goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.factories import give_office, make_account, make_organisation

if TYPE_CHECKING:
    from flask import Flask

    from judging.services.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running application and its address."""

    platform: Platform
    app: Flask
    address: str

    def open_department(self, *, language: str) -> None:
        """A department with an organiser and a secretary who read that language, and nothing else."""
        with self.platform.database.writing() as session:
            department = make_organisation(session, name="Sở Khoa học và Công nghệ tỉnh Mẫu")
            for role in ("organiser", "secretary"):
                person = make_account(
                    session, email=f"{role}@example.vn", name="Mẫu Văn Phòng", locale=language
                )
                give_office(session, department, person, role)
