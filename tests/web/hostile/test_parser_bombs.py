"""T23: requests that cost their sender nothing and a careless server everything. Each is refused before it is read."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import EnvironBuilder

from judging.db.models import Entry
from tests.factories import make_account, make_contest, make_entry
from tests.services.files.contents import bombs, samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

GIGABYTE = 1_000_000_000
_EDGE = "edge"


class Counted(io.RawIOBase):
    """A body that is made as it is read: a head, then filling to the promised length. Counts what was asked for."""

    def __init__(self, head: bytes, length: int) -> None:
        super().__init__()
        self._head, self._length = head, length
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        size = min(len(buffer), self._length - self.given)
        piece = self._head[self.given : self.given + size].ljust(size, b"a")
        buffer[:size] = piece
        self.given += size
        return size


def field(name: str, filename: str = "") -> bytes:
    file = f'; filename="{filename}"' if filename else ""
    return f'--{_EDGE}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()


@pytest.fixture
def draft(platform: Platform) -> Entry:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry)
        return make_entry(session, contest, owner=make_account(session), state="draft")


@pytest.fixture
def signed_in(client: FlaskClient, sign_in: SignIn, draft: Entry, platform: Platform) -> str:
    """The token of the author."""
    with platform.database.reading() as session:
        owner = session.get_one(Entry, draft.id).owner
    return sign_in(client, owner)


def send(client: FlaskClient, draft: Entry, body: io.RawIOBase, length: int) -> int:
    """The status that a body gets. The client's own way would read it to its end to learn how long it is."""
    builder = EnvironBuilder(
        path=f"/entries/{draft.id}/files", method="POST", content_type=f"multipart/form-data; boundary={_EDGE}"
    )
    environ = builder.get_environ()
    environ["wsgi.input"] = body
    environ["CONTENT_LENGTH"] = str(length)
    answer, status, _headers = client.run_wsgi_app(environ, buffered=True)
    assert b"".join(answer)
    return int(status.split()[0])


def test_ten_thousand_parts_are_refused(client: FlaskClient, signed_in: str, draft: Entry) -> None:
    token = field("csrf_token") + signed_in.encode() + b"\r\n"
    body = token + b"".join(field(f"a{number}") + b"x\r\n" for number in range(10_000)) + f"--{_EDGE}--\r\n".encode()

    answer = client.post(f"/entries/{draft.id}/files", data=body, content_type=f"multipart/form-data; boundary={_EDGE}")

    assert answer.status_code == 413


def test_field_of_a_gigabyte_is_refused_unread(client: FlaskClient, signed_in: str, draft: Entry) -> None:
    body = Counted(field("csrf_token"), GIGABYTE)

    assert send(client, draft, body, GIGABYTE) == 413
    assert body.given == 0


def test_field_within_the_largest_request_is_refused_after_its_first_megabytes(
    client: FlaskClient, signed_in: str, draft: Entry
) -> None:
    body = Counted(field("csrf_token"), 150_000_000)

    assert send(client, draft, body, 150_000_000) == 413
    assert body.given < 5_000_000


def test_head_of_a_part_without_end_is_refused(client: FlaskClient, signed_in: str, draft: Entry) -> None:
    body = Counted(f"--{_EDGE}\r\nX-Long: ".encode(), 150_000_000)

    assert send(client, draft, body, 150_000_000) in {400, 413}
    assert body.given < 5_000_000


@pytest.mark.parametrize(
    ("item", "make", "sentence"),
    [
        ("pictures", samples.huge_png, "has too many pixels"),
        ("pictures", lambda: samples.moving_picture("GIF", 500), "is not a file of the kind that is taken here"),
        ("pictures", lambda: samples.moving_picture("PNG", 50), "holds moving pictures"),
        ("summary", lambda: samples.pdf(10_000), "pages; at most"),
        ("summary", bombs.forty_two, "is not a file of the kind that is taken here"),
        ("summary", lambda: bombs.LAUGHS, "it is a web page, a drawing in SVG, or a script"),
    ],
)
def test_bomb_is_refused_in_words_and_leaves_nothing(
    client: FlaskClient, signed_in: str, draft: Entry, platform: Platform, item: str, make: Callable[[], bytes],
    sentence: str,
) -> None:  # fmt: skip
    answer = client.post(
        f"/entries/{draft.id}/files",
        data={"item": item, "file": (io.BytesIO(make()), "bomb"), "csrf_token": signed_in},
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert sentence in answer.text
    assert list(platform.files.keys()) == []
