"""What is typed into an entry form, read exactly or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.fields import Choice, EntryField, FieldKind
from judging.services.entries.answers import Unreadable, clean_text, read_answer, read_answers, read_day, read_decimal


@given(st.dates())
def test_read_day_takes_what_a_browser_sends_and_what_people_write(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f" {day.day}/{day.month}/{day.year:04d} ") == day


@pytest.mark.parametrize("text", ["31/2/2021", "2021-13-01", "yesterday", "1/1/21", "٠١/٠١/٢٠٢١"])
def test_read_day_refuses_what_is_no_day(text: str) -> None:
    with pytest.raises(Unreadable):
        read_day(text)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_read_decimal_gives_back_what_either_language_writes(number: Decimal) -> None:
    text = format(number, "f")

    assert read_decimal(text, locale="en") == number
    assert read_decimal(text.replace(".", ","), locale="vi") == number


@pytest.mark.parametrize(
    ("text", "locale"),
    [("8,5", "en"), ("1.000", "vi"), ("1,000.5", "en"), ("1e309", "en"), ("NaN", "vi"), ("８５", "vi"), ("--1", "en")],
)
def test_read_decimal_refuses_what_could_mean_something_else(text: str, locale: str) -> None:
    with pytest.raises(Unreadable):
        read_decimal(text, locale=locale)


@pytest.mark.parametrize(
    ("kind", "text", "stored"),
    [
        (FieldKind.TEXT, "  Trường \t THCS ", "Trường THCS"),
        (FieldKind.LONG_TEXT, "một\r\nhai\x00", "một\nhai"),
        (FieldKind.BOOLEAN, "y", True),
        (FieldKind.BOOLEAN, "", False),
        (FieldKind.INTEGER, "2021", 2021),
        (FieldKind.DECIMAL, "12.50", "12.50"),
        (FieldKind.DATE, "2021-02-28", "2021-02-28"),
        (FieldKind.EMAIL, "an@example.vn", "an@example.vn"),
        (FieldKind.URL, "https://example.vn/a", "https://example.vn/a"),
        (FieldKind.PHONE, "0205 3812 345", "0205 3812 345"),
        (FieldKind.TEXT, "   ", None),
    ],
)
def test_read_answer_stores_plain_json(kind: FieldKind, text: str, stored: object) -> None:
    assert read_answer(EntryField(key="asked", label="Asked", kind=kind), text, locale="en") == stored


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldKind.INTEGER, "2021.5"),
        (FieldKind.DATE, "soon"),
        (FieldKind.EMAIL, "an at example"),
        (FieldKind.URL, "javascript:alert(1)"),
        (FieldKind.PHONE, "call me"),
        (FieldKind.TEXT, "a" * 501),
        (FieldKind.LONG_TEXT, "a" * 20_001),
    ],
)
def test_answer_that_cannot_be_read_is_told_at_its_field_and_not_stored(kind: FieldKind, text: str) -> None:
    field = EntryField(key="asked", label="Asked", kind=kind)

    answers, problems = read_answers([field], {"asked": text}, locale="en")

    assert answers == {}
    assert [problem.where for problem in problems] == ["asked"]


def test_choice_that_is_not_on_offer_is_refused() -> None:
    field = EntryField(key="asked", label="Asked", kind=FieldKind.CHOICE, choices=(Choice(key="one", label="One"),))

    assert read_answer(field, "one", locale="en") == "one"
    with pytest.raises(Unreadable):
        read_answer(field, "two", locale="en")


@given(st.text())
def test_clean_text_is_stable(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
