"""Words in the same order: what stays of a text whose words were exchanged, and what works on one theme have not."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.similarity.order import MOST_WORDS, in_order, own_words
from judging.domain.similarity.scoring import Evidence, usual_order

words = st.lists(st.sampled_from([f"w{number}" for number in range(40)]), max_size=200)


@given(words, words)
def test_order_is_the_same_whichever_is_asked_about(one: list[str], other: list[str]) -> None:
    assert in_order(one, other) == pytest.approx(in_order(other, one))
    assert 0 <= in_order(one, other) <= 1


@given(words)
def test_text_has_all_of_its_own_order_unless_it_is_too_short_to_tell(one: list[str]) -> None:
    assert in_order(one, one) == (1.0 if len(one) >= 60 else 0.0)


@given(st.integers(0, 2**32), st.integers(40, 60))
def test_exchanged_words_leave_the_order_of_the_others(seed: int, percent: int) -> None:
    chance = Random(seed)
    text = [f"w{number}" for number in range(300)]
    exchanged = [f"x{number}" if chance.random() * 100 < percent else word for number, word in enumerate(text)]
    kept = sum(one == other for one, other in zip(text, exchanged, strict=True))

    assert in_order(text, exchanged) == pytest.approx(kept / 300)


def test_same_words_in_another_order_say_little() -> None:
    text = [f"w{number}" for number in range(300)]

    assert in_order(text, Random(7).sample(text, 300)) < 0.15


def test_words_of_a_template_are_left_out_and_the_rest_keeps_its_order() -> None:
    forms = ["toi", "xin", "cam", "doan", "may", "loc", "nuoc", "xin", "cam"]

    assert own_words(forms, {"xin cam", "cam doan"}) == ["toi", "may", "loc", "nuoc"]
    assert own_words(forms, ()) == forms
    assert own_words([], {"a b"}) == []
    assert len(own_words(["a"] * (MOST_WORDS + 1), ())) == MOST_WORDS


def test_usual_order_is_that_of_the_fourth_to_eighth_and_taken_to_be_high_among_few() -> None:
    assert usual_order([0.9, 0.8, 0.7, 0.3, 0.2, 0.2, 0.2, 0.1, 0.0]) == pytest.approx(0.2)
    assert usual_order([]) == usual_order([0.1] * 7) == 0.3


@given(st.floats(0, 1), st.floats(0.01, 0.5))
def test_order_is_told_only_when_it_stands_out(order: float, usual: float) -> None:
    evidence = Evidence(order=order, order_usual=usual)

    assert evidence.by_text == (order > 2.1 * usual)
    assert ("text" in evidence.reasons) == (evidence.score > 0) == evidence.by_text
