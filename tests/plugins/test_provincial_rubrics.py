"""Published tables of marks of several provinces, expressed by settings of an edition and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from judging.api import ContestRules, Gate, GateScope, RulesError, Standing, apply_settings
from judging.domain.awards import grant_awards
from judging.domain.gates import passes
from judging.domain.marks import check_marks
from judging.domain.totals import sheet_total
from judging.plugins import Registry

Judge = Callable[..., tuple[Standing, ...]]

LAM_DONG = {
    "resources": ("Nguồn lực", 3),
    "market": ("Khảo sát thị trường", 3),
    "innovation": ("Đổi mới sáng tạo, lợi thế cạnh tranh", 4),
    "completion": ("Kế hoạch hoàn thiện", 2),
    "risks": ("Rủi ro", 2),
    "feasibility": ("Khả thi và hiệu quả", 2),
    "persuasion": ("Sức thuyết phục", 1),
    "referees": ("Ý kiến nhận xét", 1),
    "tests": ("Kết quả thử nghiệm", 1),
    "future": ("Khả năng sử dụng về sau", 1),
}
SON_LA_BANDS = {
    "fully-new": ("Hoàn toàn mới", 27, 30),
    "fairly-improved": ("Cải tiến khá", 21, 26),
    "medium": ("Cải tiến trung bình", 16, 20),
    "little": ("Ít cải tiến", 1, 15),
    "none": ("Không mới hoặc sao chép", 0, 0),
}


def plain_criterion(key: str, high: int, *, low: int = 0, step: str = "1", **more: Any) -> dict[str, Any]:
    return {"key": key, "label": key, "scale": {"low": str(low), "high": str(high), "step": step}, **more}


@pytest.fixture
def lam_dong(registry: Registry) -> ContestRules:
    criteria = [
        plain_criterion(key, 5, low=1, weight=str(weight)) | {"label": label}
        for key, (label, weight) in LAM_DONG.items()
    ]
    gate = {"key": "supported", "label": "Được hỗ trợ", "scope": "prize", "round": "preliminary", "minimum": "50"}
    return apply_settings(registry.rules("startup"), {"rubric-preliminary": {"criteria": criteria}, "gates": [gate]})


@pytest.fixture
def son_la(registry: Registry) -> ContestRules:
    bands = [
        {"key": key, "label": label, "low": str(low), "high": str(high)}
        for key, (label, low, high) in SON_LA_BANDS.items()
    ]
    criteria = [
        plain_criterion("novelty", 30, bands=bands, comment="required"),
        plain_criterion("effect", 40, comment="required"),
        plain_criterion("applicability", 30, comment="required"),
    ]
    return apply_settings(registry.rules("technical-innovation"), {"rubric-preliminary": {"criteria": criteria}})


def test_lam_dong_sheet_lowest_and_highest_are_20_and_100(lam_dong: ContestRules) -> None:
    rubric = lam_dong.rounds[0].rubric

    assert rubric.maximum == 100
    assert sheet_total(rubric, dict.fromkeys(LAM_DONG, Decimal(5))) == 100
    assert sheet_total(rubric, dict.fromkeys(LAM_DONG, Decimal(1))) == 20


def test_lam_dong_coefficients_multiply_each_mark(lam_dong: ContestRules) -> None:
    marks = dict.fromkeys(LAM_DONG, Decimal(1)) | {"innovation": Decimal(5), "risks": Decimal(3)}

    assert sheet_total(lam_dong.rounds[0].rubric, marks) == 20 + 4 * 4 + 2 * 2


@pytest.mark.parametrize("mark", ["0", "6", "2.5"])
def test_lam_dong_mark_off_the_scale_is_refused_by_criterion(lam_dong: ContestRules, mark: str) -> None:
    marks = dict.fromkeys(LAM_DONG, Decimal(3)) | {"market": Decimal(mark)}

    problems = check_marks(lam_dong.rounds[0].rubric, marks, {}, complete=True)

    assert [problem.where for problem in problems] == ["market"]
    assert "Khảo sát thị trường" in str(problems[0])


def test_lam_dong_support_begins_at_50_exactly(lam_dong: ContestRules, judge: Judge) -> None:
    # Two judges each: 50 and 50; 50 and 49.
    middling = dict.fromkeys(LAM_DONG, "2") | {"resources": "4", "market": "3", "persuasion": "3"}
    below = middling | {"persuasion": "2"}
    standings = judge(lam_dong, "preliminary", {"e-at": [middling, middling], "e-below": [middling, below]})
    rubric = lam_dong.rounds[0].rubric

    assert [standing.score.value for standing in standings] == [50, Fraction(99, 2)]
    assert [passes(lam_dong.gates[0], standing, rubric) for standing in standings] == [True, False]


@pytest.mark.parametrize("mark", ["0", "1", "15", "16", "20", "21", "26", "27", "30"])
def test_son_la_mark_at_the_edge_of_a_band_is_taken(son_la: ContestRules, mark: str) -> None:
    marks = {"novelty": Decimal(mark), "effect": Decimal(20), "applicability": Decimal(15)}
    comments = dict.fromkeys(marks, "Rõ ràng.")

    assert check_marks(son_la.rounds[0].rubric, marks, comments, complete=True) == ()


@pytest.mark.parametrize("mark", ["-1", "15.5", "20.5", "26.5", "31"])
def test_son_la_mark_between_or_beyond_the_bands_is_refused(son_la: ContestRules, mark: str) -> None:
    marks = {"novelty": Decimal(mark), "effect": Decimal(20), "applicability": Decimal(15)}
    comments = dict.fromkeys(marks, "Rõ ràng.")

    problems = check_marks(son_la.rounds[0].rubric, marks, comments, complete=True)

    assert {problem.where for problem in problems} == {"novelty"}


def test_son_la_mark_has_exactly_one_band(son_la: ContestRules) -> None:
    criterion = son_la.rounds[0].rubric.criterion("novelty")
    assert criterion is not None
    chosen = [criterion.band_of(Decimal(mark)) for mark in range(31)]

    assert [band.key for band in chosen if band] == (
        ["none"] + ["little"] * 15 + ["medium"] * 5 + ["fairly-improved"] * 6 + ["fully-new"] * 4
    )


def test_son_la_missing_comment_is_named_for_each_criterion(son_la: ContestRules) -> None:
    marks = {"novelty": Decimal(28), "effect": Decimal(20), "applicability": Decimal(15)}

    problems = check_marks(son_la.rounds[0].rubric, marks, {"effect": "Có số liệu."}, complete=True)

    assert [problem.where for problem in problems] == ["novelty", "applicability"]


def test_son_la_overlapping_bands_are_refused_when_set(registry: Registry) -> None:
    bands = [
        {"key": "high", "label": "Cao", "low": "15", "high": "30"},
        {"key": "low", "label": "Thấp", "low": "0", "high": "15"},
    ]
    setting = {"rubric-preliminary": {"criteria": [plain_criterion("novelty", 30, bands=bands)]}}

    with pytest.raises(RulesError, match="overlap"):
        apply_settings(registry.rules("technical-innovation"), setting)


def test_initiatives_40_25_15_20_are_recognised_from_70(registry: Registry, judge: Judge) -> None:
    rubric = {
        "criteria": [
            plain_criterion(key, high)
            for key, high in (("novelty", 40), ("effect", 25), ("feasibility", 15), ("spread", 20))
        ]
    }
    rules = apply_settings(
        registry.rules("technical-innovation"),
        {
            "rubric-preliminary": rubric,
            "rubric-final": rubric,
            "round-preliminary": {"judges_per_entry": 2, "gap_rule": "third-judge"},
            "gates": [{"key": "recognised", "label": "Công nhận", "scope": "prize", "round": "final", "minimum": "70"}],
            "awards": [{"key": "recognised", "label": "Công nhận", "planned": 48}],
            "tie-breaks": ["criterion:novelty", "chair-vote"],
        },
    )
    at_70 = {"novelty": "30", "effect": "15", "feasibility": "10", "spread": "15"}
    below = at_70 | {"novelty": "29"}

    standings = judge(rules, "final", {"e-yes": [at_70, at_70], "e-no": [at_70, below]})

    assert rules.rounds[0].rubric.maximum == 100
    assert [grant.entry for grant in grant_awards(rules, standings).grants] == ["e-yes"]


def test_sections_30_and_70_weigh_dossier_and_pitch(registry: Registry) -> None:
    rules = apply_settings(
        registry.rules("startup"),
        {
            "rubric-final": {
                "criteria": [
                    plain_criterion("innovation", 10, section="dossier"),
                    plain_criterion("impact", 10, section="dossier"),
                    plain_criterion("pitch", 50, section="pitch"),
                    {"key": "advice", "label": "Góp ý"},
                ],
                "sections": [
                    {"key": "dossier", "label": "Hồ sơ", "weight": "30"},
                    {"key": "pitch", "label": "Thuyết trình", "weight": "70"},
                ],
            }
        },
    )
    marks = {"innovation": Decimal(10), "impact": Decimal(5), "pitch": Decimal(25)}

    assert sheet_total(rules.rounds[2].rubric, marks) == Fraction(45, 2) + 35


def test_preliminary_of_startups_has_no_presentation_and_is_rescaled(registry: Registry) -> None:
    first, second, third = registry.rules("startup").rounds
    marks = {criterion.key: criterion.maximum for criterion in first.rubric.criteria}

    assert first.rubric.criterion("presentation") is None
    assert first.rubric.raw_maximum == 90
    assert sheet_total(first.rubric, marks) == 100
    assert sheet_total(first.rubric, marks | {"growth": Decimal(16)}) == 90
    assert second.rubric.criterion("presentation") is not None
    assert third.rubric.criterion("presentation") is not None


def test_lam_dong_gate_is_what_the_settings_say(lam_dong: ContestRules) -> None:
    assert lam_dong.gates == (
        Gate(
            key="supported",
            label="Được hỗ trợ",
            scope=GateScope.PRIZE,
            round="preliminary",
            minimum=Decimal(50),
        ),
    )
