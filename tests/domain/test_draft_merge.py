"""Two devices on one draft: whatever the order in which saves arrive, nothing that was typed is lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.draft_merge import (
    EMPTY,
    Clash,
    Merge,
    Outcome,
    merge_field,
    merge_fields,
    merge_order,
    version_of,
)

TEXTS = st.sampled_from(["", "a", "b", "Bộ lọc nước", "Bộ lọc nước suối", "c\nd"])
FIELDS = st.sampled_from(["title", "idea", "novelty"])
DRAFTS = st.dictionaries(FIELDS, TEXTS, min_size=3, max_size=3)


@pytest.mark.parametrize(
    ("base", "standing", "typed", "outcome"),
    [
        ("a", "a", "a", Outcome.SAME),
        ("a", "b", "b", Outcome.SAME),
        ("a", "a", "b", Outcome.TYPED),
        ("a", "b", "a", Outcome.STANDING),
        ("a", "b", "c", Outcome.CLASH),
        ("", "b", "c", Outcome.CLASH),
        ("a", "b", "", Outcome.CLASH),
        ("a", "", "b", Outcome.CLASH),
        (None, "", "b", Outcome.TYPED),
        (None, "a", "b", Outcome.CLASH),
        (None, "a", "", Outcome.STANDING),
    ],
)
def test_field_is_decided_by_what_was_there_at_first(
    base: str | None, standing: str, typed: str, outcome: Outcome
) -> None:
    started = None if base is None else version_of(base)

    assert merge_field(base=started, standing=standing, typed=typed) is outcome


def test_versions_tell_texts_apart_and_an_empty_one_has_its_own() -> None:
    assert version_of("") == EMPTY
    assert version_of("a") == version_of("a")
    assert len({version_of(text) for text in ("", "a", "A", "á", "a ")}) == 5


def test_fields_of_two_devices_are_both_kept_and_shown() -> None:
    base = {"title": "", "idea": "cũ"}
    bases = {name: version_of(text) for name, text in base.items()}

    merged = merge_fields(bases=bases, standing={"title": "Mới", "idea": "cũ"}, typed={"title": "", "idea": "sửa"})

    assert merged == Merge(accepted={"idea": "sửa"}, brought={"title": "Mới"})


def test_same_field_changed_on_both_sides_is_a_clash_with_both_texts() -> None:
    merged = merge_fields(bases={"idea": version_of("")}, standing={"idea": "một"}, typed={"idea": "hai"})

    assert merged == Merge(clashes={"idea": Clash(standing="một", typed="hai")})


class Server:
    """A draft as the service keeps it: what stands, and what waits for a person's word."""

    def __init__(self, draft: dict[str, str]) -> None:
        self.standing = dict(draft)
        self.waiting: set[tuple[str, str]] = set()

    def take(self, base: dict[str, str], typed: dict[str, str]) -> Merge:
        merged = merge_fields(
            bases={name: version_of(text) for name, text in base.items()}, standing=self.standing, typed=typed
        )
        self.standing |= merged.accepted
        self.waiting |= {(name, clash.typed) for name, clash in merged.clashes.items()}
        return merged

    def texts(self) -> set[tuple[str, str]]:
        return {(name, text) for name, text in self.standing.items()} | self.waiting


@given(base=DRAFTS, saves=st.lists(DRAFTS, min_size=1, max_size=3))
def test_nothing_typed_is_lost_and_the_order_of_arrival_does_not_matter(
    base: dict[str, str], saves: list[dict[str, str]]
) -> None:
    kept = []
    for order in itertools.permutations(saves):
        server = Server(base)
        for typed in order:
            server.take(base, typed)
        kept.append(server.texts())

    changed = {(name, text) for typed in saves for name, text in typed.items() if text != base[name]}
    untouched = {
        (name, text) for name, text in base.items() if all(typed[name] == text for typed in saves)
    }  # fmt: skip
    assert all(texts == changed | untouched for texts in kept)


@given(base=DRAFTS, typed=DRAFTS, other=DRAFTS)
def test_the_same_save_again_changes_nothing(
    base: dict[str, str], typed: dict[str, str], other: dict[str, str]
) -> None:
    server = Server(base)
    server.take(base, other)
    server.take(base, typed)
    before = (dict(server.standing), set(server.waiting))

    again = server.take(base, typed)

    assert again.accepted == {}
    assert (server.standing, server.waiting) == before


@given(base=DRAFTS, one=DRAFTS, two=DRAFTS)
def test_changes_of_different_fields_never_clash(
    base: dict[str, str], one: dict[str, str], two: dict[str, str]
) -> None:
    first = {**base, "title": one["title"]}
    second = {**base, "idea": two["idea"], "novelty": two["novelty"]}
    server = Server(base)
    server.take(base, first)

    merged = server.take(base, second)

    assert merged.clashes == {}
    assert server.standing == {**second, "title": one["title"]}


@pytest.mark.parametrize(
    ("base", "standing", "typed", "ordered"),
    [
        ("ab", "ab", "ba", "ba"),
        ("ab", "ba", "ab", "ba"),
        ("abc", "bac", "cab", "bac"),
        ("ab", "abc", "ba", "bac"),
        ("ab", "ab", "abd", "abd"),
        ("ab", "abc", "abd", "abcd"),
        ("abc", "ac", "cba", "cab"),
    ],
)
def test_order_of_rows_is_that_of_the_side_that_moved_some(base: str, standing: str, typed: str, ordered: str) -> None:
    assert "".join(merge_order(base=base, standing=standing, typed=typed)) == ordered


@given(st.permutations("abc"), st.permutations("abcd"), st.permutations("abce"))
def test_order_of_rows_loses_none_and_doubles_none(base: list[str], standing: list[str], typed: list[str]) -> None:
    assert sorted(merge_order(base=base, standing=standing, typed=typed)) == list("abcde")
