"""Two databases that differ in nothing but secrets look the same, to the byte, to whoever may not know these.

This finds what a search for words cannot: a mark, a rank, a count, a length, the order of a list.
"""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.changes import FACTS
from tests.web.leaks.facts import Secret
from tests.web.leaks.visits import visit

if TYPE_CHECKING:
    from pathlib import Path

    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer

# In one process, so that what each role is answered is asked for once.
pytestmark = pytest.mark.xdist_group("leaks")


def differing(here: dict[str, Answer], there: dict[str, Answer]) -> dict[str, list[str]]:
    """The addresses at which the two worlds answer differently, with the lines that differ."""
    return {path: lines_apart(answer, there[path]) for path, answer in here.items() if there[path] != answer}


TOLD_APART = (
    "guest", "stranger", "contestant_a", "contestant_b", "co_author", "joined_author", "guardian", "asked_guardian",
    "judge_1", "judge_3", "judge_other_panel", "judge_recused",
    "judge_dismissed", "chair", "organiser", "organiser_who_judges", "committee", "administrator",
)  # fmt: skip
"""Everybody from whom something is kept, but for those who stand like another of them."""


def lines_apart(one: Answer, other: Answer) -> list[str]:
    """What a person would see to be different."""
    before, after = (f"{answer.status}\n{answer.everything}".splitlines() for answer in (one, other))
    return [line for line in unified_diff(before, after, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize("role", TOLD_APART)
def test_role_cannot_tell_other_secrets_from_these(site: Site, tmp_path: Path, role: str) -> None:
    here = site.answers(role)
    twin = site.changed(tmp_path, [fact.change for fact in FACTS if role not in fact.known_to])
    try:
        assert differing(here, visit(twin.client(role), here)) == {}
    finally:
        twin.close()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: str(fact.key))
def test_change_of_a_secret_is_noticed_by_who_may_know_it(site: Site, tmp_path: Path, fact: Secret) -> None:
    assert fact.witness in fact.known_to
    paths = [one.path for one in site.addresses if one.endpoint == fact.told_at]
    here = visit(site.client(fact.witness), paths)
    twin = site.changed(tmp_path, [fact.change])
    try:
        assert differing(here, visit(twin.client(fact.witness), here)) != {}
    finally:
        twin.close()


def test_same_world_answers_the_same_twice(site: Site, tmp_path: Path) -> None:
    here = site.answers("organiser")
    twin = site.changed(tmp_path, [])
    try:
        assert differing(here, visit(twin.client("organiser"), here)) == {}
    finally:
        twin.close()
