from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from judging import paths
from judging.settings import Settings, SettingsError, create_data_folder

SECRET = "k7Qw9zX2mN4vB8cL1pT6yR3sD5fG0hJa"


def read(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_environment({"JUDGING_SECRET_KEY": SECRET, **variables}, data=tmp_path)


def test_settings_with_nothing_set_are_those_of_one_machine(tmp_path: Path) -> None:
    settings = read(tmp_path)

    assert settings.database_url == f"sqlite:///{tmp_path}/judging.db"
    assert settings.storage_url == f"file://{tmp_path}/files"
    assert settings.mail_url == f"file://{tmp_path}/mail"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.plugins is None
    assert settings.trusted_proxies == 0
    assert settings.cookie_secure is False
    assert settings.max_upload == 200 * 1024 * 1024
    assert settings.worker is True


def test_settings_follow_the_environment(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        JUDGING_DATABASE_URL="postgresql://judge:pw@db/judging",
        JUDGING_STORAGE_URL="s3://files?endpoint=http://localhost:9000",
        JUDGING_MAIL_URL="smtp://user:pw@mail:587",
        JUDGING_PLUGINS="startup, youth_creativity,",
        JUDGING_TLS="yes",
        JUDGING_BASE_URL="https://contest.example.vn/",
        JUDGING_TRUSTED_PROXIES="2",
        JUDGING_PORT="9000",
        JUDGING_WORKER="0",
    )

    assert settings.plugins == ("startup", "youth_creativity")
    assert settings.base_url == "https://contest.example.vn"
    assert (settings.cookie_secure, settings.trusted_proxies, settings.port, settings.worker) == (True, 2, 9000, False)


def test_settings_with_an_empty_plugin_list_load_none(tmp_path: Path) -> None:
    assert read(tmp_path, JUDGING_PLUGINS="").plugins == ()


def test_settings_data_folder_comes_from_the_environment(tmp_path: Path) -> None:
    settings = Settings.from_environment({"JUDGING_SECRET_KEY": SECRET, "JUDGING_DATA": str(tmp_path / "d")})

    assert settings.data == tmp_path / "d"
    assert not settings.data.exists()


def test_settings_show_no_secret_when_printed(tmp_path: Path) -> None:
    shown = repr(
        read(tmp_path, JUDGING_DATABASE_URL="postgresql://judge:hunter2@db/x", JUDGING_MAIL_URL="smtp://u:hunter3@m")
    )

    assert SECRET not in shown
    assert "hunter" not in shown


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("JUDGING_PORT", "eighty", "'eighty'; write a whole number from 1 to 65535"),
        ("JUDGING_PORT", "0", "'0'; write a whole number"),
        ("JUDGING_PORT", "٨٠", "write a whole number"),
        ("JUDGING_TRUSTED_PROXIES", "-1", "from 0 to 10"),
        ("JUDGING_TLS", "maybe", "'maybe'; write 1 or 0"),
        ("JUDGING_DATABASE_URL", "mysql://root:hunter2@db/x", "sqlite://, postgresql://"),
        ("JUDGING_STORAGE_URL", "files", "file://, s3://"),
        ("JUDGING_MAIL_URL", "file", "file://, smtp://"),
        ("JUDGING_BASE_URL", "contest.example.vn", "http://, https://"),
    ],
)
def test_settings_refuse_a_value_and_name_the_variable(tmp_path: Path, name: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **{name: value})

    assert str(caught.value).startswith(name)
    assert says in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_settings_without_a_secret_key_say_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(
        SettingsError, match=r"Run `judging init`, which writes .*secret\.key, or set JUDGING_SECRET_KEY"
    ):
        Settings.from_environment({}, data=tmp_path)


@pytest.mark.parametrize("key", ["short", "a" * 64, "changeme" * 2])
def test_settings_refuse_a_secret_key_that_can_be_guessed(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingsError, match="JUDGING_SECRET_KEY is too easy to guess"):
        read(tmp_path, JUDGING_SECRET_KEY=key)


def test_data_folder_gets_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    folder = create_data_folder(tmp_path / "a" / "data")

    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(Settings.from_environment({}, data=folder).secret_key) == 64


def test_data_folder_keeps_its_key_when_many_make_it_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create_data_folder, [tmp_path / "data"] * 16))
    key = (tmp_path / "data" / "secret.key").read_text()
    create_data_folder(tmp_path / "data")

    assert (tmp_path / "data" / "secret.key").read_text() == key
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_paths_lead_to_what_comes_with_the_program() -> None:
    assert (paths.migrations_folder() / "env.py").is_file()
    assert paths.templates_folder().is_dir()
    assert paths.static_folder().is_dir()
    assert paths.translations_folder().parent == paths.static_folder().parent
