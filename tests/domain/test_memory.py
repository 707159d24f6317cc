"""What frozen rules make is worked out once, and never for the wrong rules."""

from judging.domain.memory import ByIdentity
from judging.domain.rubric import Rubric
from judging.domain.totals import running_total
from tests.domain.builders import D, a_round, lam_dong_rubric, plain_rubric


def test_by_identity_asks_once_for_each_thing() -> None:
    asked: list[Rubric] = []

    def count(rubric: Rubric) -> int:
        asked.append(rubric)
        return len(rubric.criteria)

    remembered = ByIdentity(count)
    first, second = plain_rubric(), lam_dong_rubric()

    assert [remembered(one) for one in (first, second, first, second)] == [2, 10, 2, 10]
    assert asked == [first, second]


def test_by_identity_forgets_all_when_it_is_full_and_still_answers_right() -> None:
    remembered: ByIdentity[list[int], int] = ByIdentity(lambda thing: thing[0], most=2)
    things = [[number] for number in range(9)]

    assert [remembered(thing) for thing in [*things, *things]] == [*range(9), *range(9)]


def test_a_total_belongs_to_its_own_rubric_however_many_come_and_go() -> None:
    for weight in range(1, 600):
        judged = a_round(lam_dong_rubric())
        assert running_total(judged.rubric, {"market": D(weight)}) == 3 * weight
