"""A guardian who comes by the link in a letter reads the question; without the link nobody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.visits import ask

if TYPE_CHECKING:
    from tests.web.leaks.site import Site

pytestmark = pytest.mark.xdist_group("leaks")


def test_question_is_shown_to_whoever_has_the_link(site: Site) -> None:
    shown = ask(site.client("asked_guardian"), "/answer/open")

    assert shown.status == 200
    assert "zq-second-name" in shown.body
    assert {role: ask(site.client(role), "/answer/open").status for role in ("guest", "guardian", "stranger")} == {
        "guest": 410, "guardian": 410, "stranger": 410,
    }  # fmt: skip
