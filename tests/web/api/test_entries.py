"""Entries by program: written by their owners alone, seen by each reader as far as they may."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from judging.db.models import Entry, EntryFile, Receipt
from judging.services.contests.editions import contest_rules
from tests.factories import give_role, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.web.api.journey import picture
from tests.web.api.programs import Program, done, said

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.db.session import Database
    from judging.services.platform import Platform

    Acting = Callable[..., Program]

HERE = "/contests/held/entries"


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Nothing here depends on which database it is; what does, other tests run on both."""
    return sqlite_database


@pytest.fixture
def author(platform: Platform, acting: Acting) -> Program:
    """A contestant; the contest `held` is open."""
    with platform.database.writing() as session:
        make_contest(session, platform.registry, slug="held")
        account = make_account(session)
    return acting(account, "entries")


def begin(author: Program, **values: Any) -> tuple[str, str]:
    """A draft: its id and its tag."""
    answer = author.post(HERE, {"title": "Bộ lọc nước", **values})
    return done(answer, 201)["id"], answer.headers["ETag"]


def test_entry_is_begun_read_and_changed_part_by_part(author: Program) -> None:
    made = author.post(HERE, {"title": "Bộ lọc", "members": [{"name": "Nông Mẫu Bình", "born": "2012-05-31"}]})
    address = made.headers["Location"].removeprefix("/api/v1")
    member = done(made, 201)["members"][0]

    read = author.get(address)
    assert (read.json, read.headers["ETag"]) == (made.json, made.headers["ETag"])
    assert author.get(address, If_None_Match=read.headers["ETag"]).status_code == 304
    changed = author.patch(
        address,
        {"answers": {"school": "THCS Mẫu 12"}, "members": [{**_sent(member), "share": "100"}]},
        If_Match=read.headers["ETag"],
    )
    body = done(changed)
    assert (body["title"], body["answers"]["school"]) == ("Bộ lọc", "THCS Mẫu 12")
    assert (body["members"][0]["id"], body["members"][0]["share"]) == (member["id"], "100")
    emptied = author.patch(address, {"answers": {"school": None}}, If_Match=changed.headers["ETag"])
    assert done(emptied)["answers"]["school"] is None


def _sent(member: dict[str, Any]) -> dict[str, Any]:
    return {key: member[key] for key in ("id", "name", "born", "email", "unit")}


def test_change_needs_the_version_that_was_seen(author: Program) -> None:
    entry_id, tag = begin(author)
    address = f"/entries/{entry_id}"

    assert author.patch(address, {"title": "A"}).status_code == 428
    assert done(author.patch(address, {"title": "B"}, If_Match=tag))["title"] == "B"
    stale = author.patch(address, {"title": "C"}, If_Match=tag)
    assert (stale.status_code, said(stale)["current"]["title"]) == (412, "B")
    assert stale.headers["ETag"] == author.get(address).headers["ETag"]
    assert done(author.patch(address, {"title": "D"}, If_Match="*"))["title"] == "D"


def test_creation_is_repeated_under_its_key_and_no_second_entry_is_made(author: Program, platform: Platform) -> None:
    key = str(uuid4())

    first, again = (author.post(HERE, {"title": "Một"}, Idempotency_Key=key) for _ in range(2))
    other = author.post(HERE, {"title": "Hai"}, Idempotency_Key=key)

    assert (again.status_code, again.data, again.headers["Location"]) == (201, first.data, first.headers["Location"])
    assert (other.status_code, said(other)["type"].partition("#")[2]) == (422, "problem-other-request")
    with platform.database.reading() as session:
        assert session.query(Entry).count() == 1


def test_faults_of_an_entry_stand_at_their_places(author: Program) -> None:
    answer = author.post(
        HERE,
        {
            "category": "nothing", "answers": {"school": 5, "nothing": "x", "own_work": "yes"},
            "members": [{"name": "A", "email": "no address"}],
        },
    )  # fmt: skip

    assert answer.status_code == 422
    assert {one["pointer"] for one in said(answer)["errors"]} == {
        "#/category", "#/answers/school", "#/nothing", "#/answers/own_work", "#/members/0/email",
    }  # fmt: skip


def test_submission_tells_everything_that_is_missing_and_then_gives_a_receipt(
    author: Program, platform: Platform
) -> None:
    entry_id, _tag = begin(author)
    refused = author.post(f"/entries/{entry_id}/submit")

    assert refused.status_code == 422
    assert len(said(refused)["errors"]) > 3
    assert {"#/category", "#/members"} <= {one["pointer"] for one in said(refused)["errors"]}
    with platform.database.reading() as session:
        assert session.query(Receipt).count() == 0
        assert session.query(Entry).one().state == "draft"


def test_others_entries_and_their_parts_are_nothing(author: Program, platform: Platform, acting: Acting) -> None:
    entry_id, tag = begin(author)
    with platform.database.writing() as session:
        account = make_account(session)
    stranger = acting(account)

    nothing = stranger.get(f"/entries/{uuid4()}").data
    assert stranger.get(f"/entries/{entry_id}").data == nothing
    for method, path in (("PATCH", ""), ("POST", "/submit"), ("POST", "/withdraw"), ("POST", "/screening")):
        answer = stranger.call(method, f"/entries/{entry_id}{path}", {}, If_Match=tag)
        assert (answer.status_code, answer.data) == (404, nothing)
    assert done(stranger.get(HERE))["items"] == []


def test_file_is_attached_read_back_and_removed(author: Program, platform: Platform) -> None:
    entry_id, _tag = begin(author)
    with platform.database.reading() as session:
        rules = contest_rules(platform.registry, session.query(Entry).one().contest)
    item = next(one for one in rules.dossier if one.kind.value == "image" and not one.office_only)
    made = author.send_file(
        f"/entries/{entry_id}/files", item=item.key, content=io.BytesIO(picture()), filename="../ảnh.png"
    )
    url = done(made, 201)["url"].removeprefix("/api/v1")

    assert said(made)["filename"] == "ảnh.png"
    with author.client.get(f"/api/v1{url}", headers={"Authorization": f"Bearer {author.token}"}) as read:
        assert (read.data, read.content_type) == (picture(), "image/png")
        assert read.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for content, name in ((b"", "empty.png"), (b"<svg onload=alert(1)>", "a.png")):
        refused = author.send_file(
            f"/entries/{entry_id}/files", item=item.key, content=io.BytesIO(content), filename=name
        )
        assert refused.status_code == 422
    assert author.post(f"/entries/{entry_id}/files", {"item": item.key}).status_code == 415
    assert author.delete(url).status_code == 204
    assert author.get(url).status_code == 404
    with platform.database.reading() as session:
        assert session.query(EntryFile).count() == 0


def test_judge_of_a_blind_round_is_not_told_who_made_the_entry(platform: Platform, acting: Acting) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging")
        entry = make_entry(session, contest, state="in-round", round="preliminary", answers={"school": "THCS Bí Mật"})
        session.add(
            EntryFile(
                entry_id=entry.id, item="description", filename="Nông Mẫu Bình.pdf", media_type="application/pdf",
                size=1, sha256="0" * 64, key="blobs/00/" + "0" * 30, uploaded_at=entry.created_at,
            )
        )  # fmt: skip
        judge = make_judge(session, contest)
        make_assignment(session, entry, judge, round_key="preliminary")
        desk = make_account(session)
        give_role(session, contest, desk, "secretary")
        account = judge.account
    blind, office = acting(account, "judge").get(f"/entries/{entry.id}"), acting(desk).get(f"/entries/{entry.id}")

    assert done(office)["members"][0]["name"] == "Nông Mẫu Bình"
    assert (done(blind)["members"], said(blind)["unit"], said(blind)["receipts"]) == (None, None, None)
    assert "Nông Mẫu" not in blind.text
    assert "Bí Mật" not in blind.text


def test_states_that_tell_a_result_are_not_found_by_a_filter(platform: Platform, acting: Acting) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging", slug="judged")
        owner = make_account(session)
        made = make_entry(session, contest, owner=owner, state="eliminated", round="preliminary")
    program = acting(owner)
    here = "/contests/judged/entries"

    assert [one["state"] for one in done(program.get(here))["items"]] == ["in-round"]
    assert done(program.get(f"/entries/{made.id}"))["state"] == "in-round"
    for state, count in (("eliminated", 0), ("advanced", 0), ("in-round", 1)):
        assert len(done(program.get(f"{here}?state={state}"))["items"]) == count


def test_list_is_read_to_its_end_by_cursors(platform: Platform, acting: Acting) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="screening", slug="held")
        desk = make_account(session)
        give_role(session, contest, desk, "secretary")
        wanted = [make_entry(session, contest, number=number).id for number in range(1, 8)]
        make_entry(session, contest, number=99, state="draft")
    program, found, cursor = acting(desk, "read"), [], ""
    while True:
        part = done(program.get(f"{HERE}?limit=3{cursor}"))
        assert len(part["items"]) <= 3
        found += [one["id"] for one in part["items"]]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"

    assert found == wanted
