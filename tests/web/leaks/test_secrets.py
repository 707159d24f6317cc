"""No page shows anybody what is not theirs to see: every address, every role, each secret with a word of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.canaries import ROLES, SECRETS
from tests.web.leaks.clock import noon

if TYPE_CHECKING:
    from tests.web.leaks.site import Site

Seen = Mapping[str, Mapping[str, list[str]]]

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")


def _seen(site: Site, role: str) -> dict[str, list[str]]:
    """By word: the addresses at which the role reads it."""
    found: dict[str, list[str]] = {}
    for path, answer in site.answers(role).items():
        # The address itself may hold a word that the visitor typed; none of ours does.
        read = answer.everything
        for word in SECRETS:
            if word in read:
                found.setdefault(word, []).append(path)
    return found


@pytest.fixture(scope="module")
def seen(site: Site) -> Seen:
    """What each role reads, looked for once."""
    with noon():
        return {role: _seen(site, role) for role in ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_role_reads_no_secret_that_is_not_theirs(seen: Seen, role: str) -> None:
    leaked = {word: paths for word, paths in seen[role].items() if role not in SECRETS[word]}
    assert leaked == {}


@pytest.mark.parametrize("word", sorted(SECRETS))
def test_secret_is_there_to_be_leaked(seen: Seen, word: str) -> None:
    readers = [role for role in sorted(SECRETS[word]) if word in seen[role]]
    assert readers, f"nobody reads {word}: the test above proves nothing about it"


@pytest.mark.parametrize("role", ROLES)
def test_no_address_fails(site: Site, role: str) -> None:
    assert [path for path, answer in site.answers(role).items() if answer.status >= 500] == []


def test_every_role_is_let_in_somewhere(site: Site) -> None:
    reached = {role: {path for path, answer in site.answers(role).items() if answer.status == 200} for role in ROLES}
    guest = reached.pop("guest")
    assert all(paths > guest - {"/login", "/register"} for paths in reached.values())
    assert [role for role, paths in reached.items() if f"/organise/{site.world.slugs[0]}/" in paths] == [
        "secretary", "organiser", "organiser_who_judges", "committee", "auditor",
    ]  # fmt: skip
