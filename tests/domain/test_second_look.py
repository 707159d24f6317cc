"""The two-person check, as properties over what people say one after the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.second_look import Opinion, Outcome, is_disputed, weigh

WORDS = st.builds(Opinion, by=st.sampled_from("abcd"), verdict=st.sampled_from(["eligible", "rejected"]))
ORGANISERS = frozenset("cd")


def _play(words: list[Opinion]) -> tuple[list[Opinion], Opinion | None]:
    said: list[Opinion] = []
    for word in words:
        outcome = weigh(said, word, two_persons=True, organiser=word.by in ORGANISERS)
        if outcome is Outcome.DECIDES:
            return said, word
        if outcome in {Outcome.WAITS, Outcome.DISPUTED}:
            said.append(word)
    return said, None


@given(st.lists(WORDS, max_size=12))
def test_no_decision_without_two_persons_and_none_against_all(words: list[Opinion]) -> None:
    said, decided = _play(words)

    assert len({one.by for one in said}) == len(said) <= 2
    if decided is not None:
        assert said
        assert decided.by not in {one.by for one in said}
        assert decided.verdict in {one.verdict for one in said}
        if is_disputed(said):
            assert decided.by in ORGANISERS


@given(st.lists(WORDS, max_size=12))
def test_undecided_means_that_nobody_who_may_has_agreed(words: list[Opinion]) -> None:
    said, decided = _play(words)

    if decided is None and not is_disputed(said):
        assert len({one.by for one in words}) <= 1
    if decided is None and is_disputed(said):
        later = words[words.index(said[1]) + 1 :]
        assert all(one.by not in ORGANISERS or one.by in {other.by for other in said} for one in later)


@given(WORDS, st.booleans())
def test_one_person_is_enough_where_two_are_not_asked(word: Opinion, organiser: bool) -> None:
    assert weigh([], word, two_persons=False, organiser=organiser) is Outcome.DECIDES


@given(st.lists(WORDS, max_size=2), st.sampled_from("abcd"))
def test_return_needs_one_person(said: list[Opinion], by: str) -> None:
    word = Opinion(by=by, verdict="returned")

    assert weigh(said, word, two_persons=True, organiser=False) is Outcome.DECIDES
