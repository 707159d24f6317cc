"""Proof of age on the page of a dossier: seen by the office, recorded, deleted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.privacy_rights import can_see_births
from judging.services.entries.age_bands import age_bands
from judging.services.entries.age_checks import may_check_ages, proof_items, standing_checks, verify_age
from judging.web.context import actor, entry, now, rules
from judging.web.formats import day, label
from judging.web.organiser.acts import DESK, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.dossiers import dossier_page
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import AgeCheck, EntryMember


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow:
    """An author, and the check that stands for them."""

    member: EntryMember
    check: AgeCheck | None


@blueprint.post("/entries/<entry_id>/people/<member_id>/age")
@policy(*DESK)
def check_age(entry_id: str, member_id: str) -> ResponseReturnValue:
    """Record that an author's age was verified; with the last one the proofs are deleted."""
    refused = refusals_of(
        lambda: verify_age(db(), entry=entry(), member_id=member_id, actor=actor(), rules=rules(), now=now())
    )
    if refused:
        return dossier_page(refused), REFUSED
    flash(_("The age is verified. Proofs are deleted once every author's is."), "info")
    return redirect(url_for("organiser.entry", entry_id=entry_id, _anchor="ages"))


@blueprint.app_template_global("age_rows")
def age_rows() -> Sequence[AgeRow]:
    """The authors of the entry at hand with their checks; none where the contest asks for no proof of age."""
    if not proof_items(rules()):
        return ()
    checks = standing_checks(db(), entry())
    return [AgeRow(member=member, check=checks.get(member.id)) for member in entry().members]


@blueprint.app_template_global("shown_birth")
def shown_birth(member: EntryMember) -> str:
    """The author's birth date to whoever may read it, and the age band to everybody else."""
    if member.born is None:
        return "–"
    if can_see_births(actor()):
        return day(member.born)
    return ", ".join(label(one) for one in age_bands(db(), entry=entry(), people=[member], rules=rules())) or "–"


@blueprint.app_template_global("may_check_ages")
def _may_check() -> bool:
    return may_check_ages(entry(), actor(), rules())
