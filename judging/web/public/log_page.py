"""The score log in plain words: what it proves and what not, its state, receipts, and the recount by anybody."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import render_template, request
from flask_babel import gettext

from judging.domain.ledger.faults import LedgerError
from judging.domain.ledger.receipts import MOST_BYTES
from judging.domain.policy import policy
from judging.services.results.published import list_winners, public_publication
from judging.services.score_log.heads import list_logs
from judging.services.score_log.published_state import BEAT, list_acts
from judging.services.score_log.receipt_check import check_receipt, find_by_code
from judging.verify.report import tell_act
from judging.web.contest_side import contest_context, public_contest
from judging.web.context import contest, rules
from judging.web.formats import entry_code, error_sentence, label, mark, moment
from judging.web.public.blueprint import blueprint
from judging.web.public.log_state import newest_state, shown_state
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.domain.ledger.leaves import Leaf

_LONGEST_CODE = 40


@blueprint.get("/contests/<slug>/log/", endpoint="log")
@policy("public")
def log_page(**_address: str) -> str:
    """What the score log is, its state, and how anybody checks it."""
    public_contest()
    return _page(asked=request.args.get("code", "")[:_LONGEST_CODE].strip())


@blueprint.post("/contests/<slug>/log/")
@policy("public")
def check_own_receipt(**_address: str) -> str:
    """Say in words what a receipt proves; nothing of it is stored."""
    public_contest()
    return _page(receipt=_told_of(_sent()))


def _page(*, asked: str = "", receipt: dict[str, Any] | None = None) -> str:
    state = newest_state()
    acts = list_acts(db(), state) if state is not None else ()
    return render_template(
        "public/log.html",
        **contest_context("log"),
        state=shown_state(state) if state is not None else None,
        beat=BEAT.seconds // 60,
        acts_count=len(acts),
        acts=_shown_acts(acts) if state is not None and state.is_open else [],
        asked=asked,
        found=find_by_code(db(), state, asked) if state is not None and asked else None,
        receipt=receipt,
        words=_words_of_ranking() if state is not None and state.is_open else {},
    )


def _sent() -> bytes:
    """The receipt that was sent: the file, or else what was pasted. One byte too many tells that it is no receipt."""
    file = request.files.get("receipt")
    data = file.stream.read(MOST_BYTES + 1) if file is not None else b""
    # A browser sends what is pasted with the line ends of the web.
    pasted = request.form.get("pasted", "").replace("\r\n", "\n").strip()
    return data or (pasted + "\n").encode()[: MOST_BYTES + 1]


def _told_of(data: bytes) -> dict[str, Any]:
    if not data.strip():
        return {"state": "none"}
    try:
        checked = check_receipt(db(), list_logs(db(), contest()), data)
    except LedgerError as error:
        return {"state": "wrong", "reason": error_sentence(error)}
    leaf = checked.leaf
    return {
        "state": "held" if checked.held else "lost",
        "origin": checked.checkpoint.origin,
        "index": checked.receipt.index,
        "code": checked.receipt.code,
        "at": moment(datetime.fromisoformat(leaf["t"]), contest().zone, seconds=True),
        "sheet": leaf if leaf["type"] == "sheet" else None,
        "round": _round_label(leaf.get("round", "")),
    }


def _shown_acts(acts: Sequence[tuple[int, Leaf]]) -> list[dict[str, Any]]:
    return [
        {
            "index": index,
            "at": moment(datetime.fromisoformat(leaf["t"]), contest().zone, seconds=True),
            "told": tell_act(leaf, gettext),
        }
        for index, leaf in acts
    ]


def _round_label(key: str) -> str:
    judged = rules().find_round(key)
    return label(judged.label) if judged is not None else key


def _words_of_ranking() -> dict[str, Any]:
    """What the recount in the browser calls the ranking's keys and aliases, as far as the results page does too."""
    publication = public_publication(db(), contest=contest())
    winners = (
        list_winners(db(), contest=contest(), rules=rules(), ranking=publication.ranking)
        if publication is not None
        else []
    )
    return {
        "rounds": {judged.key: label(judged.label) for judged in rules().rounds},
        "prizes": {award.key: label(award.label) for award in rules().awards},
        "entries": {
            one.entry.alias: f"{entry_code(one.entry.number, rules().prefix)} – {one.entry.title}" for one in winners
        },
        "decimal": mark("0.5")[1],
    }
