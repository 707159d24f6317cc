"""What stands in the archive of one's own data: all of it, in one's language, and nothing of anybody else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Account, Upload
from tests.factories import NOW
from tests.services.privacy.my_data.seeded import FILE, OTHERS, OWN, Seeded, text_of

if TYPE_CHECKING:
    from judging.services.platform import Platform


def test_archive_is_complete_and_has_nothing_of_others(platform: Platform) -> None:
    archive, _ = Seeded(platform).archive()

    found = text_of(archive)
    assert [one for one in OWN if one not in found] == []
    assert [one for one in OTHERS if one in found] == []
    (name,) = [one for one in archive.namelist() if one.startswith("files/")]
    assert ".." not in name
    assert archive.read(name) == FILE
    told = json.loads(archive.read("data.json"))
    assert {"account", "entries", "particulars", "consents", "files", "receipts", "decisions", "prizes"} <= set(told)
    assert [one["name"] for one in told["particulars"]] == ["own-name"]
    assert "sheets_received" not in told


@pytest.mark.parametrize(("locale", "words"), [("vi", "Tài khoản</h2>"), ("en", "Your account</h2>")])
def test_page_is_in_the_persons_language_and_runs_nothing(platform: Platform, locale: str, words: str) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        session.get_one(Account, seeded.account).name = "<script>alert(1)</script>"

    archive, _ = seeded.archive(locale=locale)

    page = archive.read("index.html").decode()
    assert words in page
    assert f'<html lang="{locale}">' in page
    assert "<script" not in page
    assert "http" not in page.replace("https://", "http").partition("<body>")[0]


def test_sheets_come_along_only_when_the_rules_release_them(platform: Platform) -> None:
    archive, _ = Seeded(platform, released=True).archive()

    (sheet,) = json.loads(archive.read("data.json"))["sheets_received"]
    assert sheet["comment"] == "zq-comment-of-judge"
    found = text_of(archive)
    assert [one for one in OTHERS if one in found] == ["zq-comment-of-judge"]


def test_names_of_uploads_under_way_are_in_the_archive(platform: Platform) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        session.add(
            Upload(
                account_id=seeded.account, contest_id=seeded.contest, entry_id=seeded.entry, item="video",
                filename="own-half.mp4", length=9, begun_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip

    told = json.loads(seeded.archive()[0].read("data.json"))

    assert [(one["name"], one["state"]) for one in told["uploads"]] == [("own-half.mp4", "open")]
