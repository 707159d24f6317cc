"""Enforces the policy of each endpoint, in one place, before the view runs.

The address says what it is about: `slug` a contest, `entry_id` an entry, `upload_id` an upload to one, `assignment_id`
a judge's reading, `override_id` a decision over a sheet. The thing is loaded here once, the person's rights in it are
worked out, and the view's policy decides. A signed-in person gets the same answer for "not yours" and "does not exist";
a guest is sent to the sign-in page for both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Flask, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import bindparam, select
from sqlalchemy.orm import defaultload, joinedload
from werkzeug.exceptions import Unauthorized

from judging.db.models import Assignment, Contest, Entry, Upload
from judging.db.queries.overrides import load_override
from judging.db.queries.repeats import find_repeat
from judging.domain.permissions import Actor
from judging.domain.policy import ATTRIBUTE, Policy
from judging.errors import N_, JudgingError, NotFound
from judging.services.actors import actor_in_contest
from judging.web.bearer import as_far_as_the_token_reaches, unauthorized
from judging.web.context import platform
from judging.web.programs import for_programs, wants_json
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy import ScalarSelect

_STATIC = frozenset({"static"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Whether the process lives must be told without asking the database who it is that asks.
_UNASKED = "health"
# The areas whose addresses of readings may name a blind repeat; see web.judge.repeat_door and web.api.own_readings.
_DESKS = frozenset({"judge", "api"})
# Where entries go by a code, their judges' programs know them by their readings alone; see web.api.hidden_entries.
_BY_READING = frozenset({"api.get_entry", "api.get_file"})
# Each save of a sheet begins with it: statements made once.
_ASSIGNMENT = (
    select(Assignment)
    .where(Assignment.id == bindparam("id"))
    .options(
        joinedload(Assignment.entry).joinedload(Entry.contest).joinedload(Contest.organisation),
        # Whoever it is, it is nearly always the signed-in person, whose account is here already.
        joinedload(Assignment.judge),
    )
)
# Whoever writes needs the rules, but seldom their text: it is long, and was read before.
_ASSIGNMENT_TO_WRITE = _ASSIGNMENT.options(
    defaultload(Assignment.entry).defaultload(Entry.contest).defer(Contest.rules)
)


def declared_policies(app: Flask) -> dict[str, Policy]:
    """The policy of every endpoint. Raises JudgingError naming an endpoint that declares none."""
    policies: dict[str, Policy] = {}
    for endpoint, view in app.view_functions.items():
        found = getattr(view, ATTRIBUTE, None)
        if found is None and endpoint.rsplit(".", 1)[-1] not in _STATIC:
            raise JudgingError(
                N_("The page “%(endpoint)s” declares no policy. Add @policy(…) to its view."), endpoint=endpoint
            )
        policies[endpoint] = found or Policy(frozenset({"public"}))
    return policies


def install(app: Flask) -> None:
    """Check each request against its endpoint's policy."""

    @app.before_request
    def enforce() -> ResponseReturnValue | None:
        if request.endpoint is None or request.endpoint.rsplit(".", 1)[-1] in _STATIC:
            return None
        if request.blueprint == _UNASKED:
            return None
        policy = cast("Policy", getattr(app.view_functions[request.endpoint], ATTRIBUTE))
        signed_in = bool(current_user.is_authenticated)
        found = _load_subject(request.view_args or {})
        roles: frozenset[str] = frozenset()
        if signed_in and found:
            g.actor = as_far_as_the_token_reaches(_actor())
            roles = frozenset(role.value for role in g.actor.roles)
        if (found or policy.is_public) and policy.admits(roles, signed_in=signed_in):
            return None
        if not signed_in and not policy.is_public:
            if for_programs():
                raise unauthorized()
            if wants_json():
                # A script of a page whose session ended meanwhile must not take the sign-in page for an answer.
                raise Unauthorized
            return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
        raise NotFound(N_("There is nothing here."))


def enter_entry(entry_id: str, *roles: str) -> None:
    """Take up an entry that something else than the address names, as if it did. Raises NotFound, as there."""
    if "\x00" not in entry_id and _load_entry(entry_id):
        g.actor = as_far_as_the_token_reaches(_actor())
        if not {role.value for role in g.actor.roles}.isdisjoint(roles):
            return
    raise NotFound(N_("There is nothing here."))


def _actor() -> Actor:
    assignment: Assignment | None = g.get("assignment")
    if assignment is None and "repeat" in g:
        assignment = g.repeat.first
    return actor_in_contest(
        db(),
        account=g.account,
        contest=g.get("contest"),
        entry=g.get("entry"),
        judge_id=assignment.judge_id if assignment is not None else None,
    )


def _load_subject(named: dict[str, str]) -> bool:
    if any("\x00" in str(value) for value in named.values()):
        # No database takes it, so nothing has such a name.
        return False
    for name, load in _LOADERS.items():
        if name in named:
            return load(named[name])
    if "upload_id" in named:
        return _load_entry(select(Upload.entry_id).where(Upload.id == named["upload_id"]).scalar_subquery())
    if "slug" in named:
        g.contest = db().scalar(
            select(Contest).where(Contest.slug == named["slug"]).options(joinedload(Contest.organisation))
        )
        return g.contest is not None
    return True


def _load_entry_or_reading(name: str) -> bool:
    return _load_entry(name) or (request.endpoint in _BY_READING and _load_assignment(name))


def _load_entry(entry_id: str | ScalarSelect[str]) -> bool:
    g.entry = db().scalar(
        select(Entry).where(Entry.id == entry_id).options(joinedload(Entry.contest).joinedload(Contest.organisation))
    )
    g.contest = g.entry.contest if g.entry is not None else None
    return g.entry is not None


def _load_override(override_id: str) -> bool:
    # The rights are those in the contest, not those at the one sheet: whoever judges anything here decides nothing.
    g.override = load_override(db(), override_id)
    g.contest = g.override.sheet.assignment.entry.contest if g.override is not None else None
    return g.override is not None


def _load_assignment(assignment_id: str) -> bool:
    asked = _ASSIGNMENT if request.method in _SAFE else _ASSIGNMENT_TO_WRITE
    g.assignment = db().scalar(asked, {"id": assignment_id})
    if g.assignment is None:
        return request.blueprint in _DESKS and _load_repeat(assignment_id)
    g.contest = g.assignment.entry.contest
    if g.contest.kind not in platform().registry.kinds:
        # Without its plugin a contest's pages, those of errors too, are drawn from the stored text.
        db().refresh(g.contest, ["rules"])
    return True


def _load_repeat(repeat_id: str) -> bool:
    """A repeat goes by addresses like those of a reading, but is never `g.assignment`: who needs one finds nothing."""
    found = find_repeat(db(), repeat_id)
    if found is None:
        return False
    g.repeat, g.contest = found, found.entry.contest
    return True


# An address that names two of them is about the first.
_LOADERS: Mapping[str, Callable[[str], bool]] = {
    "assignment_id": _load_assignment, "override_id": _load_override, "entry_id": _load_entry_or_reading,
}  # fmt: skip
