"""What hangs on each judge: a page for organiser and auditor beside the standings, and the same as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.office_running import entries_by_alias
from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotAllowed
from judging.services.results.leaving_out.shown import codes_of
from judging.services.results.leaving_out.weighing import judge_names, may_see_judge_effects, weigh_judges
from judging.web.context import actor, contest, platform, rules
from judging.web.formats import error_sentence, label, score, shown_title
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.results.leaving_out_texts import consequences, moves, signed
from judging.web.organiser.rounds.tabs import round_tabs
from judging.web.paging import page_of
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from judging.domain.leaving_out.values import JudgeEffect, Report

_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """The report with the names that its pages show."""

    report: Report
    codes: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def only(self) -> str | None:
        """The round that all of it is about; None when it is about several."""
        return self.report.rounds[0] if len(self.report.rounds) == 1 else None

    def told(self, effect: JudgeEffect) -> list[tuple[str, str]]:
        """What would be otherwise beyond ranks: entries by alias, each with a sentence."""
        return consequences(effect, self.codes, rules(), only=self.only)


@blueprint.get("/<slug>/leave-one-out")
@blueprint.get("/<slug>/rounds/<round_key>/leave-one-out")
@policy("organiser", "auditor")
def leave_one_out(slug: str, round_key: str | None = None) -> str:
    """What would be otherwise without one judge's sheets; with `judge` in the address, all of it for that one."""
    del slug
    _require()
    judge = request.args.get("judge", "")
    try:
        found = _weighed(round_key, judge)
    except Conflict as conflict:
        return _render("organiser/results/leave_one_out.html", round_key, not_yet=error_sentence(conflict))
    return _judge_page(round_key, found) if judge else _overview(round_key, found)


@blueprint.get("/<slug>/leave-one-out.csv")
@blueprint.get("/<slug>/rounds/<round_key>/leave-one-out.csv")
@policy("organiser", "auditor")
def leave_one_out_csv(slug: str, round_key: str | None = None) -> Response:
    """The table of all judges as a file; with `judge` in the address, every change of that one."""
    _require()
    judge = request.args.get("judge", "")
    found = _weighed(round_key, judge)
    name = "-".join(filter(None, (slug, round_key, "leave-one-out", judge)))
    if judge:
        head = [_("Round"), _("Code"), _("Title"), _("Rank"), _("Rank without"), _("Change of score"), _("Otherwise")]
        return csv_answer(name, head, _rows_of_one(found, found.report.judges[0]))
    head = [_("Judge"), _("Name"), _("Sheets"), _("Entries that move"), _("Largest change of score"), _("Otherwise")]
    return csv_answer(name, head, (_row(found, one) for one in found.report.judges))


def _require() -> None:
    if not may_see_judge_effects(db(), contest=contest(), actor=actor()):
        raise NotAllowed(N_("You judge in this contest or have an entry in it: what hangs on judges is closed to you."))


def _weighed(round_key: str | None, judge: str) -> Weighed:
    report = weigh_judges(
        db(), registry=platform().registry, contest=contest(), actor=actor(), round_key=round_key, judge=judge or None
    )
    codes = codes_of(db(), contest=contest(), rules=rules())
    return Weighed(report=report, codes=codes, names=judge_names(db(), contest()))


def _overview(round_key: str | None, found: Weighed) -> str:
    report = found.report
    page = page_of(len(report.judges), per_page=_PER_PAGE)
    return _render(
        "organiser/results/leave_one_out.html",
        round_key,
        found=found,
        lines=[
            {
                "effect": one,
                "told": [sentence for _entry, sentence in found.told(one)],
                "moves": [moves(change, found.codes, rules(), only=found.only) for change in one.ranks],
            }
            for one in report.judges[page.offset : page.offset + page.limit]
        ],
        list_page=page,
        entries=entries_by_alias(db(), contest(), {one.change.entry for one in report.sheets or ()}),
    )


def _judge_page(round_key: str | None, found: Weighed) -> str:
    (effect,) = found.report.judges
    page = page_of(len(effect.ranks), per_page=_PER_PAGE)
    shown = effect.ranks[page.offset : page.offset + page.limit]
    return _render(
        "organiser/results/leave_one_out_judge.html",
        round_key,
        found=found,
        effect=effect,
        told=[sentence for _entry, sentence in found.told(effect)],
        changes=shown,
        list_page=page,
        entries=entries_by_alias(db(), contest(), {one.entry for one in shown}),
    )


def _render(template: str, round_key: str | None, **values: Any) -> str:
    own: dict[str, Any] = {"slug": contest().slug}
    if round_key:
        own["round_key"] = round_key
    return render_template(
        template,
        contest=contest(),
        rules=rules(),
        tabs=_tabs(round_key),
        round_key=round_key,
        round_names={one.key: label(one.label) for one in rules().rounds},
        here=url_for("organiser.leave_one_out", **own),
        file=url_for("organiser.leave_one_out_csv", **own),
        signed=signed,
        **values,
    )


def _tabs(round_key: str | None) -> list[dict[str, Any]]:
    """The whole contest and each round; none where these are one and the same."""
    if len(rules().rounds) == 1:
        return []
    whole = url_for("organiser.leave_one_out", slug=contest().slug)
    return [
        {"label": _("All closed rounds"), "url": whole, "current": round_key is None},
        *round_tabs("organiser.leave_one_out", round_key or ""),
    ]


def _row(found: Weighed, one: JudgeEffect) -> list[object]:
    told = [sentence for _entry, sentence in found.told(one)]
    largest = f"{signed(one.largest.shift)} ({found.codes[one.largest.entry]})" if one.largest else ""
    return [one.judge, found.names.get(one.judge, ""), one.sheets, one.moved, largest, " ".join(told)]


def _rows_of_one(found: Weighed, effect: JudgeEffect) -> Iterator[list[object]]:
    """A row for each entry of a round that moves, then one for each entry that something else happens to."""
    told: dict[str, list[str]] = {}
    for entry, sentence in found.told(effect):
        told.setdefault(entry, []).append(sentence)
    changes = [*effect.ranks, *effect.without_sheet]
    entries = entries_by_alias(db(), contest(), {one.entry for one in changes} | told.keys())
    names = {one.key: label(one.label) for one in rules().rounds}
    for one in changes:
        yield [
            names[one.round], found.codes[one.entry], shown_title(entries[one.entry]), one.before,
            _("without a sheet") if one.after is None else one.after,
            "" if one.shift is None else score(one.shift), " ".join(told.pop(one.entry, [])),
        ]  # fmt: skip
    for entry, sentences in told.items():
        yield ["", found.codes[entry], shown_title(entries[entry]), "", "", "", " ".join(sentences)]
