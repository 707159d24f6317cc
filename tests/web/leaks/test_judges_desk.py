"""Every page of a judge's desk is looked at, in every state that opens one: none tells what is not that judge's (T01).

`test_two_worlds.py` asks for all addresses in the world as it is. Some of a judge's are closed there, so that nothing
could leak from them: here they are open.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from judging.web.device_copies import HEADER as KEPT
from tests.web.leaks.changes import FACTS
from tests.web.leaks.clock import noon
from tests.web.leaks.judge_states import STATES, desk_addresses, secrets_of
from tests.web.leaks.test_two_worlds import differing
from tests.web.leaks.visits import ask, visit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer

pytestmark = pytest.mark.xdist_group("leaks")

JUDGES = ("judge_1", "judge_3", "judge_other_panel", "judge_recused", "chair", "organiser_who_judges")
_OK = 200

Told = dict[str, tuple["Mapping[str, Answer]", "Mapping[str, Answer]"]]


@pytest.fixture(scope="module")
def told(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Told:
    """By state: what its judge is answered, here and in a world that differs in all that they may not know."""
    paths = [one.path for one in desk_addresses(site)]
    found: Told = {}
    with noon():
        for key, state in STATES.items():
            answers = []
            for secrets in ([], secrets_of(state)):
                twin = site.changed(tmp_path_factory.mktemp(key), [state.change, *secrets])
                answers.append(visit(twin.client(state.role), paths))
                twin.close()
            found[key] = (answers[0], answers[1])
    return found


@pytest.mark.parametrize("key", STATES)
def test_desk_in_another_state_tells_no_secret(told: Told, key: str) -> None:
    here, there = told[key]
    assert [path for path, answer in here.items() if answer.status >= 500] == []
    assert differing(dict(here), dict(there)) == {}


@pytest.mark.parametrize("role", ["judge_1", "judge_3"])
def test_page_that_a_device_keeps_tells_no_secret(site: Site, tmp_path: Path, role: str) -> None:
    """Its script asks in another way: a sheet that is submitted is shown to it as a sheet."""
    paths = [one.path for one in desk_addresses(site) if one.endpoint.startswith("judge.")]
    twin = site.changed(tmp_path, [fact.change for fact in FACTS if role not in fact.known_to])
    with closing(twin):
        here, there = ({path: ask(one.client(role), path, **{KEPT: "1"}) for path in paths} for one in (site, twin))
    assert differing(here, there) == {}
    assert any(here[path] != site.answers(role)[path] for path in paths)


def test_every_page_of_the_desk_is_open_to_somebody_here(site: Site, told: Told) -> None:
    endpoints = {one.path: one.endpoint for one in site.addresses if one.endpoint.startswith("judge.")}
    answers = [site.answers(role) for role in JUDGES] + [here for here, _there in told.values()]
    opened = {endpoint for path, endpoint in endpoints.items() if any(one[path].status == _OK for one in answers)}
    assert set(endpoints.values()) - opened == set()
    for key, state in STATES.items():
        here, _there = told[key]
        assert state.opens in {endpoints[path] for path in endpoints if here[path].status == _OK}
