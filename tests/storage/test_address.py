from __future__ import annotations

from pathlib import Path

import pytest

from judging.errors import StoreUnavailable
from judging.settings import SettingsError
from judging.storage import open_store


@pytest.mark.parametrize("url", ["", "ftp://host/x", "s3://", "files/here"])
def test_unknown_address_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="JUDGING_STORAGE_URL cannot be used"):
        open_store(url)


def test_unknown_option_is_refused_by_name() -> None:
    with pytest.raises(SettingsError, match=r"unknown option secret\. Known are: endpoint, region"):
        open_store("s3://bucket?secret=x")


def test_folder_name_may_hold_any_letters(tmp_path: Path) -> None:
    folder = tmp_path / "hồ sơ 2021%"
    open_store(folder.as_uri()).put(b"x")

    assert (folder / "blobs").is_dir()


def test_installations_share_a_bucket_under_prefixes(s3_url: str) -> None:
    stored = open_store(s3_url).put(b"x")

    assert list(open_store(s3_url).keys()) == [stored.key]
    assert list(open_store(s3_url.replace("/contest?", "/other?")).keys()) == []
    assert list(open_store(s3_url.replace("/contest?", "?")).keys()) == []


def test_bucket_that_does_not_exist_is_unavailable(s3_url: str, s3_endpoint: str) -> None:
    store = open_store(f"s3://no-such-bucket?endpoint={s3_endpoint}")

    with pytest.raises(StoreUnavailable, match="cannot be stored"):
        store.check()
