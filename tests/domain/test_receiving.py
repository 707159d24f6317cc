"""The code on a thing: read as people type it, refused when a letter slips or it belongs elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.receiving import physical_items, read_code, receiving_code
from judging.plugins import Registry


@given(number=st.integers(min_value=1, max_value=99_999))
def test_code_names_its_entry_and_item(registry: Registry, number: int) -> None:
    rules = registry.rules("youth-creativity")
    code = receiving_code(rules, contest_id="c", number=number, item="model")

    place = read_code(rules, code, contest_id="c")

    assert place is not None
    assert (place.number, place.item.key) == (number, "model")


@pytest.mark.parametrize(
    "change",
    [str.lower, lambda code: f" {code} ", lambda code: code.replace("-", " - "), lambda code: code.replace("O", "0")],
)
def test_code_is_read_as_people_type_it(registry: Registry, change: object) -> None:
    rules = registry.rules("youth-creativity")
    for number in range(1, 60):
        code = receiving_code(rules, contest_id="c", number=number, item="model")
        head, _, check = code.rpartition("-")
        typed = f"{head}-{change(check)}"  # type: ignore[operator]  # one of the functions above
        place = read_code(rules, typed, contest_id="c")
        assert place is not None
        assert place.number == number


@pytest.mark.parametrize(
    "text", ["", "ST", "ST-041", "ST-041-1", "ST-041-9-AAAA", "KN-041-1-AAAA", "'; DROP TABLE", "٣"]
)
def test_text_that_is_no_code_names_nothing(registry: Registry, text: str) -> None:
    assert read_code(registry.rules("youth-creativity"), text, contest_id="c") is None


def test_code_of_another_contest_or_with_another_number_is_refused(registry: Registry) -> None:
    rules = registry.rules("youth-creativity")
    code = receiving_code(rules, contest_id="c", number=41, item="model")

    assert read_code(rules, code, contest_id="d") is None
    assert read_code(rules, code.replace("041", "042"), contest_id="c") is None


def test_item_that_is_not_handed_in_has_no_code(registry: Registry) -> None:
    rules = registry.rules("youth-creativity")

    with pytest.raises(ValueError, match="pictures"):
        receiving_code(rules, contest_id="c", number=1, item="pictures")
    assert [item.key for item in physical_items(replace(rules, dossier=()))] == []
