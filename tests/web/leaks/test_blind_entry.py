"""T06: of what a judge of a blind round opens, downloads, prints or takes away, no byte says whose work it is."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.composition import create_web
from judging.db.models import Account, Contest, DataExport
from judging.domain.marks import lines_of
from judging.services.access.api_tokens import SCOPES, make_token
from judging.services.contests.editions import contest_rules
from judging.services.privacy.my_data.exports import make_export
from judging.settings import Settings, create_data_folder
from tests.factories import even_marks
from tests.services.files.contents import samples
from tests.web.leaks.blind_world import HANDED_IN, TITLE, build_blind_world, get, walk
from tests.web.leaks.clock import noon
from tests.web.leaks.desk_acts import Sent, send
from tests.web.leaks.site import make_platform
from tests.web.leaks.visits import sign_in
from tests.web.leaks.world import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.domain.rules import Round
    from judging.plugins import Registry
    from judging.services.platform import Platform
    from tests.web.leaks.blind_world import BlindWorld, Got

pytestmark = pytest.mark.xdist_group("leaks")

COPIES = {samples.MEDIA_TYPES[kind] for kind, (_item, _make, copied) in HANDED_IN.items() if copied}


class Day:
    """The judge's day: before conflicts are declared, while marking, once the sheet is in; each walked whole."""

    def __init__(self, platform: Platform, world: BlindWorld) -> None:
        self.platform, self.world = platform, world
        self.app: Flask = create_web(platform)
        self.app.testing = True
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.judge = self.enter("judge")
        self.sheet = f"/judge/sheets/{world.values['assignment_id'][0]}"
        self.walks = {"undeclared": walk(self.app, self.judge, world)}
        self._declare()
        self.walks["marking"] = walk(self.app, self.judge, world)
        self.printed = get(self.enter("secretary"), "/organise/blind/rounds/preliminary/paper/print")
        self._submit()
        self.walks["submitted"] = walk(self.app, self.judge, world)

    def enter(self, role: str) -> FlaskClient:
        """A browser of theirs, which carries a program's token too."""
        client = self.app.test_client()
        client.set_cookie("lang", "en")
        sign_in(client, self.world.emails[role])
        with self.platform.database.writing() as session:
            account = session.get_one(Account, self.world.accounts[role])
            made = make_token(session, account=account, name="walk", scopes=SCOPES, now=TODAY)
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {made.text}"
        return client

    def judged(self) -> Round:
        """The blind round."""
        with self.platform.database.reading() as session:
            return contest_rules(self.platform.registry, session.scalars(select(Contest)).one()).rounds[0]

    def _declare(self) -> None:
        path, reading = "/judge/blind/conflicts", self.world.values["assignment_id"][0]
        assert TITLE.encode() in self.walks["undeclared"][path].body
        done = send(self.judge, Sent(name="declare", method="POST", path=path,
                                     form={f"kind-{reading}": "none", "looked": "1"}))  # fmt: skip
        assert done.status == 302

    def _submit(self) -> None:
        judged = self.judged()
        form = {**{f"m-{key}": str(mark) for key, mark in even_marks(judged).items()}, "comment": "Tốt."}
        assert set(form) == {"comment", *(f"m-{key}" for key in lines_of(judged.rubric))}
        done = send(self.judge, Sent(name="submit", method="POST", path=self.sheet, form={**form, "action": "submit"}))
        assert done.status == 302


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry) -> Iterator[Day]:
    settings = Settings.from_environment({}, data=create_data_folder(tmp_path_factory.mktemp("blind") / "data"))
    shutil.copyfile(sqlite_template, settings.data / "judging.db")
    platform = make_platform(settings, registry)
    with noon():
        made = Day(platform, build_blind_world(platform))
    yield made
    platform.database.close()


def _telling(walked: dict[str, Got]) -> list[str]:
    return [path for path, got in walked.items() if got.tells]


@pytest.mark.parametrize("at", ["undeclared", "marking", "submitted"])
def test_nothing_that_the_judge_is_given_says_whose_work_it_is(day: Day, at: str) -> None:
    assert [path for path, got in day.walks[at].items() if got.status >= 500] == []
    assert _telling(day.walks[at]) == []


def test_judge_was_given_everything_there_is(day: Day) -> None:
    """The walk proves something only of what it has seen: pages, copies of each kind, pictures, the device's list."""
    opened = {path: got for path, got in day.walks["marking"].items() if got.status == 200}
    for start in ("/judge/sheets/", "/judge/offline/work", "/judge/blind/timetable", "/judge/blind/rooms/",
                  "/api/v1/me/assignments", "/api/v1/entries/", "/api/v1/assignments/"):  # fmt: skip
        assert any(path.startswith(start) and TITLE.encode() in got.body for path, got in opened.items()), start
    for beginning in ("/entries/", "/api/v1/entries/"):
        files = Counter(
            got.media_type for path, got in opened.items() if path.startswith(beginning) and "/files/" in path
        )
        assert set(files) == COPIES, beginning
    assert any("/pictures/" in path and got.media_type == "image/webp" for path, got in opened.items())
    assert f"{day.sheet}/receipt" in {path for path, got in day.walks["submitted"].items() if got.status == 200}
    assert {f"{day.sheet}/versions/1", f"{day.sheet}/receipts/1"} <= set(day.walks["submitted"])
    device = opened["/judge/offline/work"].body.decode()
    assert sum(path in device for path in opened if "/files/" in path) >= len(COPIES)


def test_office_reads_who_made_it(day: Day) -> None:
    """So that there is something to tell, in pages, answers for programs and files."""
    walked = walk(day.app, day.enter("secretary"), day.world)
    entry = day.world.values["entry_id"][0]
    told = _telling(walked)
    assert f"/organise/entries/{entry}" in {path.rstrip("/") for path in told}
    assert f"/api/v1/entries/{entry}" in told
    assert len([path for path in told if "/files/" in path]) >= len(HANDED_IN)


def test_printed_sheet_says_only_what_the_judge_may_know(day: Day) -> None:
    """The office prints it, the judge holds it."""
    assert day.printed.status == 200
    assert TITLE.encode() in day.printed.body
    assert not day.printed.tells


def test_archive_of_the_judges_own_data_says_nothing_of_authors(day: Day) -> None:
    asked = Sent(name="export", method="POST", path="/account/data/exports", form={})
    assert send(day.judge, asked).status in (200, 302)
    with day.platform.database.reading() as session:
        export = session.scalars(select(DataExport)).one()
    make_export(
        day.platform.database, registry=day.platform.registry, files=day.platform.files,
        settings=day.platform.settings, export_id=export.id, now=TODAY,
    )  # fmt: skip
    archive = get(day.judge, f"/account/data/exports/{export.id}")
    assert (archive.status, archive.body[:2]) == (200, b"PK")
    assert not archive.tells
