"""Receiving what is handed in at the office: by the code of its label, with lists of what came and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.permissions import can_receive
from judging.domain.policy import policy
from judging.domain.receiving import physical_items
from judging.services.entries.handovers import (
    count_expecting,
    find_expected,
    list_expected,
    record_handover,
    undo_handover,
)
from judging.web.context import actor, contest, now, rules
from judging.web.formats import entry_code, label
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_SHOWN = {"missing": False, "received": True, "all": None}


@blueprint.get("/<slug>/receiving")
@policy(*READERS)
def receiving(slug: str) -> str:
    """Things handed in and things still missing; a scanned label opens the form with its code."""
    del slug
    return _page()


@blueprint.post("/<slug>/receiving")
@policy(*DESK)
def receive(slug: str) -> ResponseReturnValue:
    """Record that the thing with this code was received."""
    code = ""

    def act() -> None:
        nonlocal code
        entry, item = find_expected(db(), contest=contest(), rules=rules(), code=request.form.get("code", ""))
        record_handover(
            db(), entry=entry, rules=rules(), item=item.key, place=request.form.get("place", ""),
            note=request.form.get("note", ""), actor=actor(), now=now(),
        )  # fmt: skip
        code = f"{entry_code(entry.number, rules().prefix)}, {label(item.label)}"

    refused = refusals_of(act)
    if refused:
        return _page(refused), REFUSED
    flash(_("Received: %(what)s.", what=code), "info")
    return redirect(url_for("organiser.receiving", slug=slug, show="received"))


@blueprint.post("/<slug>/receiving/undo")
@policy(*DESK)
def undo_receiving(slug: str) -> ResponseReturnValue:
    """Take back what was recorded by mistake, with a reason; the record keeps both."""
    refused = refusals_of(
        lambda: undo_handover(
            db(), contest=contest(), handover_id=request.form.get("handover", ""),
            reason=request.form.get("reason", ""), actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("It is taken back and counts as missing again."), "info")
    return redirect(url_for("organiser.receiving", slug=slug))


def _page(refused: list[str] | None = None) -> str:
    items = physical_items(rules())
    wanted = next((one for one in items if one.key == request.args.get("item")), items[0] if items else None)
    show = request.args.get("show", "missing")
    received = _SHOWN.get(show, False)
    total = count_expecting(db(), contest=contest(), item=wanted.key, received=received) if wanted else 0
    page = page_of(total)
    return render_template(
        "organiser/entries/receiving.html",
        contest=contest(),
        rules=rules(),
        items=[(one.key, label(one.label)) for one in items],
        wanted=wanted,
        show=show if show in _SHOWN else "missing",
        rows=list_expected(
            db(), contest=contest(), item=wanted, received=received, offset=page.offset, limit=page.limit
        ) if wanted else (),
        list_page=page,
        missing=count_expecting(db(), contest=contest(), item=wanted.key, received=False) if wanted else 0,
        came=count_expecting(db(), contest=contest(), item=wanted.key, received=True) if wanted else 0,
        may_receive=can_receive(actor()),
        typed=request.form if request.method == "POST" else {"code": request.args.get("code", "")},
        refused=refused or [],
    )  # fmt: skip
