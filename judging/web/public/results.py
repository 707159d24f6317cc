"""The results as everybody reads them: from a publication once there is one, the list of winners while it is posted.

Before that the page says the same to everybody, whatever there is to know.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.queries.overrides import overrides_in_force
from judging.db.queries.results import Figures, count_figures, posted_prizes
from judging.domain.boards import board_label, boards_of
from judging.domain.lifecycle import POSTING_PHASES, RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.policy import policy
from judging.domain.structure import canonical_bytes
from judging.errors import N_, NotFound
from judging.services.entries.consents import names_taken_back
from judging.services.results.published import Winner, list_winners, public_publication
from judging.web.contest_side import contest_context, public_contest
from judging.web.context import contest, rules
from judging.web.formats import entry_code, label, score, shown_title
from judging.web.headers import no_index
from judging.web.public.blueprint import blueprint
from judging.web.public.log_state import open_state
from judging.web.spreadsheet import csv_answer
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from judging.db.models import Publication

_SMALLEST_TITLE = 4
_MARKS = re.compile(r"[\W_]+")


@blueprint.get("/contests/<slug>/results")
@policy("public")
def results(**_address: str) -> str:
    """Prizes by level, figures by category, and how to check that nothing was changed since."""
    public_contest()
    publication = _publication()
    if publication is None and not _is_posted():
        return render_template("public/results_closed.html", **contest_context("results"))
    ranking = publication.ranking if publication else {"rounds": [], "prizes": posted_prizes(db(), contest())}
    winners = _winners(ranking)
    _keep_search_engines_away(winners)
    figures = count_figures(db(), contest())
    asked = {"q": request.args.get("q", "")[:100], "category": request.args.get("category", "")}
    return render_template(
        "public/results.html",
        **contest_context("results"),
        publication=publication,
        log=open_state() if publication is not None else None,
        decisions=overrides_in_force(db(), contest()) if publication else [],
        levels=_levels(winners, asked),
        side_prizes=_side_prizes(winners, asked),
        facts=_facts(figures, ranking, full=publication is not None),
        by_category=_by_category(figures, winners),
        totals=(figures.entries.total(), figures.eligible.total(), len({one["alias"] for one in winners})),
        highest=rules().rounds[-1].rubric.maximum,
        categories=[(one.key, label(one.label)) for one in rules().categories],
        asked=asked,
        found=sum(_matches(one, asked) for one in winners),
        searching=bool(asked["q"].strip() or asked["category"]),
    )


@blueprint.get("/contests/<slug>/results.csv")
@policy("public")
def results_csv(slug: str) -> Response:
    """The prizes as a file, with what the page shows."""
    public_contest()
    publication = _publication()
    if publication is None and not _is_posted():
        raise NotFound(N_("There is nothing here."))
    ranking = publication.ranking if publication else {"rounds": [], "prizes": posted_prizes(db(), contest())}
    winners = _winners(ranking)
    _keep_search_engines_away(winners)
    awards = {award.key: label(award.label) for award in rules().awards}
    head = (_("Prize"), _("Code"), _("Title"), _("Category"), _("Authors"), _("Unit"), _("Score"))
    rows = (
        (
            awards.get(one["level"], one["level"]), one["code"], one["title"], one["category_label"],
            ", ".join(one["names"]), ", ".join(one["units"]), one["score"] or "",
        )
        for one in _in_order(winners)
    )  # fmt: skip
    return csv_answer(f"{slug}-results", head, rows)


@blueprint.get("/contests/<slug>/ranking.json")
@policy("public")
def results_ranking(**_address: str) -> Response:
    """The published ranking, byte for byte what its check sum was taken of; entries go by alias."""
    public_contest()
    publication = _publication()
    if publication is None:
        raise NotFound(N_("There is nothing here."))
    return Response(canonical_bytes(publication.ranking), mimetype="application/json")


def _publication() -> Publication | None:
    return public_publication(db(), contest=contest())


def _is_posted() -> bool:
    phase = ContestPhase(contest().phase)
    return phase in POSTING_PHASES and phase not in RESULT_PUBLIC_PHASES


def _winners(ranking: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every prize with its entry, and of its people what consents allow; the score once results are published."""
    return [_winner(one) for one in list_winners(db(), contest=contest(), rules=rules(), ranking=ranking)]


def _keep_search_engines_away(winners: Sequence[Mapping[str, Any]]) -> None:
    """Once somebody has taken their name back, ask search engines to forget the page that showed it."""
    if names_taken_back(db(), entry_ids={one["entry_id"] for one in winners}):
        no_index()


def _winner(winner: Winner) -> dict[str, Any]:
    entry, standing = winner.entry, winner.standing
    return {
        "level": winner.level,
        "board": winner.board,
        "entry_id": entry.id,
        "alias": entry.alias,
        "code": entry_code(entry.number, rules().prefix),
        "title": shown_title(entry),
        "category": entry.category,
        "category_label": next((label(one.label) for one in rules().categories if one.key == entry.category), ""),
        "names": winner.names,
        "units": winner.units,
        "score": score(standing["score"]) if standing else None,
        "rank": standing["rank"] if standing else entry.number,
    }


def _in_order(winners: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    levels = {award.key: place for place, award in enumerate(rules().awards)}
    return sorted(winners, key=lambda one: (levels.get(one["level"], 99), one["board"], one["rank"], one["code"]))


def _levels(winners: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Each ranked level on each of its boards, an empty one included: that is a normal outcome."""
    shown = []
    for place, award in enumerate(one for one in rules().awards if not one.special):
        for board in boards_of(rules(), award.board):
            rows = [one for one in _in_order(winners) if one["level"] == award.key and one["board"] == board]
            shown.append(
                {
                    "label": label(award.label),
                    "board": label(board_label(rules(), board)),
                    "given": len(rows),
                    "size": min(place + 1, _SMALLEST_TITLE),
                    "rows": [_row(one) for one in rows if _matches(one, asked)],
                }
            )
    return shown


def _side_prizes(winners: Sequence[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """Side prizes that were given; one that was not is no news."""
    side = {award.key: label(award.label) for award in rules().awards if award.special}
    return [
        {"prize": side[one["level"]], **_row(one)}
        for one in _in_order(winners)
        if one["level"] in side and _matches(one, asked)
    ]


def _row(winner: Mapping[str, Any]) -> dict[str, Any]:
    people = " · ".join(part for part in (", ".join(winner["names"]), ", ".join(winner["units"])) if part)
    return {**winner, "lines": [people] if people else []}


def _matches(winner: Mapping[str, Any], asked: Mapping[str, str]) -> bool:
    """Whether a search finds the prize: by code, title, and only such names and schools as the page shows."""
    if asked["category"] and winner["category"] != asked["category"]:
        return False
    wanted = _folded(asked["q"])
    told = (winner["code"], winner["title"], *winner["names"], *winner["units"])
    return not wanted or any(wanted in _folded(text) for text in told)


def _folded(text: str) -> str:
    return _MARKS.sub(" ", text.casefold()).strip()


def _facts(figures: Figures, ranking: Mapping[str, Any], *, full: bool) -> list[dict[str, Any]]:
    counted = [(figures.entries.total(), _("entries")), (figures.eligible.total(), _("eligible"))]
    if full:
        counted += [(figures.sheets, _("score sheets")), (figures.judges, _("judges"))]
    counted.append((len(ranking["prizes"]), _("prizes")))
    return [{"value": value, "label": name, "url": None} for value, name in counted]


def _by_category(figures: Figures, winners: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    awarded = Counter(category for category, _alias in {(one["category"], one["alias"]) for one in winners})
    return [
        {
            "label": label(category.label),
            "entries": figures.entries[category.key],
            "eligible": figures.eligible[category.key],
            "prizes": awarded[category.key],
            "url": url_for("public.results", slug=contest().slug, category=category.key),
        }
        for category in rules().categories
    ]
