"""The very words of consents and confirmations, in the reader's language, and their hash for the proof."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING

from babel.support import NullTranslations, Translations
from sqlalchemy.dialects import postgresql, sqlite

from judging.db.models import ConsentText
from judging.domain.country import GivenBy, Purpose
from judging.errors import N_
from judging.paths import translations_folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

_OF_GUARDIAN: Mapping[Purpose, str] = {
    Purpose.TAKE_PART: N_(
        "I agree that my child takes part in this contest, and that its office uses the child's name, birth date and "
        "school for it."
    ),
    Purpose.PUBLISH_NAME: N_("My child's name and school may be published with the results."),
    Purpose.PUBLISH_WORK: N_(
        "My child's work may be shown in public, for example pictures and a summary of it. I know that this can rule "
        "out a later patent."
    ),
    Purpose.PHOTO: N_("Photographs and films of my child made at the contest may be published by the organiser."),
    Purpose.KEEP: N_("The organiser may keep my child's work and name after the contest, to show them in later years."),
}
_OF_SELF: Mapping[Purpose, str] = {
    Purpose.TAKE_PART: N_(
        "I want to take part in this contest, and its office may use my name, birth date and school or workplace for "
        "it."
    ),
    Purpose.PUBLISH_NAME: N_("My name and my school or workplace may be published with the results."),
    Purpose.PUBLISH_WORK: N_(
        "My work may be shown in public, for example pictures and a summary of it. I know that this can rule out a "
        "later patent."
    ),
    Purpose.PHOTO: N_("Photographs and films of me made at the contest may be published by the organiser."),
    Purpose.KEEP: N_("The organiser may keep my work and my name after the contest, to show them in later years."),
}
CONFIRMATIONS: Mapping[str, str] = {
    "coauthor": N_("I am one of the authors of this work, and I agree with my place among them."),
    "mentor": N_("I guided this work. The idea and the making are the authors' own; my help is told in the entry."),
    "school": N_(
        "I speak for the school or unit named here. The authors belong to it, and to my knowledge they made this work "
        "themselves. This statement needs no stamp."
    ),
}
"""What somebody confirms by answering, by the role of the link."""


def statement(purpose: Purpose, by: GivenBy) -> str:
    """The msgid of the words of a consent."""
    return (_OF_GUARDIAN if by is GivenBy.GUARDIAN else _OF_SELF)[purpose]


def in_language(msgid: str, locale: str) -> str:
    """The words as a reader of that language is shown them."""
    return _catalogue(locale).gettext(msgid)


def keep_text(session: Session, *, msgid: str, locale: str) -> str:
    """Keep the words that were shown, once for each wording; returns their SHA-256."""
    text = in_language(msgid, locale)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    table = ConsentText.metadata.tables[ConsentText.__tablename__]
    # Two people may be the first to agree to a new wording at the same moment.
    session.execute(
        insert(table).values(sha256=sha256, locale=locale, text=text).on_conflict_do_nothing(index_elements=["sha256"])
    )
    return sha256


@lru_cache(maxsize=8)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(translations_folder(), [locale])
