"""The list of a contest's pages in the margin leads each reader only to where they may go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.factories import give_role, make_account
from tests.services.office import hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.db.session import Database
    from judging.plugins import Registry

_LINK = re.compile(r'<a[^>]* href="(/organise/[^"?#]+)"')


@pytest.mark.parametrize(
    ("role", "first"),
    [("organiser", ""), ("secretary", ""), ("committee", ""), ("auditor", ""), ("administrator", "people")],
)
def test_every_page_of_the_menu_opens_to_whom_it_is_shown(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], database: Database, registry: Registry,
    role: str, first: str,
) -> None:  # fmt: skip
    with database.writing() as session:
        held = hold_contest(session, registry, entries=2, shares=("0.8",))
        person = make_account(session, is_administrator=role == "administrator")
        if role != "administrator":
            give_role(session, held.contest, person, role)
    sign_in(client, person)
    home = f"/organise/{held.contest.slug}/"

    todo, seen = [home + first], set[str]()
    while todo:
        path = todo.pop()
        answer = client.get(path, follow_redirects=True)
        seen.add(path)
        assert answer.status_code == 200, path
        menu = "".join(re.findall(r"<nav.*?</nav>", answer.text, re.DOTALL))
        todo += {one for one in _LINK.findall(menu) if one.startswith(home)} - seen - set(todo)

    assert len(seen) >= (1 if role == "administrator" else 10)
