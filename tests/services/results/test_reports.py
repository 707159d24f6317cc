"""Reports: which there are for a contest, and over which entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.api import Report, hookimpl
from judging.errors import NotFound
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from judging.services.results.reports import list_reports, make_report
from tests.factories import make_assignment, make_judge
from tests.services.office import hold_contest

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


class Reporter:
    """A plugin without a kind: its report is for every contest."""

    judging_api = 1

    @hookimpl
    def judging_reports(self) -> Any:
        return [Report(key="everybody", label="Everybody", columns=("Entry",), rows=self.rows)]

    @staticmethod
    def rows(_rules: Any, standings: Any) -> Any:
        return [[one.entry] for one in standings]


@pytest.fixture
def registry() -> Registry:
    made = load_registry(core=CorePlugin())
    assert made.register(Reporter(), name="reporter"), made.set_aside
    return made


def test_contest_has_the_reports_of_its_own_plugin_and_of_those_without_a_kind(
    session: Session, registry: Registry
) -> None:
    youth = hold_contest(session, registry).contest

    assert [report.key for report in list_reports(registry, youth)] == ["youth-creativity-send-up", "everybody"]
    youth.kind = "startup"
    assert [report.key for report in list_reports(registry, youth)] == ["everybody"]


def test_report_of_another_kind_is_not_there(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry)
    held.contest.kind = "startup"

    with pytest.raises(NotFound):
        make_report(session, registry=registry, contest=held.contest, key="youth-creativity-send-up")


def test_report_leaves_out_entries_that_still_wait_for_sheets(session: Session, registry: Registry) -> None:
    held = hold_contest(session, registry, round_key="final", shares=("0.9", "0.8", "0.7"))
    make_assignment(session, held.entries[1], make_judge(session, held.contest), round_key="final")

    table = make_report(session, registry=registry, contest=held.contest, key="everybody")

    assert [row[0] for row in table.rows] == [held.entries[0].alias, held.entries[2].alias]
    assert table.aliases == {held.entries[0].alias, held.entries[2].alias}
