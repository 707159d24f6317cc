"""The entries of the demonstration look like honest ones, and a copy among them is found."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Contest, Entry
from judging.db.types import new_id
from judging.services.entries.similar import contents
from judging.services.entries.similar.index import find_document
from judging.services.entries.similar.searching import search_similar
from judging.services.entries.similar.work import Searcher, entries_to_index
from tests.demo.made import NOW, copy_demo, opened

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

YOUTH = "youth-creativity-2021"
REPLACED = 0.45


def test_one_in_fifty_of_the_demo_is_flagged_at_most_and_a_planted_copy_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Papers of the demo are pictures of pages: reading each in its process takes minutes and tells no word.
    monkeypatch.setattr(contents, "READ", frozenset[str]())
    with opened(copy_demo(tmp_path / "copy")) as platform:
        searcher = Searcher(database=platform.database, registry=platform.registry, files=platform.files)
        with platform.database.reading() as session:
            organisation = session.scalars(select(Contest.organisation_id)).first()
            ids = entries_to_index(session, organisation_id=str(organisation))
        assert len(ids) >= 200
        assert all(searcher.index(one, now=NOW) for one in ids)
        with platform.database.reading() as session:
            flagged = [one for one in ids if _suggested(session, one)]
        assert len(flagged) <= len(ids) / 50

        with platform.database.writing() as session:
            original, copy = _plant(session)
        assert searcher.index(copy, now=NOW)
        with platform.database.reading() as session:
            assert original in _suggested(session, copy)
            assert copy in _suggested(session, original)


def _suggested(session: Session, entry_id: str) -> list[str]:
    document = find_document(session, entry_id)
    assert document is not None
    return [one.entry_id for one in search_similar(session, document=document)]


def _plant(session: Session) -> tuple[str, str]:
    """The tenth entry once more, retitled, 45 % of its words exchanged for words of the other entries."""
    contest = session.scalars(select(Contest).where(Contest.slug == YOUTH)).one()
    handed_in = select(Entry).where(Entry.contest_id == contest.id, Entry.submitted_at.is_not(None))
    entries = session.scalars(handed_in.order_by(Entry.number)).all()
    original, chance = entries[9], Random(9)
    words = [word for one in entries if one is not original for word in _texts(one).split()]
    answers = {
        key: _reworded(value, words, chance) if isinstance(value, str) and " " in value else value
        for key, value in original.answers.items()
    }
    copy = Entry(
        id=new_id(), contest_id=contest.id, owner_id=original.owner_id, number=9_001, alias="E-PLANTED",
        title="Một tên hoàn toàn khác", category=original.category, unit="", state="submitted", answers=answers,
        version=1, created_at=NOW, changed_at=NOW, submitted_at=NOW,
    )  # fmt: skip
    session.add(copy)
    session.flush()
    return original.id, copy.id


def _texts(entry: Entry) -> str:
    return " ".join(value for value in entry.answers.values() if isinstance(value, str))


def _reworded(text: str, words: list[str], chance: Random) -> str:
    return " ".join(chance.choice(words) if chance.random() < REPLACED else word for word in text.split())
