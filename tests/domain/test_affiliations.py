"""Names, units and domains as they are compared: one for each spelling, and the same for both sides of a tie."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.affiliations import SAYS_NOTHING, mail_domain, normalise_name, surname_key, unit_key
from judging.domain.conflicts import (
    DERIVED,
    MAY_HINT,
    ConflictKind,
    EntryProfile,
    JudgeProfile,
    conflicts_between,
    derived_conflicts,
    is_forcible,
    person_keys,
    shared_surnames,
)

WORDS = st.sampled_from(["Chu", "Văn", "An", "Hoà", "Hòa", "Đồng", "Đăng", "THPT", "Trường", "Lý", "Thủy", "số", "12"])
NAMES = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
ADDRESSES = st.builds("{}@{}".format, st.sampled_from(["a", "b"]), st.sampled_from(["x.edu.vn", "y.vn", "gmail.com"]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trường THPT Chu Văn An", "thpt chu van an"),
        ("Trung học phổ thông Chu Văn An", "THPT Chu Văn An"),
        ("Trường Tiểu học Đồng Đăng", "TH. Đồng Đăng"),
        ("Cty TNHH Hoà Bình", "Công ty trách nhiệm hữu hạn Hòa Bình"),
        ("Trường Đại học Nông-Lâm", "ĐH Nông Lâm"),
    ],
)
def test_unit_key_makes_one_of_the_spellings_of_a_unit(one: str, other: str) -> None:
    assert unit_key(one) == unit_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("THPT Chu Văn An", "THCS Chu Văn An"), ("THCS Mẫu 1", "THCS Mẫu 12")])
def test_unit_key_keeps_different_units_apart(one: str, other: str) -> None:
    assert unit_key(one) != unit_key(other)


@given(NAMES)
def test_keys_do_not_depend_on_case_spaces_or_composition(name: str) -> None:
    others = (name.upper(), f"  {name.replace(' ', '   ')} ", unicodedata.normalize("NFD", name))

    assert {unit_key(other) for other in others} == {unit_key(name)}
    assert {normalise_name(other) for other in others} == {normalise_name(name)}


@given(NAMES)
def test_unit_key_of_a_key_is_the_key(name: str) -> None:
    assert unit_key(unit_key(name)) == unit_key(name)


@pytest.mark.parametrize("domain", sorted(SAYS_NOTHING))
def test_mail_domain_of_a_public_provider_says_nothing(domain: str) -> None:
    assert mail_domain(f"somebody@{domain.upper()}") == ""


def test_mail_domain_is_the_whole_domain() -> None:
    assert mail_domain("a@C3.LangSon.edu.vn") == "c3.langson.edu.vn" != mail_domain("a@langson.edu.vn")
    assert mail_domain("") == mail_domain("no address") == ""


def test_surname_is_the_first_word_after_titles() -> None:
    assert surname_key("PGS. TS. Trần Văn Thuỷ") == normalise_name("Trần")
    assert surname_key("Mai") == ""
    assert shared_surnames("ThS. Lý Văn Bình", ["Lý Thị Hoa", "Lê Văn Lân"]) == ("Lý Thị Hoa",)


@given(NAMES, NAMES, ADDRESSES, ADDRESSES, NAMES, NAMES)
def test_ties_of_equals_are_symmetric(
    name: str, other_name: str, mail: str, other_mail: str, unit: str, other_unit: str
) -> None:
    """Whether two people share a name, an address, a domain or a unit does not depend on which of them judges."""

    def kinds(judge: tuple[str, str, str], author: tuple[str, str, str]) -> set[ConflictKind]:
        found = conflicts_between(
            JudgeProfile(alias="j", name=judge[0], email=judge[1], unit=judge[2], keys=person_keys(email=judge[1])),
            EntryProfile(
                alias="e", authors=(author[0],), emails=(author[1],), units=(author[2],),
                author_keys=person_keys(email=author[1]),
            ),
        )  # fmt: skip
        return {one.kind for one in found}

    one, other = (name, mail, unit), (other_name, other_mail, other_unit)
    assert kinds(one, other) == kinds(other, one)
    assert (ConflictKind.OWN in kinds(one, other)) is (mail == other_mail)


PEOPLE = st.builds(
    lambda number, name, mail, unit: JudgeProfile(
        alias=f"j-{number}", name=name, email=mail, unit=unit, keys=person_keys(account_id=name, email=mail)
    ),
    st.integers(0, 3), NAMES, ADDRESSES, NAMES,
)  # fmt: skip
ENTRIES = st.builds(
    lambda number, names, mails, unit: EntryProfile(
        alias=f"e-{number}", authors=tuple(names), mentors=tuple(names[:1]), guardians=tuple(names[1:]), units=(unit,),
        emails=tuple(mails), author_keys=frozenset().union(*(person_keys(email=mail) for mail in mails)),
    ),
    st.integers(0, 3), st.lists(NAMES, max_size=3), st.lists(ADDRESSES, max_size=3), NAMES,
)  # fmt: skip


@given(
    st.lists(PEOPLE, max_size=4, unique_by=lambda one: one.alias),
    st.lists(ENTRIES, max_size=4, unique_by=lambda one: one.alias),
)
def test_conflicts_of_many_are_those_of_each_pair(judges: list[JudgeProfile], entries: list[EntryProfile]) -> None:
    together = derived_conflicts(judges, entries)
    apart = {one for judge in judges for entry in entries for one in conflicts_between(judge, entry)}

    assert set(together) == apart
    assert len({one[:3] for one in together}) == len(together)
    assert derived_conflicts(judges, entries, leave_out=set(DERIVED)) == ()


def test_own_work_is_never_a_hint_nor_forced() -> None:
    assert ConflictKind.OWN not in MAY_HINT
    assert not is_forcible([ConflictKind.SAME_UNIT, ConflictKind.OWN])
    assert is_forcible(MAY_HINT)


def test_people_known_by_account_or_address_are_found_in_every_capacity() -> None:
    keys = person_keys(account_id="a-1", email="lan@x.edu.vn")
    judge = JudgeProfile(alias="j", name="Lý Lan", keys=keys, colleagues=person_keys(email="minh@x.edu.vn"))
    entry = EntryProfile(
        alias="e", authors=("Vi Minh",), author_keys=person_keys(email="minh@x.edu.vn"),
        mentor_keys=person_keys(account_id="a-1"), guardian_keys=person_keys(email="lan@x.edu.vn"),
        contact_keys=keys,
    )  # fmt: skip

    assert [one.kind for one in conflicts_between(judge, entry)] == [
        ConflictKind.MENTOR, ConflictKind.GUARDIAN, ConflictKind.COAUTHOR, ConflictKind.SAME_UNIT,
    ]  # fmt: skip
