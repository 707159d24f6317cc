"""Links of a dossier by program: the same checks as the form, and seen by whoever may see the item."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import AuditEvent, Entry
from judging.domain.fields import DossierItem, ItemKind
from judging.domain.structure import digest, to_plain
from judging.services.contests.editions import contest_rules
from tests.factories import give_role, make_account, make_assignment, make_contest, make_judge
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.services.platform import Platform

    Acting = Callable[..., Program]

DEMO = DossierItem(key="demo", label="Demo", kind=ItemKind.LINK, high=2)
PAPER = DossierItem(key="shop", label="Shop", kind=ItemKind.LINK, high=1, office_only=True)
FIRST, SECOND, THIRD = (f"https://example.vn/{name}" for name in ("a", "b", "c"))


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is."""
    return sqlite_database


@pytest.fixture
def author(platform: Platform, acting: Acting) -> Program:
    """A contestant; the contest `held` asks for links."""
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, slug="held")
        rules = contest_rules(platform.registry, contest)
        asked = replace(rules, dossier=(*rules.dossier, DEMO, PAPER))
        contest.rules, contest.rules_digest = to_plain(asked), digest(asked)
        account = make_account(session)
    return acting(account, "entries")


def test_links_are_given_read_and_set_anew(platform: Platform, author: Program) -> None:
    made = author.post("/contests/held/entries", {"title": "Bộ lọc", "links": {"demo": [FIRST, SECOND]}})
    body = done(made, 201)
    assert body["links"] == {"demo": [FIRST, SECOND], "shop": []}
    address = f"/entries/{body['id']}"

    changed = author.patch(address, {"links": {"demo": [SECOND, THIRD]}}, If_Match=made.headers["ETag"])

    assert done(changed)["links"]["demo"] == [SECOND, THIRD]
    assert author.patch(address, {"title": "Khác"}, If_Match=made.headers["ETag"]).status_code == 412
    kept = author.patch(address, {"title": "Khác"}, If_Match=changed.headers["ETag"])
    assert done(kept)["links"]["demo"] == [SECOND, THIRD]
    assert done(author.patch(address, {"links": {"demo": []}}, If_Match=kept.headers["ETag"]))["links"]["demo"] == []
    with platform.database.reading() as session:
        acts = session.scalars(select(AuditEvent.action).where(AuditEvent.subject == "link").order_by(AuditEvent.id))
        assert sorted(acts) == ["link-added"] * 3 + ["link-removed"] * 3


@pytest.mark.parametrize(
    ("links", "pointer"),
    [
        ({"demo": ["http://example.vn/"]}, "#/links/demo"),
        ({"demo": ["https://ai:mat@example.vn/"]}, "#/links/demo"),
        ({"demo": ["https://127.0.0.1/"]}, "#/links/demo"),
        ({"demo": [FIRST, SECOND, THIRD]}, "#/links/demo"),
        ({"image": [FIRST]}, "#/links/image"),
        ({"nothing": [FIRST]}, "#/links/nothing"),
    ],
)
def test_link_that_the_form_would_refuse_is_refused_and_nothing_is_written(
    platform: Platform, author: Program, links: dict[str, list[str]], pointer: str
) -> None:
    answer = author.post("/contests/held/entries", {"title": "Bộ lọc", "links": links})
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in said(answer)["errors"]] == [pointer]
    with platform.database.reading() as session:
        assert session.scalars(select(Entry)).all() == []


def test_judge_reads_the_links_that_are_not_for_the_office_alone(
    platform: Platform, author: Program, acting: Acting
) -> None:
    made = author.post("/contests/held/entries", {"title": "Bộ lọc", "links": {"demo": [FIRST], "shop": [SECOND]}})
    entry_id = done(made, 201)["id"]
    with platform.database.writing() as session:
        entry = session.get_one(Entry, entry_id)
        entry.state, entry.round, entry.contest.phase = "in-round", "preliminary", "judging"
        judge = make_judge(session, entry.contest)
        make_assignment(session, entry, judge, round_key="preliminary")
        office = make_account(session)
        give_role(session, entry.contest, office, "secretary")
        of_judge = judge.account
        session.flush()
        session.expunge_all()
    assert done(acting(of_judge, "judge").get(f"/entries/{entry_id}"))["links"] == {"demo": [FIRST]}
    seen = done(acting(office, "office").get(f"/entries/{entry_id}"))["links"]
    assert seen == {"demo": [FIRST], "shop": [SECOND]}
