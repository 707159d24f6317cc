"""Rules to plain JSON and back without loss, and a digest that anybody can recompute."""

import hashlib
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given

from judging.domain.fields import EntryField, FieldKind
from judging.domain.rubric import Rubric, Scale
from judging.domain.rules import Board, ContestRules, Quota, Team
from judging.domain.structure import canonical_bytes, digest, from_plain, to_plain
from judging.errors import RulesError
from tests.domain.builders import plain_rubric, rich_rubric, son_la_rubric
from tests.domain.generated import contest_rules, rubrics


@given(rubric=rubrics())
def test_rubric_survives_being_written_as_json_text(rubric: Rubric) -> None:
    text = json.dumps(to_plain(rubric))

    read = from_plain(Rubric, json.loads(text))

    assert read == rubric
    assert digest(read) == digest(rubric)


@given(rules=contest_rules())
def test_rules_survive_being_written_as_json_text(rules: ContestRules) -> None:
    assert from_plain(ContestRules, json.loads(canonical_bytes(rules))) == rules


@given(rubric=rubrics())
def test_digest_does_not_depend_on_the_order_of_entries(rubric: Rubric) -> None:
    plain = to_plain(rubric)

    assert digest(dict(reversed(plain.items()))) == digest(plain)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "x"}, '{"a":"x","b":1}'),
        (Scale(high=Decimal(5)), '{"high":"5","low":"0","step":"0.5"}'),
        ({"name": "Sáng tạo trẻ"}, '{"name":"Sáng tạo trẻ"}'),
        (date(2021, 6, 1), '"2021-06-01"'),
        ((Board.CATEGORY, True, None), '["category",true,null]'),
    ],
)
def test_canonical_text_of(value: object, text: str) -> None:
    assert canonical_bytes(value).decode() == text
    assert digest(value) == hashlib.sha256(text.encode()).hexdigest()


def test_digest_of_a_small_object_is_the_known_one() -> None:
    assert digest({"b": 1, "a": "x"}) == "cdab067e9f3beb32d1252cfd63e492592fecbf591b0d08cadb24bb17f3864246"
    assert digest(Scale(high=Decimal(5))) == "5c2a1c826ea83a922f7d77180a78d5f4cc0becd55a99121ea4bd16a4f013b214"


@pytest.mark.parametrize("high", ["5", "5.0", "5.000", "0.5E+1"])
def test_digest_does_not_depend_on_how_a_number_was_written(high: str) -> None:
    assert digest(Scale(high=Decimal(high))) == digest(Scale(high=Decimal(5)))


@pytest.mark.parametrize("change", ["label", "weight", "high"])
def test_digest_changes_with(change: str) -> None:
    plain = to_plain(plain_rubric())
    criterion = plain["criteria"][0]
    if change == "high":
        criterion["scale"]["high"] = "40"
    else:
        criterion[change] = {"label": "Novelty.", "weight": "2"}[change]

    assert digest(from_plain(Rubric, plain)) != digest(plain_rubric())


def plain_with(path: tuple[str | int, ...], value: Any) -> Any:
    """The plain form of `rich_rubric` with the thing at `path` replaced, or taken away by the value `...`."""
    plain = to_plain(rich_rubric())
    *way, last = path
    place = plain
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return plain


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("colour",), "red", "Rubric has an unknown entry: colour."),
        (("criteria", 1, "color"), "red", "Rubric.criteria[1] has an unknown entry: color."),
        (("criteria", 0, "parts", 1, "scale", "top"), "4", "Rubric.criteria[0].parts[1].scale has an unknown entry"),
        (("criteria",), ..., "Rubric lacks criteria."),
        (("criteria", 2, "label"), ..., "Rubric.criteria[2] lacks label."),
        (("sections", 0, "weight"), ..., "Rubric.sections[0] lacks weight."),
        (("criteria", 1, "scale", "high"), "ten", "Rubric.criteria[1].scale.high cannot be read: “ten”."),
        (("criteria", 1, "scale", "high"), 10, "Rubric.criteria[1].scale.high has a value of the wrong type."),
        (("criteria", 1, "comment"), "shout", "Rubric.criteria[1].comment cannot be read: “shout”."),
        (("criteria",), {}, "Rubric.criteria has a value of the wrong type."),
        (("criteria", 1), "talk", "Rubric.criteria[1] has a value of the wrong type."),
        (("criteria", 1, "label"), None, "Rubric.criteria[1].label has a value of the wrong type."),
    ],
)
def test_from_plain_names_the_place_of(path: tuple[str | int, ...], value: object, told: str) -> None:
    with pytest.raises(RulesError) as refused:
        from_plain(Rubric, plain_with(path, value))

    assert str(refused.value).startswith(told)


def test_from_plain_gives_what_is_left_out_its_default() -> None:
    assert from_plain(Team, {}) == Team()
    assert from_plain(Team, {"high": 3}) == Team(high=3)


@pytest.mark.parametrize("places", [True, 1.0, "1", None])
def test_whole_number_is_taken_from_a_whole_number_only(places: object) -> None:
    with pytest.raises(RulesError, match=r"^Quota\.places has a value of the wrong type"):
        from_plain(Quota, {"places": places})


@pytest.mark.parametrize("required", [1, 0, "true", None])
def test_truth_value_is_taken_from_a_truth_value_only(required: object) -> None:
    with pytest.raises(RulesError, match=r"^EntryField\.required has a value of the wrong type"):
        from_plain(EntryField, {"key": "school", "label": "School", "required": required})


def test_from_plain_runs_the_checks_of_the_shape() -> None:
    plain = to_plain(son_la_rubric())
    plain["criteria"][0]["bands"][1]["high"] = "28"

    with pytest.raises(RulesError, match="overlap"):
        from_plain(Rubric, plain)


def test_to_plain_writes_a_kind_by_its_stored_word() -> None:
    field = EntryField(key="born", label="Born", kind=FieldKind.DATE)

    assert to_plain(field)["kind"] == "date"
    assert from_plain(EntryField, to_plain(field)).kind is FieldKind.DATE


@pytest.mark.parametrize("value", [0.5, {1, 2}, b"x", object()])
def test_to_plain_refuses_what_rules_cannot_hold(value: object) -> None:
    with pytest.raises(RulesError, match=f"^Rules cannot hold a value of type {type(value).__name__}"):
        to_plain({"value": value})
