"""The upload protocol for programs: what it answers, and to whom."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.db.models import Account, Entry, EntryFile, Upload, UploadPart
from judging.domain.tus import BODY, write_metadata
from tests.factories import make_account, make_contest, make_entry
from tests.web.api.programs import Program
from tests.web.entrant.test_files import pdf_bytes

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform

Acting = Callable[..., Program]


@dataclass
class Sender:
    """A program that sends files by the protocol."""

    program: Program
    entry: str

    def call(self, method: str, address: str, body: bytes | None = None, **headers: str) -> TestResponse:
        sent = {
            "Authorization": f"Bearer {self.program.token}", "Accept-Language": "en", "Tus-Resumable": "1.0.0",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }  # fmt: skip
        sent = {name: value for name, value in sent.items() if value}
        return self.program.client.open(address, method=method, headers=sent, data=body)

    def begin(self, length: int | str, *, item: str = "summary", filename: str = "a.pdf", **more: Any) -> TestResponse:
        metadata = write_metadata({"entry": more.pop("entry", self.entry), "item": item, "filename": filename})
        headers = {"Upload_Length": str(length), "Upload_Metadata": metadata, **more}
        return self.call("POST", "/api/v1/uploads", headers.pop("body", None), **headers)

    def begun(self, length: int, **more: Any) -> str:
        answer = self.begin(length, **more)
        assert answer.status_code == 201, answer.text
        return answer.headers["Location"]

    def send(self, address: str, offset: int, body: bytes, **headers: str) -> TestResponse:
        return self.call(
            "PATCH", address, body, **{"Upload_Offset": str(offset), "Content_Type": BODY, **headers}
        )  # fmt: skip

    def head(self, address: str) -> TestResponse:
        return self.call("HEAD", address)


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def sender(platform: Platform, acting: Acting, owner: Account) -> Sender:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        entry = make_entry(session, contest, owner=session.merge(owner), state="draft")
        entry_id = entry.id
    return Sender(program=acting(owner), entry=entry_id)


def files_of(platform: Platform) -> list[EntryFile]:
    with platform.database.reading() as session:
        return list(session.scalars(select(EntryFile)))


def test_options_tell_what_is_spoken_to_anybody(sender: Sender) -> None:
    answer = sender.program.client.options("/api/v1/uploads")

    assert answer.status_code == 204
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,creation-with-upload,checksum,termination,expiration"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256,md5"
    assert int(answer.headers["Tus-Max-Size"]) == 200 * 1024 * 1024


def test_file_in_three_pieces_joins_the_dossier_with_its_bytes(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(2)
    address = sender.begun(len(content), filename="tóm tắt.pdf")
    assert sender.head(address).headers["Upload-Offset"] == "0"

    assert sender.send(address, 0, content[:100]).headers["Upload-Offset"] == "100"
    assert sender.send(address, 100, content[100:101]).status_code == 204
    told = sender.head(address)
    assert told.headers["Upload-Offset"] == "101"
    assert told.headers["Upload-Length"] == str(len(content))
    assert told.headers["Cache-Control"] == "no-store"
    assert "Upload-Expires" in told.headers
    last = sender.send(address, 101, content[101:])

    assert last.status_code == 204
    assert last.headers["Upload-Offset"] == str(len(content))
    (file,) = files_of(platform)
    assert (file.item, file.filename, file.pages, file.size) == ("summary", "tóm tắt.pdf", 2, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(platform.files.stream(file.key)) == content
    assert list(platform.files.keys()) == [file.key]
    assert sender.head(address).headers["Upload-Offset"] == str(len(content))
    with platform.database.reading() as session:
        assert session.scalars(select(UploadPart)).all() == []


def test_creation_brings_the_whole_file_along(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(1)

    answer = sender.begin(len(content), body=content, Content_Type=BODY)

    assert answer.status_code == 201
    assert answer.headers["Upload-Offset"] == str(len(content))
    assert [file.size for file in files_of(platform)] == [len(content)]


def test_last_bytes_sent_again_change_nothing(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(1)
    address = sender.begun(len(content))
    sender.send(address, 0, content)

    assert sender.send(address, 0, content).status_code == 409
    assert sender.send(address, len(content), b"").status_code == 204
    assert len(files_of(platform)) == 1


@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        ({"Tus_Resumable": ""}, 412, "unsupported-version"),
        ({"Tus_Resumable": "0.2.2"}, 412, "unsupported-version"),
        ({"Upload_Offset": ""}, 400, "bad-request"),
        ({"Upload_Offset": "-1"}, 400, "bad-request"),
        ({"Upload_Offset": "one"}, 400, "bad-request"),
        ({"Upload_Offset": "7"}, 409, "conflict"),
        ({"Content_Type": "application/octet-stream"}, 415, "unsupported-media-type"),
        ({"Upload_Checksum": "crc32 AAAA"}, 400, "bad-request"),
        ({"Upload_Checksum": "sha1 not base64"}, 400, "bad-request"),
        ({"Upload_Checksum": "sha256 " + base64.b64encode(b"x" * 32).decode()}, 460, "checksum-mismatch"),
    ],
)
def test_piece_that_breaks_the_protocol_is_refused_and_not_kept(
    platform: Platform, sender: Sender, headers: dict[str, str], status: int, kind: str
) -> None:
    address = sender.begun(1000)

    answer = sender.send(address, 0, b"x" * 10, **headers)

    assert answer.status_code == status
    assert answer.get_json()["type"].endswith(f"#problem-{kind}")
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    assert answer.headers.get("Tus-Version") == ("1.0.0" if status == 412 else None)
    assert sender.head(address).headers["Upload-Offset"] == "0"
    assert list(platform.files.keys()) == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus_Resumable": ""}, 412),
        ({"Upload_Length": ""}, 400),
        ({"Upload_Length": "many"}, 400),
        ({"Upload_Length": "", "Upload_Defer_Length": "1"}, 400),
        ({"Upload_Length": str(10**12)}, 413),
        ({"Upload_Length": "30000000"}, 413),
        ({"Upload_Length": "0"}, 422),
        ({"Upload_Metadata": ""}, 400),
        ({"Upload_Metadata": "entry ###"}, 400),
        ({"Upload_Metadata": "item " + base64.b64encode(b"summary").decode()}, 400),
    ],
)
def test_beginning_that_breaks_the_protocol_is_refused(
    platform: Platform, sender: Sender, headers: dict[str, str], status: int
) -> None:
    answer = sender.begin(1000, **headers)

    assert answer.status_code == status, answer.text
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    with platform.database.reading() as session:
        assert session.scalars(select(Upload)).all() == []


@pytest.mark.parametrize("item", ["model", "nothing"])
def test_beginning_for_an_item_that_takes_no_file_is_refused(sender: Sender, item: str) -> None:
    assert sender.begin(1000, item=item).status_code == 422


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_piece_with_its_checksum_is_kept(sender: Sender, algorithm: str) -> None:
    address = sender.begun(1000)
    digest = base64.b64encode(hashlib.new(algorithm, b"y" * 10).digest()).decode()

    assert sender.send(address, 0, b"y" * 10, Upload_Checksum=f"{algorithm} {digest}").status_code == 204
    assert sender.head(address).headers["Upload-Offset"] == "10"


def test_piece_beyond_the_length_is_refused(platform: Platform, sender: Sender) -> None:
    address = sender.begun(100)

    assert sender.send(address, 0, b"z" * 101).status_code == 413
    assert list(platform.files.keys()) == []


def test_refused_file_says_why_and_leaves_nothing(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(3)
    address = sender.begun(len(content))
    sender.send(address, 0, content[:50])

    answer = sender.send(address, 50, content[50:])

    assert answer.status_code == 422
    assert answer.get_json()["detail"] == "a.pdf has 3 pages; at most 2 are taken here."
    assert list(platform.files.keys()) == []
    assert files_of(platform) == []
    assert sender.head(address).status_code == 410
    assert sender.send(address, 0, content).status_code == 410


def test_cancelled_upload_is_gone_with_its_bytes(platform: Platform, sender: Sender) -> None:
    address = sender.begun(1000)
    sender.send(address, 0, b"x" * 10)

    assert sender.call("DELETE", address).status_code == 204

    assert list(platform.files.keys()) == []
    assert sender.head(address).status_code == 410
    assert sender.call("DELETE", address).status_code == 410


def test_finished_upload_cannot_be_cancelled(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(1)
    address = sender.begun(len(content))
    sender.send(address, 0, content)

    assert sender.call("DELETE", address).status_code == 409
    assert len(files_of(platform)) == 1


def test_post_stands_for_another_method_where_only_post_passes(sender: Sender) -> None:
    address = sender.begun(1000)

    answer = sender.call(
        "POST", address, b"x" * 10, Upload_Offset="0", Content_Type=BODY, X_HTTP_Method_Override="PATCH"
    )  # fmt: skip

    assert answer.headers["Upload-Offset"] == "10"


def test_others_are_answered_as_for_what_does_not_exist(platform: Platform, acting: Acting, sender: Sender) -> None:
    address = sender.begun(1000)
    nowhere = address.replace(address.rpartition("/")[2], "01900000-0000-7000-8000-000000000000")
    with platform.database.writing() as session:
        stranger = make_account(session)
        mine = make_entry(session, session.get_one(Entry, sender.entry).contest, owner=stranger, state="draft")
        own = mine.id
    other = Sender(program=acting(stranger), entry=own)

    for answer, twin in (
        (other.head(address), other.head(nowhere)),
        (other.send(address, 0, b"x"), other.send(nowhere, 0, b"x")),
        (other.call("DELETE", address), other.call("DELETE", nowhere)),
    ):
        assert (answer.status_code, twin.status_code) == (404, 404)
        assert answer.data == twin.data
        assert {name for name, _ in answer.headers} == {name for name, _ in twin.headers}
    foreign = other.begin(100, entry=sender.entry)
    assert foreign.status_code == 404
    assert foreign.data == other.begin(100, entry="01900000-0000-7000-8000-000000000000").data
    assert sender.head(address).headers["Upload-Offset"] == "0"


def test_guest_and_token_for_something_else_are_refused(acting: Acting, owner: Account, sender: Sender) -> None:
    address = sender.begun(1000)
    guest = sender.program.client.head(address, headers={"Tus-Resumable": "1.0.0"})
    narrow = Sender(program=acting(owner, "read"), entry=sender.entry)

    assert guest.status_code == 401
    assert narrow.head(address).status_code == 403
    assert narrow.begin(100).status_code == 403


def test_entry_that_was_handed_in_takes_no_upload(platform: Platform, sender: Sender) -> None:
    content = pdf_bytes(1)
    address = sender.begun(len(content))
    with platform.database.writing() as session:
        session.get_one(Entry, sender.entry).state = "submitted"

    assert sender.begin(100).status_code == 409
    assert sender.send(address, 0, content).status_code == 409
    assert files_of(platform) == []
