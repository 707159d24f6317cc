"""Words, prints, looks, scores and passages: what holds of any text."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.permissions import Actor, Relation, Role
from judging.domain.similarity.passages import find_passages
from judging.domain.similarity.pictures import CLOSE, GRID, Look, likeness, look_of
from judging.domain.similarity.prints import MOST_PRINTS, number_of, phrases_of, prints_of
from judging.domain.similarity.rights import can_see_similar, can_settle_similar
from judging.domain.similarity.scoring import Evidence, background, overlap, rarity, title_likeness
from judging.domain.similarity.words import forms_of, in_one_form, plain, without_names, words_of

SYLLABLES = ("máy", "lọc", "nước", "suối", "bằng", "vỏ", "trấu", "hun", "cho", "bản", "Đường", "hoà")
texts = st.lists(st.sampled_from(SYLLABLES), max_size=60).map(" ".join)
bits = st.integers(0, 2**64 - 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Đường", "duong"), ("hoà", "hòa"), ("HÒA", "hoa"), ("Nguyễn", "Nguye\u0302\u0303n"), ("Straße", "STRASSE")],
)
def test_plain_makes_one_of_all_spellings_of_a_word(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@given(texts)
def test_words_stand_where_they_say(text: str) -> None:
    words = words_of(text)

    assert [plain(text[word.start : word.end]) for word in words] == [word.form for word in words]
    assert [word.form for word in words] == forms_of(text)
    assert forms_of(unicodedata.normalize("NFD", text)) == forms_of(in_one_form(text))


def test_names_are_taken_out_however_they_are_written() -> None:
    text = "Em là NÔNG  mẫu bình, cùng bạn Nong Mau Binh và Bình làm."

    assert without_names(text, ["Nông Mẫu Bình", "Bình", ""]) == "Em là …, cùng bạn … và Bình làm."


@given(texts)
def test_a_text_without_the_names_is_left_alone(text: str) -> None:
    assert without_names(text, ["Lò Thị Sao"]) == text


@given(texts, texts)
def test_prints_of_a_text_are_those_that_a_longer_text_keeps_too(one: str, other: str) -> None:
    own, both = phrases_of(forms_of(one)), phrases_of(forms_of(f"{one} {other}"))

    assert own <= both
    assert prints_of("o", own).keys() <= prints_of("o", both).keys()


def test_organisations_share_no_prints_and_long_texts_have_so_many_at_most() -> None:
    phrases = {f"a b{number}" for number in range(3_000)}

    kept = prints_of("one", phrases)

    assert len(kept) == MOST_PRINTS
    assert set(kept.values()) <= phrases
    assert kept.keys().isdisjoint(prints_of("two", phrases))
    assert number_of("o", "file", "x") != number_of("o", "look", "x")


@given(st.integers(0, 5_000), st.integers(1, 5_000))
def test_rarer_phrases_are_worth_more(count: int, total: int) -> None:
    assert rarity(count, total) >= rarity(count + 1, total)
    assert rarity(min(max(count, 1), total), total) > 0


@given(st.floats(0, 100), st.integers(30, 400), st.integers(30, 400))
def test_overlap_is_between_nothing_and_all_and_grows_with_what_is_shared(shared: float, one: int, other: int) -> None:
    # All phrases worth 1: then a text's own worth is the number of its prints.
    found = overlap(shared, float(one), one, other)

    assert 0 <= found <= 1
    assert found <= overlap(shared + 1, float(one), one, other)
    assert found == pytest.approx(overlap(shared, float(other), other, one))
    assert overlap(float(one), float(one), one, one) == 1


def test_short_texts_have_no_overlap() -> None:
    assert overlap(5.0, 5.0, 5, 200) == 0


def test_background_leaves_the_first_three_out() -> None:
    assert background([0.9, 0.8, 0.7, 0.2, 0.2, 0.2, 0.2, 0.2, 0.1], 10_000) == pytest.approx(0.2, abs=0.001)
    assert background([0.9, 0.8, 0.7], 10_000) == pytest.approx(0, abs=0.001)


@given(st.lists(st.floats(0, 1), max_size=40), st.integers(2, 10_000))
def test_background_is_higher_among_few(overlaps: list[float], total: int) -> None:
    assert background(overlaps, total) > background(overlaps, 2 * total)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Máy lọc nước bằng vỏ trấu", "MAY LOC NUOC BANG VO TRAU", True),
        ("Máy lọc nước bằng vỏ trấu", "Vỏ trấu: máy lọc nước bằng", True),
        ("Máy lọc nước bằng vỏ trấu", "Máy sấy nông sản bằng năng lượng mặt trời", False),
        ("Máy lọc nước", "Máy lọc nước", False),
    ],
)
def test_titles_are_the_same_whatever_their_order_and_marks(one: str, other: str, *, same: bool) -> None:
    assert Evidence(title=title_likeness(one, other)).by_title is same
    assert title_likeness(one, other) == title_likeness(other, one)


@given(st.floats(0, 0.8), st.floats(0, 1))
def test_a_text_counts_only_when_it_stands_out(text: float, usual: float) -> None:
    evidence = Evidence(text=text, usual=usual)

    assert (evidence.score > 0) == (text > 2.3 * usual + 0.006)
    assert 0 <= evidence.score <= 1


def test_each_further_reason_raises_the_score_and_is_named() -> None:
    steps = [
        Evidence(),
        Evidence(title=1.0),
        Evidence(title=1.0, text=0.4),
        Evidence(title=1.0, text=0.4, pictures={("a", "b"): 3}),
        Evidence(title=1.0, text=0.4, pictures={("a", "b"): 3}, files=[("c", "d")]),
    ]

    scores = [one.score for one in steps]
    assert scores == sorted(set(scores))
    assert steps[-1].reasons == ("file", "picture", "text", "title")
    assert steps[0].reasons == ()


@given(bits, bits, bits, bits)
def test_distance_of_looks_is_symmetric_and_zero_for_the_same(one: int, two: int, three: int, four: int) -> None:
    first, second = Look(one, two), Look(three, four)

    assert first.distance(second) == second.distance(first)
    assert first.distance(first) == 0
    assert (first.distance(second) == 0) == (first == second)


@given(bits, bits, st.sets(st.integers(0, 127), max_size=7))
def test_looks_that_differ_in_seven_bits_have_a_band_in_common(across: int, down: int, changed: set[int]) -> None:
    first = Look(across, down)
    for place in changed:
        if place < 64:
            down ^= 1 << place
        else:
            across ^= 1 << (place - 64)

    assert set(first.bands()) & set(Look(across, down).bands())
    assert likeness(first.distance(Look(across, down))) > 0.5


def test_look_is_of_81_values_and_none_for_one_grey() -> None:
    assert look_of([120] * (GRID * GRID)) is None
    assert look_of(list(range(GRID * GRID))) == Look(2**64 - 1, 2**64 - 1)
    with pytest.raises(ValueError, match="80 and 0 values"):
        look_of([0] * 80)
    assert likeness(0) == 1
    assert likeness(2 * CLOSE) == 0


def _shuffled(count: int, seed: int) -> list[str]:
    return [f"từ{number}" for number in random.Random(seed).sample(range(10_000), count)]


def test_passages_stand_in_both_texts_and_name_what_is_common() -> None:
    common = "vỏ trấu hun ở bốn trăm độ giữ lại cặn bùn"
    one = " ".join([*_shuffled(40, 1), common, *_shuffled(40, 2)])
    other = " ".join([*_shuffled(30, 3), common.replace("bốn trăm", "năm trăm").upper(), *_shuffled(30, 4)])

    found = find_passages(one, other)

    assert len(found) == 1
    here, there = ("".join(piece.text for piece in side) for side in (found[0].one, found[0].other))
    assert here in one
    assert there in other
    assert found[0].words == 10
    assert [piece.text for piece in found[0].one if not piece.common] == [" bốn "]


@given(texts, texts)
def test_passages_are_cut_out_of_their_texts(one: str, other: str) -> None:
    for passage in find_passages(one, other):
        assert "".join(piece.text for piece in passage.one) in one
        assert "".join(piece.text for piece in passage.other) in other
        assert passage.one[0].common
        assert passage.one[-1].common


def test_passages_that_everybody_writes_are_left_out() -> None:
    heading, own = "Tính mới của sản phẩm so với thị trường", "vỏ trấu hun ở bốn trăm độ"
    one = " ".join([heading, *_shuffled(20, 1), own])
    other = " ".join([heading, *_shuffled(20, 2), own])

    found = find_passages(one, other, worth={"trau hun": 5.0})

    assert ["".join(piece.text for piece in passage.one) for passage in found] == [own]


@pytest.mark.parametrize("role", list(Role))
def test_only_the_office_that_does_not_judge_sees_what_looks_alike(role: Role) -> None:
    office = role in (Role.SECRETARY, Role.ORGANISER, Role.COMMITTEE, Role.AUDITOR)

    assert can_see_similar(Actor(roles=frozenset({role}))) is office
    assert not can_see_similar(Actor(roles=frozenset({role, Role.JUDGE})))
    settles = can_settle_similar(Actor(roles=frozenset({role})), Relation())
    assert settles is (role in (Role.SECRETARY, Role.ORGANISER))
    assert not can_settle_similar(Actor(roles=frozenset({role})), Relation(author=True))
