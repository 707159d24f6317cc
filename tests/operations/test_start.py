"""Settings are examined before anything is served, and documented as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from judging.cli.start_guard import find_doubts, warn_at_start
from judging.services.platform import Platform
from judging.settings import (
    DEFAULT_DATA,
    KNOWN,
    SECRET_FILE,
    Settings,
    SettingsError,
    create_data_folder,
    refuse_unknown_settings,
    unknown_settings,
)
from tests.contracts.source_tree import ROOT
from tests.operations.conftest import Command
from tests.operations.live import served

EVERYWHERE = "0.0.0.0"  # noqa: S104 - a setting that is only read
SECRET = "k7Qw9zX2mN4vB8cL1pT6yR3sD5fG0hJa"


class Asked(Mapping[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        if name == "JUDGING_SECRET_KEY":
            return SECRET
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def settings(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_environment({"JUDGING_SECRET_KEY": SECRET, **variables}, data=tmp_path)


def listed() -> dict[str, tuple[str, str]]:
    """The rows of the settings' table: name, default and meaning. A row may list two names."""
    rows: dict[str, tuple[str, str]] = {}
    for line in (ROOT / "docs" / "operations.md").read_text("utf-8").splitlines():
        if line.startswith("| `JUDGING_"):
            names, default, meaning = (cell.strip() for cell in line.strip("|").split("|"))
            found = re.findall(r"JUDGING_[A-Z_]+", names)
            defaults = default.split(", ") if ", " in default else [default] * len(found)
            rows |= {name: (one, meaning) for name, one in zip(found, defaults, strict=True)}
    return rows


def test_known_settings_are_those_that_are_read() -> None:
    asked = Asked()
    Settings.from_environment(asked)

    assert set(KNOWN) == asked.names
    assert list(KNOWN) == sorted(KNOWN)


def test_documentation_lists_every_setting_with_its_default() -> None:
    found = Settings.from_environment({"JUDGING_SECRET_KEY": SECRET})
    defaults = {
        "JUDGING_BASE_URL": "from host and port",
        "JUDGING_CLAMD": "none",
        "JUDGING_DATA": f"`{DEFAULT_DATA}`",
        "JUDGING_DATABASE_URL": f"`{found.database_url.rsplit('/', 1)[1]}` in the data folder",
        "JUDGING_HOST": f"`{found.host}`",
        "JUDGING_LIMIT_ACCOUNT": f"`{found.limit_account}`",
        "JUDGING_LIMIT_ADDRESS": f"`{found.limit_address}`",
        "JUDGING_LOG": f"`{found.log}`",
        "JUDGING_MAIL_FROM": f"`{found.mail_from}`",
        "JUDGING_MAIL_URL": f"`{found.mail_url.rsplit('/', 1)[1]}` in the data folder",
        "JUDGING_MAX_UPLOAD_MB": f"`{found.max_upload // 1024**2}`",
        "JUDGING_OFFLINE_MB": f"`{found.offline_room // 1024**2}`",
        "JUDGING_OIDC_CLIENT_ID": "none",
        "JUDGING_OIDC_CLIENT_SECRET": "none",
        "JUDGING_OIDC_ISSUER": "none",
        "JUDGING_PATIENCE": f"`{found.patience}`",
        "JUDGING_PLUGINS": "all that are installed",
        "JUDGING_PORT": f"`{found.port}`",
        "JUDGING_SECOND_FACTOR": f"`{found.second_factor}`",
        "JUDGING_SCORE_LOG": f"`{found.score_log.name}` in the data folder",
        "JUDGING_SECRET_KEY": f"`{SECRET_FILE}` in the data folder",
        "JUDGING_STORAGE_URL": f"`{found.storage_url.rsplit('/', 1)[1]}` in the data folder",
        "JUDGING_TLS": f"`{int(found.cookie_secure)}`",
        "JUDGING_TRUSTED_PROXIES": f"`{found.trusted_proxies}`",
        "JUDGING_WORKER": f"`{int(found.worker)}`",
    }

    assert set(defaults) == set(KNOWN)
    assert {name: default for name, (default, _) in listed().items()} == defaults
    assert [name for name, (_, meaning) in listed().items() if not meaning] == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("JUDGING_TRUSTED_PROXY", "JUDGING_TRUSTED_PROXIES"),
        ("JUDGING_DATABASE_URI", "JUDGING_DATABASE_URL"),
        ("JUDGING_SECRETKEY", "JUDGING_SECRET_KEY"),
        ("JUDGING_MAX_UPLOAD", "JUDGING_MAX_UPLOAD_MB"),
    ],
)
def test_misspelt_setting_is_refused_with_the_right_name(written: str, meant: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{written} is no setting\. Did you mean {meant}\?$"):
        refuse_unknown_settings({written: "1"})


def test_variable_of_somebody_else_is_told_and_no_more() -> None:
    environ = {"JUDGING_CHROMIUM": "/usr/bin/chromium", "PATH": "/bin", "JUDGING_TLS": "1"}

    refuse_unknown_settings(environ)
    assert unknown_settings(environ) == ["JUDGING_CHROMIUM"]


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"JUDGING_BASE_URL": "https://contest.example.vn"}, "cookies are not kept to TLS"),
        ({"JUDGING_TLS": "1", "JUDGING_TRUSTED_PROXIES": "1", "JUDGING_BASE_URL": "http://contest.example.vn"},
         "links in letters lead past TLS"),
        ({"JUDGING_TLS": "1"}, "Set the number of proxies"),
        ({"JUDGING_HOST": EVERYWHERE}, "passwords cross the network readable"),
        ({"JUDGING_HOST": "192.168.1.10"}, "passwords cross the network readable"),
        ({"JUDGING_DATABASE_URL": "postgresql://judge:pw@db.example.vn/judging"}, "without sslmode=verify-full"),
        ({"JUDGING_DATABASE_URL": "postgresql://judge:pw@db.example.vn/judging?sslmode=require"},
         "without sslmode=verify-full"),
    ],
)  # fmt: skip
def test_settings_that_contradict_each_other_are_told(tmp_path: Path, variables: dict[str, str], says: str) -> None:
    (doubt,) = find_doubts(settings(tmp_path, **variables))

    assert says in doubt
    assert "pw" not in doubt


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"JUDGING_HOST": "::1"},
        {"JUDGING_TLS": "1", "JUDGING_TRUSTED_PROXIES": "1", "JUDGING_HOST": EVERYWHERE},
        {"JUDGING_DATABASE_URL": "postgresql://judge:pw@localhost/judging"},
        {"JUDGING_DATABASE_URL": "postgresql:///judging?host=/run/postgresql"},
        {"JUDGING_DATABASE_URL": "postgresql://judge:pw@db.example.vn/judging?sslmode=verify-full"},
    ],
)
def test_settings_that_agree_raise_no_doubt(tmp_path: Path, variables: dict[str, str]) -> None:
    assert list(find_doubts(settings(tmp_path, **variables))) == []


def test_key_that_others_can_read_is_told(tmp_path: Path) -> None:
    folder = create_data_folder(tmp_path / "data")
    assert list(find_doubts(Settings.from_environment({}, data=folder))) == []

    (folder / SECRET_FILE).chmod(0o644)

    assert [f"chmod 600 {folder / SECRET_FILE}" in doubt for doubt in find_doubts(settings(folder))] == [True]


@pytest.mark.postgres
def test_database_that_may_lose_what_it_acknowledged_is_told(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    warn_at_start(platform)

    told = [record.message for record in caplog.records if "a stored score is safe only with" in record.message]
    # The tests' PostgreSQL does not wait for its disk.
    assert bool(told) == (platform.database.engine.dialect.name == "postgresql")


def test_serve_refuses_a_misspelt_setting(judging: Command, tmp_path: Path) -> None:
    create_data_folder(tmp_path)

    done = judging("serve", "--data", tmp_path, settings={"trusted_proxy": "1"})

    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean JUDGING_TRUSTED_PROXIES?" in done.stderr


def test_server_logs_json_and_refuses_what_no_browser_sends(tmp_path: Path) -> None:
    import json
    import socket
    from urllib.request import Request, urlopen

    from tests.demo.made import copy_demo

    folder = copy_demo(tmp_path / "demo")
    with served(folder, tmp_path / "log", base_url="https://contest.example.vn") as server:
        number = urlopen(Request(f"{server.address}/?token=geheim")).headers["X-Request-Id"]
        # Two lengths in one request are how a second one is smuggled past a proxy.
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as raw:
            raw.sendall(
                b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
                b"0\r\n\r\nGET /admin/ HTTP/1.1\r\nHost: x\r\n\r\n"
            )
            answered = b"".join(iter(lambda: raw.recv(65536), b""))
    lines = [line for line in server.log.splitlines() if line.startswith("{")]
    records = [json.loads(line) for line in lines]

    assert answered.count(b"HTTP/1.1 ") == 1
    assert answered.split(b" ")[1].startswith(b"4")
    assert [one["status"] for one in records if one.get("request") == number and one["event"] == "request"] == [200]
    assert any("cookies are not kept to TLS" in one["event"] and one["level"] == "warning" for one in records)
    assert "geheim" not in server.log
    others = [line for line in server.log.splitlines() if not line.startswith("{")]
    assert [line for line in others if not line.startswith("Serving on ")] == []
