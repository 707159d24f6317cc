"""Every kind of file store, and a real S3 server on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen
from uuid import uuid4

import pytest
from moto.server import ThreadedMotoServer

from judging.storage import FileStore, open_store


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3_url(s3_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a new bucket."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "generated")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "generated")
    bucket = f"judging-{uuid4().hex}"
    with urlopen(Request(f"{s3_endpoint}/{bucket}", method="PUT")):
        pass
    return f"s3://{bucket}/contest?endpoint={s3_endpoint}"


@pytest.fixture(params=["folder", "memory", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> FileStore:
    addresses = {"folder": (tmp_path / "files").as_uri(), "memory": "memory://"}
    return open_store(addresses.get(request.param) or request.getfixturevalue("s3_url"))
