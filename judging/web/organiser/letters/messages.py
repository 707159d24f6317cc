"""The log of letters in the office: the list, one letter, and sending again what could not be sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import messages as queries
from judging.db.queries import office_running
from judging.domain.message_kinds import KINDS_OF_JUDGING, MESSAGE_KINDS, find_kind
from judging.domain.permissions import can_see_progress
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.messages.log import STATE_LABELS, send_again
from judging.web.context import actor, contest, now, rules
from judging.web.formats import label
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import SentMessage


@blueprint.get("/<slug>/messages")
@policy(*DESK)
def messages(slug: str) -> str:
    """All letters about the contest with where they stand, those that could not be sent first."""
    del slug
    return _list_page()


@blueprint.get("/<slug>/messages/<message_id>")
@policy(*DESK)
def message(slug: str, message_id: str) -> str:
    """One letter as its reader got it, and what the mail server said."""
    del slug
    return _message_page(_find(message_id))


@blueprint.post("/<slug>/messages/<message_id>/again")
@policy(*DESK)
def send_message_again(slug: str, message_id: str) -> ResponseReturnValue:
    """Send a letter again that could not be sent."""
    found = _find(message_id)
    refused = refusals_of(lambda: send_again(db(), message=found, actor=actor(), now=now()))
    if refused:
        return _message_page(found, refused), REFUSED
    flash(_("The letter is on its way again."), "info")
    return redirect(url_for("organiser.message", slug=slug, message_id=message_id))


def hidden_kinds() -> tuple[str, ...]:
    """Letters about judges' work stay closed to whoever judges in the contest."""
    return () if can_see_progress(actor()) else KINDS_OF_JUDGING


def _find(message_id: str) -> SentMessage:
    found = queries.find_message(db(), message_id)
    if found is None or found.contest_id != contest().id or found.kind in hidden_kinds():
        raise NotFound(N_("There is nothing here."))
    return found


def _list_page() -> str:
    typed = request.args.get("entry", "").strip()
    number = typed.rpartition("-")[2]
    entry = None
    if number.isascii() and number.isdigit() and len(number) < 7:
        entry = office_running.find_entry(db(), contest(), number=int(number))
    chosen = queries.MessageFilter(
        state=request.args.get("state", ""), kind=request.args.get("kind", ""),
        person=request.args.get("person", "").strip(),
        entry_id=entry.id if entry is not None else "-" if typed else "", besides=hidden_kinds(),
    )  # fmt: skip
    page = page_of(queries.count_messages(db(), contest().id, chosen))
    return render_template(
        "organiser/letters/messages.html",
        contest=contest(),
        rules=rules(),
        rows=queries.list_messages(db(), contest().id, chosen, offset=page.offset, limit=page.limit),
        list_page=page,
        states=queries.count_states(db(), contest().id, besides=hidden_kinds()),
        state_options=[(key, label(text)) for key, text in STATE_LABELS.items()],
        state_labels=STATE_LABELS,
        kind_options=[(kind.key, label(kind.label)) for kind in MESSAGE_KINDS.values()],
        kind_of=find_kind,
        chosen=chosen,
        typed_entry=typed,
    )


def _message_page(found: SentMessage, refused: list[str] | None = None) -> str:
    return render_template(
        "organiser/letters/message.html",
        contest=contest(),
        rules=rules(),
        letter=found,
        kind=find_kind(found.kind),
        state_label=STATE_LABELS[found.state],
        refused=refused or [],
    )
