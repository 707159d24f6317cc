"""A person's own data: the archive of all that is kept, and requests to have it corrected, erased or left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.privacy_requests import KIND_LABELS, OPEN, STATE_LABELS, RequestKind
from judging.errors import N_, Conflict, NotFound, Refused
from judging.services.privacy.my_data.exports import READY, ask_export, find_export, list_exports
from judging.services.privacy.request_desk.receiving import Asked, contests_to_ask, receive_own
from judging.services.privacy.request_desk.working import find_request, own_requests, take_back
from judging.web.account.blueprint import blueprint
from judging.web.account.entering import REFUSED
from judging.web.archives import archive_answer
from judging.web.context import account, now
from judging.web.formats import error_sentence, label, problem_sentence
from judging.web.templating import title_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue


@blueprint.get("/account/data")
@policy("signed-in")
def data() -> str:
    """What is kept of the person: archives, requests, and the form for another one."""
    return _page()


@blueprint.post("/account/data/exports")
@policy("signed-in")
def data_export() -> ResponseReturnValue:
    """Have the archive of one's own data made."""
    try:
        ask_export(db(), account=account(), now=now())
    except Conflict as refused:
        return _page([error_sentence(refused)]), REFUSED
    flash(_("Your archive is being made. You get a letter when it is ready."), "info")
    return redirect(url_for("account.data"))


@blueprint.get("/account/data/exports/<export_id>")
@policy("signed-in")
def data_file(export_id: str) -> Response:
    """The archive itself, to nobody but its person."""
    found = find_export(db(), account=account(), export_id=export_id, now=now())
    if found.state != READY:
        raise NotFound(N_("There is nothing here."))
    return archive_answer(found)


@blueprint.post("/account/data/requests")
@policy("signed-in")
def data_request() -> ResponseReturnValue:
    """Ask for one's data to be corrected, erased, left alone, or shown in another way."""
    chosen = {contest.id: contest for contest in contests_to_ask(db(), account())}
    try:
        kind = RequestKind(request.form.get("kind", ""))
    except ValueError:
        return _page([_("Choose what you ask for.")]), REFUSED
    contest = chosen.get(request.form.get("contest", ""))
    try:
        made = receive_own(
            db(), account=account(), now=now(),
            asked=Asked(kind=kind, text=request.form.get("text", ""), contest=contest),
        )  # fmt: skip
    except Refused as refused:
        return _page([problem_sentence(problem) for problem in refused.problems]), REFUSED
    flash(_("Your request %(number)s is recorded.", number=made.number), "info")
    return redirect(url_for("account.data", _anchor="requests"))


@blueprint.post("/account/data/requests/<request_id>/take-back")
@policy("signed-in")
def data_take_back(request_id: str) -> ResponseReturnValue:
    """Take one's own request back."""
    found = find_request(db(), None, request_id)
    try:
        take_back(db(), request=found, account=account(), now=now())
    except Conflict as refused:
        return _page([error_sentence(refused)]), REFUSED
    flash(_("Your request %(number)s is taken back.", number=found.number), "info")
    return redirect(url_for("account.data", _anchor="requests"))


def _page(refused: Sequence[str] = ()) -> str:
    return render_template(
        "account/data.html",
        refused=refused,
        exports=list_exports(db(), account=account(), now=now()),
        requests=own_requests(db(), account()),
        kinds=[(kind.value, label(text)) for kind, text in KIND_LABELS.items()],
        contests=[(one.id, title_of(one)) for one in contests_to_ask(db(), account())],
        kind_labels=KIND_LABELS,
        state_labels=STATE_LABELS,
        open_states=OPEN,
        typed=request.form,
    )
