"""Contests: found, opened from a kind, described."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _

from judging.db.models import Organisation
from judging.db.queries.api import list_contests as query_contests
from judging.db.queries.office_setup import organisations_for
from judging.domain.policy import PUBLIC
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.actors import organisations_run_by
from judging.services.contests.dates import ContestDates, change_dates, dates_of
from judging.services.contests.founding import describe_contest, open_contest
from judging.services.judges.panels import propose_panels
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import require_match, tagged
from judging.web.api.operations import operation
from judging.web.api.paging import id_after, part_of
from judging.web.api.schemas.base import Paged
from judging.web.api.schemas.contests import (
    Contest,
    ContestBody,
    ContestChange,
    ContestList,
    DatesBody,
    KindList,
    KindSummary,
)
from judging.web.api.shown_contests import show_contest, show_summary
from judging.web.bearer import covers
from judging.web.contest_side import public_contest
from judging.web.context import account, actor, contest, now, platform, rules
from judging.web.formats import label
from judging.web.i18n import show_kind
from judging.web.transaction import db

_TAG = "Contests"
_TEXTS = ("title", "title_en", "summary", "summary_en")
ANY = (READ, OFFICE, "entries", "judge")


@blueprint.get("/kinds")
@operation(tag=_TAG, answer=KindList, scopes=(READ, OFFICE))
def list_kinds() -> KindList:
    """List the contest kinds that are installed."""
    shown = []
    for rules_of_kind in platform().registry.kinds.values():
        show_kind(rules_of_kind.key)
        shown.append(
            KindSummary(
                key=rules_of_kind.key, label=label(rules_of_kind.name), summary=label(rules_of_kind.summary),
                version=rules_of_kind.version,
            )
        )  # fmt: skip
    return KindList(items=shown)


@blueprint.get("/contests")
@operation(tag=_TAG, answer=ContestList, roles=(PUBLIC,), scopes=ANY)
def list_contests(query: Paged) -> ContestList:
    """List the contests that the caller may see, the newest first.

    Those in preparation are told to their office only.
    """
    office_of = account() if covers(READ, OFFICE) else None
    rows = query_contests(db(), office_of=office_of, after=id_after(query.cursor), limit=query.limit + 1)
    part = part_of(rows, query.limit, lambda one: one.id)
    return ContestList(items=[show_summary(one) for one in part.rows], next=part.next)


@blueprint.post("/contests")
@operation(
    tag=_TAG, answer=Contest, status=201, scopes=(OFFICE,), fails=(409,), etag=True, location=True, repeats=True,
    example={
        "organisation": "science-department", "kind": "youth-creativity", "slug": "youth-creativity-2027",
        "title": "Cuộc thi Sáng tạo Thanh thiếu niên nhi đồng 2027", "year": 2027,
        "dates": {"opens_at": "2027-01-15T01:00:00Z", "closes_at": "2027-05-31T10:00:00Z"},
    },
)  # fmt: skip
def create_contest(json: ContestBody) -> Any:
    """Open a contest of a kind, in preparation, with one panel for each category to begin with."""
    registry = platform().registry
    rules_of_kind = registry.kinds.get(json.kind)
    if rules_of_kind is None:
        raise Refused([Problem(code="kind", where="kind", message=N_("That contest kind is not installed."))])
    made = open_contest(
        db(), registry=registry, organisation=_organisation(json.organisation), account=account(), kind=json.kind,
        slug=json.slug, title=json.title, title_en=json.title_en, year=json.year, edition=json.edition,
        zone=json.zone, dates=_dates(ContestDates(), json.dates), now=now(),
    )  # fmt: skip
    panels = enumerate(rules_of_kind.categories, 1)
    propose_panels(
        db(), contest=made, names=[(_("Panel %(number)s", number=number), one.key) for number, one in panels]
    )
    g.contest = made
    address = url_for("api.get_contest", slug=made.slug)
    return tagged(show_contest(made, rules()), status=201, Location=address)


@blueprint.get("/contests/<slug>")
@operation(tag=_TAG, answer=Contest, roles=(PUBLIC,), scopes=ANY, fails=(404,), etag=True)
def get_contest(slug: str) -> Any:
    """Read a contest with its dates and the rules that are in force."""
    del slug
    return tagged(show_contest(public_contest(), rules()))


@blueprint.patch("/contests/<slug>")
@operation(
    tag=_TAG, answer=Contest, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), etag=True,
    condition="If-Match", example={"title_en": "Youth creativity 2027"},
)  # fmt: skip
def change_contest(slug: str, json: ContestChange) -> Any:
    """Change titles, introductions and dates. What is left out stays as it is."""
    del slug
    shown = contest()
    require_match(show_contest(shown, rules()))
    given = json.model_fields_set
    if given & set(_TEXTS):
        texts = {name: getattr(json, name) for name in _TEXTS}
        kept = {name: getattr(shown, name) if text is None else text for name, text in texts.items()}
        describe_contest(db(), contest=shown, actor=actor(), now=now(), **kept)
    if json.dates is not None:
        change_dates(db(), contest=shown, actor=actor(), dates=_dates(dates_of(shown), json.dates), now=now())
    db().flush()
    return tagged(show_contest(shown, rules()))


def _organisation(slug: str | None) -> Organisation:
    """The organisation of that slug, or the only one that the caller runs. Raises NotAllowed and Refused."""
    everywhere = account().is_administrator
    run = organisations_for(db(), ids=None if everywhere else organisations_run_by(db(), account=account()))
    if slug is None and len(run) == 1:
        return run[0]
    if slug is None and run:
        message = N_("Say for which organisation.")
        raise Refused([Problem(code="missing", where="organisation", message=message)])
    found = next((one for one in run if one.slug == slug), None)
    if found is None:
        raise NotAllowed(N_("You do not open contests for that organisation."))
    return found


def _dates(now_set: ContestDates, asked: DatesBody | None) -> ContestDates:
    return now_set if asked is None else replace(now_set, **asked.model_dump(exclude_unset=True))
