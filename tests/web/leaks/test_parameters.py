"""Lists asked for in every way, other methods, conditions and wrong addresses: nothing there tells a secret either.

The low roles - a guest, a contestant, a judge - ask in two worlds and are answered the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.addresses import missing_twin
from tests.web.leaks.changes import FACTS
from tests.web.leaks.clock import noon
from tests.web.leaks.parameters import one_of_each, relations, with_list_parameters
from tests.web.leaks.test_two_worlds import differing
from tests.web.leaks.visits import ask, visit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")

LOW = ("guest", "contestant_b", "judge_3")


@pytest.fixture(scope="module", params=LOW)
def worlds(request: pytest.FixtureRequest, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worlds]:
    role: str = request.param
    folder = tmp_path_factory.mktemp("parameters")
    with noon():
        twin = site.changed(folder, [fact.change for fact in FACTS if role not in fact.known_to])
        made = Worlds(role, site, twin)
    yield made
    twin.close()


class Worlds:
    """A low role before two applications that differ in all that it may not know."""

    def __init__(self, role: str, site: Site, twin: Site) -> None:
        self.role = role
        self.site = site
        self.twin = twin
        self.addresses = one_of_each(site, role)
        told = site.answers(role)
        self.open = [one for one in self.addresses if told[one.path].status == 200]

    def told_apart(self, paths: list[str], method: str = "GET", **headers: str) -> dict[str, list[str]]:
        """Where the answers differ."""
        here, there = (
            {path: ask(one.client(self.role), path, method, **headers) for path in paths}
            for one in (self.site, self.twin)
        )
        assert {path: answer.body for path, answer in here.items() if answer.status >= 500} == {}
        return differing(here, there)


def test_lists_sorted_and_filtered_tell_no_secret(worlds: Worlds) -> None:
    assert worlds.told_apart(with_list_parameters(worlds.open)) == {}


def test_relation_parameters_tell_nothing(worlds: Worlds) -> None:
    """A page answers as if they were not there; programs are refused, or answered just as well."""
    told = worlds.site.answers(worlds.role)
    client, query = worlds.site.client(worlds.role), relations(worlds.site.world)
    asked = {one.path: f"{one.path}?{query}" for one in worlds.addresses}
    answers = visit(client, asked.values())
    wrong = [
        path
        for path, named in asked.items()
        if told_without_links(answers[named]) != told_without_links(told[path])
        and not (path.startswith("/api/") and answers[named].status in (400, 422))
    ]
    assert wrong == []
    assert any(answer.status in (400, 422) for answer in answers.values())
    assert worlds.told_apart([asked[one.path] for one in worlds.open]) == {}


def told_without_links(answer: Answer) -> tuple[int, list[str]]:
    """Status and page; links to the page in the other language, and to sign in, repeat what was asked for."""
    lines = answer.body.splitlines() if answer.status != 302 else []
    return answer.status, [line for line in lines if "lang=" not in line]


def test_conditions_and_other_methods_tell_nothing(worlds: Worlds) -> None:
    paths = [one.path for one in worlds.open]
    tags = {dict(answer.headers).get("ETag", '"none"') for answer in worlds.site.answers(worlds.role).values()}
    assert worlds.told_apart(paths, "HEAD") == {}
    assert worlds.told_apart(paths, **{"If-None-Match": ", ".join(sorted(tags))}) == {}
    assert worlds.told_apart(paths, Range="bytes=0-99") == {}
    assert worlds.told_apart([one.path for one in worlds.addresses], "PUT") == {}


def test_missing_things_are_missing_in_both_worlds(worlds: Worlds) -> None:
    twins = [missing_twin(worlds.site.app, one).path for one in worlds.addresses if one.arguments]
    assert worlds.told_apart([*twins, "/no/such/page", "/api/v1/no/such/page", "/contests/judged/results.xlsx"]) == {}
