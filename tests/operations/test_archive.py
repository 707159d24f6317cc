"""A file that is no whole backup of ours is refused before anything is touched."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from judging.errors import Conflict
from judging.services.platform import Platform
from judging.services.upkeep.archive import ArchiveReader, ArchiveWriter, BrokenArchive
from tests.operations.installations import restore, rows_of

Change = Callable[[dict[str, bytes], dict[str, Any]], None]


def rewritten(source: Path, target: Path, change: Change) -> Path:
    """A copy of an archive whose parts and manifest `change` has had in its hands."""
    with zipfile.ZipFile(source) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(parts.pop("manifest.json"))
    change(parts, manifest)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return target


def _altered(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    parts["rows/account.jsonl"] = parts["rows/account.jsonl"].replace(b"example.vn", b"example.vm", 1)


def _longer(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    parts["rows/account.jsonl"] += b"\n" * 50_000_000


def _lost(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    del parts["rows/account.jsonl"]


def _more(parts: dict[str, bytes], _manifest: dict[str, Any]) -> None:
    parts["rows/stowaway.jsonl"] = b"[]\n"


def _outside(name: str) -> Change:
    def change(parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
        listed = manifest["parts"][0]
        parts[name] = parts.pop(listed["name"])
        listed["name"] = name

    return change


def _newer(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["version"] = 2


def _other(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["format"] = "a holiday album"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param(_altered, "is not as it was written", id="altered"),
        pytest.param(_longer, "is not as it was written", id="unfolds"),
        pytest.param(_lost, "its parts are not those that it lists", id="lost"),
        pytest.param(_more, "its parts are not those that it lists", id="more"),
        pytest.param(_outside("../../etc/passwd"), "it has a part of the name", id="parent"),
        pytest.param(_outside("/etc/passwd"), "it has a part of the name", id="absolute"),
        pytest.param(_outside("files/blobs/ab/../../../../x"), "it has a part of the name", id="through"),
        pytest.param(_outside("files\\blobs\\x"), "it has a part of the name", id="backslash"),
        pytest.param(_newer, "of format 2, made by version", id="newer format"),
        pytest.param(_other, "it is something else", id="other format"),
    ],
)
def test_archive_that_was_changed_is_refused(demo_backup: Path, tmp_path: Path, change: Change, says: str) -> None:
    with pytest.raises(BrokenArchive) as caught:
        ArchiveReader(rewritten(demo_backup, tmp_path / "b", change))

    assert says in str(caught.value)


@pytest.mark.parametrize("kept", [0, 1, 1000, 0.5, 0.999])
def test_archive_that_was_cut_off_is_refused(demo_backup: Path, tmp_path: Path, kept: float) -> None:
    content = demo_backup.read_bytes()
    (tmp_path / "b").write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])

    with pytest.raises(BrokenArchive, match="is no whole backup"):
        ArchiveReader(tmp_path / "b")


def test_archive_with_a_single_wrong_byte_is_refused_or_equal(demo_backup: Path, tmp_path: Path) -> None:
    content = demo_backup.read_bytes()
    with ArchiveReader(demo_backup) as whole:
        manifest = whole.manifest
    for place in range(0, len(content), len(content) // 97):
        broken = bytearray(content)
        broken[place] ^= 0x41
        (tmp_path / "b").write_bytes(broken)
        # A bit that means nothing, such as one of a time stamp, may change; what is restored may not.
        try:
            with ArchiveReader(tmp_path / "b") as found:
                assert found.manifest == manifest
        except BrokenArchive:
            continue


def test_backup_of_a_newer_program_is_refused(empty: Platform, demo_backup: Path, tmp_path: Path) -> None:
    def change(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest["revision"], manifest["program"] = "9999", "9.0"

    with pytest.raises(BrokenArchive, match=r"revision 9999, made by version 9\.0"):
        restore(empty, rewritten(demo_backup, tmp_path / "b", change))
    assert rows_of(empty) == {}


def test_tables_that_the_revision_does_not_have_are_refused(empty: Platform, demo_backup: Path, tmp_path: Path) -> None:
    def change(_parts: dict[str, bytes], manifest: dict[str, Any]) -> None:
        manifest["tables"][0]["name"] = "somewhere_else"

    with pytest.raises(BrokenArchive, match="The tables of the backup are not those of its revision"):
        restore(empty, rewritten(demo_backup, tmp_path / "b", change))


def test_writer_leaves_nothing_of_a_draft_behind(tmp_path: Path) -> None:
    def breaks_off() -> None:
        with ArchiveWriter(tmp_path / "b") as archive:
            archive.add("secret.key", [b"x" * 40])
            archive.add("rows/a.jsonl", (bytes(1 // one) for one in (1, 0)))

    with pytest.raises(ZeroDivisionError):
        breaks_off()
    assert list(tmp_path.iterdir()) == []


def test_writer_does_not_replace_what_came_to_be_there_meanwhile(tmp_path: Path) -> None:
    def is_too_late() -> None:
        with ArchiveWriter(tmp_path / "b") as archive:
            (tmp_path / "b").write_text("somebody else's")
            archive.finish({})

    with pytest.raises(Conflict, match="exists already"):
        is_too_late()
    assert [path.read_text() for path in tmp_path.iterdir()] == ["somebody else's"]


def test_archive_of_a_copy_is_read_like_the_original(demo_backup: Path, tmp_path: Path) -> None:
    shutil.copyfile(demo_backup, tmp_path / "copy")

    with ArchiveReader(tmp_path / "copy") as one, ArchiveReader(demo_backup) as other:
        assert one.sha256 == other.sha256
