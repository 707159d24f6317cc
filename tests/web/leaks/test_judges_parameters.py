"""T05 for judges: parameters that name others, or ask for more, get nothing out of a page or an address for programs.

A page answers as if they were not there. An address for programs refuses each that it does not know by name (400).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.web.leaks.judge_states import desk_addresses
from tests.web.leaks.test_parameters import told_without_links
from tests.web.leaks.visits import ask

if TYPE_CHECKING:
    from tests.web.leaks.site import Site

pytestmark = pytest.mark.xdist_group("leaks")

ASKED = (
    "judge={judge}", "judge_id=*", "group=judges", "author=zq-author-name", "author=%25", "sort=score", "order=desc",
    "q=zq-author-name", "q=*", "q=%25", "search=_", "include=authors,members,sheets", "include=*", "expand=judge",
    "embed=sheets", "fields=*", "fields=members,unit", "with=marks", "as={account}", "blind=0", "role=organiser",
)  # fmt: skip
"""Names and values that somebody would try; no address of a judge's takes any of them."""
UNKNOWN = "extra-forbidden"


@pytest.mark.parametrize("role", ["judge_3", "chair"])
def test_parameter_that_is_not_known_changes_no_page_and_is_refused_to_programs(site: Site, role: str) -> None:
    told, client = site.answers(role), site.client(role)
    first = {
        one.endpoint: one.path for one in desk_addresses(site) if "?" not in one.path and told[one.path].status == 200
    }
    assert len(first) >= 8
    wrong = []
    for path in first.values():
        for query in ASKED:
            named = query.format(judge=site.world.judges[0], account=site.world.emails["organiser"])
            answer = ask(client, f"{path}?{named}")
            if path.startswith("/api/"):
                refused = answer.status == 400 and UNKNOWN in answer.body
            else:
                refused = told_without_links(answer) == told_without_links(told[path])
            if not refused:
                wrong.append((path, named, answer.status))
    assert wrong == []
