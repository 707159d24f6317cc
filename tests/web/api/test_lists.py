"""Every list makes as many queries for a thousand rows as for ten, and answers no more rows than asked for."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.composition import compose, create_web
from judging.db.models import Account
from judging.services.access.api_tokens import SCOPES, make_token
from judging.settings import Settings, create_data_folder
from tests.web.api.programs import Program, done
from tests.web.crowd import gather_crowd

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from judging.plugins import Registry

pytestmark = pytest.mark.xdist_group("crowd")

FEW, MANY, LIMIT = 10, 1000, 100
_VALUES = re.compile(r"\(\?(?:, \?)*\)")

LISTS = (
    ("guest", "/contests"),
    ("organiser", "/contests"),
    ("administrator", "/contests"),
    ("contestant", "/contests/judged/entries"),
    ("organiser", "/contests/judged/entries"),
    ("organiser", "/contests/waiting/entries?state=submitted"),
    ("organiser", "/contests/judged/judges"),
    ("organiser", "/contests/judged/rounds/preliminary/standings"),
    ("organiser", "/contests/judged/rounds/preliminary/sheets"),
    ("guest", "/contests/published/rounds/final/standings"),
    ("judge", "/me/assignments"),
    ("judge", "/me/assignments?contest=judged&state=submitted"),
)


class Installation:
    """A running application with so many rows of everything, whose statements are counted."""

    def __init__(self, settings: Settings, registry: Registry, size: int) -> None:
        self.platform = compose(settings, registry=registry)
        with self.platform.database.writing() as session:
            emails = gather_crowd(session, registry, size).emails
            accounts = {account.email: account for account in session.query(Account)}
            tokens = {
                person: make_token(
                    session, account=accounts[email], name="lists", scopes=tuple(SCOPES), now=datetime.now(UTC)
                ).text
                for person, email in emails.items()
            }
        app = create_web(self.platform)
        app.testing = True
        self.programs = {person: Program(client=app.test_client(), token=token) for person, token in tokens.items()}
        self.programs["guest"] = Program(client=app.test_client())
        self.statements: list[str] = []
        event.listen(self.platform.database.engine, "before_cursor_execute", self._note)

    def ask(self, person: str, path: str) -> tuple[Counter[str], int]:
        """The statements that a part of the list needs, and its number of rows."""
        path = f"{path}{'&' if '?' in path else '?'}limit={LIMIT}"
        # The first call also notes that the token is in use.
        done(self.programs[person].get(path))
        self.statements.clear()
        rows = done(self.programs[person].get(path))["items"]
        return Counter(self.statements), len(rows)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # The length of a list of values is no other query.
        self.statements.append(_VALUES.sub("(?)", statement))


@pytest.fixture(scope="module")
def installations(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry
) -> Iterator[dict[int, Installation]]:
    made = {}
    for size in (FEW, MANY):
        settings = Settings.from_environment({}, data=create_data_folder(tmp_path_factory.mktemp("lists") / "data"))
        shutil.copyfile(sqlite_template, settings.data / "judging.db")
        made[size] = Installation(settings, registry, size)
    yield made
    for one in made.values():
        one.platform.database.close()


@pytest.mark.parametrize(("person", "path"), LISTS)
def test_list_makes_as_many_queries_for_many_rows(
    installations: dict[int, Installation], person: str, path: str
) -> None:
    (few, short), (many, long) = (installations[size].ask(person, path) for size in (FEW, MANY))

    assert many == few
    assert (short < LIMIT, long) == (True, LIMIT)


def test_whole_list_is_read_by_following_the_cursors(installations: dict[int, Installation]) -> None:
    organiser = installations[MANY].programs["organiser"]
    for path, total in (("/contests/judged/rounds/preliminary/sheets", 2 * MANY), ("/contests/judged/judges", MANY)):
        seen: set[str] = set()
        following: str | None = ""
        while following is not None:
            part = done(organiser.get(f"{path}?limit={LIMIT}{following}"))
            rows = {one.get("assignment") or one["id"] for one in part["items"]}
            assert not rows & seen
            seen |= rows
            following = part["next"] and f"&cursor={part['next']}"
        assert len(seen) == total
