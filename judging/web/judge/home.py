"""What a judge has to do: over all contests, and in one contest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from judging.db.queries import judge as queries
from judging.db.queries.leases import lease_rounds
from judging.db.queries.live import has_places
from judging.domain.lifecycle import SHEET_LABELS, SheetState
from judging.domain.permissions import Role
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.contests.editions import why_suspended
from judging.services.judges.conflicts.statements import has_answered
from judging.services.sheets.desk import DeskRound, list_desk
from judging.web.context import account, actor, contest, platform, rules
from judging.web.formats import error_sentence, label, moment
from judging.web.judge.blueprint import blueprint
from judging.web.judge.list_rows import list_rows
from judging.web.templating import title_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import Judge

PAGE_LENGTH = 60
_BADGES = {
    SheetState.SUBMITTED: "done",
    SheetState.DRAFT: "accent",
    SheetState.REOPENED: "attention",
}


@blueprint.get("/")
@policy("signed-in")
def home() -> ResponseReturnValue:
    """What to do today, in all contests where the person judges."""
    desk = list_desk(db(), registry=platform().registry, account=account())
    waiting = [work for work in desk if work.is_open and (work.left or work.again)]
    led = lease_rounds(db(), contest_ids={work.contest.id for work in waiting})
    return render_template(
        "judge/home.html",
        rows=[
            _todo(work, is_next=index == 0, led=(work.contest.id, work.stage.key) in led)
            for index, work in enumerate(waiting)
        ],
        left=sum(work.left for work in waiting),
        others=[work for work in desk if work not in waiting],
    )


@blueprint.get("/<slug>/", endpoint="contest")
@policy("judge")
def contest_list(slug: str) -> ResponseReturnValue:
    """The judge's own readings in one contest, in their own order."""
    judge = own_seat()
    desk = [work for work in list_desk(db(), registry=platform().registry, account=account()) if _is_here(work)]
    desk.sort(key=lambda work: work.stage.position)
    chosen = _chosen_round(desk)
    if chosen is None:
        return render_template("judge/contest.html", desk=[], work=None, rows=[], pager=None, hidden=0, notice="")
    # Ties to schools come before any title, also of a round that has not begun.
    if chosen.undeclared and (chosen.is_open or not has_answered(db(), judge=judge)):
        return redirect(url_for("judge.declare", slug=slug))
    page = _page_number(chosen.total)
    suspended = why_suspended(platform().registry, contest())
    return render_template(
        "judge/contest.html",
        desk=desk,
        work=chosen,
        rows=list_rows(chosen, judge=judge, limit=PAGE_LENGTH, offset=(page - 1) * PAGE_LENGTH),
        pager=_pager(slug, chosen, page),
        hidden=queries.hidden_count(db(), judge_id=judge.id, round_key=chosen.stage.key),
        notice=error_sentence(suspended) if suspended is not None else "",
        category_labels={category.key: category.label for category in rules().categories},
        state_labels=SHEET_LABELS,
        badges=_BADGES,
        chairs=actor().has(Role.CHAIR),
        live=has_places(db(), judge),
        led=(contest().id, chosen.stage.key) in lease_rounds(db(), contest_ids=[contest().id]),
    )


def own_seat() -> Judge:
    """The signed-in person as a judge of the contest of this address. The policy has let only judges in."""
    judge = queries.judge_in(db(), contest_id=contest().id, account_id=account().id)
    if judge is None:
        raise NotFound(N_("There is nothing here."))
    return judge


def _is_here(work: DeskRound) -> bool:
    return bool(work.contest.id == contest().id)


def _chosen_round(desk: list[DeskRound]) -> DeskRound | None:
    asked = request.args.get("round", "")
    by_key = {work.stage.key: work for work in desk}
    if asked in by_key:
        return by_key[asked]
    # Without a word from the judge: the first round with work, else the latest one.
    return next((work for work in desk if work.is_open and work.left), desk[-1] if desk else None)


def _todo(work: DeskRound, *, is_next: bool, led: bool) -> dict[str, Any]:
    slug = work.contest.slug
    lines = []
    if work.deadline is not None:
        until = moment(work.deadline, work.contest.zone)
        is_end = work.stage.ends_at is not None
        lines.append(
            _("Sheets are taken until %(moment)s.", moment=until) if is_end else _("Due by %(moment)s.", moment=until)
        )
    if work.minutes is not None:
        lines.append(
            ngettext("About %(num)s minute at your pace.", "About %(num)s minutes at your pace.", work.minutes)
        )
    if work.again:
        lines.insert(0, _("Everything is in. Last of all, look again at your first sheets: keep or revise."))
        url, action = url_for("judge.again", slug=slug), _("Look again")
    elif work.undeclared:
        lines.insert(0, _("First say which entries you have a conflict of interest with."))
        url, action = url_for("judge.declare", slug=slug), _("Declare conflicts")
    elif led:
        url, action = url_for("judge.next_entry", slug=slug, round_key=work.stage.key), _("To the next entry")
    elif work.next_id is not None:
        url = url_for("judge.sheet", assignment_id=work.next_id)
        action = _("Go on marking") if work.done else _("Begin marking")
    else:
        url, action = url_for("judge.contest", slug=slug, round=work.stage.key), _("See the list")
    return {
        "count": work.left or len(work.again),
        "title": f"{title_of(work.contest)} · {label(work.judged.label)}",
        "text": " ".join(lines),
        "url": url,
        "action": action,
        "kind": None,
        "next": is_next,
    }


def _page_number(total: int) -> int:
    asked = request.args.get("page", "1")
    last = max(1, -(-total // PAGE_LENGTH))
    return min(max(int(asked), 1), last) if asked.isascii() and asked.isdigit() and len(asked) < 5 else 1


def _pager(slug: str, work: DeskRound, page: int) -> dict[str, Any] | None:
    pages = max(1, -(-work.total // PAGE_LENGTH))
    if pages == 1:
        return None

    def address(number: int) -> str | None:
        inside = 1 <= number <= pages
        return url_for("judge.contest", slug=slug, round=work.stage.key, page=number) if inside else None

    return {
        "number": page,
        "pages": pages,
        "total": work.total,
        "prev_url": address(page - 1),
        "next_url": address(page + 1),
        "text": None,
    }
