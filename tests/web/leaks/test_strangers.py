"""What is not yours and what does not exist look alike: the same bytes to a person, the sign-in page to a guest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.addresses import Address, missing_twin
from tests.web.leaks.visits import visit, without_address

if TYPE_CHECKING:
    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")

STRANGERS = (
    "stranger", "contestant_a", "contestant_b", "judge_1", "judge_3", "judge_other_panel", "judge_recused",
    "judge_dismissed", "judge_elsewhere", "co_author", "auditor_elsewhere", "organiser_elsewhere", "administrator",
)  # fmt: skip


def _closed(site: Site) -> list[Address]:
    """The addresses of things that are somebody's; what is asked for beside the thing changes no answer."""
    return [
        one for one in site.addresses if one.arguments and not one.public and not one.signed_in and "?" not in one.path
    ]


def neutral(answer: Answer, path: str) -> tuple[int, str, str]:
    """The answer without the address that was asked for."""
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Content-Length")
    return answer.status, without_address(headers, path), without_address(answer.body, path)


@pytest.mark.parametrize("role", STRANGERS)
def test_closed_thing_looks_like_a_missing_one(site: Site, role: str) -> None:
    told = site.answers(role)
    closed = [one for one in _closed(site) if told[one.path].status == 404]
    assert closed, "everything is open to this person: the test proves nothing"
    twins = {one.path: missing_twin(site.app, one) for one in closed}
    missing = visit(site.client(role), {twin.path for twin in twins.values()})
    differing = [
        one.path
        for one in closed
        if neutral(told[one.path], one.path) != neutral(missing[twins[one.path].path], twins[one.path].path)
    ]
    assert differing == []


@pytest.mark.parametrize("role", ["stranger", "auditor_elsewhere", "organiser_elsewhere"])
def test_stranger_is_never_told_that_a_thing_exists(site: Site, role: str) -> None:
    ours = {one.path for one in _closed(site) if "of-others" not in one.path}
    theirs = (site.world.organisations[1], site.world.entries["of-others"])
    elsewhere = {path for path in ours if any(one in path for one in theirs)}
    assert {site.answers(role)[path].status for path in ours - elsewhere} == {404}


def test_guest_is_sent_to_sign_in_for_both(site: Site) -> None:
    told = site.answers("guest")
    differing = []
    for one in _closed(site):
        twin = missing_twin(site.app, one)
        missing = visit(site.client("guest"), [twin.path])[twin.path]
        if neutral(told[one.path], one.path) != neutral(missing, twin.path):
            differing.append(one.path)
    assert differing == []
    statuses = {one.path: told[one.path].status for one in _closed(site)}
    assert {path for path, status in statuses.items() if status != (401 if path.startswith("/api/") else 302)} == set()
    pages = [told[one.path] for one in _closed(site) if told[one.path].status == 302]
    assert all("/login" in dict(page.headers)["Location"] for page in pages)
