"""A disk that is nearly full: files are refused first, scores later, in the reader's words; reading goes on.

What the disk says is told to store and database by hand here; `test_disk_full` fills a real one.
"""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from judging.composition import create_web, open_notary
from judging.db.models import Assignment, EntryFile, SheetVersion
from judging.db.session import Database
from judging.domain.disk_room import GIGABYTE, MEGABYTE, Room
from judging.services.score_log.keeper import keep_logs
from judging.storage import open_store
from judging.storage.folder import FolderStore
from tests.factories import PASSWORD, make_account, make_contest, make_entry
from tests.operations.conftest import csrf_token
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, Case, make_case
from tests.web.api.programs import program_of, said
from tests.web.entrant.test_files import pdf_bytes

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.test import TestResponse

    from judging.db.models import Account, Entry
    from judging.services.platform import Platform

PLENTY = Room(size=500 * GIGABYTE, free=100 * GIGABYTE)
NO_FILES = Room(size=500 * GIGABYTE, free=20 * GIGABYTE)
NO_SCORES = Room(size=500 * GIGABYTE, free=150 * MEGABYTE)
SHEET = {"marks": WHOLE, "comments": COMMENTS, "comment": COMMENT, "state": "submitted"}
KEYED = {"Idempotency_Key": '"the-only-one"', "If_None_Match": "*"}


@dataclass
class Disk:
    """A disk that says what it is told to."""

    room: Room | None = PLENTY

    def ask(self, _folder: Path) -> Room | None:
        return self.room


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def platform(sqlite_platform: Platform, disk: Disk) -> Platform:
    database = Database(sqlite_platform.database.engine, ask_room=disk.ask)
    keep_logs(database, notary=open_notary(sqlite_platform.settings), registry=sqlite_platform.registry)
    return replace(
        sqlite_platform,
        database=database,
        files=FolderStore(sqlite_platform.settings.data / "files", ask_room=disk.ask),
    )


@pytest.fixture
def app(platform: Platform) -> Flask:
    made = create_web(platform)
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


@pytest.fixture
def author(platform: Platform) -> tuple[Account, Entry]:
    with platform.database.writing() as session:
        owner = make_account(session)
        return owner, make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")


@pytest.fixture
def case(platform: Platform) -> Case:
    with platform.database.writing() as session:
        made = make_case(session, platform.registry)
        # What is read here stays readable after the session.
        assert made.account.email
        return made


@pytest.fixture
def typed() -> dict[str, Any]:
    """A whole sheet as its form sends it."""
    return {
        **{f"m-{key}": text for key, text in WHOLE.items()},
        **{f"c-{key}": text for key, text in COMMENTS.items()},
        "comment": COMMENT,
    }


def _visitor(app: Flask, account: Account, language: str) -> tuple[FlaskClient, str]:
    """A browser of the person's, and the token of its forms."""
    client = app.test_client()
    client.set_cookie("lang", language)
    answer = client.post(
        "/login", data={"email": account.email, "password": PASSWORD, "csrf_token": csrf_token(client)}
    )
    assert answer.status_code == 302
    return client, csrf_token(client, "/account")


def _send(client: FlaskClient, token: str, entry: Entry) -> TestResponse:
    return client.post(
        f"/entries/{entry.id}/files",
        data={"item": "summary", "file": (io.BytesIO(pdf_bytes(1)), "a.pdf"), "csrf_token": token},
        content_type="multipart/form-data",
    )


def _stored(platform: Platform, column: Any) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count(column))) or 0


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The server has no room for more files at the moment. The file was not kept; everything else works."),
        ("vi", "Máy chủ hiện không còn chỗ cho tệp mới. Tệp chưa được lưu; mọi việc khác vẫn làm được."),
    ],
)
def test_upload_to_a_disk_that_is_nearly_full_is_507_and_says_so(
    app: Flask, platform: Platform, author: tuple[Account, Entry], disk: Disk, language: str, sentence: str
) -> None:
    owner, entry = author
    client, token = _visitor(app, owner, language)
    disk.room = NO_FILES

    answer = _send(client, token, entry)

    assert answer.status_code == 507
    assert sentence in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert f"<code>{answer.headers['X-Request-Id']}</code>" in answer.text
    assert (_stored(platform, EntryFile.id), list(platform.files.keys())) == (0, [])
    assert client.get(f"/entries/{entry.id}/").status_code == 200

    disk.room = PLENTY
    assert _send(client, token, entry).status_code == 302
    assert (_stored(platform, EntryFile.id), len(list(platform.files.keys()))) == (1, 1)


def test_program_is_told_507_for_a_file(
    app: Flask, platform: Platform, author: tuple[Account, Entry], disk: Disk
) -> None:
    owner, entry = author
    program = program_of(app, platform, owner)
    disk.room = NO_FILES

    def send() -> TestResponse:
        content = io.BytesIO(pdf_bytes(1))
        return program.send_file(f"/entries/{entry.id}/files", item="summary", content=content, filename="a.pdf")

    refused = send()

    assert (refused.status_code, refused.mimetype) == (507, "application/problem+json")
    assert said(refused)["type"] == "/api/v1/docs#problem-insufficient-storage"
    assert "no room for more files" in said(refused)["detail"]
    assert "Retry-After" not in refused.headers
    assert (_stored(platform, EntryFile.id), list(platform.files.keys())) == (0, [])
    disk.room = PLENTY
    assert send().status_code == 201


def test_scores_are_recorded_while_files_are_refused(app: Flask, case: Case, typed: dict[str, Any], disk: Disk) -> None:
    client, token = _visitor(app, case.account, "en")
    disk.room = NO_FILES

    answer = client.post(f"/judge/sheets/{case.assignment.id}/draft", data={"csrf_token": token, **typed})

    assert (answer.status_code, answer.get_json()["left"]) == (200, 0)


@pytest.mark.parametrize(
    ("path", "language", "sentence"),
    [
        ("", "en", "disk is nearly full, so scores cannot be recorded at the moment. Nothing was stored."),
        ("/draft", "vi", "Ổ đĩa của máy chủ sắp đầy nên hiện không ghi nhận được điểm. Chưa có gì được lưu."),
    ],
)
def test_sheet_is_not_saved_when_the_disk_is_nearly_full(
    app: Flask,
    platform: Platform,
    case: Case,
    typed: dict[str, Any],
    disk: Disk,
    path: str,
    language: str,
    sentence: str,
) -> None:
    here = f"/judge/sheets/{case.assignment.id}"
    client, token = _visitor(app, case.account, language)
    disk.room = NO_SCORES

    answer = client.post(here + path, data={"csrf_token": token, "action": "submit", **typed})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert sentence in answer.text
    with platform.database.reading() as session:
        assert session.get_one(Assignment, case.assignment.id).draft_version == 0
    assert client.get(here).status_code == 200


def test_reviewed_sheet_is_submitted_once_there_is_room_again(
    app: Flask, platform: Platform, case: Case, typed: dict[str, Any], disk: Disk
) -> None:
    here = f"/judge/sheets/{case.assignment.id}"
    client, token = _visitor(app, case.account, "en")
    version = client.post(f"{here}/draft", data={"csrf_token": token, **typed}).get_json()["version"]
    disk.room = NO_SCORES

    refused = client.post(f"{here}/review", data={"csrf_token": token, "version": version})

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
    assert _stored(platform, SheetVersion.id) == 0
    disk.room = PLENTY
    assert client.post(f"{here}/review", data={"csrf_token": token, "version": version}).status_code == 302
    assert _stored(platform, SheetVersion.id) == 1


def test_program_is_told_503_for_a_sheet_and_what_was_acknowledged_is_repeated(
    app: Flask, platform: Platform, case: Case, disk: Disk
) -> None:
    here = f"/assignments/{case.assignment.id}/sheet"
    judge = program_of(app, platform, case.account)
    disk.room = NO_SCORES
    refused = judge.put(here, SHEET, **KEYED)
    assert (refused.status_code, refused.headers["Retry-After"], refused.mimetype) == (
        503, "5", "application/problem+json",
    )  # fmt: skip
    assert "disk is nearly full" in said(refused)["detail"]
    assert _stored(platform, SheetVersion.id) == 0

    disk.room = PLENTY
    taken = judge.put(here, SHEET, **KEYED)
    disk.room = NO_SCORES
    again = judge.put(here, SHEET, **KEYED)

    assert (taken.status_code, again.status_code, said(again)) == (201, 201, said(taken))
    assert judge.get(here).status_code == 200


@pytest.mark.parametrize(
    ("room", "files", "scores"),
    [(PLENTY, "ok", "ok"), (NO_FILES, "low", "ok"), (NO_SCORES, "low", "low")],
)
def test_readiness_tells_for_what_there_is_room(
    platform: Platform, disk: Disk, room: Room, files: str, scores: str
) -> None:
    disk.room = room

    answer = create_web(platform).test_client().get("/readyz")

    told = answer.get_json()
    assert (answer.status_code, told["status"]) == (200, "ready")
    assert (told["room_for_files"], told["room_for_scores"]) == (files, scores)


def test_disk_that_nothing_is_known_of_refuses_nothing(
    platform: Platform, author: tuple[Account, Entry], disk: Disk
) -> None:
    disk.room = None
    bucket = replace(platform, files=open_store("memory://"))

    for where in (platform, bucket):
        app = create_web(where)
        client, token = _visitor(app, author[0], "en")
        assert _send(client, token, author[1]).status_code == 302
        told = client.get("/readyz").get_json()
        assert (told["status"], told.keys() & {"room_for_files", "room_for_scores"}) == ("ready", set())


def test_files_before_one_that_finds_no_room_leave_nothing_behind(
    sqlite_platform: Platform, author: tuple[Account, Entry], make_failing: Callable[[Platform], Platform]
) -> None:
    """The disk fills up between two files of one request."""
    platform = make_failing(sqlite_platform)
    app = create_web(platform)
    client, token = _visitor(app, author[0], "en")
    sent = [(io.BytesIO(pdf_bytes(1)), f"{number}.pdf") for number in range(2)]

    answer = client.post(
        f"/entries/{author[1].id}/files",
        data={"item": "summary", "file": sent, "csrf_token": token},
        content_type="multipart/form-data",
    )

    assert answer.status_code == 507
    assert (_stored(platform, EntryFile.id), list(platform.files.keys())) == (0, [])


@pytest.fixture
def make_failing() -> Callable[[Platform], Platform]:
    """A platform whose disk is full from the second file on, as the operating system says while a file is written."""

    class Filling(FolderStore):
        taken = 0

        def put(self, source: Any, *, limit: int | None = None) -> Any:
            self.taken += 1
            return super().put(source if self.taken == 1 else _Full(), limit=limit)

    class _Full(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            del size
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return lambda platform: replace(platform, files=Filling(platform.settings.data / "files"))
