"""Boxes of consents as pages show them: never ticked beforehand, the words being those whose hash is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from judging.domain.country import GivenBy, Purpose
from judging.errors import N_
from judging.services.entries.people.roles import ACCEPTED, METHOD_LABELS, ROLE_LABELS, LinkRole
from judging.services.entries.people.wording import in_language, statement
from judging.web.formats import moment
from judging.web.i18n import locale

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from judging.db.models import Consent, PeopleLink
    from judging.services.entries.people.standing import MemberState

PURPOSE_LABELS: Mapping[Purpose, str] = {
    Purpose.TAKE_PART: N_("take part"),
    Purpose.PUBLISH_NAME: N_("publish the name"),
    Purpose.PUBLISH_WORK: N_("show the work"),
    Purpose.PHOTO: N_("photographs"),
    Purpose.KEEP: N_("keep afterwards"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One point to agree to; `needed` ones decide whether the entry can be handed in."""

    value: str
    text: str
    needed: bool
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Whose word it is with where it stands: a headline, the lines of what was agreed to, and the boxes."""

    by: str
    label: str
    agreed: bool
    lines: tuple[str, ...]
    boxes: tuple[Box, ...] = ()


def boxes(by: GivenBy, *, prefix: str = "", checked: Collection[str] = ()) -> tuple[Box, ...]:
    """The five points of one word; values are `<prefix><word>:<purpose>`."""
    return tuple(
        Box(
            value=f"{prefix}{by}:{purpose}",
            text=in_language(statement(purpose, by), locale()),
            needed=purpose is Purpose.TAKE_PART,
            checked=f"{prefix}{by}:{purpose}" in checked,
        )
        for purpose in Purpose
    )


def read_boxes(values: Iterable[str]) -> frozenset[tuple[Purpose, GivenBy]]:
    """The points that were ticked; what is no point is left out."""
    found = set()
    for value in values:
        by, _sep, purpose = value.partition(":")
        if by in set(GivenBy) and purpose in set(Purpose):
            found.add((Purpose(purpose), GivenBy(by)))
    return frozenset(found)


def voice(state: MemberState, by: GivenBy, zone: str, own_boxes: tuple[Box, ...] = ()) -> Voice:
    """Where the word of one person stands, in words."""
    rows = [row for row in state.member.consents if row.given_by == by]
    return Voice(
        by=by.value,
        label=_("Father, mother or guardian") if by is GivenBy.GUARDIAN else _("The author"),
        agreed=state.takes_part(by),
        lines=tuple(consent_line(row, zone) for row in rows),
        boxes=own_boxes,
    )


def consent_line(row: Consent, zone: str) -> str:
    """One consent with its proof: for what, by whom, how and when, and when it was taken back."""
    line = _(
        "%(purpose)s: %(name)s, %(method)s, %(moment)s",
        purpose=_(PURPOSE_LABELS[Purpose(row.purpose)]),
        name=row.by_name or "–",
        method=_(METHOD_LABELS.get(row.method, row.method)),
        moment=moment(row.given_at, zone),
    )
    if row.withdrawn_at is None:
        return line
    back = _("taken back %(moment)s", moment=moment(row.withdrawn_at, zone))
    return f"{line}; {back}"


def link_line(link: PeopleLink, zone: str) -> str:
    """Where a question stands: sent, answered yes or no."""
    who = f"{_(ROLE_LABELS[LinkRole(link.role)])}: {link.answered_name or link.name or link.email}"
    if link.answered_at is not None:
        said = _("said yes") if link.answer == ACCEPTED else _("said no")
        return f"{who}, {said}, {moment(link.answered_at, zone)}"
    waits = _("asked %(moment)s, no answer yet", moment=moment(link.sent_at or link.asked_at, zone))
    return f"{who}, {waits}"
