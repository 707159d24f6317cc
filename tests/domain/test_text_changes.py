"""What changed between two texts: nothing is lost, and only what changed is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.text_changes import MOST_WORDS, Kind, Piece, compare_texts, count_changed_words

WORDS = st.lists(st.sampled_from(["nước", "lọc", "cát", "than", "ống"]), max_size=12).map(" ".join)
TEXTS = st.one_of(WORDS, st.text(max_size=40))


@given(TEXTS, TEXTS)
def test_pieces_make_both_texts(before: str, after: str) -> None:
    pieces = compare_texts(before, after)
    assert "".join(one.text for one in pieces if one.kind is not Kind.NEW) == before
    assert "".join(one.text for one in pieces if one.kind is not Kind.GONE) == after


@given(TEXTS)
def test_same_text_has_no_change(text: str) -> None:
    assert {one.kind for one in compare_texts(text, text)} <= {Kind.SAME}
    assert count_changed_words(text, text) == (0, 0)


def test_word_that_was_put_in_is_told() -> None:
    assert compare_texts("Lọc nước", "Lọc sạch nước") == (
        Piece(Kind.SAME, "Lọc "), Piece(Kind.NEW, "sạch "), Piece(Kind.SAME, "nước"),
    )  # fmt: skip
    assert count_changed_words("Lọc nước giếng", "Lọc nước mưa sạch") == (1, 2)


def test_long_stretches_are_told_as_a_whole() -> None:
    before, after = "a " * (MOST_WORDS + 1), "b " * (MOST_WORDS + 1)
    assert [one.kind for one in compare_texts("x " + before, "x " + after)] == [Kind.SAME, Kind.GONE, Kind.NEW]
