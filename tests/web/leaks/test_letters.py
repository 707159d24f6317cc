"""Letters tell their readers no secret: the same act in two worlds sends the same words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Job
from judging.mail import MemoryTransport
from judging.services.judges.new_work import tell_judges
from judging.services.letters import LETTER_JOB, deliver_letter
from tests.web.conftest import csrf_token
from tests.web.leaks.changes import FACTS
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.world import World

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")


_KEY = re.compile(r"key=[\w-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody does, after which somebody else gets a letter."""

    by: str
    path: Callable[[World], str]
    form: Mapping[str, str]
    reader: str


ACTS = {
    "reopened": Act(
        by="organiser", path=lambda world: f"/organise/assignments/{world.assignments['e-judge_1']}/reopen",
        form={"reason": "Xem lại tiêu chí đầu."}, reader="judge_1",
    ),
    "aside-answered": Act(
        by="organiser", path=lambda world: f"/organise/assignments/{world.assignments['a-judge_3']}/aside",
        form={"answer": "Mô hình đã có ở phòng 2."}, reader="judge_3",
    ),
    "reopened-unlocked": Act(
        by="organiser", path=lambda world: f"/organise/assignments/{world.assignments['a-judge_2']}/reopen",
        form={"reason": "Xem lại tiêu chí đầu."}, reader="judge_2",
    ),
    "removed": Act(
        by="organiser", path=lambda world: f"/organise/entries/{world.entries['d']}/remove",
        form={"state": "withdrawn", "reason": "Theo yêu cầu của tác giả."}, reader="contestant_b",
    ),
    "appointed": Act(
        by="organiser", path=lambda _world: "/organise/judged/people/staff",
        form={"role": "auditor", "name": "Mẫu"}, reader="stranger",
    ),
}  # fmt: skip


_UNCHANGED = frozenset({"winner"})
"""A prize cannot be another entry's where nothing is published."""


def _nothing_published(copy: sqlite3.Connection, _world: World) -> None:
    """Take the ranking away that lies ready: while results are published no entry can be taken out."""
    copy.execute("DELETE FROM publication")


def _letters(site: Site, folder: Path, changes: list[Change], act: Act) -> list[tuple[str, str]]:
    folder.mkdir()
    twin = site.changed(folder, changes)
    try:
        client = twin.client(act.by)
        token = csrf_token(client, "/account")
        form = {**act.form, "email": site.world.emails["stranger"], "csrf_token": token}
        assert client.post(act.path(site.world), data=form).status_code in (200, 302)
        return letters_to(twin, act.reader)
    finally:
        twin.close()


def letters_to(site: Site, role: str) -> list[tuple[str, str]]:
    """What lies ready for this person, subject and text."""
    transport = MemoryTransport()
    with site.platform.database.reading() as session:
        for job in session.scalars(select(Job).where(Job.name == LETTER_JOB).order_by(Job.id)):
            deliver_letter(job.payload, transport=transport, settings=site.settings, key=job.id)
    # The key of a link is drawn anew for each letter.
    to = site.world.emails[role]
    return [(letter.subject, _KEY.sub("key=", letter.text)) for letter in transport.sent if letter.to == to]


@pytest.mark.parametrize("name", ACTS)
def test_letter_says_the_same_in_both_worlds(site: Site, tmp_path: Path, name: str) -> None:
    act = ACTS[name]
    secrets = [fact.change for fact in FACTS if act.reader not in fact.known_to and fact.key not in _UNCHANGED]
    here = _letters(site, tmp_path / "here", [_nothing_published], act)
    there = _letters(site, tmp_path / "there", [_nothing_published, *secrets], act)
    assert here, "no letter was sent: the test proves nothing"
    assert here == there


def test_judges_are_told_of_new_work_in_the_same_words(site: Site, tmp_path: Path) -> None:
    told = []
    for name, secrets in (("here", []), ("there", [fact.change for fact in FACTS if "judge_3" not in fact.known_to])):
        (tmp_path / name).mkdir()
        twin = site.changed(tmp_path / name, secrets)
        try:
            database, contest = twin.platform.database, site.world.contest
            tell_judges(database, registry=site.registry, settings=twin.settings, contest_id=contest, now=TODAY)
            told.append(letters_to(twin, "judge_3"))
        finally:
            twin.close()
    assert told[0], "no letter was sent: the test proves nothing"
    assert told[0] == told[1]
