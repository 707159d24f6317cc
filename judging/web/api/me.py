"""What concerns the owner of the token: who they are, what they have to judge, what ties them to entries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from judging.db.models import Assignment
from judging.db.queries.api import contests_before_units
from judging.db.queries.judge import judge_in, undeclared_readings
from judging.db.queries.office_setup import organisations_for
from judging.db.queries.round_end import later_ends
from judging.domain.conflicts import ConflictKind
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import ENTRIES, JUDGE, OFFICE, READ
from judging.services.actors import organisations_run_by
from judging.services.judges.conflicts.recusals import declare_conflicts
from judging.services.judges.repeats.order import list_work
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.paging import id_after_in_parts, part_of, set_last
from judging.web.api.schemas.people import Me, OwnOrganisation
from judging.web.api.schemas.sheets import (
    NO_CONFLICT,
    AssignmentList,
    AssignmentQuery,
    ConflictsBody,
    Declared,
    Undeclared,
    UndeclaredList,
)
from judging.web.api.shown_sheets import show_assignment
from judging.web.api.units_first import require_units
from judging.web.bearer import covers, token
from judging.web.context import account, actor, contest, now, rules
from judging.web.problems import ApiError, Fault
from judging.web.reading_names import rounds_with_codes
from judging.web.transaction import db

_TAG = "Judging"


@blueprint.get("/me")
@operation(tag="The token's owner", answer=Me, scopes=(READ, ENTRIES, JUDGE, OFFICE))
def get_me() -> Me:
    """Read who the token acts for, how far it reaches, and for which organisations contests may be opened."""
    person, held = account(), token()
    run = organisations_run_by(db(), account=person) if covers(READ, OFFICE) else frozenset()
    return Me(
        name=person.name,
        email=person.email,
        locale=person.locale,
        scopes=[] if held is None else list(held.scopes),
        expires_at="" if held is None else held.expires_at.isoformat(),
        administrator=person.is_administrator,
        organisations=[OwnOrganisation(slug=one.slug, name=one.name) for one in organisations_for(db(), ids=run)],
    )


@blueprint.get("/me/assignments")
@operation(tag=_TAG, answer=AssignmentList, scopes=(READ, JUDGE))
def list_assignments(query: AssignmentQuery) -> AssignmentList:
    """List what the caller has to judge, in all contests, in the order in which it was given; what waits comes last.

    Readings of a contest come only after the caller has declared their ties to schools and units there.
    """
    after, after_aside = id_after_in_parts(query.cursor)
    rows = list_work(
        db(), account_id=account().id, contest=query.contest, state=query.state, after=after, limit=query.limit + 1,
        after_aside=after_aside,
    )  # fmt: skip
    part = part_of(rows, query.limit, lambda row: set_last(row.assignment.id) if row.aside else row.assignment.id)
    later = later_ends(db(), judge_ids={row.assignment.judge_id for row in part.rows})
    hiding = rounds_with_codes({row.assignment.entry.contest_id for row in part.rows})
    return AssignmentList(
        items=[
            show_assignment(
                row, own_end=later.get((row.assignment.judge_id, row.assignment.round)),
                hidden=(row.assignment.entry.contest_id, row.assignment.round) in hiding,
            )
            for row in part.rows
        ],
        next=part.next,
        declare_units=list(contests_before_units(db(), account_id=account().id)),
    )  # fmt: skip


@blueprint.get("/contests/<slug>/conflicts")
@operation(tag=_TAG, answer=UndeclaredList, roles=("judge",), scopes=(READ, JUDGE), fails=(404, 409))
def list_undeclared(slug: str) -> UndeclaredList:
    """List the readings for which the caller has yet to say whether there is a conflict of interest.

    409 until the caller has declared their ties to schools and units. In a round in which entries go by codes
    `assignment` is a key for this declaration alone: it does not tell which reading has the title.
    """
    del slug
    rounds = {judged.key: judged for judged in rules().rounds}
    seat = _seat()
    readings = undeclared_readings(db(), judge=seat)
    require_units(seat, readings)
    return UndeclaredList(
        items=[
            Undeclared(
                assignment=key, title=one.entry.title,
                members=[] if rounds[one.round].blind else [member.name for member in one.entry.members],
            )
            for key, one in _by_key(readings)
            if one.round in rounds
        ]
    )  # fmt: skip


@blueprint.post("/contests/<slug>/conflicts")
@operation(
    tag=_TAG, answer=Declared, roles=("judge",), scopes=(JUDGE,), fails=(404, 409), repeats=True,
    example={"answers": {"0190f3a2-0000-7000-8000-000000000002": "none"}},
)  # fmt: skip
def create_declaration(slug: str, json: ConflictsBody) -> Any:
    """Declare one's conflicts of interest: for each reading that is listed “none”, or the kind of conflict.

    The caller is off the entries with a conflict at once. Sheets can be written only after this. A reading that came
    after the list was read is unanswered, and the whole is refused.
    """
    del slug
    seat = _seat()
    readings = undeclared_readings(db(), judge=seat)
    require_units(seat, readings)
    listed = _by_key(readings)
    if faults := [*_unanswered(listed, json), *_unlisted(listed, json)]:
        raise ApiError(
            422, "refused", N_("Each reading that is listed needs an answer, and no other takes one."), faults=faults
        )
    given = {one: json.answers[key] for key, one in listed}
    kinds = {one: None if kind == NO_CONFLICT else ConflictKind(kind) for one, kind in given.items()}
    return Declared(recused=declare_conflicts(db(), judge=seat, actor=actor(), kinds=kinds, now=now()))


def _by_key(readings: Sequence[Assignment]) -> list[tuple[str, Assignment]]:
    """The readings, each with the key under which it is answered for, in an order that tells no more than the key.

    Conflicts are declared by titles. Where entries go by codes else, the reading's own id would tie the two.
    """
    hiding = rounds_with_codes({one.contest_id for one in readings})
    hidden = [one for one in readings if (one.contest_id, one.round) in hiding]
    named = [(one.id, one) for one in readings if one not in hidden]
    return [*named, *sorted(((one.entry_id, one) for one in hidden), key=lambda pair: pair[0])]


def _unanswered(listed: Iterable[tuple[str, Assignment]], body: ConflictsBody) -> list[Fault]:
    detail = _("Say for this reading too: “none” or the kind of conflict of interest.")
    missing = [key for key, _one in listed if key not in body.answers]
    return [Fault(code="missing", detail=detail, pointer=f"#/answers/{one}") for one in missing]


def _unlisted(listed: Iterable[tuple[str, Assignment]], body: ConflictsBody) -> list[Fault]:
    detail = _("This is no reading that you have yet to answer for.")
    unknown = sorted(set(body.answers) - {key for key, _one in listed})
    return [Fault(code="unknown", detail=detail, pointer=f"#/answers/{one}") for one in unknown]


def _seat() -> Any:
    found = judge_in(db(), contest_id=contest().id, account_id=account().id)
    if found is None:
        raise NotFound(N_("There is nothing here."))
    return found
