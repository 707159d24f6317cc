"""The list of entries, its export, and the whole dossier of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import office_running as queries
from judging.db.queries import office_running_entry as dossier
from judging.db.queries.conflicts import conflicts_of_entry
from judging.db.queries.file_copies import made_of_files
from judging.db.queries.overrides import overrides_of_entry
from judging.domain.conflicts import CONFLICT_LABELS
from judging.domain.lifecycle import ENTRY_LABELS, SHEET_LABELS, ContestPhase, EntryState
from judging.domain.permissions import (
    Role,
    can_assign,
    can_see_audit_log,
    can_see_entry,
    can_see_file,
    can_see_overrides,
    can_see_progress,
    can_see_sheets,
)
from judging.domain.policy import policy
from judging.domain.privacy_rights import can_erase_entry
from judging.errors import N_, NotFound
from judging.services.entries.handovers import handovers_of
from judging.services.entries.relations import relation_to_entry
from judging.services.entries.removal import removals_for
from judging.services.privacy.erasure.erasing import may_be_erased
from judging.services.results.overrides.deciding import proposable_rounds
from judging.services.screening.deciding import verdicts_for
from judging.services.sheets.readings import entry_is_locked
from judging.web.context import actor, contest, entry, rules
from judging.web.formats import entry_code, label, moment, shown_title
from judging.web.organiser.acts import READERS
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.office_files import office_file
from judging.web.organiser.record.texts import action_text, detail_lines
from judging.web.organiser.screening.similar_texts import similar_entries
from judging.web.paging import page_of
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.db.models import Panel
    from judging.domain.fields import EntryField
    from judging.domain.permissions import Relation

_COLUMNS = (
    ("number", N_("Code")),
    ("title", N_("Entry and authors")),
    ("category", N_("Category")),
    ("submitted", N_("Submitted")),
    ("state", N_("State")),
)


@blueprint.get("/<slug>/entries")
@policy(*READERS)
def entries(slug: str) -> str:
    """All entries, filtered and sorted, a page at a time."""
    panels = queries.list_panels(db(), contest())
    chosen = _chosen(panels)
    sort, descending = _sort()
    page = page_of(queries.count_entries(db(), contest(), chosen))
    return render_template(
        "organiser/entries/list.html",
        contest=contest(),
        rules=rules(),
        rows=queries.list_entries(
            db(), contest(), chosen, sort=sort, descending=descending, offset=page.offset, limit=page.limit
        ),
        list_page=page,
        head=_head(slug, sort, descending=descending),
        panels=[(panel.id, panel.name) for panel in panels],
        states=[(state.value, label(ENTRY_LABELS[state])) for state in EntryState],
        categories=[(one.key, label(one.label)) for one in rules().categories],
        labels={one.key: label(one.label) for one in rules().categories},
        state_labels=ENTRY_LABELS,
        asked=request.args,
        export_url=url_for("organiser.entries_csv", slug=slug, **_filters()),
    )


@blueprint.get("/<slug>/entries.csv")
@policy(*READERS)
def entries_csv(slug: str) -> Response:
    """The filtered list as a file, at most as many rows as the contest has entries."""
    chosen = _chosen(queries.list_panels(db(), contest()))
    sort, descending = _sort()
    categories = {one.key: label(one.label) for one in rules().categories}
    found = queries.list_entries(db(), contest(), chosen, sort=sort, descending=descending)
    rows = (
        (
            entry_code(one.number, rules().prefix), one.alias, shown_title(one),
            categories.get(one.category, one.category),
            one.unit, "; ".join(member.name for member in one.members), label(ENTRY_LABELS[EntryState(one.state)]),
            moment(one.submitted_at, contest().zone) if one.submitted_at else "",
        )
        for one in found
    )  # fmt: skip
    head = (
        _("Code"), _("Alias"), _("Title"), _("Category"), _("Unit"), _("Authors"), _("State"), _("Submitted"),
    )  # fmt: skip
    return csv_answer(f"{slug}-entries", head, rows)


@blueprint.get("/entries/<entry_id>", endpoint="entry")
@policy(*READERS)
def entry_page(entry_id: str) -> str:
    """One entry with everything the office may see of it: dossier, people, receipts, readings and history."""
    del entry_id
    relation = relation_to_entry(db(), actor=actor(), entry=entry())
    if not can_see_entry(actor(), relation):
        raise NotFound(N_("There is nothing here."))
    return dossier_page()


def dossier_page(refused: Sequence[str] = (), typed: str = "", removal: str = "") -> str:
    """The page of the entry that the address names; `refused` says why an act on it was refused."""
    relation = relation_to_entry(db(), actor=actor(), entry=entry())
    return render_template(
        "organiser/entries/dossier.html",
        contest=contest(),
        rules=rules(),
        entry=entry(),
        state_label=ENTRY_LABELS[EntryState(entry().state)],
        answers=[(one.label, answer_shown(one, entry().answers.get(one.key))) for one in rules().fields],
        items=items_shown(relation),
        handovers=handovers_of(db(), entry=entry()),
        members=dossier.list_members(db(), entry()),
        receipts=dossier.list_receipts(db(), entry()),
        screenings=dossier.list_screenings(db(), entry()),
        readings=_readings(relation),
        conflicts=conflicts_of_entry(db(), entry()),
        history=_history(),
        sheet_labels=SHEET_LABELS,
        conflict_labels={kind.value: text for kind, text in CONFLICT_LABELS.items()},
        verdicts=verdicts_for(contest(), entry(), actor()),
        may_assign=can_assign(actor(), phase=ContestPhase(contest().phase)),
        may_recheck=actor().has(Role.ORGANISER, Role.SECRETARY),
        refused=refused,
        typed=typed,
        removals=[state.value for state in removals_for(entry(), actor())],
        removal=removal,
        may_erase=can_erase_entry(actor()) and may_be_erased(db(), entry()),
        similar=similar_entries(relation),
    )


def items_shown(relation: Relation) -> list[dict[str, Any]]:
    """The dossier's items with their files; office-only ones for those who may see them."""
    files = dossier.list_files(db(), entry())
    made = made_of_files(db(), entry())
    return [
        {
            "item": item,
            "files": [
                office_file(one, made.get(one.id), office_only=item.office_only)
                for one in files
                if one.item == item.key
            ],
            "links": [one for one in entry().links if one.item == item.key],
        }
        for item in rules().dossier
        if can_see_file(actor(), relation, office_only=item.office_only)
    ]


def _readings(relation: Relation) -> list[dict[str, Any]]:
    """The entry's readings; a submitted version only where the reader may see marks. None for whoever judges here."""
    if not can_see_progress(actor()):
        return []
    readings = dossier.list_readings(db(), entry())
    labels = {judged.key: judged.label for judged in rules().rounds}
    open_marks = {
        key: can_see_sheets(
            actor(), relation, own=False, locked=entry_is_locked(db(), entry_id=entry().id, round_key=key)
        )
        for key in {one.round for one in readings}
    }
    proposable = proposable_rounds(db(), entry=entry(), actor=actor())
    decided = overrides_of_entry(db(), entry()) if can_see_overrides(actor()) else {}
    shown = []
    for one in readings:
        version = one.sheets[-1] if open_marks[one.round] and one.sheets and one.state == "submitted" else None
        shown.append(
            {
                "sheet": one,
                "round": labels.get(one.round, one.round),
                "version": version,
                "override": decided.get(version.id) if version else None,
                "may_propose": version is not None and one.round in proposable,
            }
        )
    return shown


def _history() -> list[tuple[Any, str | None, str, list[str]]]:
    """What was done with the entry, for those who may read the record."""
    if not can_see_audit_log(actor()):
        return []
    found = dossier.list_history(db(), entry())
    return [(event, name, action_text(event.action), detail_lines(event.details)) for event, name in found]


def _chosen(panels: Sequence[Panel]) -> queries.EntryFilter:
    asked = request.args
    categories: set[str] | None = None
    if asked.get("category"):
        categories = {asked["category"]}
    panel = next((one for one in panels if one.id == asked.get("panel")), None)
    if panel is not None:
        of_panel = set(panel.categories)
        categories = of_panel if categories is None else categories & of_panel
    state = asked.get("state", "")
    return queries.EntryFilter(
        states=(state,) if state in set(EntryState) else (),
        categories=categories,
        text=asked.get("q", "")[:100],
        prefix=rules().prefix,
    )


def _sort() -> tuple[str, bool]:
    sort = request.args.get("sort", "number")
    return (sort if sort in queries.SORTS else "number"), request.args.get("order") == "desc"


def _filters() -> dict[str, Any]:
    return {key: value for key, value in request.args.items() if key in {"state", "category", "panel", "q"} and value}


def _head(slug: str, sort: str, *, descending: bool) -> list[dict[str, Any]]:
    return [
        {
            "label": _(name),
            "sort": url_for(
                "organiser.entries", slug=slug, **_filters(), sort=key,
                order="desc" if key == sort and not descending else "asc",
            ),
            "sorted": ("desc" if descending else "asc") if key == sort else None,
        }
        for key, name in _COLUMNS
    ]  # fmt: skip


def answer_shown(field: EntryField, value: object) -> object:
    """An answer as it is shown: a choice by its label, anything else as it was given."""
    chosen = next((choice for choice in field.choices if choice.key == value), None)
    return value if chosen is None else label(chosen.label)
