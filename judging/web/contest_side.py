"""What every public page of a contest shows around its own content."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from judging.db.models import Contest
from judging.domain.lifecycle import RESULT_PUBLIC_PHASES, ContestPhase
from judging.domain.permissions import Role
from judging.errors import N_, NotFound
from judging.web.context import actor, contest, rules
from judging.web.plugin_links import plugin_links

_OFFICE = (Role.ORGANISER, Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.ADMINISTRATOR)


def public_contest() -> Contest:
    """The contest of the address. Raises NotFound for one in preparation, unless the reader works in its office."""
    shown = contest()
    if ContestPhase(shown.phase) is ContestPhase.DRAFT and not actor().has(*_OFFICE):
        raise NotFound(N_("There is nothing here."))
    return shown


def contest_context(page: str) -> dict[str, Any]:
    """What every public page of a contest shows around its own: the contest, its rules and the side navigation."""
    shown = contest()
    return {"contest": shown, "rules": rules(), "side": side_links(page)}


def side_links(page: str) -> list[dict[str, Any]]:
    """The pages of the contest, the results among them once they are public."""
    shown = contest()
    links = [
        ("contest", _("About"), url_for("public.contest", slug=shown.slug)),
        ("rules", _("Rules"), url_for("public.rules", slug=shown.slug)),
        ("enter", _("May I enter?"), url_for("entrant.eligibility", slug=shown.slug)),
    ]
    if ContestPhase(shown.phase) in RESULT_PUBLIC_PHASES:
        links.append(("results", _("Results"), url_for("public.results", slug=shown.slug)))
    if shown.rules_digest:
        # The log begins when the contest opens and pins its rules.
        links.append(("log", _("Score log"), url_for("public.log", slug=shown.slug)))
    own = [{"label": label, "url": url, "current": key == page} for key, label, url in links]
    return [*own, *plugin_links(shown, public=True)]
