"""Marks are read as the language's users mean them, and every refusal names its criterion and its range."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.marks import MarkError, check_band_choice, check_marks, count_sentences, parse_mark, read_marks
from judging.domain.rubric import CommentRule, Criterion, Rubric
from tests.domain.builders import D, lam_dong_rubric, marks_on, plain_rubric, rich_rubric, scale, son_la_rubric


@pytest.mark.parametrize(
    ("text", "locale", "mark"),
    [
        ("8,5", "vi", "8.5"),
        ("8.5", "vi", "8.5"),
        ("8.5", "en", "8.5"),
        (" 27 ", "vi", "27"),
        ("0,125", "vi", "0.125"),
        ("0.125", "vi", "0.125"),
        ("8,250", "vi_VN", "8.250"),
        ("1.000", "en", "1"),
        ("007", "en", "7"),
        ("-1", "vi", "-1"),
    ],
)
def test_parse_mark_reads_what_users_mean(text: str, locale: str, mark: str) -> None:
    assert parse_mark(text, locale=locale) == Decimal(mark)


@pytest.mark.parametrize(
    ("text", "locale", "code"),
    [
        ("8,5", "en", "comma"),
        ("８", "vi", "digits"),
        ("８", "en", "digits"),
        ("٨", "vi", "digits"),
        ("²", "vi", "digits"),
        ("NaN", "vi", "number"),
        ("sNaN", "en", "number"),
        ("inf", "vi", "number"),
        ("Infinity", "en", "number"),
        ("1e309", "vi", "number"),
        ("1e2", "en", "number"),
        ("--", "vi", "number"),
        ("8..5", "vi", "number"),
        (".5", "en", "number"),
        ("8.", "en", "number"),
        ("8 5", "vi", "number"),
        ("1_0", "en", "number"),
        ("0x1f", "en", "number"),
        ("tám", "vi", "number"),
        ("", "vi", "empty"),
        ("   ", "en", "empty"),
        ("1.000", "vi", "grouping"),
        ("1,000.5", "en", "grouping"),
        ("1.000,5", "vi", "grouping"),
        ("1 000", "vi", "grouping"),
        ("1,000", "en", "comma"),
        ("1234567", "vi", "long"),
        ("0.1234567", "en", "long"),
    ],
)
def test_parse_mark_refuses_what_is_no_mark(text: str, locale: str, code: str) -> None:
    with pytest.raises(MarkError) as refused:
        parse_mark(text, locale=locale)

    assert refused.value.code == code


@given(st.text(max_size=12), st.sampled_from(["vi", "en"]))
def test_parse_mark_answers_a_short_finite_number_or_refuses(text: str, locale: str) -> None:
    try:
        mark = parse_mark(text, locale=locale)
    except MarkError:
        return
    assert mark.is_finite()
    assert abs(mark) < 1_000_000


@given(st.decimals(min_value=0, max_value=999, places=2))
def test_parse_mark_reads_back_either_decimal_sign(mark: Decimal) -> None:
    assert parse_mark(str(mark), locale="en") == mark
    assert parse_mark(str(mark).replace(".", ","), locale="vi") == mark


def test_read_marks_leaves_empty_texts_unmarked_and_names_the_unreadable() -> None:
    marks, problems = read_marks(plain_rubric(), {"novelty": " ", "effect": "８", "beauty": "3"}, locale="vi")

    assert marks == {}
    assert [(problem.code, problem.where) for problem in problems] == [
        ("mark-digits", "effect"),
        ("mark-unknown", "beauty"),
    ]
    assert "Effect" in str(problems[0])
    assert "from 0 to 70" in str(problems[0])


@pytest.mark.parametrize("text", ["８", "NaN", "1e309", "--", "8,5", "1,000.5", "1234567", "tám"])
def test_read_marks_names_the_criterion_and_its_range_for_every_unreadable_text(text: str) -> None:
    _, problems = read_marks(lam_dong_rubric(), {"risks": text}, locale="en")

    assert [problem.where for problem in problems] == ["risks"]
    assert "Risks" in str(problems[0])
    assert "from 1 to 5" in str(problems[0])


@pytest.mark.parametrize(
    ("mark", "code"),
    [
        ("0", "mark-below"),
        ("-1", "mark-below"),
        ("0.999999", "mark-below"),
        ("6", "mark-above"),
        ("1e309", "mark-above"),
        ("2.5", "mark-off-step"),
        ("2.0000000000000000000000000000000000001", "mark-off-step"),
        ("NaN", "mark-number"),
        ("sNaN", "mark-number"),
        ("Infinity", "mark-number"),
        ("-Infinity", "mark-number"),
    ],
)
def test_check_marks_refuses_a_mark_off_the_scale_and_names_it(mark: str, code: str) -> None:
    problems = check_marks(lam_dong_rubric(), {"risks": D(mark)}, {}, complete=False)

    assert [(problem.code, problem.where) for problem in problems] == [(code, "risks")]
    assert "Risks" in str(problems[0])
    assert "from 1 to 5" in str(problems[0])


@pytest.mark.parametrize("mark", ["26.5", "20.5", "15.5", "0.5"])
def test_check_marks_refuses_a_mark_between_the_bands(mark: str) -> None:
    problems = check_marks(son_la_rubric(), {"novelty": D(mark)}, {"novelty": "why"}, complete=True)

    assert [(problem.code, problem.where) for problem in problems] == [("mark-outside-bands", "novelty")]
    assert "27–30, 21–26, 16–20, 1–15, 0–0" in str(problems[0])


@pytest.mark.parametrize("mark", ["0", "1", "15", "16", "20", "21", "26", "27", "28.5", "30"])
def test_check_marks_takes_both_ends_of_every_band(mark: str) -> None:
    assert check_marks(son_la_rubric(), {"novelty": D(mark)}, {"novelty": "why"}, complete=True) == ()


def test_check_marks_names_every_missing_mark_of_a_complete_sheet() -> None:
    problems = check_marks(rich_rubric(), {"idea.new": D(1), "talk": D(2)}, {}, complete=True)

    assert [(problem.code, problem.where) for problem in problems] == [
        ("mark-missing", "idea.useful"),
        ("mark-missing", "answers"),
    ]
    assert "Useful" in str(problems[0])
    assert check_marks(rich_rubric(), {"idea.new": D(1), "talk": D(2)}, {}, complete=False) == ()


def test_check_marks_refuses_a_mark_for_what_is_not_on_the_sheet() -> None:
    problems = check_marks(plain_rubric(), {"beauty": D(1)}, {}, complete=False)

    assert [(problem.code, problem.where) for problem in problems] == [("mark-unknown", "beauty")]


def test_check_marks_refuses_a_mark_for_a_comment_only_criterion() -> None:
    problems = check_marks(rich_rubric(), {"remark": D(1)}, {}, complete=False)

    assert [(problem.code, problem.where) for problem in problems] == [("mark-unknown", "remark")]


def test_check_marks_asks_for_a_required_comment_of_a_complete_sheet_only() -> None:
    rubric = son_la_rubric()

    assert [problem.code for problem in check_marks(rubric, {"novelty": D(3)}, {"novelty": " "}, complete=True)] == [
        "comment-missing"
    ]
    assert check_marks(rubric, {"novelty": D(3)}, {}, complete=False) == ()


@pytest.mark.parametrize(("mark", "codes"), [("0", ["comment-at-zero"]), ("0.0", ["comment-at-zero"]), ("1", [])])
def test_check_marks_asks_for_a_comment_at_zero(mark: str, codes: list[str]) -> None:
    rubric = Rubric(criteria=(Criterion(key="effect", label="Effect", scale=scale(5), comment=CommentRule.AT_ZERO),))

    assert [problem.code for problem in check_marks(rubric, {"effect": D(mark)}, {}, complete=True)] == codes
    assert check_marks(rubric, {"effect": D(mark)}, {"effect": "No effect."}, complete=True) == ()


@given(st.data())
def test_check_marks_takes_every_mark_of_the_rubric(data: st.DataObject) -> None:
    for rubric in (plain_rubric(), lam_dong_rubric(), son_la_rubric(), rich_rubric()):
        marks = data.draw(marks_on(rubric))
        assert check_marks(rubric, marks, {"novelty": "why"}, complete=True) == ()


@given(st.decimals(allow_nan=True, allow_infinity=True), st.sampled_from(["novelty", "effect"]))
def test_check_marks_takes_exactly_what_the_scale_holds(mark: Decimal, key: str) -> None:
    high = {"novelty": 30, "effect": 70}[key]
    on_scale = mark.is_finite() and 0 <= mark <= high and mark * 2 == (mark * 2).to_integral_value()

    problems = check_marks(plain_rubric(), {key: mark}, {}, complete=False)

    assert (not problems) == on_scale
    assert {problem.where for problem in problems} <= {key}


def test_check_band_choice_holds_the_mark_against_the_chosen_band() -> None:
    rubric = son_la_rubric()

    assert check_band_choice(rubric, {"novelty": D(27)}, {"novelty": "new"}) == ()
    assert check_band_choice(rubric, {}, {"novelty": "new"}) == ()
    assert check_band_choice(rubric, {"novelty": D(3)}, {"novelty": ""}) == ()
    wrong = check_band_choice(rubric, {"novelty": D(26)}, {"novelty": "new"})
    assert [(problem.code, problem.where) for problem in wrong] == [("mark-outside-band", "novelty")]
    assert "from 27 to 30, not 26" in str(wrong[0])
    unknown = check_band_choice(rubric, {"novelty": D(26)}, {"novelty": "super", "beauty": "new"})
    assert [(problem.code, problem.where) for problem in unknown] == [
        ("band-unknown", "novelty"),
        ("mark-unknown", "beauty"),
    ]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("", 0),
        ("  ...  ", 0),
        ("Rất mới", 1),
        ("Rất mới. Dễ áp dụng!", 2),
        ("Giảm 8.5 kg mỗi ngày.", 1),
        ("Mới… Có ích?!", 2),
        ("Dòng một\nDòng hai", 2),
    ],
)
def test_count_sentences(text: str, sentences: int) -> None:
    assert count_sentences(text) == sentences
