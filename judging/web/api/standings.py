"""Standings and sheets of a round: for the office while the contest runs, the published ranking for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from judging.db.queries.api import SheetRow
from judging.db.queries.api import list_sheets as query_sheets
from judging.db.queries.office_running import entries_by_alias
from judging.domain.ledger.recount import plain_standing
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Role, can_see_panel_standings, can_see_progress, can_see_standings
from judging.domain.policy import PUBLIC
from judging.domain.rules import ContestRules
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.results.published import public_publication
from judging.services.results.standings import readable_standings
from judging.services.rounds.entries import judged_round, locked_entry_ids
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, number_after, part_of
from judging.web.api.schemas.base import FaultAnswer, Paged
from judging.web.api.schemas.rounds import OfficeSheet, OfficeSheetList, StandingAnswer, StandingList, Tie
from judging.web.api.shown_entries import is_reader
from judging.web.contest_side import public_contest
from judging.web.context import actor, contest, platform, rules
from judging.web.formats import entry_code
from judging.web.link_warnings import apart_sentences
from judging.web.transaction import db

_TAG = "Results"
_READERS = ("organiser", "secretary", "committee", "auditor")


@blueprint.get("/contests/<slug>/rounds/<round_key>/standings")
@operation(tag=_TAG, answer=StandingList, roles=(PUBLIC,), scopes=(READ, OFFICE, "judge", "entries"), fails=(404, 409))
def list_standings(slug: str, round_key: str, query: Paged) -> StandingList:
    """List the standings of a round: for the office as the locked sheets stand, for others as they were published.

    From deliberation until then a panel's chair reads the entries of the panels that they head, ranked among
    each other.
    """
    del slug
    public_contest()
    judged_round(rules(), round_key)
    after = number_after(query.cursor)
    plain = _living(round_key) if _works_here() else _published(round_key)
    rows = list(enumerate(plain[after : after + query.limit + 1], after + 1))
    part = part_of(rows, query.limit, lambda row: row[0])
    return StandingList(
        round=round_key, problems=_problems(round_key), items=_standings([one for _place, one in part.rows]),
        next=part.next,
    )  # fmt: skip


@blueprint.get("/contests/<slug>/rounds/<round_key>/sheets")
@operation(tag=_TAG, answer=OfficeSheetList, roles=_READERS, scopes=(READ, OFFICE), fails=(404,))
def list_sheets(slug: str, round_key: str, query: Paged) -> OfficeSheetList:
    """List the submitted sheets of the entries that are locked; the auditor reads them all.

    Whoever judges in the contest, or has an entry in it, does not read the sheets here that concern them.
    """
    del slug
    judged_round(rules(), round_key)
    if actor().has(Role.JUDGE, Role.CHAIR):
        raise NotFound(N_("There is nothing here."))
    rows = query_sheets(
        db(), contest_id=contest().id, round_key=round_key, besides=actor().account_id,
        locked=None if actor().has(Role.AUDITOR) else locked_entry_ids(contest(), round_key),
        after=id_after(query.cursor), limit=query.limit + 1,
    )  # fmt: skip
    part = part_of(rows, query.limit, lambda row: row.assignment_id)
    return OfficeSheetList(items=[_sheet(row, rules()) for row in part.rows], next=part.next)


def _works_here() -> bool:
    """Whether the caller reads standings before everybody does."""
    phase = ContestPhase(contest().phase)
    whole = is_reader() and can_see_standings(actor(), phase=phase)
    return whole or can_see_panel_standings(actor(), phase=phase)


def _problems(round_key: str) -> list[FaultAnswer]:
    whole = can_see_standings(actor(), phase=ContestPhase(contest().phase))
    if not (is_reader() and whole and can_see_progress(actor())):
        return []
    return [FaultAnswer(pointer="", code="judges-apart", detail=told) for told in apart_sentences(round_key)]


def _living(round_key: str) -> Sequence[Mapping[str, Any]]:
    found = readable_standings(
        db(), registry=platform().registry, contest=contest(), round_key=round_key, actor=actor()
    )
    return [plain_standing(one) for one in found]


def _published(round_key: str) -> Sequence[Mapping[str, Any]]:
    publication = public_publication(db(), contest=contest())
    held = (
        next((one for one in publication.ranking["rounds"] if one["key"] == round_key), None) if publication else None
    )
    if held is None:
        raise NotFound(N_("There is nothing here."))
    standings: Sequence[Mapping[str, Any]] = held["standings"]
    return standings


def _standings(plain: Sequence[Mapping[str, Any]]) -> list[StandingAnswer]:
    """The standings, with code and title for the office: everybody else knows entries without a prize by alias only."""
    entries = entries_by_alias(db(), contest(), {one["entry"] for one in plain}) if is_reader() else {}
    return [
        StandingAnswer(
            rank=one["rank"], entry=one["entry"],
            code=entry_code(entries[one["entry"]].number, rules().prefix) if one["entry"] in entries else None,
            title=entries[one["entry"]].title if one["entry"] in entries else None,
            score=one["score"], sheets=one["sheets"], left_out=one["left_out"], criteria=dict(one["criteria"]),
            tie=[Tie(**tie) for tie in one["tie"]],
        )
        for one in plain
    ]  # fmt: skip


def _sheet(row: SheetRow, in_force: ContestRules) -> OfficeSheet:
    version = row.version
    return OfficeSheet(
        assignment=row.assignment_id, judge=row.judge, entry=row.entry,
        code=entry_code(row.number, in_force.prefix), version=version.number, total=version.total,
        marks=version.marks, comments=version.comments, comment=version.comment, submitted_at=version.submitted_at,
    )  # fmt: skip
