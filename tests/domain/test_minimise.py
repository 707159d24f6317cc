"""Questions that nobody needs are named with a reason; the three kinds ask none of them of their authors."""

from __future__ import annotations

from dataclasses import replace

import pytest

from judging.domain.fields import DossierItem, EntryField, FieldKind, ItemKind
from judging.domain.minimise import warn_of_fields
from judging.domain.rules import ContestRules
from judging.plugins import Registry


@pytest.fixture
def rules(registry: Registry) -> ContestRules:
    return replace(registry.rules("youth-creativity"), fields=(), dossier=())


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("cccd", "Số định danh"),
        ("paper", "Số căn cước công dân"),
        ("id_number", "Number"),
        ("home", "Địa chỉ thường trú"),
        ("address", "Where you live"),
        ("contact", "Số điện thoại phụ huynh"),
        ("phone", "Mobile"),
        ("face", "Ảnh chân dung"),
    ],
)
def test_question_for_what_nobody_needs_is_warned_of(rules: ContestRules, key: str, label: str) -> None:
    asking = replace(rules, fields=(EntryField(key=key, label=label),))
    assert [warned.key for warned in warn_of_fields(asking)] == [key]


def test_field_of_the_kind_phone_is_warned_of_whatever_it_is_called(rules: ContestRules) -> None:
    asking = replace(rules, fields=(EntryField(key="reach", label="How to reach you", kind=FieldKind.PHONE),))
    assert [warned.key for warned in warn_of_fields(asking)] == ["reach"]


def test_free_text_about_oneself_is_warned_of_among_children_only(rules: ContestRules) -> None:
    field = EntryField(key="me", label="Giới thiệu bản thân", kind=FieldKind.LONG_TEXT)
    assert [warned.key for warned in warn_of_fields(replace(rules, fields=(field,)))] == ["me"]
    assert warn_of_fields(replace(rules, fields=(field,), children=False)) == ()


def test_portrait_in_the_dossier_is_warned_of_and_a_proof_for_the_office_is_not(rules: ContestRules) -> None:
    portrait = DossierItem(key="portrait", label="Portrait", kind=ItemKind.IMAGE)
    proof = DossierItem(key="proof", label="Identity card", kind=ItemKind.IMAGE, office_only=True)
    assert [warned.key for warned in warn_of_fields(replace(rules, dossier=(portrait, proof)))] == ["portrait"]


@pytest.mark.parametrize("label", ["E-mail address", "School", "How it works", "Pictures of the product", "Idea"])
def test_ordinary_question_is_not_warned_of(rules: ContestRules, label: str) -> None:
    assert warn_of_fields(replace(rules, fields=(EntryField(key="x", label=label),))) == ()


def test_youth_creativity_asks_nothing_that_is_warned_of(registry: Registry) -> None:
    assert warn_of_fields(registry.rules("youth-creativity")) == ()
