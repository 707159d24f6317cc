"""Letters for programs: a dry run sends nothing, a repeated request nothing twice, the log tells where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from judging.db.models import SentMessage
from tests.factories import make_account
from tests.services.office import Office, hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.plugins import Registry
    from tests.web.api.programs import Program

    Acting = Callable[..., Program]

BODY = {"groups": ["submitted"], "en": {"subject": "{contest}", "text": "Dear {name}: “{title}”"}}


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        return hold_contest(session, registry, phase="screening", entries=3, state="submitted")


def _count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count(SentMessage.id))) or 0


def test_message_is_previewed_then_sent_once_and_listed(acting: Acting, held: Office, database: Database) -> None:
    desk, path = acting(held.desk), f"/contests/{held.contest.slug}/messages"
    dry = desk.post(path, {**BODY, "dry_run": True})
    assert dry.status_code == 201
    assert dry.json is not None
    assert (dry.json["queued"], dry.json["recipients"], _count(database)) == (0, 3, 0)
    assert dry.json["preview"][0]["text"].endswith(": “Sản phẩm 1”")

    sent = [desk.post(path, BODY, Idempotency_Key='"one"').json for _ in range(2)]

    assert sent[0] == sent[1]
    assert (sent[0] and sent[0]["queued"], _count(database)) == (3, 3)
    first = desk.get(f"{path}?limit=2").json
    assert first is not None
    assert [(one["kind"], one["state"]) for one in first["items"]] == [("announcement", "queued")] * 2
    rest = desk.get(f"{path}?limit=2&cursor={first['next']}").json
    assert rest is not None
    assert len({one["id"] for one in first["items"] + rest["items"]}) == 3


def test_message_that_cannot_be_sent_names_what_is_wrong(acting: Acting, held: Office, database: Database) -> None:
    desk, path = acting(held.desk), f"/contests/{held.contest.slug}/messages"
    wrong = desk.post(path, {**BODY, "en": {"subject": "{secret}", "text": "x"}})
    assert wrong.status_code == 422
    assert wrong.json is not None
    assert [one["pointer"] for one in wrong.json["errors"]] == ["#/en/subject"]
    assert desk.post(path, {**BODY, "groups": ["drafts"]}).status_code == 422
    with database.writing() as session:
        stranger = make_account(session)
    assert acting(stranger).post(path, BODY).status_code == 404
    assert _count(database) == 0
