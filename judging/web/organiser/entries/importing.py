"""Entries from a table: choose a file, look at what it would do, say what the columns are, import."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.importing.access import can_import_entries
from judging.domain.importing.columns import Target, match_name
from judging.domain.lifecycle import ContestPhase
from judging.domain.policy import policy
from judging.errors import N_, ContestSuspended, Refused
from judging.services.entries.imports.applying import Imported, apply_import, must_import
from judging.services.entries.imports.kept import choose_columns, drop_sheet, find_sheet, keep_sheet, table_of
from judging.services.entries.imports.planning import Fate, ImportPlan, plan_import
from judging.services.entries.imports.targets import targets_of
from judging.services.entries.imports.words import words_of
from judging.services.tables.csv_files import ENCODINGS
from judging.services.tables.reading import read_table
from judging.services.tables.table import MOST_BYTES, MOST_ROWS
from judging.web.context import account, actor, contest, now, platform, rules
from judging.web.formats import label, problem_sentence
from judging.web.i18n import locale
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import ImportSheet

_SHOWN = 200
_FATES = {
    Fate.REFUSED: N_("Refused"),
    Fate.NEW: N_("New"),
    Fate.CHANGED: N_("Changed"),
    Fate.UNCHANGED: N_("Unchanged"),
}


@blueprint.get("/<slug>/import")
@policy(*DESK)
def importing(slug: str) -> str:
    """Choose a file, or see what the one that was chosen would do."""
    del slug
    return _page()


@blueprint.get("/<slug>/import/columns.csv")
@policy(*DESK)
def import_columns(slug: str) -> Response:
    """An empty table whose columns are named as they are looked for."""
    return csv_answer(f"{slug}-import", [label(target.label) for target in _targets()], [])


@blueprint.post("/<slug>/import")
@policy(*DESK)
def bring_table(slug: str) -> ResponseReturnValue:
    """Read the file, and keep its table until somebody has looked at it."""
    must_import(contest(), actor())
    sent = request.files.get("file")
    data = sent.stream.read(MOST_BYTES + 1) if sent is not None else b""
    if sent is None or not data:
        return _page([_("Choose a file with a table: CSV or XLSX.")]), REFUSED
    encoding = request.form.get("encoding", "")
    targets = _targets()
    try:
        table = read_table(
            data,
            is_name=lambda text: bool(match_name(text, targets)),
            encoding=encoding if encoding in ENCODINGS else "",
        )
    except Refused as refused:
        return _page([problem_sentence(problem) for problem in refused.problems]), REFUSED
    keep_sheet(
        db(), contest=contest(), account_id=account().id, filename=sent.filename or "", data=data, table=table,
        targets=targets, now=now(),
    )  # fmt: skip
    return redirect(url_for("organiser.importing", slug=slug))


@blueprint.post("/<slug>/import/apply")
@policy(*DESK)
def import_entries(slug: str) -> ResponseReturnValue:
    """Say what the columns are, import what was shown, or take the table away."""
    sheet = find_sheet(db(), contest=contest(), account_id=account().id)
    if sheet is None:
        flash(_("There is no table any more: it was imported, or a day has passed. Choose it again."), "attention")
        return redirect(url_for("organiser.importing", slug=slug))
    act = request.form.get("act", "")
    if act == "columns":
        choose_columns(sheet, [request.form.get(f"column-{at}", "") for at in range(len(sheet.head))], _targets())
    elif act == "drop":
        drop_sheet(db(), contest=contest(), account_id=account().id)
        flash(_("The table was taken away. Nothing was imported."), "info")
    elif act == "apply":
        return _apply(sheet)
    return redirect(url_for("organiser.importing", slug=slug))


def _apply(sheet: ImportSheet) -> ResponseReturnValue:
    done: list[Imported] = []

    def act() -> None:
        done.append(
            apply_import(
                db(), registry=platform().registry, contest=contest(), table=table_of(sheet), columns=sheet.columns,
                locale=locale(), seal=request.form.get("seal", ""), only_sound=request.form.get("sound") == "yes",
                actor=actor(), now=now(),
            )
        )  # fmt: skip

    refused = refusals_of(act)
    if refused:
        return _page(refused), REFUSED
    drop_sheet(db(), contest=contest(), account_id=account().id)
    flash(
        _(
            "Imported: %(made)s new, %(changed)s changed, %(same)s unchanged, %(refused)s left out.",
            made=done[0].made, changed=done[0].changed, same=done[0].unchanged, refused=done[0].refused,
        ),
        "info",
    )  # fmt: skip
    return redirect(url_for("organiser.entries", slug=contest().slug))


def _targets() -> tuple[Target, ...]:
    return targets_of(rules(), words_of(platform().registry, contest().kind))


def _page(refused: list[str] | None = None) -> str:
    may = can_import_entries(actor(), phase=ContestPhase(contest().phase))
    sheet = find_sheet(db(), contest=contest(), account_id=account().id) if may else None
    return render_template(
        "organiser/entries/importing.html",
        contest=contest(),
        rules=rules(),
        refused=refused or [],
        may_import=may,
        sheet=sheet,
        most_rows=MOST_ROWS,
        encodings=[("", _("Told from the file")), *((name, name.upper()) for name in ENCODINGS)],
        **(_preview(sheet) if sheet is not None else {}),
    )


def _preview(sheet: ImportSheet) -> dict[str, Any]:
    targets = _targets()
    labels = {target.key: label(target.label) for target in targets}
    plan = _plan(sheet)
    shown = sorted(plan.planned, key=lambda one: list(_FATES).index(one.fate)) if plan else []
    first = [next((row[at + 1] for row in sheet.rows if row[at + 1]), "") for at in range(len(sheet.head))]
    return {
        "plan": plan,
        "Fate": Fate,
        "counts": {fate: plan.count(fate) for fate in _FATES} if plan else {},
        "fates": _FATES,
        "labels": labels,
        "shown": shown[:_SHOWN],
        "more": max(len(shown) - _SHOWN, 0),
        "columns": list(zip(sheet.head, sheet.columns, first, strict=True)),
        "targets": [("", _("Not imported")), *((target.key, labels[target.key]) for target in targets)],
    }


def _plan(sheet: ImportSheet) -> ImportPlan | None:
    try:
        return plan_import(
            db(), registry=platform().registry, contest=contest(), table=table_of(sheet), columns=sheet.columns,
            locale=locale(),
        )  # fmt: skip
    except ContestSuspended:
        return None
