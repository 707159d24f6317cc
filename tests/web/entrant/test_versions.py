"""The page of a draft's earlier versions: for its owner alone, and taking a text back deletes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event, select

from judging.db.models import Account, DraftText, Entry, EntryMember
from judging.services.entries.draft_versions import KEPT
from tests.factories import NOW, give_role, make_account, make_contest, make_entry

if TYPE_CHECKING:
    from flask.testing import FlaskClient
    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

SignIn = Callable[["FlaskClient", Account], str]
LONG = "Nước giếng có phèn được lọc qua cát, than và sỏi trước khi dùng để nấu ăn. " * 3


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def draft(platform: Platform, owner: Account) -> Entry:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        entry = make_entry(
            session, contest, owner=owner, state="draft", title="Bộ lọc", category="software",
            answers={"idea": LONG + "Mới."},
        )  # fmt: skip
        for number, (field, text) in enumerate(
            [("title", "Bình lọc"), ("title", "Bộ lọc"), ("answer:idea", LONG), ("answer:idea", LONG + "Mới.")]
        ):
            _keep(session, entry, field, text, number)
        session.flush()
        session.expunge_all()
        return entry


def _keep(session: Session, entry: Entry, field: str, text: str, number: int) -> None:
    session.add(
        DraftText(
            entry_id=entry.id, field=field, number=number + 1, state="version", text=text,
            at=NOW + timedelta(minutes=number),
        )
    )  # fmt: skip


def _texts(platform: Platform, draft: Entry, field: str) -> dict[str, str]:
    with platform.database.reading() as session:
        rows = select(DraftText).where(DraftText.entry_id == draft.id, DraftText.field == field)
        return {row.text: row.id for row in session.scalars(rows)}


def test_versions_are_listed_looked_at_and_taken_back(
    platform: Platform, client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    token, address = sign_in(client, owner), f"/entries/{draft.id}/versions"
    listed = client.get(address).text
    assert "Bình lọc" in listed
    assert "1 word new" in listed
    assert f'href="{address}"' in client.get(f"/entries/{draft.id}/").text

    earlier = _texts(platform, draft, "title")["Bình lọc"]
    one = client.get(f"{address}?text={earlier}").text
    assert "<del>Bình </del><ins>Bộ </ins>lọc" in one
    assert client.post(address, data={"csrf_token": token, "text": earlier}).location == address

    with platform.database.reading() as session:
        assert session.get_one(Entry, draft.id).title == "Bình lọc"
    assert set(_texts(platform, draft, "title")) == {"Bình lọc", "Bộ lọc"}
    with platform.database.reading() as session:
        rows = select(DraftText.text).where(DraftText.entry_id == draft.id, DraftText.field == "title")
        assert list(session.scalars(rows.order_by(DraftText.number))) == ["Bình lọc", "Bộ lọc", "Bình lọc"]


def test_long_text_is_taken_back_as_it_was(
    platform: Platform, client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    token, earlier = sign_in(client, owner), _texts(platform, draft, "answer:idea")[LONG]
    client.post(f"/entries/{draft.id}/versions", data={"csrf_token": token, "text": earlier})
    with platform.database.reading() as session:
        assert session.get_one(Entry, draft.id).answers["idea"] == LONG.strip()


def test_text_about_somebody_who_was_taken_off_is_shown_and_not_taken(
    platform: Platform, client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    with platform.database.writing() as session:
        here = session.scalars(select(EntryMember).where(EntryMember.entry_id == draft.id)).first()
        if here is not None:
            _keep(session, draft, f"member:{here.id}:born", "3/13", 1)
        _keep(session, draft, "member:00000000-0000-7000-8000-00000000000a:name", "Mẫu Cũ", 0)
    token, address = sign_in(client, owner), f"/entries/{draft.id}/versions"
    assert "Somebody who was taken off" in client.get(address).text
    (gone,) = _texts(platform, draft, "member:00000000-0000-7000-8000-00000000000a:name").values()
    assert "Take this text back" not in client.get(f"{address}?text={gone}").text
    assert client.post(address, data={"csrf_token": token, "text": gone}).status_code == 409


def test_versions_are_closed_to_others_and_cannot_be_taken_after_handing_in(
    platform: Platform, client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    earlier = _texts(platform, draft, "title")["Bình lọc"]
    with platform.database.writing() as session:
        entry = session.get_one(Entry, draft.id)
        organiser, other = make_account(session), make_account(session)
        give_role(session, entry.contest, organiser, "organiser")
        foreign = make_entry(session, entry.contest, owner=other, state="draft")
        entry.state = "submitted"
        session.flush()
        session.expunge_all()
    token = sign_in(client, owner)
    data = {"csrf_token": token, "text": earlier}
    assert client.post(f"/entries/{draft.id}/versions", data=data).status_code == 409
    assert client.get(f"/entries/{foreign.id}/versions").status_code == 404
    client.post("/logout", data={"csrf_token": token})
    token = sign_in(client, other)
    assert client.get(f"/entries/{draft.id}/versions").status_code == 404
    data = {"csrf_token": token, "text": earlier}
    assert client.post(f"/entries/{foreign.id}/versions", data=data).status_code == 404
    client.post("/logout", data={"csrf_token": token})
    sign_in(client, organiser)
    assert client.get(f"/entries/{draft.id}/versions?text={earlier}").status_code == 404


def test_page_asks_as_often_for_many_versions_as_for_few(
    platform: Platform, client: FlaskClient, sign_in: SignIn, owner: Account, draft: Entry
) -> None:
    sign_in(client, owner)
    statements: list[str] = []
    event.listen(
        platform.database.engine, "before_cursor_execute",
        lambda _conn, _cursor, statement, *_rest: statements.append(statement),
    )  # fmt: skip

    def count() -> int:
        statements.clear()
        assert client.get(f"/entries/{draft.id}/versions").status_code == 200
        return len(statements)

    few = count()
    with platform.database.writing() as session:
        for field in ("answer:novelty", "answer:operation", "category"):
            for number in range(KEPT):
                _keep(session, draft, field, f"Lần {number}", number)
    assert count() == few
