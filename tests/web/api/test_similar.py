"""Similar entries for programs of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.db.models import Contest
from tests.factories import make_judge
from tests.services.entries.similar.made import MARK, index_all, make_department

if TYPE_CHECKING:
    from collections.abc import Callable

    from judging.services.platform import Platform
    from tests.web.api.programs import Program


def test_office_reads_what_looks_alike_and_a_judge_does_not(platform: Platform, acting: Callable[..., Program]) -> None:
    department = make_department(platform)
    index_all(platform, department)
    program, address = acting(department.secretary), f"/entries/{department.copy.id}/similar"

    answer = program.get(address)

    assert answer.status_code == 200
    told: Any = answer.json
    [pair] = told["items"]
    assert (pair["entry"]["id"], pair["other"]["id"]) == (department.copy.id, department.original.id)
    assert (pair["reasons"], pair["decision"]) == (["picture", "text"], None)
    assert pair["passages"]
    assert MARK not in answer.text

    with platform.database.writing() as session:
        make_judge(session, session.get_one(Contest, department.now.id), account=department.secretary)
    assert program.get(address).status_code == 404
