"""What holds for every file store."""

from __future__ import annotations

import hashlib
import io
import os

import pytest

from judging.storage import FileMissing, FileStore, StoredFile, TooLarge
from judging.storage.folder import FolderStore

LARGE = os.urandom(1024) * 9 * 1024


class BrokenUpload(io.BytesIO):
    """A source whose sender goes away in the middle."""

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        if not piece:
            raise ConnectionResetError("the sender went away")
        return piece


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \x00\xff", LARGE], ids=["empty", "small", "large"])
def test_file_comes_back_byte_for_byte(store: FileStore, content: bytes) -> None:
    stored = store.put(io.BytesIO(content))

    assert stored == StoredFile(key=stored.key, sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    with store.open(stored.key) as file:
        assert file.read() == content
    assert b"".join(store.stream(stored.key)) == content
    assert store.size(stored.key) == len(content)
    assert store.exists(stored.key)


def test_bytes_are_taken_as_well_as_a_stream(store: FileStore) -> None:
    stored = store.put(b"abc")

    assert b"".join(store.stream(stored.key)) == b"abc"


def test_stream_is_stored_from_where_it_stands(store: FileStore) -> None:
    source = io.BytesIO(b"headerbody")
    source.seek(6)

    assert b"".join(store.stream(store.put(source).key)) == b"body"


def test_open_file_can_be_read_in_any_order(store: FileStore) -> None:
    stored = store.put(bytes(range(256)) * 4096)

    with store.open(stored.key) as file:
        assert file.seekable()
        assert file.read(2) == b"\x00\x01"
        assert file.seek(300_001) == 300_001
        assert file.read(3) == b"\xe1\xe2\xe3"
        assert file.seek(-1, os.SEEK_END) == 256 * 4096 - 1
        assert file.read() == b"\xff"


def test_same_bytes_twice_are_two_files(store: FileStore) -> None:
    first, second = store.put(b"same"), store.put(b"same")
    store.delete(first.key)

    assert first.sha256 == second.sha256
    assert not store.exists(first.key)
    assert b"".join(store.stream(second.key)) == b"same"


def test_file_at_the_limit_is_stored(store: FileStore) -> None:
    assert store.put(b"12345", limit=5).size == 5


def test_file_over_the_limit_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(TooLarge, match="larger than 5 bytes"):
        store.put(b"123456", limit=5)
    with pytest.raises(TooLarge):
        store.put(io.BytesIO(LARGE), limit=len(LARGE) - 1)

    assert list(store.keys()) == []


def test_upload_that_breaks_off_leaves_nothing(store: FileStore) -> None:
    with pytest.raises(ConnectionResetError):
        store.put(BrokenUpload(LARGE))

    assert list(store.keys()) == []


def test_deleted_file_is_gone(store: FileStore) -> None:
    stored = store.put(b"x")
    store.delete(stored.key)
    store.delete(stored.key)

    assert not store.exists(stored.key)
    for ask in (store.open, store.stream, store.size):
        with pytest.raises(FileMissing, match=stored.key):
            ask(stored.key)


@pytest.mark.parametrize(
    "key", ["", "blobs", "../secret.key", "/etc/passwd", "blobs/../../secret.key", "blobs/ab/" + "0" * 29 + "\n"]
)
def test_key_that_is_none_of_ours_is_a_missing_file(store: FileStore, key: str) -> None:
    assert not store.exists(key)
    store.delete(key)
    for ask in (store.open, store.stream, store.size):
        with pytest.raises(FileMissing):
            ask(key)


def test_keys_are_those_of_all_files(store: FileStore) -> None:
    made = {store.put(bytes([number])).key for number in range(20)}

    assert set(store.keys()) == made


def test_check_of_a_store_that_works_leaves_nothing(store: FileStore) -> None:
    store.check()

    assert list(store.keys()) == []


def test_room_is_told_of_a_folder_and_of_nothing_that_cannot_be_asked(store: FileStore) -> None:
    room = store.room()

    if isinstance(store, FolderStore):
        assert room is not None
        assert 0 < room.free <= room.size
    else:
        assert room is None
