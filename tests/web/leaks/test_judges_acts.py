"""What a judge is answered on sending something tells no more than the pages do; and T11: blind till the own sheet.

Answers to what is refused are the likeliest to say too much: why not, what stands there now, who was first.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from judging.db.models import Assignment, Contest
from judging.domain.marks import lines_of
from judging.domain.structure import digest
from judging.services.contests.editions import contest_rules
from tests.factories import even_marks
from tests.web.leaks.changes import FACTS, marks_of
from tests.web.leaks.desk_acts import Sent, acts_on_others, refused_acts, send
from tests.web.leaks.judge_states import desk_addresses
from tests.web.leaks.test_letters import letters_to
from tests.web.leaks.test_two_worlds import differing, lines_apart
from tests.web.leaks.visits import visit, without_address

if TYPE_CHECKING:
    from pathlib import Path

    from judging.domain.rules import Round
    from tests.web.leaks.facts import Change
    from tests.web.leaks.site import Site
    from tests.web.leaks.visits import Answer

pytestmark = pytest.mark.xdist_group("leaks")

LAST = "judge_3"
_OTHERS_SHEETS = ("a-judge_1", "a-judge_2")


def _judged(site: Site) -> Round:
    with site.platform.database.reading() as session:
        return contest_rules(site.registry, session.get_one(Contest, site.world.contest)).rounds[0]


def _secrets() -> list[Change]:
    return [*(fact.change for fact in FACTS if LAST not in fact.known_to), marks_of("a-judge_2")]


def _try_all(site: Site, folder: Path, changes: list[Change]) -> dict[str, Answer]:
    folder.mkdir()
    twin = site.changed(folder, changes)
    judged = _judged(site)
    asked = (site.world, digest(judged.rubric), tuple(lines_of(judged.rubric)))
    try:
        client = twin.client(LAST)
        others = {f"others {one.name}": send(client, one) for one in acts_on_others(*asked)}
        return {**others, **{one.name: send(client, one) for one in refused_acts(*asked)}}
    finally:
        twin.close()


def test_what_is_sent_is_answered_alike_whatever_others_did(site: Site, tmp_path: Path) -> None:
    here = _try_all(site, tmp_path / "here", [])
    there = _try_all(site, tmp_path / "there", _secrets())

    assert {name: lines_apart(one, there[name]) for name, one in here.items() if one != there[name]} == {}
    assert {name: one.status for name, one in here.items() if one.status >= 500} == {}
    assert {one.status for name, one in here.items() if name.startswith("others ")} == {404}
    # Of every kind of refusal there is one, so that each has something to say too much.
    assert {409, 412, 422, 428, 400, 200, 302} <= {one.status for one in here.values()}


def test_sheet_of_another_and_a_missing_one_are_refused_alike(site: Site, tmp_path: Path) -> None:
    judged, twin = _judged(site), site.changed(tmp_path, [])
    theirs, nobodys = site.world.assignments["a-judge_1"], "00000000-0000-7000-8000-00000000abcd"
    with closing(twin):
        client = twin.client(LAST)
        for one in acts_on_others(site.world, digest(judged.rubric), tuple(lines_of(judged.rubric))):
            missing = Sent(name=one.name, method=one.method, path=one.path.replace(theirs, nobodys), form=one.form,
                           json=one.json, headers=one.headers)  # fmt: skip
            told, untold = send(client, one), send(client, missing)
            assert without_address(told.body, one.path) == without_address(untold.body, missing.path), one.name
            assert told.status == untold.status == 404


def _hand_in_and_reopen(site: Site) -> None:
    """The last judge hands the sheet in, by which the entry is locked; the office gives it back."""
    own, marks = site.world.assignments["a-judge_3"], even_marks(_judged(site))
    form = {**{f"m-{key}": str(mark) for key, mark in marks.items()}, "comment": "Tốt.", "action": "submit"}
    done = send(site.client(LAST), Sent(name="submit", method="POST", path=f"/judge/sheets/{own}", form=form))
    assert done.status == 302, done.body
    receipt = visit(site.client(LAST), [f"/judge/sheets/{own}/receipt"])[f"/judge/sheets/{own}/receipt"]
    # There is something to hide again: the totals of both.
    assert "61.5" in receipt.body
    assert "67" in receipt.body
    back = Sent(name="reopen", method="POST", path=f"/organise/assignments/{own}/reopen", form={"reason": "Xem lại."})
    assert send(site.client("organiser"), back).status == 302
    with site.platform.database.reading() as session:
        assert session.get_one(Assignment, own).state == "reopened"


def test_reopened_sheet_hides_what_its_judge_had_been_shown(site: Site, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    paths = [one.path for one in desk_addresses(site)]
    here = site.changed(tmp_path / "here", [])
    with closing(here):
        _hand_in_and_reopen(here)
        there = here.changed(tmp_path / "there", [*map(marks_of, _OTHERS_SHEETS)])
        with closing(there):
            assert differing(visit(here.client(LAST), paths), visit(there.client(LAST), paths)) == {}
            assert letters_to(here, LAST) == letters_to(there, LAST) != []
