"""Columns that lie sealed: what the database holds, who can read it, and what it may be asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Engine, MetaData, String, Table, Text, insert, null, select, type_coerce, update
from sqlalchemy.exc import StatementError

from judging.db.base import Base
from judging.db.engine import make_engine
from judging.db.sealed import SealBroken, SealedDay, SealedJson, SealedText, sealed_columns

BORN = date(2011, 3, 14)
VALUES = Table(
    "sealed_value",
    MetaData(),
    Column("id", String(36), primary_key=True),
    Column("born", SealedDay("birth")),
    Column("text", SealedText("draft")),
    Column("document", SealedJson("receipt")),
)
COLUMNS = VALUES.columns


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = make_engine(f"sqlite:///{tmp_path}/sealed.db", secret_key="k" * 48)
    VALUES.create(made)
    return made


def store(engine: Engine, **values: Any) -> str | None:
    """Store a row; returns what the database holds of it."""
    (name,) = values
    with engine.begin() as connection:
        connection.execute(insert(VALUES).values(id=f"{name}-{values[name]!s:.20}", **values))
        return connection.scalar(select(type_coerce(COLUMNS[name], Text)).where(COLUMNS[name].is_not(None)))


def read(engine: Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.scalar(select(COLUMNS[name]))


@pytest.mark.parametrize(
    ("name", "value"),
    [("born", BORN), ("text", "Ngày sinh 14/3/2011"), ("text", ""), ("document", {"born": "2011-03-14", "a": [1]})],
)
def test_value_comes_back_and_the_database_holds_none_of_it(engine: Engine, name: str, value: object) -> None:
    held = store(engine, **{name: value})

    assert read(engine, name) == value
    assert held is not None
    assert held.isascii()
    assert "2011" not in held


def test_same_value_looks_different_each_time(engine: Engine) -> None:
    first = store(engine, born=BORN)
    with engine.begin() as connection:
        connection.execute(update(VALUES).values(born=BORN))
        assert connection.scalar(select(type_coerce(COLUMNS.born, Text))) != first


def test_missing_value_stays_missing(engine: Engine) -> None:
    assert store(engine, born=None) is None
    assert read(engine, "born") is None


def test_other_key_opens_nothing(engine: Engine) -> None:
    store(engine, born=BORN)
    other = make_engine(str(engine.url), secret_key="o" * 48)

    with pytest.raises(SealBroken, match="cannot be read with this installation's key"):
        read(other, "born")


def test_engine_without_a_key_neither_reads_nor_writes(engine: Engine) -> None:
    store(engine, born=BORN)
    other = make_engine(str(engine.url))

    with pytest.raises(SealBroken, match="opened without the installation's key"):
        read(other, "born")
    with pytest.raises((SealBroken, StatementError), match="opened without the installation's key"):
        store(other, text="x")


def test_value_of_another_purpose_is_not_taken(engine: Engine) -> None:
    held = store(engine, text=BORN.isoformat())
    with engine.begin() as connection:
        connection.execute(update(VALUES).values(born=type_coerce(held, Text)))

    with pytest.raises(SealBroken):
        read(engine, "born")


@pytest.mark.parametrize("plain", ["2011-03-14", "", "Ngày sinh", "AAAA"])
def test_plain_value_is_not_taken_for_a_sealed_one(engine: Engine, plain: str) -> None:
    with engine.begin() as connection:
        connection.execute(insert(VALUES).values(id="1", born=type_coerce(plain, Text)))

    with pytest.raises(SealBroken):
        read(engine, "born")


def test_comparison_that_would_quietly_be_false_is_refused(engine: Engine) -> None:
    for ask in (
        lambda: COLUMNS.born == BORN,
        lambda: COLUMNS.born < BORN,
        lambda: COLUMNS.born.in_([BORN]),
        lambda: COLUMNS.text.contains("2011"),
        lambda: COLUMNS.born.is_distinct_from(COLUMNS.text),
    ):
        with pytest.raises(TypeError, match="is sealed: a database cannot compare it"):
            ask()
    assert str(COLUMNS.born.is_(null())) == "sealed_value.born IS NULL"


def test_what_lies_sealed_is_this() -> None:
    assert sorted(str(one) for one in sealed_columns(Base.metadata)) == [
        "age_check.person_sha256", "draft_text.text", "entry_member.born", "idempotent_answer.body",
        "idempotent_answer.request_sha256", "import_sheet.rows", "receipt.content",
    ]  # fmt: skip
