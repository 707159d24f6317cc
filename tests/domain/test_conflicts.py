"""Conflicts that names and units give away."""

import pytest

from judging.domain.affiliations import normalise_name, normalise_unit
from judging.domain.conflicts import (
    CONFLICT_LABELS,
    ConflictKind,
    EntryProfile,
    JudgeProfile,
    conflicts_between,
    derived_conflicts,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nguyễn Thị Hoà", "nguyễn thị  hòa"),
        ("Nguyễn Thị Hoà", "Nguye\u0302\u0303n Thi\u0323 Ho\u0300a"),
        ("PGS. TS. Trần Văn Thuỷ", "Trần Văn Thủy"),
        ("Bà Lê Thị Mai", "Lê Thị Mai"),
    ],
)
def test_normalise_name_makes_one_of_the_spellings_of_a_name(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(("one", "other"), [("Lê Văn Lan", "Lê Văn Lân"), ("Trần Mai", "Trần Mái"), ("Cô", "Côn")])
def test_normalise_name_keeps_different_names_apart(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


def test_normalise_unit_joins_spellings() -> None:
    assert normalise_unit(" Trường THPT  Hoà Bình ") == normalise_unit("trường thpt hòa bình")


JUDGES = (
    JudgeProfile(alias="j-1", name="TS. Nguyễn Thị Hoà", unit="THPT Chu Văn An"),
    JudgeProfile(alias="j-2", name="Lý Văn Bình", unit=""),
)
ENTRIES = (
    EntryProfile(alias="e-1", authors=("Nguyễn Thị Hòa", "Vi Văn Tú"), units=("THPT Chu Văn An",)),
    EntryProfile(alias="e-2", authors=("Hoàng Lan",), mentors=("Lý Văn Bình",), units=("",)),
    EntryProfile(alias="e-3", authors=("Hoàng Mai",)),
)


def test_derived_conflicts_finds_own_mentor_and_same_unit() -> None:
    found = derived_conflicts(JUDGES, ENTRIES)

    assert [(one.judge, one.entry, one.kind, one.evidence) for one in found] == [
        ("j-1", "e-1", ConflictKind.SAME_NAME, "TS. Nguyễn Thị Hoà"),
        ("j-1", "e-1", ConflictKind.SAME_UNIT, "THPT Chu Văn An"),
        ("j-2", "e-2", ConflictKind.MENTOR, "Lý Văn Bình"),
    ]


def test_derived_conflicts_leaves_units_out_when_the_contest_does_not_count_them() -> None:
    kinds = [one.kind for one in derived_conflicts(JUDGES, ENTRIES, leave_out={ConflictKind.SAME_UNIT})]

    assert kinds == [ConflictKind.SAME_NAME, ConflictKind.MENTOR]


def test_conflicts_between_answers_for_one_pair() -> None:
    assert [one.kind for one in conflicts_between(JUDGES[1], ENTRIES[1])] == [ConflictKind.MENTOR]
    assert conflicts_between(JUDGES[1], ENTRIES[0]) == ()


def test_every_kind_has_a_label() -> None:
    assert set(CONFLICT_LABELS) == set(ConflictKind)
