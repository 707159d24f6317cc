"""An existing client of the protocol against a real server: cut off, killed, resumed; and a storm of senders."""

from __future__ import annotations

import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING

from sqlalchemy import select
from tusclient import client

from judging.db.models import EntryFile, Upload
from judging.domain.tus import BODY
from tests.uploads.site import Draft, Killable, files_of, large_pdf, make_drafts, received, wait_for

if TYPE_CHECKING:
    from tusclient.uploader.uploader import Uploader

    from judging.services.platform import Platform

FIVE = 5_000_000
CHUNK = 1_000_000


def uploader(server: Killable, draft: Draft, content: bytes, *, url: str | None = None, retries: int = 0) -> Uploader:
    made = client.TusClient(f"{server.address}/api/v1/uploads", headers={"Authorization": f"Bearer {draft.token}"})
    return made.uploader(
        file_stream=io.BytesIO(content), chunk_size=CHUNK, url=url, retries=retries, retry_delay=1,
        metadata={"entry": draft.entry, "item": "full_text", "filename": "thuyết minh.pdf"},
    )  # fmt: skip


def begin(sending: Uploader) -> str:
    """Begin the upload without sending anything of it, and return its address."""
    url = str(sending.create_url())
    sending.set_url(url)
    return url


def is_whole(platform: Platform, content: bytes) -> bool:
    (file,) = files_of(platform)
    stored = b"".join(platform.files.stream(file.key))
    return stored == content and file.sha256 == hashlib.sha256(content).hexdigest()


def test_client_resumes_after_a_cut_and_after_the_server_was_killed(platform: Platform, server: Killable) -> None:
    (draft,) = make_drafts(platform)
    content = large_pdf(FIVE)
    server.start()
    first = uploader(server, draft, content)
    first.upload_chunk()
    first.upload_chunk()
    assert first.offset == received(platform) == 2 * CHUNK

    # Another process of the client, which knows the address alone.
    second = uploader(server, draft, content, url=first.url)
    second.upload_chunk()
    server.kill()
    server.start()
    third = uploader(server, draft, content, url=first.url)
    assert third.offset == 3 * CHUNK
    third.upload()

    assert is_whole(platform, content)
    assert list(platform.files.keys()) == [files_of(platform)[0].key]


def test_what_came_before_a_line_broke_in_the_middle_of_a_piece_is_kept(platform: Platform, server: Killable) -> None:
    (draft,) = make_drafts(platform)
    content = large_pdf(FIVE)
    server.start()
    sending = uploader(server, draft, content)
    url = begin(sending)
    line = HTTPConnection("127.0.0.1", server.port)
    line.putrequest("PATCH", url.partition(str(server.port))[2])
    for name, value in (
        ("Authorization", f"Bearer {draft.token}"), ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"),
        ("Content-Type", BODY), ("Content-Length", str(len(content))),
    ):  # fmt: skip
        line.putheader(name, value)
    line.endheaders()
    line.send(content[:700_000])
    line.close()

    wait_for(lambda: received(platform) == 700_000)
    resumed = uploader(server, draft, content, url=sending.url)
    assert resumed.offset == 700_000
    resumed.upload()
    assert is_whole(platform, content)


def test_killed_in_the_middle_of_a_piece_costs_that_piece_at_most(platform: Platform, server: Killable) -> None:
    (draft,) = make_drafts(platform)
    content = large_pdf(FIVE)
    server.start()
    sending = uploader(server, draft, content, retries=20)
    thread = threading.Thread(target=sending.upload)
    thread.start()
    wait_for(lambda: received(platform) >= CHUNK)
    server.kill()
    kept = received(platform)
    server.start()
    thread.join(120)

    assert received(platform) == len(content) > kept >= CHUNK
    assert is_whole(platform, content)


def test_pieces_sent_at_once_to_two_workers_are_kept_once(platform: Platform, server: Killable) -> None:
    (draft,) = make_drafts(platform)
    content = large_pdf(FIVE)
    server.start()
    sending = uploader(server, draft, content)
    url = begin(sending)
    path = url.partition(str(server.port))[2]
    headers = {
        "Authorization": f"Bearer {draft.token}", "Tus-Resumable": "1.0.0", "Upload-Offset": "0", "Content-Type": BODY,
    }  # fmt: skip

    def send(_number: int) -> int:
        line = HTTPConnection("127.0.0.1", server.port)
        line.request("PATCH", path, body=content, headers=headers)
        with closing(line), line.getresponse() as answer:
            answer.read()
            return answer.status

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send, range(4)))

    assert statuses == [204, 409, 409, 409]
    assert is_whole(platform, content)
    assert list(platform.files.keys()) == [files_of(platform)[0].key]


def test_storm_at_the_deadline_loses_and_doubles_nothing(platform: Platform, server: Killable) -> None:
    """T46 in short: 100 entries, a file of 1 MB each, 30 of them at once at the end, some cut off on the way."""
    drafts = make_drafts(platform, number=100)
    contents = [large_pdf(1_000_000, seed=number) for number in range(10)]
    server.start()
    late = threading.Barrier(8)

    def send(number: int) -> tuple[str, str]:
        draft, content = drafts[number], contents[number % 10]
        sending = uploader(server, draft, content, retries=30)
        sending.set_url(sending.create_url())
        if number >= 70 and number < 94:
            late.wait(60)
        if number % 10 == 3:
            # This one begins anew from where it stands, as after a cut.
            sending.chunk_size = 300_000
            sending.upload_chunk()
            sending = uploader(server, draft, content, url=sending.url, retries=30)
        sending.upload()
        return draft.entry, hashlib.sha256(content).hexdigest()

    with ThreadPoolExecutor(8) as pool:
        sent = dict(pool.map(send, range(100)))

    with platform.database.reading() as session:
        rows = session.execute(select(EntryFile.entry_id, EntryFile.sha256, EntryFile.key)).all()
        states = set(session.scalars(select(Upload.state)))
    assert states == {"finished"}
    assert len(rows) == 100
    assert {entry: sha256 for entry, sha256, _ in rows} == sent
    for _, sha256, key in rows:
        assert hashlib.sha256(b"".join(platform.files.stream(key))).hexdigest() == sha256
    assert set(platform.files.keys()) == {key for _, _, key in rows}
