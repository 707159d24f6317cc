"""Which round a page of the office is about, and the links to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import url_for

from judging.services.rounds.states import list_rounds
from judging.web.context import contest, rules
from judging.web.formats import label
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import ContestRound

_SHOWN_STATES = frozenset({"open", "closed", "advanced"})


def round_tabs(endpoint: str, current: str) -> list[dict[str, Any]]:
    """The rounds as tabs that lead to the same page of each."""
    return [
        {
            "label": label(judged.label),
            "url": url_for(endpoint, slug=contest().slug, round_key=judged.key),
            "current": judged.key == current,
        }
        for judged in rules().rounds
    ]


def stage_of(round_key: str) -> ContestRound | None:
    """Where the round stands; None before the contest has opened."""
    return next((row for row in list_rounds(db(), contest=contest()) if row.key == round_key), None)


def default_round() -> str:
    """The round that people mean when they name none: the first that has not ended, else the last."""
    rows = list_rounds(db(), contest=contest())
    return next((row.key for row in rows if row.state != "advanced"), rules().rounds[-1].key)


def last_begun_round() -> str:
    """The latest round that has begun, whose standings are of interest; else the first."""
    begun = [row.key for row in list_rounds(db(), contest=contest()) if row.state in _SHOWN_STATES]
    return begun[-1] if begun else rules().rounds[0].key
