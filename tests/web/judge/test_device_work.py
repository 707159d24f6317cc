"""What a judge's device may keep: one's own open work, as one's pages show it, and nothing of anybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Conflict, ContestRound, Entry, EntryFile, FileCopy, Judge
from judging.domain.structure import digest, to_plain
from tests.factories import NOW, make_assignment, make_entry, make_sheet
from tests.services.sheets.cases import add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask.testing import FlaskClient

    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case

WORK = "/judge/offline/work"

pytestmark = pytest.mark.usefixtures("token")


def work(client: FlaskClient) -> dict[str, Any]:
    answer = client.get(WORK)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.get_json()
    return found


def add_file(
    platform: Platform, case: Case, *, item: str, state: str = "ready", name: str = "photo.png", entry_id: str = ""
) -> EntryFile:
    with platform.database.writing() as session:
        file = EntryFile(
            entry_id=entry_id or case.entry.id, item=item, filename=name, key="k", size=999, sha256="a" * 64,
            media_type="image/png", uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
        session.flush()
        session.add(FileCopy(file_id=file.id, state=state, media_type="image/png", size=120, sha256="b" * 64, key="c"))
        session.flush()
        session.expunge_all()
    return file


def test_work_names_the_sheet_its_rubric_and_the_addresses_of_its_entry(
    client: FlaskClient, case: Case, address: str
) -> None:
    found = work(client)

    (entry,) = found["entries"]
    rubric = digest(case.judged.rubric)
    assert entry["page"] == address
    assert entry["title"] == case.entry.title
    assert entry["sheet"] == {"state": "assigned", "revision": 0, "rubric": rubric}
    assert found["rubrics"] == {rubric: to_plain(case.judged.rubric)}
    assert found["total"] == 1
    assert f"/judge/{case.contest.slug}/" in found["pages"]


def test_only_ready_copies_of_what_judges_see_are_named_by_size_and_never_by_file_name(
    client: FlaskClient, platform: Platform, case: Case
) -> None:
    seen = add_file(platform, case, item="pictures", name="Nguyen-Bi-Mat.png")
    add_file(platform, case, item="pictures", state="waiting")
    add_file(platform, case, item="no-such-item")

    (entry,) = work(client)["entries"]

    assert entry["files"] == [{"url": f"/entries/{case.entry.id}/files/{seen.id}", "size": 120, "sha256": "b" * 64}]
    assert "Bi-Mat" not in client.get(WORK).text


def test_work_that_the_device_has_is_not_sent_again_until_something_changes(
    client: FlaskClient, address: str, typed: dict[str, Any]
) -> None:
    tag = client.get(WORK).headers["ETag"]
    before = work(client)["entries"][0]["version"]

    assert client.get(WORK, headers={"If-None-Match": tag}).status_code == 304
    assert client.post(f"{address}/draft", data={**typed, "version": "0"}).status_code == 200

    again = client.get(WORK, headers={"If-None-Match": tag})
    assert again.status_code == 200
    (entry,) = again.json["entries"]  # type: ignore[index]  # an object
    assert entry["sheet"]["revision"] == 1
    assert entry["version"] != before


def test_another_judge_s_sheet_changes_nothing(client: FlaskClient, platform: Platform, case: Case) -> None:
    with platform.database.writing() as session:
        colleague = add_colleague(session, case)
        session.flush()
        assignment = colleague.assignment
    before = client.get(WORK)
    with platform.database.writing() as session:
        make_sheet(session, session.merge(assignment), case.judged)

    after = client.get(WORK)

    assert (after.text, after.headers["ETag"]) == (before.text, before.headers["ETag"])


def test_version_changes_with_what_the_page_shows_and_with_nothing_that_is_hidden(
    client: FlaskClient, platform: Platform, case: Case
) -> None:
    """A digest over a school's name would be as good as the name: there are few schools to try."""

    def answer(key: str) -> str:
        with platform.database.writing() as session:
            entry = session.get_one(Entry, case.entry.id)
            entry.answers = {**entry.answers, key: "THCS Khác"}
        return str(work(client)["entries"][0]["version"])

    before = str(work(client)["entries"][0]["version"])
    assert [answer(key) for key in ("school", "school_class", "mentor", "adult_help")] == [before] * 4
    assert answer("idea") != before


@pytest.mark.parametrize("change", ["submitted", "conflict", "undeclared", "closed"])
def test_what_cannot_be_judged_now_is_not_kept(
    client: FlaskClient, platform: Platform, case: Case, change: str
) -> None:
    with platform.database.writing() as session:
        if change == "submitted":
            make_sheet(session, session.merge(case.assignment), case.judged)
        elif change == "conflict":
            session.add(
                Conflict(
                    contest_id=case.contest.id, judge_id=case.judge.id, entry_id=case.entry.id, kind="other",
                    source="office", at=NOW,
                )
            )  # fmt: skip
        elif change == "undeclared":
            session.get_one(Judge, case.judge.id).conflicts_declared_at = None
        else:
            asked = select(ContestRound).where(ContestRound.contest_id == case.contest.id)
            session.scalars(asked.where(ContestRound.key == "preliminary")).one().state = "closed"

    found = work(client)

    assert (found["entries"], found["total"]) == ([], 0)


def test_work_takes_as_many_queries_for_many_entries_as_for_one(
    client: FlaskClient, platform: Platform, case: Case, count_queries: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client.get(WORK)
    with count_queries() as few:
        client.get(WORK)
    with platform.database.writing() as session:
        added = [make_entry(session, session.merge(case.contest)).id for _ in range(30)]
        for position, entry_id in enumerate(added, start=2):
            entry = session.get_one(Entry, entry_id)
            make_assignment(session, entry, session.merge(case.judge), round_key="preliminary", position=position)
    for entry_id in added[:5]:
        add_file(platform, case, item="pictures", entry_id=entry_id)

    with count_queries() as many:
        found = work(client)["entries"]

    assert len(found) == 31
    assert sum(len(one["files"]) for one in found) == 5
    assert len(many) == len(few)


def test_copy_for_a_device_holds_no_key_and_a_page_for_a_person_does(client: FlaskClient, address: str) -> None:
    copy = client.get(address, headers={"Judging-Copy": "1"}).text

    assert 'data-draft-lock=""' in copy
    assert 'data-draft-lock=""' not in client.get(address).text


def test_copy_of_a_submitted_sheet_says_that_it_is_locked(
    client: FlaskClient, platform: Platform, case: Case, address: str
) -> None:
    with platform.database.writing() as session:
        make_sheet(session, session.merge(case.assignment), case.judged)

    assert client.get(address).status_code == 302
    assert "submitted and locked" in client.get(address, headers={"Judging-Copy": "1"}).text


def test_app_has_a_manifest_in_the_language_asked_for(client: FlaskClient) -> None:
    told = {language: client.get(f"/judge/app/{language}.webmanifest").get_json() for language in ("vi", "en")}

    assert [one["lang"] for one in told.values()] == ["vi", "en"]
    assert {one["scope"] for one in told.values()} == {"/judge/"}
    assert told["vi"]["description"] != told["en"]["description"]
    for icon in told["en"]["icons"]:
        with client.get(icon["src"]) as answer:
            data = answer.data
        assert data[:8] == b"\x89PNG\r\n\x1a\n"
        width = int.from_bytes(data[16:20])
        assert icon["sizes"] == f"{width}x{width}"
    assert client.get("/judge/app/xx.webmanifest").status_code == 404


def test_worker_stands_for_this_build_and_keeps_only_files_that_are_there(client: FlaskClient) -> None:
    answer = client.get("/judge/worker.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in answer.headers["Cache-Control"] or "no-cache" in answer.headers["Cache-Control"]
    files = [part for part in answer.text.split('"') if part.startswith("/static/")]
    assert len(files) > 30
    for file in files:
        with client.get(file) as found:
            assert found.status_code == 200, file
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_page_for_what_is_not_kept_names_nobody(client: FlaskClient, case: Case) -> None:
    answer = client.get("/judge/app/vi/not-kept")

    assert answer.status_code == 200
    assert 'lang="vi"' in answer.text
    assert case.account.name not in answer.text
    assert "data-draft-lock" not in answer.text
