"""What an entry form asks for, and what an organiser may set, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from judging.domain.keys import check_key
from judging.errors import N_, RulesError


class FieldKind(StrEnum):
    """How an answer is typed in and checked."""

    TEXT = "text"
    LONG_TEXT = "long-text"
    CHOICE = "choice"
    DATE = "date"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    EMAIL = "email"
    PHONE = "phone"
    URL = "url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of the answers that a choice offers."""

    key: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryField:
    """A question of the entry form.

    `blind` answers are kept from judges while a round is blind; `decides` marks a question that the eligibility page
    asks before the form.
    """

    key: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    required: bool = True
    max_words: int = 0
    choices: tuple[Choice, ...] = ()
    blind: bool = False
    decides: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        if (self.kind is FieldKind.CHOICE) != bool(self.choices):
            raise RulesError(N_("Field “%(field)s” must have choices if it is one."), field=self.label)


class ItemKind(StrEnum):
    """What a dossier item is."""

    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    SLIDES = "slides"
    DOCUMENT = "document"
    TABLE = "table"
    LINK = "link"
    PHYSICAL = "physical"


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierItem:
    """One typed thing that the dossier asks for.

    A physical item has no file: it is handed in at the office. A link is an https address. `office_only` items (proof
    of age, confirmations) are shown to the secretariat and never to judges. Files of a `delete_after_check` item are
    deleted once the secretariat has verified what they prove. Sizes are in megabytes of 1,000,000 bytes; 0 means no
    own limit. `max_pages` counts the slides of slides; `min_height` is the least of a video's two sides in pixels (720
    for 720p).
    """

    key: str
    label: str
    kind: ItemKind = ItemKind.PDF
    help: str = ""
    required: bool = True
    low: int = 1
    high: int = 1
    max_pages: int = 0
    max_seconds: int = 0
    min_height: int = 0
    max_megabytes: int = 20
    office_only: bool = False
    delete_after_check: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        if not 0 <= self.low <= self.high:
            raise RulesError(N_("Dossier item “%(item)s”: the least number is above the most."), item=self.label)


class SettingKind(StrEnum):
    """How a setting is typed and which editor it has."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    TEXT = "text"
    CHOICE = "choice"
    CATEGORIES = "categories"
    DIVISIONS = "divisions"
    TEAM = "team"
    ROUND = "round"
    RUBRIC = "rubric"
    GATES = "gates"
    AWARDS = "awards"
    TIE_BREAKS = "tie-breaks"


_PLAIN: dict[SettingKind, type] = {
    SettingKind.INTEGER: int,
    SettingKind.BOOLEAN: bool,
    SettingKind.DECIMAL: str,
    SettingKind.DATE: str,
    SettingKind.TEXT: str,
    SettingKind.CHOICE: str,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What an organiser may change in one edition of a contest.

    `default` is plain JSON: decimals and dates are strings. `low` and `high` bound integers and decimals.
    `official` is False for a default that is our own choice where no official text gives a figure; pages say so.
    """

    key: str
    label: str
    kind: SettingKind
    default: str | int | bool
    help: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[Choice, ...] = ()
    official: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        expected = _PLAIN.get(self.kind)
        if expected is None or type(self.default) is not expected:
            raise RulesError(N_("Setting “%(setting)s” has a value of the wrong type."), setting=self.label)
        typed = self.typed()
        if isinstance(typed, int | Decimal) and not isinstance(typed, bool):
            self._check_bounds(Decimal(typed))
        if self.kind is SettingKind.CHOICE and self.default not in {choice.key for choice in self.choices}:
            raise RulesError(N_("Setting “%(setting)s”: that is not one of the choices."), setting=self.label)

    def _check_bounds(self, number: Decimal) -> None:
        below = self.low is not None and number < self.low
        above = self.high is not None and number > self.high
        if not number.is_finite() or below or above:
            raise RulesError(
                N_("Setting “%(setting)s” must lie between %(low)s and %(high)s."),
                setting=self.label,
                low="–" if self.low is None else self.low,
                high="–" if self.high is None else self.high,
            )

    def typed(self) -> object:
        """The value as Python means it: Decimal, date (None when empty), int, bool or str. Raises RulesError."""
        try:
            if self.kind is SettingKind.DECIMAL:
                return Decimal(str(self.default))
            if self.kind is SettingKind.DATE:
                return date.fromisoformat(str(self.default)) if self.default else None
        except (InvalidOperation, ValueError) as wrong:
            raise RulesError(N_("Setting “%(setting)s” cannot be read."), setting=self.label) from wrong
        return self.default
