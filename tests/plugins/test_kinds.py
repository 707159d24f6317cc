"""The three contest kinds together: installed, sound, alike from build to build, complete in Vietnamese."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from judging.api import ContestRules, Entry, Member, digest
from judging.domain.standings import resolve_tie_breakers
from judging.domain.structure import from_plain, to_plain
from judging.plugins import Registry

KINDS = {
    "youth-creativity": ("judging_youth_creativity", "youth", "ST"),
    "technical-innovation": ("judging_technical_innovation", "technical", "KT"),
    "startup": ("judging_startup", "startup", "KN"),
}
OFFICIAL_CATEGORIES = {
    "youth-creativity": [
        "Đồ dùng dành cho học tập",
        "Phần mềm tin học",
        "Sản phẩm thân thiện với môi trường",
        "Các dụng cụ sinh hoạt gia đình và đồ chơi trẻ em",
        "Các giải pháp kỹ thuật nhằm ứng phó với biến đổi khí hậu, bảo vệ môi trường và phát triển kinh tế",
    ],
    "technical-innovation": [
        "Công nghệ thông tin, điện tử, viễn thông",
        "Cơ khí tự động hoá, xây dựng, giao thông vận tải",
        "Vật liệu, hoá chất, năng lượng",
        "Nông lâm ngư nghiệp, tài nguyên và môi trường",
        "Y dược",
        "Giáo dục và đào tạo",
    ],
}
OFFICIAL_NAMES = {
    "youth-creativity": "Cuộc thi Sáng tạo Thanh thiếu niên, Nhi đồng",
    "technical-innovation": "Hội thi Sáng tạo kỹ thuật",
    "startup": "Cuộc thi Khởi nghiệp đổi mới sáng tạo",
}


def vietnamese(kind: str, message: str) -> str:
    package = importlib.import_module(KINDS[kind][0])
    assert package.__file__ is not None
    path = Path(package.__file__).parent / "translations" / "vi" / "LC_MESSAGES" / f"{KINDS[kind][0]}.po"
    with path.open("rb") as readable:
        found = read_po(readable, locale="vi").get(message)
    assert found is not None, message
    return str(found.string)


def labels(rules: ContestRules) -> set[str]:
    """Every text of the rules that a person may read."""
    texts: set[str] = {rules.name, rules.summary}

    def walk(value: object) -> None:
        if isinstance(value, dict):
            texts.update(value[key] for key in ("label", "help", "meaning") if key in value)
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(to_plain(rules))
    return texts - {""}


def test_registry_installed_plugins_offers_the_three_kinds(registry: Registry) -> None:
    assert registry.set_aside == []
    assert {info.contests: info.name for info in registry.infos} == {
        ("startup",): "startup",
        ("technical-innovation",): "technical_innovation",
        ("youth-creativity",): "youth_creativity",
    }


@pytest.mark.parametrize("kind", KINDS)
def test_rules_built_twice_are_equal_and_have_one_digest(registry: Registry, kind: str) -> None:
    built = registry.rules(kind)
    again = importlib.reload(importlib.import_module(f"{KINDS[kind][0]}.rules")).RULES

    assert again is not built
    assert again == built
    assert digest(again) == digest(built)


@pytest.mark.parametrize("kind", KINDS)
def test_rules_written_as_json_read_back_equal(registry: Registry, kind: str) -> None:
    rules = registry.rules(kind)

    assert from_plain(ContestRules, to_plain(rules)) == rules


@pytest.mark.parametrize("kind", KINDS)
def test_rules_name_colour_and_prefix_of_the_kind(registry: Registry, kind: str) -> None:
    rules = registry.rules(kind)

    assert (rules.key, rules.accent, rules.prefix) == (kind, *KINDS[kind][1:])


@pytest.mark.parametrize("kind", KINDS)
def test_rubric_of_every_round_counts_on_a_scale_of_100(registry: Registry, kind: str) -> None:
    assert {judged.rubric.maximum for judged in registry.rules(kind).rounds} == {100}


@pytest.mark.parametrize("kind", KINDS)
def test_tie_breaks_are_all_known_to_the_core(registry: Registry, kind: str) -> None:
    rules = registry.rules(kind)
    for judged in rules.rounds:
        found = resolve_tie_breakers(rules, judged, registry.tie_breakers)
        assert [breaker.key for breaker in found] == list(rules.tie_breaks)


@pytest.mark.parametrize("kind", KINDS)
def test_texts_of_the_rules_have_a_vietnamese_translation(registry: Registry, kind: str) -> None:
    lacking = {text for text in labels(registry.rules(kind)) if not vietnamese(kind, text)}

    assert lacking == set()


@pytest.mark.parametrize("kind", KINDS)
def test_name_in_vietnamese_is_the_official_one(registry: Registry, kind: str) -> None:
    assert vietnamese(kind, registry.rules(kind).name) == OFFICIAL_NAMES[kind]


@pytest.mark.parametrize("kind", OFFICIAL_CATEGORIES)
def test_categories_in_vietnamese_are_the_official_ones_in_order(registry: Registry, kind: str) -> None:
    shown = [vietnamese(kind, category.label) for category in registry.rules(kind).categories]

    assert shown == OFFICIAL_CATEGORIES[kind]


def test_eligibility_is_asked_only_of_the_plugin_that_owns_the_contest(registry: Registry) -> None:
    # This entry breaks a rule of each kind: too old for the first, prized for the second, a firm of 1990 for the third.
    entry = Entry(
        id="1",
        alias="e-1",
        title="Water filter",
        category="software",
        members=(Member(name="An", born=date(1980, 1, 1), is_lead=True),),
        answers={"own_work": True, "prized": True, "registered": True, "registered_on": "1990-01-01"},
        items={"firm_registration": 1},
    )

    answers = {
        kind: [problem.code for problem in registry.check_eligibility(registry.rules(kind), entry, date(2021, 6, 1))]
        for kind in KINDS
    }

    assert answers == {
        "youth-creativity": ["too-old"],
        "technical-innovation": ["already-prized"],
        "startup": ["firm-too-old"],
    }
