"""What the commands answer, on which stream, and with which code they end."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from judging.services.access.accounts import find_account
from judging.services.access.invitations import is_claimed
from judging.services.access.one_time_secrets import Purpose, find_secret
from tests.cli.conftest import Run
from tests.demo.made import opened

YOUTH = "youth-creativity-2021"


def execute(folder: Path, statement: str) -> None:
    with closing(sqlite3.connect(folder / "judging.db", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0


def test_help_lists_every_command(run: Run) -> None:
    done = run("--help")
    assert done.exit_code == 0
    commands = (
        "demo",
        "init",
        "migrate",
        "serve",
        "worker",
        "plugins",
        "contests",
        "standings",
        "assign",
        "check",
        "import",
    )
    assert [name for name in commands if f"\n  {name} " not in done.stdout] == []


def test_plugins_prints_one_document(run: Run) -> None:
    done = run("plugins", "--json")
    told = json.loads(done.stdout)
    assert {one["name"]: one["contests"] for one in told["plugins"]} == {
        "startup": ["startup"],
        "technical_innovation": ["technical-innovation"],
        "youth_creativity": ["youth-creativity"],
    }
    assert told["set_aside"] == []


def test_contests_lists_phases_and_entries(run: Run, demo_folder: Path) -> None:
    told = json.loads(run("contests", "--json", "--data", demo_folder).stdout)
    assert [(one["slug"], one["phase"], one["entries"]) for one in told["contests"]] == [
        ("startup-2021", "open", 56),
        ("technical-innovation-2021", "judging", 47),
        (YOUTH, "published", 128),
    ]
    assert YOUTH in run("contests", "--data", demo_folder).stdout


def test_standings_tell_rank_score_tie_and_prize(run: Run, demo_folder: Path) -> None:
    told = json.loads(run("standings", YOUTH, "--json", "--data", demo_folder).stdout)
    assert (told["contest"], told["round"]) == (YOUTH, "final")
    first = told["standings"][0]
    assert set(first) == {"entry", "code", "rank", "score", "tie", "prize"}
    assert (first["rank"], first["prize"]) == (1, "first")
    assert len(first["score"].split(".")[1]) == 6
    tied = next(one["tie"] for one in told["standings"] if one["tie"])
    assert set(tied) == {"key", "own", "other", "other_entry"}
    assert [one["prize"] for one in told["standings"]].count("consolation") == 15


def test_standings_of_a_round_that_is_named(run: Run, demo_folder: Path) -> None:
    told = json.loads(run("standings", YOUTH, "--round", "preliminary", "--json", "--data", demo_folder).stdout)
    assert told["round"] == "preliminary"
    assert len(told["standings"]) == 119


@pytest.mark.parametrize("arguments", [("standings", "nowhere"), ("standings", YOUTH, "--round", "nowhere")])
def test_what_is_not_there_ends_with_1_and_a_sentence(run: Run, demo_folder: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--json", "--data", demo_folder)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("judging: ")


@pytest.mark.parametrize("arguments", [("standings",), ("assign", YOUTH), ("demo", "--size", "huge"), ("nonsense",)])
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")


def test_without_an_installation_the_message_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("contests", "--data", tmp_path / "nothing")
    assert done.exit_code == 2
    assert "judging init" in done.stderr


def test_check_ends_with_0_or_1(run: Run, demo_copy: Path) -> None:
    sound = run("check", "--json", "--data", demo_copy)
    assert (sound.exit_code, json.loads(sound.stdout)["ok"]) == (0, True)
    execute(demo_copy, "update receipt set sha256 = 'x'")
    broken = run("check", "--json", "--data", demo_copy)
    told = json.loads(broken.stdout)
    assert (broken.exit_code, told["ok"]) == (1, False)
    assert [one["name"] for one in told["checks"] if not one["ok"]] == ["receipts"]
    assert "BROKEN  receipts" in run("check", "--data", demo_copy).stdout


def test_init_makes_an_administrator_with_a_link_shown_once(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    done = run("init", "--email", "chief@example.vn", "--json", "--data", folder)
    told = json.loads(done.stdout)
    with opened(folder) as platform, platform.database.reading() as session:
        account = find_account(session, email="chief@example.vn")
        assert account is not None
        assert account.is_administrator
        assert account.password_hash == ""
        assert not is_claimed(session, account=account)
        token = told["link"].split("key=")[1]
        found = find_secret(session, token=token, purposes=(Purpose.INVITATION,), now=datetime.now(UTC))
        assert found is not None
        assert found.account_id == account.id
    again = run("init", "--email", "other@example.vn", "--data", folder)
    assert (again.exit_code, again.stdout) == (1, "")


def test_init_reads_a_password_and_does_not_repeat_it(run: Run, tmp_path: Path) -> None:
    done = run("init", "--password-file", "-", "--data", tmp_path / "new", given="bon con vit troi tren song\n")
    assert done.exit_code == 0
    assert "bon con vit" not in done.stdout


def test_migrate_brings_an_older_database_up(run: Run, tmp_path: Path) -> None:
    run("init", "--data", tmp_path / "new")
    done = run("migrate", "--data", tmp_path / "new")
    assert done.exit_code == 0
    assert done.stdout.startswith("The tables are at revision")


def test_commands_refuse_tables_of_another_version(run: Run, demo_copy: Path) -> None:
    execute(demo_copy, "update alembic_version set version_num = '0001_accounts'")
    done = run("contests", "--data", demo_copy)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "judging migrate" in done.stderr


def test_demo_refuses_a_folder_in_use_and_leaves_it_alone(run: Run, demo_copy: Path) -> None:
    before = (demo_copy / "judging.db").read_bytes()
    done = run("demo", "--no-serve", "--json", "--data", demo_copy)
    assert (done.exit_code, done.stdout) == (1, "")
    assert "--reuse" in done.stderr
    assert (demo_copy / "judging.db").read_bytes() == before


def test_demo_prints_its_document_and_tells_it_again_on_reuse(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    made = json.loads(run("demo", "--no-serve", "--json", "--data", folder, "--port", "8123").stdout)
    assert made["url"] == "http://127.0.0.1:8123"
    assert {one["slug"]: (one["kind"], one["entries"], one["phase"]) for one in made["contests"]} == {
        YOUTH: ("youth-creativity", 128, "published"),
        "technical-innovation-2021": ("technical-innovation", 47, "judging"),
        "startup-2021": ("startup", 56, "open"),
    }
    assert set(made["accounts"][0]) == {"role", "email", "password"}
    again = json.loads(run("demo", "--no-serve", "--reuse", "--json", "--data", folder, "--port", "8123").stdout)
    assert again == made


def test_demo_goes_on_after_one_that_was_interrupted(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    run("init", "--data", folder)
    execute(folder, "delete from one_time_secret")
    execute(folder, "delete from account")
    assert run("demo", "--no-serve", "--reuse", "--data", folder).exit_code == 0


def test_files_are_put_down_to_be_checked_again_once(run: Run, demo_copy: Path) -> None:
    youth = ("files", "recheck", "youth-creativity-2021", "--json", "--data", demo_copy)
    nothing = json.loads(run(*youth).stdout)
    anew = json.loads(run(*youth, "--anew").stdout)
    again = json.loads(run(*youth, "--anew").stdout)
    assert (nothing["scans"], nothing["copies"], anew["left"], again["copies"]) == (0, 0, 0, 0)
    assert anew["copies"] == nothing["left"] == again["left"] > 0
    assert run("files", "recheck", "no-such-contest", "--data", demo_copy).exit_code == 1


def test_assign_shows_a_plan_then_makes_it(run: Run, demo_copy: Path) -> None:
    command = ("assign", "technical-innovation-2021", "--round", "preliminary", "--json", "--data", demo_copy)
    # One entry loses its readings that were not begun, as if a judge had left.
    execute(
        demo_copy,
        "delete from assignment where id in (select id from assignment where state = 'assigned' order by id limit 3)",
    )
    planned = json.loads(run(*command, "--dry-run").stdout)
    assert (planned["dry_run"], planned["made"], len(planned["pairs"])) == (True, 0, 3)
    made = json.loads(run(*command).stdout)
    assert (made["made"], made["pairs"]) == (3, planned["pairs"])
    assert json.loads(run(*command).stdout)["made"] == 0


def test_assign_repairs_with_the_least_change(run: Run, demo_copy: Path) -> None:
    command = ("assign", "technical-innovation-2021", "--round", "preliminary", "--json", "--data", demo_copy)
    planned = json.loads(run(*command, "--repair", "--dry-run").stdout)
    leaving = next(iter(planned["load"]))
    shown = json.loads(run(*command, "--leaving", leaving, "--dry-run").stdout)
    assert (planned["made"], planned["removed"], planned["lost"]) == (0, [], [])
    assert {judge for judge, _ in shown["lost"]} == {leaving}
    assert run(*command, "--leaving", leaving).exit_code == 2
    made = json.loads(run(*command, "--leaving", leaving, "--reason", "Ốm").stdout)
    assert (made["lost"], made["pairs"], made["made"]) == (shown["lost"], shown["pairs"], len(shown["pairs"]))
    assert json.loads(run(*command, "--repair", "--dry-run").stdout)["lost"] == []
    assert run(*command, "--leaving", leaving, "--reason", "Ốm").exit_code == 1


def test_import_shows_then_writes_then_finds_nothing_to_do(run: Run, demo_copy: Path, tmp_path: Path) -> None:
    table = tmp_path / "bang.csv"
    table.write_text("Tên dự án;Lĩnh vực;Tác giả\nDự án giấy;1;Nông Mẫu An\n", "utf-8")

    def told(*options: str, code: int = 0) -> dict[str, object]:
        done = run("import", "startup-2021", str(table), "--json", "--data", demo_copy, *options)
        assert done.exit_code == code, done.stderr
        document = json.loads(done.stdout)
        return {key: document[key] for key in ("new", "changed", "unchanged", "refused", "applied")}

    new = {"new": 1, "changed": 0, "unchanged": 0, "refused": 0, "applied": False}
    assert told("--dry-run") == new
    assert told() == {**new, "applied": True}
    assert told() == {**new, "new": 0, "unchanged": 1, "applied": True}
    table.write_text("Tên dự án;Lĩnh vực;Tác giả\nDự án khác;999;Nông Mẫu An\n", "utf-8")
    assert told(code=1) == {**new, "new": 0, "refused": 1}
