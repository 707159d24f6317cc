"""Revision 0021: what was plain is sealed under the installation's key, and comes back when the tables go back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from judging import migrations
from judging.db.engine import make_engine
from judging.db.models import AgeCheck, DraftText, EntryMember, IdempotentAnswer, ImportSheet, Receipt
from judging.db.sealed import SealBroken
from judging.db.session import Database
from judging.paths import migrations_folder
from tests.servers import fresh_database

BORN = date(2011, 3, 14)
KEY = "k" * 48
AT = "2021-06-01 08:00:00.000000"
CONTENT = {"members": [{"born": BORN.isoformat(), "name": "Nông Mẫu Bình"}]}
ROWS = [[2, "Bình", "14/03/2011"]]
as_json = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
"""How the program writes a document."""
PLAIN: dict[str, list[dict[str, Any]]] = {
    "account": [
        {"id": "a", "email": "a@example.vn", "email_key": "a@example.vn", "name": "A", "password_hash": "",
         "locale": "vi", "is_administrator": False, "created_at": AT},
    ],
    "organisation": [{"id": "o", "slug": "o", "name": "O", "created_at": AT}],
    "contest": [
        {"id": "c", "organisation_id": "o", "slug": "c", "kind": "youth-creativity", "title": "C", "year": 2021,
         "created_at": AT},
    ],
    "entry": [
        {"id": "e", "contest_id": "c", "owner_id": "a", "number": 1, "alias": "e-1", "created_at": AT,
         "changed_at": AT},
    ],
    "entry_member": [
        {"id": f"m{at}", "entry_id": "e", "position": at, "name": "Bình", "born": born, "is_lead": at == 0}
        for at, born in enumerate([BORN.isoformat(), None])
    ],
    "draft_text": [
        {"id": "d", "entry_id": "e", "field": "member:m0:born", "number": 1, "state": "version", "at": AT,
         "text": BORN.isoformat(), "page": ""},
    ],
    "receipt": [
        {"id": "r", "entry_id": "e", "number": "1", "at": AT, "sha256": "0" * 64, "content": as_json(CONTENT)},
    ],
    "import_sheet": [
        {"id": "i", "contest_id": "c", "account_id": "a", "filename": "b.csv", "sha256": "0" * 64, "encoding": "",
         "head": "[]", "rows": as_json(ROWS), "columns": "[]", "created_at": AT},
    ],
    "idempotent_answer": [
        {"id": "q", "account_id": "a", "key": "k", "request_sha256": "1" * 64, "status": 201, "headers": "{}",
         "body": f'{{"born":"{BORN}"}}', "created_at": AT},
    ],
    "age_check": [
        {"id": "g", "entry_id": "e", "member_id": "m0", "person_sha256": "2" * 64, "by_id": "a", "at": AT},
    ],
}  # fmt: skip
CANARIES = (b"2011-03-14", b"14/03/2011", b"1" * 64, b"2" * 64)


def before(engine: Engine) -> None:
    """The tables as they were, with rows."""
    script = ScriptDirectory(str(migrations_folder())).get_revision("0021")
    assert isinstance(script.down_revision, str)
    migrations.upgrade(engine, script.down_revision)
    with Database(engine).write_lock(), engine.begin() as connection:
        for table, rows in PLAIN.items():
            known = needed_values(connection, table)
            for row in rows:
                full = {**known, **row}
                names = ", ".join(f'"{name}"' for name in full)
                marks = ", ".join(f":{name}" for name in full)
                connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({marks})'), full)  # noqa: S608


def needed_values(connection: Connection, table: str) -> dict[str, Any]:
    """What a row needs besides what this test says of it: an empty value for each text that may not be missing."""
    needed = {}
    for column in inspect(connection).get_columns(table):
        if not column["nullable"] and column["default"] is None:
            kind = str(column["type"]).upper()
            needed[column["name"]] = "{}" if "JSON" in kind else 1 if "INT" in kind else "" if "CHAR" in kind else False
    return needed


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/judging.db"
        return
    with fresh_database(request.getfixturevalue("postgres_server"), "template1") as made:
        yield made


@pytest.fixture
def old(address: str) -> Iterator[Engine]:
    """A database at the revision before, with rows, opened with the key."""
    engine = make_engine(address, secret_key=KEY)
    before(engine)
    yield engine
    engine.dispose()


def stored(engine: Engine) -> bytes:
    """Every value of the tables, as the database gives it, and for SQLite the bytes of its files."""
    kept = []
    with engine.connect() as connection:
        for table in PLAIN:
            kept += [str(row) for row in connection.execute(text(f'SELECT * FROM "{table}"'))]  # noqa: S608
    engine.dispose()
    folder = Path(engine.url.database or "").parent if engine.dialect.name == "sqlite" else None
    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()] if folder else []
    return b"\n".join([*(one.encode() for one in kept), *files])


def test_what_was_plain_is_sealed_and_reads_as_before(old: Engine) -> None:
    assert [one for one in CANARIES if one not in stored(old)] == []

    migrations.upgrade(old)

    assert [one for one in CANARIES if one in stored(old)] == []
    with Database(old).reading() as session:
        people = [session.get_one(EntryMember, one) for one in ("m0", "m1")]
        assert [one.born for one in people] == [BORN, None]
        assert session.get_one(DraftText, "d").text == "2011-03-14"
        assert session.get_one(Receipt, "r").content == CONTENT
        assert session.get_one(ImportSheet, "i").rows == ROWS
        assert session.get_one(IdempotentAnswer, "q").body == '{"born":"2011-03-14"}'
        assert session.get_one(IdempotentAnswer, "q").request_sha256 == "1" * 64
        assert session.get_one(AgeCheck, "g").person_sha256 == "2" * 64
    assert migrations.differences(old) == []


def test_tables_that_go_back_hold_plain_values_again(old: Engine) -> None:
    with old.connect() as connection:
        first = {table: connection.execute(text(f'SELECT * FROM "{table}" ORDER BY id')).all() for table in PLAIN}  # noqa: S608
        revision = connection.scalar(text("SELECT version_num FROM alembic_version"))

    migrations.upgrade(old)
    migrations.downgrade(old, revision)

    with old.connect() as connection:
        for table, rows in first.items():
            assert connection.execute(text(f'SELECT * FROM "{table}" ORDER BY id')).all() == rows, table  # noqa: S608


def test_without_the_key_nothing_is_changed(old: Engine, address: str) -> None:
    keyless = make_engine(address)
    try:
        with pytest.raises(SealBroken, match="opened without the installation's key"):
            migrations.upgrade(keyless)
        assert migrations.current(keyless) != migrations.newest()
    finally:
        keyless.dispose()
    assert [one for one in CANARIES if one not in stored(old)] == []
