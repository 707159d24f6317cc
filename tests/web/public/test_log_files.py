"""The files of a score log: as public as the results and no more, and made to be kept by whoever has them."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from flask.testing import FlaskClient

from judging.db.models import Contest, LogLeaf
from judging.domain.ledger.checkpoints import open_checkpoint
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.notes import VerifierKey
from judging.domain.ledger.tiles import read_bundle, read_hashes
from judging.services.score_log.acts import record_extensions
from tests.factories import NOW

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from judging.db.session import Database
    from judging.domain.ledger.checkpoints import Checkpoint
    from tests.services.office import Office
    from tests.web.public.conftest import Act

UNPUBLISHED = ("judging", "deliberation", "posted", "decided", "recheck", "suspended")


@pytest.fixture
def get(client: FlaskClient, logged: Office) -> Callable[..., TestResponse]:
    def ask(path: str, method: str = "GET", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.open(f"/contests/{logged.contest.slug}/log/{path}", method=method, headers=named, buffered=True)

    return ask


def state(get: Callable[..., TestResponse]) -> Checkpoint:
    """The checkpoint as a stranger reads it, signature and all."""
    return open_checkpoint(get("1/checkpoint").data, VerifierKey.parse(get("1/log.vkey").text))


def add_leaf(database: Database, held: Office, at: datetime) -> None:
    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        record_extensions(session, contest=contest, moved={"judging_ends_at": ("a", "b")}, by_id=None, now=at)


def test_checkpoint_is_signed_and_text_to_be_kept_for_seconds(get: Callable[..., TestResponse]) -> None:
    answer = get("1/checkpoint")

    assert answer.content_type == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "max-age=5"
    assert get("1/log.vkey").content_type == "text/plain; charset=utf-8"
    assert state(get).size > 15
    assert get("1/checkpoint").data == answer.data


@pytest.mark.parametrize("path", ["2/checkpoint", "2/log.vkey", "0/checkpoint", "2/tile/0/000", "x/checkpoint"])
def test_log_of_no_such_epoch_is_not_there(get: Callable[..., TestResponse], path: str) -> None:
    assert get(path).status_code == 404


def test_log_of_a_contest_in_preparation_is_not_there(
    get: Callable[..., TestResponse], database: Database, logged: Office
) -> None:
    with database.writing() as session:
        session.get_one(Contest, logged.contest.id).phase = "draft"

    for path in ("", "1/checkpoint", "1/log.vkey", "1/tile/0/000.p/1", "bundle.zip"):
        assert get(path).status_code == 404


def test_checkpoint_moves_at_the_beat_and_not_with_each_leaf(
    get: Callable[..., TestResponse], database: Database, logged: Office
) -> None:
    beat = datetime(2021, 10, 21, 4, 10, tzinfo=UTC)
    with time_machine.travel(beat + timedelta(minutes=2), tick=False):
        before = state(get)
    add_leaf(database, logged, beat + timedelta(minutes=3))
    sizes = []
    for minutes in (3, 9, 10, 12):
        with time_machine.travel(beat + timedelta(minutes=minutes), tick=False):
            sizes.append(state(get).size)
            assert (get(f"1/tile/0/000.p/{before.size + 1}").status_code == 200) is (sizes[-1] > before.size)

    # A request of the last seconds before the beat may still be on its way when it comes.
    assert sizes == [before.size, before.size, before.size, before.size + 1]


def test_log_whose_first_leaf_is_not_published_has_no_checkpoint(get: Callable[..., TestResponse]) -> None:
    with time_machine.travel(NOW, tick=False):
        assert get("1/checkpoint").status_code == 404
        assert get("1/tile/0/000.p/1").status_code == 404
        assert get("1/log.vkey").status_code == 200
        assert get("").status_code == 200


@pytest.mark.parametrize("phase", UNPUBLISHED)
def test_before_publication_there_are_hashes_and_nothing_behind_them(
    get: Callable[..., TestResponse], database: Database, logged: Office, phase: str
) -> None:
    with database.writing() as session:
        session.get_one(Contest, logged.contest.id).phase = phase
    size = state(get).size

    assert len(read_hashes(get(f"1/tile/0/000.p/{size}").data)) == size
    for path in (f"1/tile/entries/000.p/{size}", "1/tile/entries/000.p/1", "1/tile/entries/000"):
        assert get(path).status_code == 403
    for headers in ({}, {"If_None_Match": "*"}, {"Range": "bytes=0-9"}):
        assert get("bundle.zip", **headers).status_code == 404
    assert get("bundle.zip", "HEAD").status_code == 404


def test_leaves_are_public_with_the_results_up_to_the_closing(
    get: Callable[..., TestResponse], database: Database, logged: Office, publish: Act
) -> None:
    publish()
    size = state(get).size
    with database.reading() as session:
        kept = session.query(LogLeaf.hash).order_by(LogLeaf.idx).all()

    leaves = read_bundle(get(f"1/tile/entries/000.p/{size}").data)

    assert len(kept) == size
    assert [leaf_hash(leaf) for leaf in leaves] == [bytes(one) for (one,) in kept]
    assert read_hashes(get(f"1/tile/0/000.p/{size}").data) == [bytes(one) for (one,) in kept]
    add_publish_leaf = size + 1
    assert get(f"1/tile/entries/000.p/{add_publish_leaf}").status_code == 404


def test_withdrawal_closes_the_leaves_and_leaves_the_checkpoint_as_long_as_it_was(
    get: Callable[..., TestResponse], publish: Act, withdraw: Act
) -> None:
    now = datetime.now(UTC)
    with time_machine.travel(now, tick=False):
        publish()
        shown = state(get)
    with time_machine.travel(now + timedelta(seconds=1), tick=False):
        withdraw()
    with time_machine.travel(now + timedelta(seconds=2), tick=False):
        after = state(get)
        statuses = [get(path).status_code for path in ("1/tile/entries/000.p/1", "bundle.zip")]

    assert statuses == [403, 404]
    assert (after.size, after.root) == (shown.size, shown.root)


def test_erased_leaf_is_of_length_zero_in_its_tile(
    get: Callable[..., TestResponse], database: Database, publish: Act
) -> None:
    publish()
    size = state(get).size
    with database.writing() as session:
        session.query(LogLeaf).filter_by(idx=3).update({"entry": None})

    leaves = read_bundle(get(f"1/tile/entries/000.p/{size}").data)

    assert [index for index, leaf in enumerate(leaves) if not leaf] == [3]


@pytest.mark.parametrize(
    "place",
    ["0/000", "0/001", "1/000", "0/0", "9/x000/000", "entries/001", "0/000.p/0", "0/000.p/300", "x/000", "a/b/c"],
)
def test_tile_that_the_log_does_not_have_is_not_there(
    get: Callable[..., TestResponse], publish: Act, place: str
) -> None:
    publish()

    assert get(f"1/tile/{place}").status_code == 404


def test_full_tiles_are_whole_and_kept_for_good(
    get: Callable[..., TestResponse], database: Database, logged: Office
) -> None:
    with database.writing() as session:
        contest = session.get_one(Contest, logged.contest.id)
        moved = {f"date_{number}": ("a", "b") for number in range(260)}
        record_extensions(session, contest=contest, moved=moved, by_id=None, now=NOW)
    full, above = get("1/tile/0/000"), get("1/tile/1/000.p/1")

    assert len(full.data) == 256 * 32
    assert full.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert full.headers["Content-Type"] == "application/octet-stream"
    # The node above is the root of the full tile: RFC 6962.
    hashes = read_hashes(full.data)
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [hashlib.sha256(b"\x01" + left + right).digest() for left, right in pairs]
    assert above.data == hashes[0]


@pytest.mark.parametrize("path", ["1/checkpoint", "1/log.vkey", "1/tile/0/000.p/5", "bundle.zip"])
def test_file_is_answered_304_in_parts_and_without_a_body(
    get: Callable[..., TestResponse], publish: Act, path: str
) -> None:
    publish()
    whole = get(path)
    tag = whole.headers["ETag"]

    again = get(path, If_None_Match=tag)
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert get(path, If_None_Match='"other"').status_code == 200
    part = get(path, Range="bytes=3-9")
    assert (part.status_code, part.data) == (206, whole.data[3:10])
    head = get(path, "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))


def test_bundle_bears_the_hash_of_its_manifest_as_its_tag(get: Callable[..., TestResponse], publish: Act) -> None:
    publish()
    answer = get("bundle.zip")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        manifest = hashlib.sha256(archive.read("manifest.json")).hexdigest()
    assert answer.headers["ETag"] == f'"{manifest}"'
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.content_type == "application/zip"
    assert "Last-Modified" not in answer.headers


def test_files_of_the_log_take_few_queries(
    get: Callable[..., TestResponse], publish: Act, count_queries: Callable
) -> None:
    publish()
    get("1/checkpoint")
    for path, most in (("1/checkpoint", 9), ("1/log.vkey", 4), ("1/tile/0/000.p/5", 7), ("1/tile/entries/000.p/5", 7)):
        with count_queries() as made:
            assert get(path).status_code == 200
        assert len(made) <= most, (path, made)
