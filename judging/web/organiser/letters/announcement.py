"""Writing to people of the contest: choose, look as each of them would, send."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.types import new_id
from judging.domain.message_kinds import ANNOUNCEMENT, FREE_VALUES
from judging.domain.permissions import can_see_progress
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.messages.announcements import Draft, check_draft, send_announcement, written_for
from judging.services.messages.recipients import GROUPS, JUDGES, group_sizes, members_of, written_to
from judging.services.messages.texts import Text
from judging.services.rounds.view import progress_now
from judging.web.context import actor, contest, now, rules
from judging.web.formats import label, problem_sentence
from judging.web.i18n import LANGUAGES
from judging.web.organiser.acts import DESK, REFUSED
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import default_round
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from judging.services.messages.recipients import Recipient

_A_DAY = timedelta(days=1)


@blueprint.get("/<slug>/messages/new")
@policy(*DESK)
def announcement(slug: str) -> str:
    """Begin a message: nobody is chosen. With `silent` the silent judges are marked, and chosen by hand."""
    del slug
    return _page({})


@blueprint.post("/<slug>/messages/new")
@policy(*DESK)
def write_announcement(slug: str) -> ResponseReturnValue:
    """Look at a message as each reader would, or send it to everybody chosen, once."""
    draft = _typed()
    try:
        recipients = check_draft(db(), contest=contest(), draft=draft)
        if request.form.get("act") != "send":
            return _page({}, recipients)
        with db().begin_nested():
            count = send_announcement(
                db(), contest=contest(), rules=rules(), actor=actor(), draft=draft, now=now(),
                key=request.form.get("key", "") or new_id(),
            )  # fmt: skip
    except Refused as refused:
        return _page({one.where: problem_sentence(one) for one in reversed(refused.problems)}), REFUSED
    if count:
        flash(ngettext("%(num)s letter is on its way.", "%(num)s letters are on their way.", count), "info")
    else:
        flash(_("This message was sent before. Nobody gets it twice."), "info")
    return redirect(url_for("organiser.messages", slug=slug, kind="announcement"))


def _typed() -> Draft:
    if request.method == "GET" and "silent" in request.args:
        return Draft(texts={key: Text("", "") for key in LANGUAGES}, groups=[JUDGES], picked=frozenset())
    form = request.form
    return Draft(
        texts={key: Text(form.get(f"subject_{key}", "").strip(), form.get(f"text_{key}", "")) for key in LANGUAGES},
        groups=[group for group in form.getlist("groups") if group in GROUPS],
        picked=frozenset(form.getlist("picked")) if form.get("by_hand") else None,
        per_entry=form.get("per") == "entry",
    )


def _silent() -> dict[str, str]:
    """What stands beside the silent judges of the round at hand, by their accounts, where that was asked for."""
    if "silent" not in request.args or not can_see_progress(actor()):
        return {}
    found = progress_now(db(), contest=contest(), rules=rules(), round_key=default_round(), now=now()).silent
    people = [one.judge.account_id for one in found]
    told = written_to(db(), contest_id=contest().id, account_ids=people, kind=ANNOUNCEMENT, since=now() - _A_DAY)
    return {one: _("silent, written to within a day") if one in told else _("silent") for one in people}


def _page(errors: Mapping[str, str], recipients: Sequence[Recipient] = ()) -> str:
    draft, asked = _typed(), request.form.get("at", "0")
    at = min(int(asked), len(recipients) - 1) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    shown = recipients[at] if recipients else None
    return render_template(
        "organiser/letters/announcement.html",
        contest=contest(),
        rules=rules(),
        draft=draft,
        languages=LANGUAGES,
        groups=[(key, label(text)) for key, text in GROUPS.items()],
        sizes=group_sizes(db(), contest()),
        members=members_of(db(), contest(), draft.groups) if draft.groups else [],
        placeholders=[(f"{{{key}}}", label(text)) for key, text in FREE_VALUES.items()],
        errors=errors,
        key=request.form.get("key") or new_id(),
        recipients=recipients,
        silent=_silent(),
        at=at,
        shown=shown,
        letter=None if shown is None else written_for(shown, contest=contest(), rules=rules(), draft=draft),
    )
