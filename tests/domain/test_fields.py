"""What entry forms, dossiers and settings refuse, and how a setting's plain value is read."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from judging.domain.fields import Choice, DossierItem, EntryField, FieldKind, Setting, SettingKind
from judging.errors import RulesError
from tests.domain.builders import D

CHOICES = (Choice(key="a", label="A"), Choice(key="b", label="B"))


def setting(kind: SettingKind, default: Any, **more: Any) -> Setting:
    return Setting(key="figure", label="Figure", kind=kind, default=default, **more)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (
            lambda: EntryField(key="school", label="School", kind=FieldKind.CHOICE),
            "Field “School” must have choices if it is one.",
        ),
        (
            lambda: EntryField(key="school", label="School", choices=CHOICES),
            "Field “School” must have choices if it is one.",
        ),
        (
            lambda: DossierItem(key="plan", label="Plan", low=2, high=1),
            "Dossier item “Plan”: the least number is above the most.",
        ),
        (
            lambda: DossierItem(key="plan", label="Plan", low=-1),
            "Dossier item “Plan”: the least number is above the most.",
        ),
        (lambda: setting(SettingKind.INTEGER, True), "Setting “Figure” has a value of the wrong type."),
        (lambda: setting(SettingKind.INTEGER, "5"), "Setting “Figure” has a value of the wrong type."),
        (lambda: setting(SettingKind.BOOLEAN, 1), "Setting “Figure” has a value of the wrong type."),
        (lambda: setting(SettingKind.DECIMAL, 5), "Setting “Figure” has a value of the wrong type."),
        (lambda: setting(SettingKind.RUBRIC, "x"), "Setting “Figure” has a value of the wrong type."),
        (lambda: setting(SettingKind.DECIMAL, "8,5"), "Setting “Figure” cannot be read."),
        (lambda: setting(SettingKind.DATE, "31.5.2021"), "Setting “Figure” cannot be read."),
        (lambda: setting(SettingKind.DATE, "2021-02-29"), "Setting “Figure” cannot be read."),
        (
            lambda: setting(SettingKind.CHOICE, "c", choices=CHOICES),
            "Setting “Figure”: that is not one of the choices.",
        ),
        (lambda: setting(SettingKind.INTEGER, 0, low=D(1)), "Setting “Figure” must lie between 1 and –."),
        (lambda: setting(SettingKind.INTEGER, 11, low=D(1), high=D(10)), "Setting “Figure” must lie between 1 and 10."),
        (lambda: setting(SettingKind.DECIMAL, "NaN"), "Setting “Figure” must lie between – and –."),
    ],
)  # fmt: skip
def test_contradiction_is_refused_by_name(make: Callable[[], object], told: str) -> None:
    with pytest.raises(RulesError) as refused:
        make()

    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("kind", "default", "typed"),
    [
        (SettingKind.INTEGER, 5, 5),
        (SettingKind.BOOLEAN, False, False),
        (SettingKind.DECIMAL, "66.50", D("66.5")),
        (SettingKind.DATE, "2003-05-31", date(2003, 5, 31)),
        (SettingKind.DATE, "", None),
        (SettingKind.TEXT, "Lạng Sơn", "Lạng Sơn"),
    ],
)
def test_typed_value_of(kind: SettingKind, default: Any, typed: object) -> None:
    value = setting(kind, default).typed()

    assert value == typed
    assert type(value) is type(typed)


@pytest.mark.parametrize("number", [1, 10])
def test_bounds_of_a_setting_belong_to_it(number: int) -> None:
    assert setting(SettingKind.INTEGER, number, low=D(1), high=D(10)).typed() == number
