"""Receiving by a program: recorded once, by the office alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Contest, Handover
from tests.factories import give_role, make_account, make_contest, make_entry
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.services.platform import Platform

    Acting = Callable[..., Program]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is; what does, other tests run on both."""
    return sqlite_database


@pytest.fixture
def address(platform: Platform) -> str:
    """Where things of the only entry are received."""
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, slug="held", phase="screening")
        return f"/entries/{make_entry(session, contest, state='submitted').id}/handovers"


@pytest.fixture
def scanner(platform: Platform, acting: Acting, address: str) -> Program:
    """The program of a secretary."""
    del address
    with platform.database.writing() as session:
        secretary = make_account(session, name="Lò Mẫu Thư Ký")
        held = session.scalars(select(Contest).where(Contest.slug == "held")).one()
        give_role(session, held, secretary, "secretary")
    return acting(secretary, "office")


def test_thing_is_received_once(scanner: Program, address: str) -> None:
    first = done(scanner.post(address, {"item": "model", "place": "Kệ 3"}), 201)
    again = scanner.post(address, {"item": "model"})

    assert (first["item"], first["place"], first["by"]) == ("model", "Kệ 3", "Lò Mẫu Thư Ký")
    assert again.status_code == 409
    assert "received already" in said(again)["detail"]


def test_item_that_is_not_handed_in_is_not_found(scanner: Program, address: str) -> None:
    assert scanner.post(address, {"item": "pictures"}).status_code == 404


def test_contestant_receives_nothing(platform: Platform, acting: Acting, address: str) -> None:
    with platform.database.writing() as session:
        stranger = make_account(session)

    assert acting(stranger, "office").post(address, {"item": "model"}).status_code == 404
    with platform.database.reading() as session:
        assert session.scalars(select(Handover)).all() == []
