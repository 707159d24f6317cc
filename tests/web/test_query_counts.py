"""Every page with a list makes as many queries for a thousand rows as for ten."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from judging.composition import compose, create_web
from judging.settings import Settings, create_data_folder
from tests.web.crowd import gather_crowd
from tests.web.leaks.visits import sign_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask.testing import FlaskClient

    from judging.plugins import Registry

pytestmark = pytest.mark.xdist_group("crowd")

FEW, MANY = 10, 1000
_LIST = re.compile(r"\(\?(?:, \?)*\)")

PAGES = (
    ("guest", "/"),
    ("guest", "/contests/published/"),
    ("guest", "/contests/published/results"),
    ("guest", "/contests/published/results.csv"),
    ("contestant", "/my/entries"),
    ("contestant", "/contests/judged/enter"),
    ("judge", "/judge/"),
    ("judge", "/judge/judged/"),
    ("judge", "/judge/waiting/"),
    ("judge", "/judge/waiting/conflicts"),
    ("judge", "/judge/judged/panel"),
    ("judge", "/judge/judged/again"),
    ("organiser", "/organise/"),
    ("organiser", "/organise/judged/"),
    ("organiser", "/organise/waiting/"),
    ("organiser", "/organise/judged/entries"),
    ("organiser", "/organise/judged/entries?sort=title&q=nông"),
    ("organiser", "/organise/judged/entries.csv"),
    ("organiser", "/organise/waiting/screening"),
    ("organiser", "/organise/judged/similar"),
    ("organiser", "/organise/waiting/screening?flag=consent"),
    ("organiser", "/organise/waiting/eligible"),
    ("organiser", "/organise/waiting/eligible.csv"),
    ("organiser", "/api/v1/contests/waiting/screening"),
    ("organiser", "/organise/waiting/receiving?show=all"),
    ("organiser", "/organise/judged/similar?state=all"),
    ("organiser", "/organise/judged/messages"),
    ("organiser", "/api/v1/contests/judged/messages"),
    ("organiser", "/organise/judged/requests"),
    ("contestant", "/account/data"),
    ("organiser", "/organise/judged/rounds/preliminary/assignment"),
    ("organiser", "/organise/waiting/rounds/preliminary/assignment"),
    ("organiser", "/organise/judged/rounds/preliminary/assignment/repair"),
    ("organiser", "/api/v1/contests/judged/rounds/preliminary/assignments?repair=true"),
    ("organiser", "/organise/judged/rounds/preliminary/progress"),
    ("organiser", "/organise/judged/rounds/preliminary/progress/live"),
    ("organiser", "/api/v1/contests/judged/rounds/preliminary/progress"),
    ("organiser", "/organise/judged/rounds/preliminary/repeats"),
    ("organiser", "/organise/judged/rounds/preliminary/repeats.csv"),
    ("organiser", "/organise/judged/rounds/preliminary/timetable"),
    ("organiser", "/organise/judged/rounds/preliminary/booths"),
    ("judge", "/judge/judged/timetable"),
    ("organiser", "/organise/judged/rounds/preliminary/standings"),
    ("organiser", "/organise/judged/rounds/preliminary/standings.csv"),
    ("organiser", "/organise/published/prizes"),
    ("organiser", "/organise/published/publication"),
    ("organiser", "/organise/judged/publication"),
    ("organiser", "/organise/judged/overrides"),
    ("organiser", "/organise/judged/conflicts"),
    ("organiser", "/organise/judged/conflicts?state="),
    ("organiser", "/organise/judged/conflicts/terms"),
    ("organiser", "/organise/judged/conflicts/forced"),
    ("judge", "/judge/judged/conflicts/units"),
    ("organiser", "/api/v1/contests/judged/forced-assignments"),
    ("organiser", "/organise/judged/record"),
    ("organiser", "/organise/judged/people"),
    ("organiser", "/organise/judged/people/panels"),
    ("organiser", "/organise/judged/settings"),
    ("organiser", "/organise/published/documents"),
    ("organiser", "/organise/published/reports"),
    ("guest", "/api/v1/contests"),
    ("guest", "/api/v1/contests/published/results"),
    ("guest", "/api/v1/contests/published/rounds/final/standings"),
    ("contestant", "/api/v1/contests/judged/entries"),
    ("judge", "/api/v1/me/assignments"),
    ("judge", "/api/v1/contests/waiting/conflicts"),
    ("organiser", "/api/v1/contests/judged/entries"),
    ("organiser", "/api/v1/contests/judged/judges"),
    ("organiser", "/api/v1/contests/judged/panels"),
    ("organiser", "/api/v1/contests/waiting/rounds/preliminary/assignments"),
    ("organiser", "/api/v1/contests/judged/rounds/preliminary/standings"),
    ("organiser", "/api/v1/contests/judged/rounds/preliminary/sheets"),
    ("organiser", "/api/v1/contests/published/prizes"),
    ("organiser", "/api/v1/contests/judged/overrides"),
    ("administrator", "/admin/"),
    ("administrator", "/admin/accounts"),
    ("administrator", "/admin/organisations"),
    ("administrator", "/admin/requests"),
    ("administrator", "/admin/reads"),
    ("administrator", "/admin/reads.csv"),
)

SUMMARIES = {
    "/contests/published/",
    "/contests/judged/enter",
    "/judge/",
    "/organise/judged/",
    "/organise/waiting/",
    "/organise/waiting/rounds/preliminary/assignment",
    "/organise/judged/rounds/preliminary/assignment/repair",
    "/api/v1/contests/judged/rounds/preliminary/assignments?repair=true",
    "/organise/published/publication",
    "/organise/judged/publication",
    "/organise/judged/people/panels",
    "/organise/judged/settings",
    "/organise/published/documents",
    "/organise/published/reports",
    "/api/v1/contests/judged/panels",
    "/admin/",
}
"""Pages that count or sum up what there is; all others show row by row, up to a page of them."""


class Installation:
    """A running application with `size` of everything, whose queries can be counted."""

    def __init__(self, settings: Settings, registry: Registry, size: int) -> None:
        self.platform = compose(settings, registry=registry)
        with self.platform.database.writing() as session:
            self.crowd = gather_crowd(session, registry, size)
        self.app = create_web(self.platform)
        self.clients: dict[str, FlaskClient] = {}
        self.statements: list[str] = []
        event.listen(self.platform.database.engine, "before_cursor_execute", self._note)

    def ask(self, person: str, path: str) -> tuple[list[str], int]:
        """The statements made for a page, which must be there, and the page's size in bytes."""
        client = self._client(person)
        with client.get(path) as response:
            # The first answer also writes down that the session is in use.
            assert response.status_code == 200, f"{path}: {response.status}"
        self.statements.clear()
        with client.get(path) as response:
            return list(self.statements), len(response.get_data())

    def close(self) -> None:
        self.platform.database.close()

    def _client(self, person: str) -> FlaskClient:
        if person not in self.clients:
            client = self.clients[person] = self.app.test_client()
            client.set_cookie("lang", "en")
            if person != "guest":
                sign_in(client, self.crowd.emails[person])
                client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.crowd.tokens[person]}"
        return self.clients[person]

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        # The length of a list of values is no other query.
        self.statements.append(_LIST.sub("(?)", statement))


@pytest.fixture(scope="module")
def installations(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry
) -> Iterator[dict[int, Installation]]:
    made = {}
    for size in (FEW, MANY):
        settings = Settings.from_environment({}, data=create_data_folder(tmp_path_factory.mktemp("crowd") / "data"))
        shutil.copyfile(sqlite_template, settings.data / "judging.db")
        made[size] = Installation(settings, registry, size)
    yield made
    for one in made.values():
        one.close()


@pytest.mark.parametrize(("person", "path"), PAGES)
def test_list_makes_as_many_queries_for_many_rows(
    installations: dict[int, Installation], person: str, path: str
) -> None:
    (few, short), (many, long) = (installations[size].ask(person, path) for size in (FEW, MANY))
    assert Counter(many) - Counter(few) == Counter()
    assert len(many) == len(few)
    assert path in SUMMARIES or long > 1.3 * short, "the page shows no more rows: the test proves nothing"


def test_count_notices_a_query_for_each_row(installations: dict[int, Installation]) -> None:
    """The ruler itself: reading each row on its own is seen as more queries."""
    counts = []
    for size, installation in installations.items():
        installation.statements.clear()
        with installation.platform.database.reading() as session:
            for _ in range(size):
                session.connection().exec_driver_sql("SELECT 1")
        counts.append(len(installation.statements))
    assert counts[1] - counts[0] == MANY - FEW
