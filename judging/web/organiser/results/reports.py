"""Reports that plugins offer: a table to look at, and the same as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import render_template

from judging.db.queries import office_running as queries
from judging.domain.policy import policy
from judging.services.results.reports import ReportTable, list_reports, make_report
from judging.web.context import contest, platform, rules
from judging.web.formats import entry_code, label
from judging.web.organiser.acts import READERS, require_standings
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import page_of
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask import Response

    from judging.db.models import Entry

_PER_PAGE = 100


@blueprint.get("/<slug>/reports")
@policy(*READERS)
def reports(slug: str) -> str:
    """Every report for this contest."""
    del slug
    require_standings()
    return render_template(
        "organiser/results/reports.html",
        contest=contest(),
        rules=rules(),
        reports=list_reports(platform().registry, contest()),
    )


@blueprint.get("/<slug>/reports/<report_key>")
@policy(*READERS)
def report(slug: str, report_key: str) -> str:
    """The table of a report, a page of rows at a time."""
    del slug
    table = _table(report_key)
    page = page_of(len(table.rows), per_page=_PER_PAGE)
    rows = table.rows[page.offset : page.offset + page.limit]
    return render_template(
        "organiser/results/reports_table.html",
        contest=contest(),
        rules=rules(),
        report=table.report,
        rows=rows,
        entries=_named(table, rows),
        list_page=page,
    )


@blueprint.get("/<slug>/reports/<report_key>.csv")
@policy(*READERS)
def report_csv(slug: str, report_key: str) -> Response:
    """The whole table as a file; no cell of it runs as a formula."""
    table = _table(report_key)
    entries = _named(table, table.rows)
    rows = (
        [entry_code(entries[cell].number, rules().prefix) if cell in entries else label(cell) for cell in row]
        for row in table.rows
    )
    return csv_answer(f"{slug}-{report_key}", [label(column) for column in table.report.columns], rows)


def _table(report_key: str) -> ReportTable:
    require_standings()
    return make_report(db(), registry=platform().registry, contest=contest(), key=report_key)


def _named(table: ReportTable, rows: Sequence[Sequence[str]]) -> Mapping[str, Entry]:
    """The entries whose alias stands in a cell: people of the office know them by code and title."""
    return queries.entries_by_alias(db(), contest(), {cell for row in rows for cell in row} & table.aliases)
