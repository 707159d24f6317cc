"""Score sheets on paper: codes, and where two typings differ."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.paper_sheets import (
    PaperContent,
    Typed,
    differences,
    paper_check,
    paper_code,
    read_paper_code,
)

_SHEET = {"contest_id": "c", "round_key": "final", "number": 41, "judge": "j-4k7p2z", "rubric": "a" * 64}


def _check(**changes: object) -> str:
    return paper_check(**{**_SHEET, **changes})  # type: ignore[arg-type]  # one value of each type is changed


def _content(marks: dict[str, str], comments: dict[str, str] | None = None, comment: str = "") -> PaperContent:
    return PaperContent(
        marks={key: Decimal(text) for key, text in marks.items()}, comments=comments or {}, comment=comment
    )


def test_code_is_read_back_however_it_is_typed() -> None:
    code = paper_code("ST", number=41, judge="j-4k7p2z", check=_check())
    assert code.startswith("ST-041-4K7P2Z-")
    for typed in (code, code.lower(), code.replace("-041-", "-41-"), f" {code} "):
        place = read_paper_code("ST", typed)
        assert place is not None
        assert (place.number, place.judge, place.check) == (41, "j-4k7p2z", _check())


@pytest.mark.parametrize("typed", ["", "ST-041", "KT-041-4K7P2Z-ABCD", "ST-x-4K7P2Z-ABCD", "ST-041-4K7P2Z-ABC!"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_paper_code("ST", typed) is None


@pytest.mark.parametrize(
    "change", [{"contest_id": "d"}, {"round_key": "semi"}, {"number": 42}, {"judge": "j-4k7p2y"}, {"rubric": "b" * 64}]
)
def test_another_contest_round_entry_judge_or_rubric_has_other_letters(change: dict[str, object]) -> None:
    assert _check(**change) != _check()


@given(st.integers(1, 99_999), st.text("0123456789abcdefghjkmnpqrstvwxyz", min_size=6, max_size=6))
def test_every_code_is_read_back(number: int, tail: str) -> None:
    judge = f"j-{tail}"
    check = _check(number=number, judge=judge)
    place = read_paper_code("ST", paper_code("ST", number=number, judge=judge, check=check))
    assert place is not None
    assert (place.number, place.judge, place.check) == (number, judge, check)


def test_the_same_sheet_typed_twice_does_not_differ() -> None:
    first = _content({"a": "8.5", "b": "0"}, {"a": "Hoà  Bình\ntốt"}, "Rất mới.")
    second = _content({"b": "0.0", "a": "8.50"}, {"a": "hoà bình tốt "}, "rất mới.")
    assert differences(first, second, ["a", "b"]) == ()


def test_every_difference_is_named_with_both_texts() -> None:
    found = differences(
        _content({"a": "8.5"}, {"a": "mới"}, "Tốt"), _content({"a": "85", "b": "3"}, {"a": "mời"}, ""), ["a", "b"]
    )
    assert [(one.what, one.key, one.first, one.second) for one in found] == [
        (Typed.MARK, "a", "8.5", "85"),
        (Typed.MARK, "b", "", "3"),
        (Typed.COMMENT, "a", "mới", "mời"),
        (Typed.OVERALL, "", "Tốt", ""),
    ]


_CONTENT = st.builds(
    _content,
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["0", "1", "2.5"])),
    st.dictionaries(st.sampled_from("abc"), st.sampled_from(["tốt", "mới"])),
    st.sampled_from(["", "tốt"]),
)


@given(_CONTENT, _CONTENT)
def test_differences_are_the_same_from_either_side(first: PaperContent, second: PaperContent) -> None:
    there = differences(first, second, "abc")
    back = differences(second, first, "abc")
    assert {(one.what, one.key, one.first, one.second) for one in there} == {
        (one.what, one.key, one.second, one.first) for one in back
    }
    assert differences(first, first, "abc") == ()
    assert bool(there) == (
        first.marks != second.marks or first.comments != second.comments or first.comment != second.comment
    )
