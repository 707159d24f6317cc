"""From the address in the settings to a file store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from urllib.request import url2pathname

from obstore.store import MemoryStore, S3Store

from judging.errors import N_
from judging.settings import SettingsError
from judging.storage.folder import FolderStore
from judging.storage.objects import ObjectFileStore
from judging.storage.port import FileStore

if TYPE_CHECKING:
    # These exist in the library's type information only.
    from obstore.store import ClientConfig, RetryConfig, S3Config

_S3_OPTIONS = frozenset({"endpoint", "region"})


def open_store(url: str) -> FileStore:
    """Return the store at `url`: file:///folder, s3://bucket/prefix?endpoint=…&region=…, or memory://.

    The keys to a bucket come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or from the machine's role, never from
    the address. Raises SettingsError for another kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FolderStore(Path(url2pathname(parts.path)))
    if parts.scheme == "memory":
        return ObjectFileStore(MemoryStore())
    if parts.scheme == "s3" and parts.netloc:
        return ObjectFileStore(_bucket(parts.netloc, parts.path.strip("/"), parse_qs(parts.query)))
    raise SettingsError(
        N_("%(name)s cannot be used. Write an address that begins with one of: %(schemes)s."),
        name="JUDGING_STORAGE_URL",
        schemes="file://, s3://",
    )


def _bucket(name: str, prefix: str, options: dict[str, list[str]]) -> S3Store:
    unknown = sorted(set(options) - _S3_OPTIONS)
    if unknown:
        raise SettingsError(
            N_("%(name)s has an unknown option %(option)s. Known are: %(known)s."),
            name="JUDGING_STORAGE_URL",
            option=unknown[0],
            known=", ".join(sorted(_S3_OPTIONS)),
        )
    config: S3Config = {"region": options.get("region", ["us-east-1"])[0]}
    client: ClientConfig = {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=30)}
    if "endpoint" in options:
        config["endpoint"] = options["endpoint"][0]
        # A server on the same machine or in the same private net often speaks plain HTTP; its address says so.
        client["allow_http"] = options["endpoint"][0].startswith("http://")
    # A request waits for this, so it gives up well before the reader does.
    retry: RetryConfig = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
    return S3Store(name, prefix=prefix or None, config=config, client_options=client, retry_config=retry)
