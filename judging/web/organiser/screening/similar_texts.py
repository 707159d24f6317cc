"""What the pages say of entries that look alike: a hint with its reasons, never a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from judging.domain.similarity.rights import can_see_similar, can_settle_similar
from judging.errors import N_
from judging.services.entries.similar.comparing import passages_in_common
from judging.services.entries.similar.pairs import Found, similar_to
from judging.services.entries.similar.shown import code_of, declared_before
from judging.web.context import actor, entry, platform
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.domain.permissions import Relation
    from judging.domain.similarity.passages import Passage

REASONS: Mapping[str, str] = {
    "text": N_("Text"),
    "title": N_("Title"),
    "picture": N_("Picture"),
    "file": N_("File"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPair:
    """One suggestion: `told` says by what, `may_open` whether the other's dossier is in the same contest."""

    found: Found
    code: str
    told: Sequence[str]
    passages: Sequence[Passage]
    pictures: Sequence[tuple[str, str]]
    may_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """All that the dossier page says: what the authors declared, the suggestions, and whether they may be settled."""

    declared: bool
    pairs: Sequence[ShownPair]
    may_settle: bool


def similar_entries(relation: Relation) -> Similar | None:
    """What the entry of the address looks like; None for whoever may not know."""
    if not can_see_similar(actor()):
        return None
    found = similar_to(db(), entry=entry(), actor=actor())
    passages = passages_in_common(db(), found=found)
    return Similar(
        declared=declared_before(entry()),
        pairs=[_shown(one, passages.get(one.other.id, ())) for one in found],
        may_settle=can_settle_similar(actor(), relation),
    )


def reason_lines(found: Found) -> list[str]:
    """By what two entries look alike, a sentence each."""
    evidence = found.pair.evidence
    told = {
        "file": _("A file is the same, byte by byte."),
        "picture": _("A picture looks the same."),
        "text": _text_line(evidence),
        "title": _("The titles are nearly the same."),
    }  # fmt: skip
    return [told[reason] for reason in found.reasons if reason in told]


def _text_line(evidence: Mapping[str, int]) -> str:
    # Pairs that were found before this was looked at do not have it.
    if evidence.get("order"):
        return _(
            "More of the words stand in the same order (%(share)s%%) than in others on this theme (%(usual)s%%).",
            share=evidence["order"] // 10, usual=evidence["order_usual"] // 10,
        )  # fmt: skip
    return _(
        "The texts have more in common (%(share)s%%) than others on this theme (%(usual)s%%).",
        share=evidence["text"] // 10, usual=evidence["usual"] // 10,
    )  # fmt: skip


def _shown(found: Found, passages: Sequence[Passage]) -> ShownPair:
    same_contest = found.other.contest_id == found.one.contest_id
    return ShownPair(
        found=found,
        code=code_of(platform().registry, found.other),
        told=reason_lines(found),
        passages=passages,
        pictures=found.pictures if same_contest else (),
        may_open=same_contest,
    )
