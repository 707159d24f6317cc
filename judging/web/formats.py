"""How numbers, moments and days are written in the reader's language.

Vietnamese: 91,67 - 1.840 - 17:00 ngày 20/11/2026. English: 91.67 - 1,840 - 17:00 on 20 Nov 2026. Moments are shown in
the contest's zone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal
from flask_babel import get_locale, gettext

from judging.domain.totals import as_decimal_string
from judging.errors import JudgingError
from judging.web.i18n import rule_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.domain.values import Problem

Number = Decimal | Fraction | int | str


class Titled(Protocol):
    """An entry, or a row of a list that holds what is shown of one."""

    @property
    def title(self) -> str:
        """What its people called it; empty before that, and once it was erased."""

    @property
    def erased_at(self) -> datetime | None:
        """When its people were erased."""


DEFAULT_ZONE = "Asia/Ho_Chi_Minh"


def _language() -> str:
    return str(get_locale() or "vi")


def _decimal(value: Number) -> Decimal:
    return Decimal(as_decimal_string(value)) if isinstance(value, Fraction) else Decimal(value)


def score(value: Number | None, places: int = 2) -> str:
    """A score with a fixed number of decimals, so that a column lines up: 83,33 and 86,00. An erased one is ""."""
    if value is None or value == "":
        return "–"
    return format_decimal(_decimal(value), format="#,##0." + "0" * places, locale=_language())


def mark(value: Number | None) -> str:
    """A mark as a judge writes it: 8,5 and 24, without trailing zeros."""
    if value is None:
        return "–"
    return format_decimal(_decimal(value), format="#,##0.######", locale=_language())


def integer(value: int) -> str:
    """A count: 1.840."""
    return format_decimal(value, format="#,##0", locale=_language())


def day(value: date | datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """A calendar day; a moment counts as the day it falls on in `zone`."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(zone)).date() if isinstance(value, datetime) else value
    if _language().startswith("vi"):
        return f"{local:%d/%m/%Y}"
    return f"{local.day} {local:%b %Y}"


def clock(value: datetime | None, zone: str = DEFAULT_ZONE, *, seconds: bool = False) -> str:
    """The time of day in `zone`; seconds only in receipts, timers and save times."""
    if value is None:
        return "–"
    local = value.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"


def moment(value: datetime | None, zone: str = DEFAULT_ZONE, *, seconds: bool = False) -> str:
    """A day with its time, in `zone`."""
    if value is None:
        return "–"
    time, date_text = clock(value, zone, seconds=seconds), day(value, zone)
    return f"{time} ngày {date_text}" if _language().startswith("vi") else f"{time} on {date_text}"


def offset(zone: str) -> str:
    """The zone as readers know it, with its offset: UTC+07:00."""
    hours = datetime.now(UTC).astimezone(ZoneInfo(zone))
    return f"UTC{hours:%z}"[:6] + ":" + f"{hours:%z}"[3:]


def megabytes(size: int) -> str:
    """A file's size in megabytes of 1,000,000 bytes, or kilobytes when it is small."""
    if size < 1_000_000:
        return f"{integer(max(1, round(size / 1000)))} kB"
    return f"{format_decimal(Decimal(size) / 1_000_000, format='#,##0.0', locale=_language())} MB"


def _parameter(value: object) -> object:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal | Fraction):
        return mark(value)
    if isinstance(value, JudgingError):
        # The reason of a refusal, inside the sentence that refuses.
        return error_sentence(value)
    if isinstance(value, str):
        # A label that a rule quotes is an msgid too; text that people typed is not in any catalogue and stays.
        return label(value)
    return value


def sentence(message: str, params: Mapping[str, object] | None = None) -> str:
    """An msgid with its values, in the reader's language; dates and numbers among the values are written out."""
    if not message:
        return ""
    values = {key: _parameter(value) for key, value in (params or {}).items()}
    text = rule_text(message)
    return text % values if values else text.replace("%%", "%")


def problem_sentence(problem: Problem) -> str:
    """What a refusal says, in the reader's language."""
    return sentence(problem.message, problem.params)


def error_sentence(error: JudgingError) -> str:
    """What an error says, in the reader's language."""
    return sentence(error.message, error.params)


def entry_code(number: int, prefix: str) -> str:
    """The code by which an entry goes in the office and on judges' pages: ST-041."""
    return f"{prefix}-{number:03d}"


def shown_title(entry: Titled, untitled: str = "") -> str:
    """An entry's title, `untitled` where it has none, and "(erased)" where its people were erased."""
    if entry.erased_at is not None:
        return gettext("(erased)")
    return entry.title or untitled


def label(text: str) -> str:
    """A label of the rules in the reader's language; an organiser's own wording stays as it was written."""
    return rule_text(text) if text else ""
