"""T03, T20: what is shown of a file, to whom, and that nothing of what was handed in ever runs in a page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Assignment, EntryFile, FileCopy, FilePicture
from judging.services.platform import Platform
from tests.copies import prepare_files
from tests.factories import NOW, give_role, make_account, make_assignment, make_contest, make_entry, make_judge
from tests.services.files.contents import samples, telling

SignIn = Callable[[FlaskClient, Account], str]


@dataclass
class Stage:
    """An entry with a paper that acts, a picture that tells, a video, and a proof of age."""

    entry_id: str
    owner: Account
    judge: Account
    stranger: Account
    secretary: Account
    assignment_id: str
    files: dict[str, str]


@pytest.fixture
def stage(platform: Platform) -> Stage:
    contents = {
        "summary": (samples.armed_pdf("script"), "application/pdf", "a.pdf"),
        "pictures": (telling.jpeg(), "image/jpeg", "b.jpg"),
        "video": (samples.video(9, size=(64, 48)), "video/mp4", "c.mp4"),
        "proof_of_age": (samples.picture(), "image/png", "d.png"),
    }
    files = {}
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging")
        owner, secretary = make_account(session), make_account(session)
        entry = make_entry(session, contest, owner=owner, state="in-round", round="preliminary")
        judge = make_judge(session, contest)
        reading = make_assignment(session, entry, judge, round_key="preliminary")
        give_role(session, contest, secretary, "secretary")
        for item, (content, media_type, filename) in contents.items():
            stored = platform.files.put(content)
            file = EntryFile(
                entry_id=entry.id, item=item, filename=filename, media_type=media_type, size=stored.size,
                sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
                copied=FileCopy(findings=["script"] if item == "summary" else []),
            )  # fmt: skip
            session.add(file)
            session.flush()
            files[item] = file.id
        return Stage(
            entry_id=entry.id, owner=owner, judge=session.get_one(Account, judge.account_id),
            stranger=make_account(session), secretary=secretary, assignment_id=reading.id, files=files,
        )  # fmt: skip


def pictures_of(platform: Platform, file_id: str) -> list[str]:
    with platform.database.reading() as session:
        query = select(FilePicture.id).where(FilePicture.file_id == file_id)
        return list(session.scalars(query.order_by(FilePicture.small, FilePicture.place)))


def test_judge_waits_for_the_copy_and_is_never_shown_the_original(
    client: FlaskClient, sign_in: SignIn, stage: Stage
) -> None:
    sign_in(client, stage.judge)

    page = client.get(f"/judge/sheets/{stage.assignment_id}").text
    answers = {item: client.get(f"/entries/{stage.entry_id}/files/{file}") for item, file in stage.files.items()}

    assert page.count("This file is being prepared for you.") == 3
    assert "/files/" not in page
    assert {item: answer.status_code for item, answer in answers.items()} == {
        "summary": 409, "pictures": 409, "video": 409, "proof_of_age": 404,
    }  # fmt: skip
    assert not any(telling.tells(answer.data) for answer in answers.values())


def test_judge_sees_pages_pictures_and_video_of_the_copy(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    prepare_files(platform)
    sign_in(client, stage.judge)

    page = client.get(f"/judge/sheets/{stage.assignment_id}").text

    for item in ("summary", "pictures"):
        (large, *_) = pictures_of(platform, stage.files[item])
        assert f'href="/entries/{stage.entry_id}/pictures/{large}"' in page
        shown = client.get(f"/entries/{stage.entry_id}/pictures/{large}")
        assert (shown.status_code, shown.mimetype) == (200, "image/webp")
        assert shown.headers["Content-Disposition"] == "inline"
        assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert shown.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert shown.headers["Cache-Control"] == "no-store"
    assert f'<source src="/entries/{stage.entry_id}/files/{stage.files["video"]}" type="video/mp4">' in page
    for item in ("summary", "pictures", "video"):
        answer = client.get(f"/entries/{stage.entry_id}/files/{stage.files[item]}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert not telling.tells(answer.data)
    assert client.get(f"/entries/{stage.entry_id}/files/{stage.files['proof_of_age']}").status_code == 404
    for picture in pictures_of(platform, stage.files["proof_of_age"]):
        assert client.get(f"/entries/{stage.entry_id}/pictures/{picture}").status_code == 404


def test_office_gets_the_original_as_a_download_and_is_told_what_was_found(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    prepare_files(platform)
    sign_in(client, stage.secretary)

    page = client.get(f"/organise/entries/{stage.entry_id}").text
    original = client.get(f"/entries/{stage.entry_id}/files/{stage.files['summary']}")

    assert "<li>It holds a script.</li>" in page
    assert page.count("Judges get a copy without what is listed here, and without what tells of its authors.") == 1
    # Of the proof of age, which no judge gets, it is not said.
    assert page.count("Judges get a copy without what tells of its authors.") == 2
    assert f"/entries/{stage.entry_id}/pictures/{pictures_of(platform, stage.files['proof_of_age'])[0]}" in page
    assert original.data == samples.armed_pdf("script")
    assert original.headers["Content-Disposition"].startswith("attachment;")


def test_author_sees_pictures_of_their_own_files(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    prepare_files(platform)
    sign_in(client, stage.owner)

    answers = [
        client.get(f"/entries/{stage.entry_id}/pictures/{picture}").status_code
        for file in stage.files.values()
        for picture in pictures_of(platform, file)
    ]

    assert answers == [200] * 8


@pytest.mark.parametrize("who", ["stranger", "revoked", "guest"])
def test_others_get_neither_picture_nor_piece(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage, who: str
) -> None:
    prepare_files(platform)
    if who == "revoked":
        with platform.database.writing() as session:
            session.get_one(Assignment, stage.assignment_id).state = "reassigned"
    if who != "guest":
        sign_in(client, stage.judge if who == "revoked" else stage.stranger)
    paths = [f"/entries/{stage.entry_id}/files/{file}" for file in stage.files.values()]
    paths += [
        f"/entries/{stage.entry_id}/pictures/{picture}"
        for file in stage.files.values()
        for picture in pictures_of(platform, file)
    ]

    told = {client.get(path, headers=range_).status_code for path in paths for range_ in ({}, {"Range": "bytes=0-9"})}

    assert told == ({302} if who == "guest" else {404})


def test_picture_is_not_found_below_another_entry(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    prepare_files(platform)
    with platform.database.writing() as session:
        reading = session.get_one(Assignment, stage.assignment_id)
        mine = make_entry(session, reading.entry.contest, owner=stage.stranger)
    sign_in(client, stage.stranger)
    (picture, *_) = pictures_of(platform, stage.files["pictures"])

    assert client.get(f"/entries/{mine.id}/pictures/{picture}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ("bytes=0-9", 206, "bytes 0-9/"),
        ("bytes=10-", 206, "bytes 10-"),
        ("bytes=-5", 206, "bytes "),
        ("bytes=999999999-", 416, "bytes */"),
    ],
)
def test_video_is_given_in_pieces(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage, asked: str, status: int, told: str
) -> None:
    prepare_files(platform)
    sign_in(client, stage.judge)
    path = f"/entries/{stage.entry_id}/files/{stage.files['video']}"
    whole = client.get(path).data

    piece = client.get(path, headers={"Range": asked})

    assert piece.status_code == status
    assert piece.headers.get("Content-Range", "bytes */").startswith(told)
    if status == 206:
        first, _, last = asked.removeprefix("bytes=").partition("-")
        start = int(first) if first else len(whole) - int(last)
        assert piece.data == whole[start : int(last) + 1 if first and last else None]
        assert piece.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_file_that_cannot_be_copied_is_told_to_whoever_can_mend_it(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    with platform.database.writing() as session:
        session.get_one(FileCopy, stage.files["summary"]).state = "failed"
        session.get_one(FileCopy, stage.files["pictures"]).state = "held"

    sign_in(client, stage.secretary)
    page = client.get(f"/organise/entries/{stage.entry_id}").text

    assert "No copy for judges could be made, so they do not get this file" in page
    assert "The scanner cannot be reached." in page
