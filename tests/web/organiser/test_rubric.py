"""The rubric editor, without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Contest
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from tests.factories import give_role, make_account, make_contest

SignIn = Callable[[FlaskClient, Account], str]
SLUG = "cuoc-thi"
LAM_DONG = (("Nguồn lực", 3), ("Đổi mới sáng tạo", 4), ("Rủi ro", 2), ("Sức thuyết phục", 1))


@pytest.fixture
def organiser(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


@pytest.fixture
def start(client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account) -> Callable[..., Editor]:
    def open_editor(kind: str, round_key: str = "preliminary", **values: Any) -> Editor:
        with platform.database.writing() as session:
            contest = make_contest(session, platform.registry, kind=kind, slug=SLUG, **{"phase": "draft", **values})
            give_role(session, contest, organiser, "organiser")
        sign_in(client, organiser)
        return Editor(client, f"/organise/{SLUG}/rubric/{round_key}")

    return open_editor


class Editor:
    """A browser with the editor open, pressing its buttons."""

    def __init__(self, client: FlaskClient, address: str) -> None:
        self._client = client
        self._address = address
        self.status = 0
        self.text = ""
        self.form: dict[str, str] = {}
        self._arrive(client.get(address))

    def press(self, act: str, **typed: str) -> Editor:
        """Type into fields (`c_0_label` is `c-0-label`) and press the button of that act."""
        fields = {name.replace("_", "-"): text for name, text in typed.items()}
        self._arrive(self._client.post(self._address, data={**self.form, **fields, "act": act}))
        return self

    def _arrive(self, answer: Any) -> None:
        self.status, self.text = answer.status_code, answer.text
        document = html5lib.parse(answer.text, namespaceHTMLElements=False)
        forms = [one for one in document.iter("form") if "setup-form" in (one.get("class") or "")]
        if not forms:
            return
        self.form = {str(one.get("name")): one.get("value") or "" for one in forms[0].iter("input")}
        for control in forms[0].iter("select"):
            options = list(control.iter("option"))
            chosen = [one for one in options if one.get("selected") is not None]
            self.form[str(control.get("name"))] = str((chosen or options)[0].get("value"))


def rubric_of(platform: Platform, number: int = 0) -> Any:
    with platform.database.reading() as session:
        contest = session.scalars(select(Contest).where(Contest.slug == SLUG)).one()
        return contest_rules(platform.registry, contest).rounds[number].rubric


@pytest.mark.parametrize("kind", ["youth-creativity", "technical-innovation", "startup"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_rubric_recorded_as_it_is_stays_the_kinds(
    client: FlaskClient, platform: Platform, start: Callable[..., Editor], kind: str, language: str
) -> None:
    editor = start(kind)
    for judged in platform.registry.rules(kind).rounds:
        client.set_cookie("lang", language)
        editor = Editor(client, f"/organise/{SLUG}/rubric/{judged.key}")
        assert editor.press("save").status == 302, editor.text

    with platform.database.reading() as session:
        assert session.scalars(select(Contest)).one().settings == {}


def test_province_table_with_coefficients_is_built_by_pressing_buttons(
    platform: Platform, start: Callable[..., Editor]
) -> None:
    editor = start("startup")
    while "c-0-label" in editor.form:
        editor.press("c-remove-0")
    for index, (label, weight) in enumerate(LAM_DONG):
        editor.press("c-add")
        editor.form |= {
            f"c-{index}-label": label, f"c-{index}-low": "1", f"c-{index}-high": "5", f"c-{index}-step": "1",
            f"c-{index}-weight": str(weight),
        }  # fmt: skip

    assert editor.press("save", total="").status == 302, editor.text
    rubric = rubric_of(platform)
    assert rubric.maximum == 50
    assert [(one.label, one.weight, one.scale.low) for one in rubric.criteria] == [
        (label, weight, 1) for label, weight in LAM_DONG
    ]


def test_criterion_that_a_gate_names_cannot_be_removed(platform: Platform, start: Callable[..., Editor]) -> None:
    gate = {"key": "new", "label": "Tính mới", "scope": "advance", "round": "preliminary", "criterion": "novelty"}
    editor = start("youth-creativity", settings={"gates": [gate]})
    second = editor.form["c-1-label"]

    editor.press("c-remove-0").press("save")

    assert editor.status == 422
    assert "names a criterion that is not there" in editor.text
    assert editor.form["c-0-label"] == second
    assert rubric_of(platform).criterion("novelty") is not None


def test_bands_are_typed_in_and_shown_on_the_sheet(platform: Platform, start: Callable[..., Editor]) -> None:
    editor = start("youth-creativity").press("shape", c_0_shape="bands", c_0_step="1")
    assert "c-0-b-2-low" in editor.form

    editor.press(
        "look",
        c_0_b_0_label="Mới", c_0_b_0_low="27", c_0_b_0_high="30", c_0_b_1_label="Khá", c_0_b_1_low="21",
        c_0_b_1_high="26", c_0_b_2_label="Ít", c_0_b_2_low="0", c_0_b_2_high="20",
    )  # fmt: skip
    assert 'id="look-novelty-band-moi"' in editor.text
    assert editor.press("save").status == 302, editor.text

    bands = rubric_of(platform).criteria[0].bands
    found = [(one.label, int(one.low), int(one.high)) for one in bands]
    assert found == [("Mới", 27, 30), ("Khá", 21, 26), ("Ít", 0, 20)]


def test_overlapping_bands_are_refused_with_the_reason(platform: Platform, start: Callable[..., Editor]) -> None:
    editor = start("youth-creativity").press("shape", c_0_shape="bands", c_0_step="1")

    editor.press(
        "save",
        c_0_b_0_label="Mới", c_0_b_0_low="20", c_0_b_0_high="30", c_0_b_1_label="Khá", c_0_b_1_low="15",
        c_0_b_1_high="25", c_0_b_2_label="Ít", c_0_b_2_low="0", c_0_b_2_high="10",
    )  # fmt: skip

    assert editor.status == 422
    assert "overlap" in editor.text
    assert editor.form["c-0-b-1-high"] == "25"
    assert rubric_of(platform).criteria[0].bands == ()


def test_weighted_sections_need_every_criterion_in_one(platform: Platform, start: Callable[..., Editor]) -> None:
    editor = start("youth-creativity").press("s-add").press("s-add")
    named = {"s_0_label": "Hồ sơ", "s_0_weight": "30", "s_1_label": "Thuyết trình", "s_1_weight": "70"}

    assert editor.press("save", **named).status == 422
    assert "must count in one of the rubric" in editor.text
    sections = {f"c_{index}_section": "section-1" if index else "section-2" for index in range(4)}
    assert editor.press("save", **named, **sections).status == 302, editor.text

    rubric = rubric_of(platform)
    assert rubric.maximum == 100
    assert [one.section for one in rubric.criteria] == ["section-2", "section-1", "section-1", "section-1"]


def test_sub_criteria_and_a_comment_only_line(platform: Platform, start: Callable[..., Editor]) -> None:
    editor = start("youth-creativity")
    editor.press("shape", c_1_shape="parts")
    editor.press(
        "save", c_1_p_0_label="Ý tưởng", c_1_p_0_high="10", c_1_p_1_label="Cách làm", c_1_p_1_high="20",
        c_3_shape="comment",
    )  # fmt: skip

    assert editor.status == 302, editor.text
    criteria = rubric_of(platform).criteria
    assert [(part.key, int(part.scale.high)) for part in criteria[1].parts] == [("y-tuong", 10), ("cach-lam", 20)]
    assert criteria[3].is_comment_only


def test_criterion_moves_up(platform: Platform, start: Callable[..., Editor]) -> None:
    before = [one.key for one in platform.registry.rules("youth-creativity").rounds[0].rubric.criteria]

    start("youth-creativity").press("c-up-1").press("save")

    assert [one.key for one in rubric_of(platform).criteria] == [before[1], before[0], *before[2:]]


@pytest.mark.parametrize("typed", ["", "ten", "1e3", "NaN", "8,5"])
def test_unreadable_number_names_its_field(start: Callable[..., Editor], typed: str) -> None:
    editor = start("youth-creativity").press("save", c_0_high=typed)

    assert editor.status == 422
    assert 'href="#c-0-high"' in editor.text


def test_kinds_own_rubric_can_be_taken_back(platform: Platform, start: Callable[..., Editor]) -> None:
    editor = start("youth-creativity")
    editor.press("save", total="50")
    assert rubric_of(platform).maximum == 50

    back = Editor(editor._client, editor._address).press("as-kind")
    assert back.press("save").status == 302

    with platform.database.reading() as session:
        assert session.scalars(select(Contest)).one().settings == {}


def test_unknown_round_is_not_there(client: FlaskClient, start: Callable[..., Editor]) -> None:
    start("youth-creativity")

    assert client.get(f"/organise/{SLUG}/rubric/semi-final").status_code == 404
