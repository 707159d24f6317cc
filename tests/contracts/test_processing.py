"""What is kept of people is tagged column by column, and the record of processing says just that."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, MetaData, String, Table

from judging.db import personal
from tools.processing_page import PAGE, page


def test_every_column_about_people_is_tagged() -> None:
    assert personal.untagged_columns() == [], "say in judging/db/personal.py what the column tells of a person"


def test_page_is_what_the_columns_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.processing_page`"


@pytest.mark.parametrize("name", ["a_new_table", "panel"])
def test_new_table_about_people_is_noticed(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    metadata = MetaData()
    Table("account", metadata, Column("id", String(36), primary_key=True))
    Table(name, metadata, Column("account_id", ForeignKey("account.id")), Column("phone", String(20)))
    monkeypatch.setattr(personal, "_METADATA", metadata)

    found = personal.untagged_columns()

    assert (f"{name}.phone" in found) or (f"{name} refers to account" in found)


def test_no_tag_is_of_a_column_that_is_gone() -> None:
    tagged = {
        (one.name, column)
        for one in personal.record_of_processing()
        for _, columns in one.columns
        for column in columns
    }

    assert ("entry_member", "born") in tagged
    assert ("account", "password_hash") in tagged
    assert not any(table == "contest_round" for table, _ in tagged)
