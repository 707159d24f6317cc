"""`judging token` prints a personal token once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from judging.cli.token import SCOPES
from judging.composition import compose
from judging.services.access import api_tokens
from judging.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result


def test_scopes_of_the_command_are_those_of_the_service() -> None:
    assert tuple(api_tokens.SCOPES) == SCOPES


def test_token_is_printed_and_works(run: Callable[..., Result], tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert run("init", "--data", data).exit_code == 0

    made = run("token", "ADMIN@example.vn", "--scope", "read", "--days", "3", "--json", "--data", data)

    assert made.exit_code == 0, made.output
    answer = json.loads(made.stdout)
    assert (answer["email"], answer["scopes"]) == ("admin@example.vn", ["read"])
    left = datetime.fromisoformat(answer["expires_at"]) - datetime.now(UTC)
    assert timedelta(days=2, hours=23) < left <= timedelta(days=3)
    platform = compose(Settings.from_environment({}, data=data))
    with platform.database.reading() as session:
        found = api_tokens.find_token(session, text=answer["token"], now=datetime.now(UTC))
        assert found is not None
        assert found.account.email == "admin@example.vn"
    platform.database.close()
    plain = run("token", "admin@example.vn", "--data", data)
    assert plain.stdout.strip().startswith("jt_")
    assert len(plain.stdout.strip().splitlines()) == 1


def test_unknown_address_and_scope_are_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    data = tmp_path / "data"
    run("init", "--data", data)

    assert run("token", "nobody@example.vn", "--data", data).exit_code == 1
    assert run("token", "admin@example.vn", "--scope", "everything", "--data", data).exit_code == 2
