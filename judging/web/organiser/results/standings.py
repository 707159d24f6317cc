"""The standings of a round: ranks, what decided each tie, who goes on, and the chair's vote."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries import office_running as queries
from judging.domain.gates import Advance, advancing
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import can_grant_awards, can_see_progress, can_see_standings
from judging.domain.policy import policy
from judging.services.results.leaving_out.weighing import may_see_judge_effects
from judging.services.results.standings import find_aggregator, readable_standings
from judging.services.rounds.entries import judged_round
from judging.services.rounds.progress import find_gaps
from judging.services.rounds.running import ADVANCED, CLOSED, record_chair_vote
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import entry_code, label, problem_sentence, score, shown_title
from judging.web.link_warnings import apart_sentences
from judging.web.organiser.acts import READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.rounds.tabs import last_begun_round, round_tabs, stage_of
from judging.web.paging import page_of
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import Entry
    from judging.domain.rules import Round
    from judging.domain.values import Standing

_PER_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: an entry's standing, what decided it, and whether it would go on."""

    standing: Standing
    entry: Entry
    ties: tuple[str, ...]
    advances: bool
    stopped: str
    gap: Any


@blueprint.get("/<slug>/standings")
@blueprint.get("/<slug>/rounds/<round_key>/standings")
@policy(*READERS)
def standings(slug: str, round_key: str | None = None) -> str:
    """The standings of the entries that are locked, first place first."""
    del slug
    return _page(round_key or last_begun_round())


@blueprint.get("/<slug>/rounds/<round_key>/standings.csv")
@policy(*READERS)
def standings_csv(slug: str, round_key: str) -> Response:
    """The standings as a file."""
    judged = judged_round(rules(), round_key)
    found = _standings(round_key)
    entries = queries.entries_by_alias(db(), contest(), {one.entry for one in found})
    criteria = [one for one in judged.rubric.criteria if not one.is_comment_only]
    head = [_("Rank"), _("Code"), _("Title"), _("Category"), _("Score"), _("Sheets")]
    head += [label(criterion.label) for criterion in criteria]
    rows = (
        (
            one.rank, entry_code(entries[one.entry].number, rules().prefix), shown_title(entries[one.entry]),
            one.category,
            score(one.score.value), one.score.used, *(score(one.criteria.get(c.key)) for c in criteria),
        )
        for one in found
    )  # fmt: skip
    return csv_answer(f"{slug}-{round_key}-standings", head, rows)


@blueprint.post("/<slug>/rounds/<round_key>/vote")
@policy("organiser")
def vote(slug: str, round_key: str) -> ResponseReturnValue:
    """Record the chair's vote on entries that nothing parts."""
    places = {key.removeprefix("place-"): value for key, value in request.form.items() if key.startswith("place-")}
    wanted = [str(number) for number in range(1, len(places) + 1)]
    if not places or sorted(places.values(), key=lambda one: (len(one), one)) != wanted:
        return _page(round_key, [_("Give each entry of the tie a place of its own.")]), REFUSED
    order = sorted(places, key=lambda alias: int(places[alias]))
    refused = refusals_of(
        lambda: record_chair_vote(
            db(), registry=platform().registry, contest=contest(), round_key=round_key, order=order,
            reason=request.form.get("reason", ""), actor=actor(), now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(round_key, refused), REFUSED
    flash(_("The vote is recorded and shown beside the entries."), "info")
    return redirect(url_for("organiser.standings", slug=slug, round_key=round_key))


def _standings(round_key: str) -> tuple[Standing, ...]:
    return readable_standings(db(), registry=platform().registry, contest=contest(), round_key=round_key, actor=actor())


def _page(round_key: str, refused: list[str] | None = None) -> str:
    judged = judged_round(rules(), round_key)
    found = _standings(round_key)
    whole = can_see_standings(actor(), phase=ContestPhase(contest().phase))
    # Gates and quota decide over the whole contest: of a part nobody can say who goes on.
    outcome = advancing(rules(), judged, found) if whole else Advance(advanced=())
    page = page_of(len(found), per_page=_PER_PAGE)
    shown = found[page.offset : page.offset + page.limit]
    entries = queries.entries_by_alias(db(), contest(), _aliases(shown, found))
    is_last = round_key == rules().rounds[-1].key
    stage = stage_of(round_key)
    return render_template(
        "organiser/results/standings.html",
        contest=contest(),
        rules=rules(),
        judged=judged,
        stage=stage,
        tabs=round_tabs("organiser.standings", round_key),
        lines=_lines(judged, shown, entries, outcome, is_last=is_last),
        list_page=page,
        cut=_cut(found, outcome) if whole and not is_last and judged.quota else None,
        advanced=len(outcome.advanced),
        whole=whole,
        apart=apart_sentences(round_key) if whole and can_see_progress(actor()) else [],
        edge_ties=[problem_sentence(one) for one in outcome.ties],
        ties=_open_ties(found, entries) if "chair-vote" in rules().tie_breaks else [],
        may_weigh=stage is not None
        and stage.state in (CLOSED, ADVANCED)
        and may_see_judge_effects(db(), contest=contest(), actor=actor()),
        may_vote=can_grant_awards(actor(), phase=ContestPhase(contest().phase)),
        aggregator=label(find_aggregator(platform().registry, judged).label),
        criteria=[one for one in judged.rubric.criteria if not one.is_comment_only],
        categories={one.key: label(one.label) for one in rules().categories},
        total=len(found),
        is_last=is_last,
        refused=refused or [],
        typed=request.form,
    )


def _aliases(shown: Sequence[Standing], found: Sequence[Standing]) -> set[str]:
    """The entries that the page names: those shown, those they are tied with, and every open tie."""
    named = {one.entry for one in shown} | {one.entry for one in found if one.shared}
    return named | {tie.other_entry for one in shown for tie in one.tie}


def _lines(
    judged: Round, shown: Sequence[Standing], entries: Mapping[str, Entry], outcome: Advance, *, is_last: bool
) -> list[Line]:
    onward = {one.entry for one in outcome.advanced}
    gaps = {gap.entry.alias: gap for gap in find_gaps(db(), contest=contest(), judged=judged)}
    return [
        Line(
            standing=one,
            entry=entries[one.entry],
            ties=tuple(_tie_sentences(one, entries)),
            advances=not is_last and one.entry in onward,
            stopped=problem_sentence(outcome.stopped[one.entry]) if one.entry in outcome.stopped else "",
            gap=gaps.get(one.entry),
        )
        for one in shown
    ]


def _tie_sentences(standing: Standing, entries: Mapping[str, Entry]) -> list[str]:
    """What parted the entry from its neighbours of equal score, told under the titles of both."""
    sentences = []
    for tie in standing.tie:
        other = entries.get(tie.other_entry)
        values = {
            "what": label(tie.label), "own": score(tie.own), "other": score(tie.other),
            "code": entry_code(other.number, rules().prefix) if other else tie.other_entry,
        }  # fmt: skip
        sentences.append(
            _("Equal score. Stands before %(code)s by %(what)s: %(own)s, more than %(other)s.", **values)
            if tie.ahead
            else _("Equal score. Stands after %(code)s by %(what)s: %(own)s, less than %(other)s.", **values)
        )
    if standing.shared:
        sentences.append(_("Equal score, and nothing parts the entries of this rank."))
    return sentences


def _open_ties(found: Sequence[Standing], entries: Mapping[str, Entry]) -> list[list[Entry]]:
    shared = [one for one in found if one.shared]
    return [[entries[one.entry] for one in share] for _rank, share in groupby(shared, key=lambda one: one.rank)]


def _cut(found: Sequence[Standing], outcome: Advance) -> str | None:
    """The entry after which nobody goes on, in the order of the standings; none where boards have their own quotas."""
    onward = {one.entry for one in outcome.advanced}
    flags = [one.entry in onward for one in found]
    inside = sum(flags)
    return found[inside - 1].entry if inside and all(flags[:inside]) and inside < len(found) else None
