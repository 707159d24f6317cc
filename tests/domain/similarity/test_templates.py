"""Which phrases stand in passages that many works have."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.similarity.prints import phrases_of, prints_of, row_of_prints
from judging.domain.similarity.templates import LENGTH, template_phrases

FEW = 3
MANY = frozenset({1, 2, 3, 4})
phrases = st.integers(0, 40)
works = st.frozensets(st.integers(1, 8), max_size=8)


def test_a_passage_that_more_than_few_have_is_a_template_and_what_stands_beside_it_is_not() -> None:
    row = [*range(20), *range(100, 100 + LENGTH), *range(20, 40)]
    having = {number: MANY if number >= 100 else frozenset({1}) for number in row}

    assert template_phrases(row, having, few=FEW) == set(range(100, 100 + LENGTH))
    assert template_phrases(row, having, few=len(MANY)) == set()


def test_phrases_that_many_have_in_other_works_each_are_no_template() -> None:
    row = list(range(30))
    having = {number: frozenset(range(number, number + 6)) for number in row}

    assert template_phrases(row, having, few=FEW) == set()


def test_a_passage_shorter_than_a_sentence_is_no_template() -> None:
    row = [*range(20), *range(100, 100 + LENGTH - 1), *range(20, 40)]
    having = {number: MANY if number >= 100 else frozenset({9}) for number in row}

    assert template_phrases(row, having, few=FEW) == set()


def test_of_a_passage_most_of_which_nobody_counted_nothing_is_said() -> None:
    row = [1, None, 3, None, None, 6]

    assert template_phrases(row, {1: MANY, 3: MANY}, few=FEW) == set()
    assert template_phrases(row, {1: MANY, 3: MANY, 6: MANY}, few=FEW) == {1, 3, 6}


@given(st.lists(st.none() | phrases, max_size=60), st.dictionaries(phrases, works))
def test_template_is_of_known_phrases_that_many_have_and_shrinks_with_the_limit(
    row: list[int | None], having: dict[int, frozenset[int]]
) -> None:
    found = template_phrases(row, having, few=FEW)

    assert found <= set(row) & set(having)
    assert all(len(having[number]) > FEW for number in found)
    assert template_phrases(row, having, few=FEW + 1) <= found


@given(st.lists(st.sampled_from("abcdef"), max_size=40), st.integers(0, 3))
def test_row_of_prints_names_each_phrase_in_its_place(forms: list[str], missing: int) -> None:
    prints = prints_of("o", phrases_of(forms))
    kept = dict(list(prints.items())[missing:])

    row = row_of_prints(forms, kept)

    assert len(row) == max(0, len(forms) - 1)
    for place, number in enumerate(row):
        phrase = f"{forms[place]} {forms[place + 1]}"
        assert (number is None) == (phrase not in kept.values())
        assert number is None or kept[number] == phrase
