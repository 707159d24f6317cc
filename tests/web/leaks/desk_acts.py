"""What a judge sends from the desk - sheets, notes, refused ones above all - as plain requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.web.conftest import csrf_token
from tests.web.leaks.visits import Answer, read_answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask.testing import FlaskClient

    from tests.web.leaks.world import World

KEY = "zq-key-of-the-device-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A request that may change something. `form` is a page's, `json` a program's or a device's."""

    name: str
    method: str
    path: str
    form: Mapping[str, str] | None = None
    json: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def send(client: FlaskClient, sent: Sent) -> Answer:
    """Send it with the token of a form."""
    client.set_cookie("lang", "en")
    token = csrf_token(client, "/account")
    data = {**sent.form, "csrf_token": token} if sent.form is not None else None
    headers = {"X-CSRFToken": token, **sent.headers}
    with client.open(sent.path, method=sent.method, data=data, json=sent.json, headers=headers) as response:
        return read_answer(response)


def refused_acts(world: World, rubric: str, keys: tuple[str, ...]) -> Iterator[Sent]:
    """What judge 3 may try with the sheet of entry A, short of handing it in: all of it is refused, or a draft."""
    own = f"/judge/sheets/{world.assignments['a-judge_3']}"
    some = {f"m-{keys[0]}": "5", "comment": "Nháp."}
    wrong = {f"m-{keys[0]}": "999"}
    yield Sent(name="draft", method="POST", path=f"{own}/draft", form=some)
    yield Sent(name="draft-wrong", method="POST", path=f"{own}/draft", form=wrong)
    yield Sent(name="draft-merged", method="POST", path=f"{own}/draft", form={**some, "base": "{}", "sent": "[]"})
    yield Sent(name="stale", method="POST", path=own, form={**some, "version": "77"})
    yield Sent(name="save-wrong", method="POST", path=own, form={**wrong, "action": "save"})
    yield Sent(name="submit-wrong", method="POST", path=own, form={**wrong, "action": "submit"})
    yield Sent(name="review-wrong", method="POST", path=own, form={**wrong, "action": "review"})
    yield Sent(name="review-stale", method="POST", path=f"{own}/review", form={"version": "77"})
    yield Sent(name="note", method="POST", path=f"{own}/note", form={"note": "Xem lại hình 2."},
               headers={"Accept": "application/json"})  # fmt: skip
    yield Sent(name="aside-again", method="POST", path=f"{own}/aside", form={"aside-kind": "other"})
    yield Sent(name="aside-end", method="POST", path=f"{own}/aside/end", form={})
    yield Sent(name="recusal-without-kind", method="POST", path=f"{own}/recusal", form={})
    yield Sent(name="again", method="POST", path=f"{own}/again", form={"act": "revise"})
    yield from _handed_in(own, rubric, some)
    yield from _by_program(world, keys)


def acts_on_others(world: World, rubric: str, keys: tuple[str, ...]) -> Iterator[Sent]:
    """The same tried with the sheet of judge 1."""
    theirs = f"/judge/sheets/{world.assignments['a-judge_1']}"
    some = {f"m-{keys[0]}": "5"}
    for part in ("", "/draft", "/review", "/note", "/aside", "/aside/end", "/recusal", "/again"):
        yield Sent(name=f"page{part}", method="POST", path=f"{theirs}{part}", form=some)
    yield Sent(name="panel", method="POST", path=f"/judge/judged/panel/{world.assignments['a-judge_1']}",
               form={"act": "reopen", "reason": "Xem lại."})  # fmt: skip
    for act in ("reopen", "write-off", "aside"):
        yield Sent(name=f"office-{act}", method="POST",
                   path=f"/organise/assignments/{world.assignments['a-judge_1']}/{act}",
                   form={"reason": "Xem lại."})  # fmt: skip
    body = {"fields": some, "base": {}, "sent": [], "rubric": rubric, "language": "en"}
    yield Sent(name="hand-in", method="PUT", path=f"{theirs}/hand-in", json=body, headers={"Idempotency-Key": KEY})
    program = f"/api/v1/assignments/{world.assignments['a-judge_1']}"
    sheet = {"marks": {}, "state": "draft"}
    for tag in ('"v1"', '"v0"', "*"):
        yield Sent(name=f"program-{tag}", method="PUT", path=f"{program}/sheet", json=sheet, headers={"If-Match": tag})
    yield Sent(name="program-recuse", method="POST", path=f"{program}/recuse", json={"kind": "other", "reason": "x"})


def _handed_in(own: str, rubric: str, some: Mapping[str, str]) -> Iterator[Sent]:
    whole = {"fields": dict(some), "base": {}, "sent": [], "rubric": rubric, "language": "en"}
    for name, body in {
        "unreadable": {"fields": 3}, "other-rubric": {**whole, "rubric": "0" * 64}, "not-complete": whole,
        "other-draft": {**whole, "base": {"versions": {"comment": "0"}}},
    }.items():  # fmt: skip
        yield Sent(name=f"hand-in-{name}", method="PUT", path=f"{own}/hand-in", json=body,
                   headers={"Idempotency-Key": KEY + name})  # fmt: skip


def _by_program(world: World, keys: tuple[str, ...]) -> Iterator[Sent]:
    path = f"/api/v1/assignments/{world.assignments['a-judge_3']}/sheet"
    sheet = {"marks": {keys[0]: "5"}, "state": "submitted"}
    tries: tuple[tuple[str, Any, Mapping[str, str]], ...] = (
        ("no-condition", sheet, {}),
        ("stale", sheet, {"If-Match": '"v77"'}),
        ("not-new", sheet, {"If-None-Match": "*"}),
        ("not-complete", sheet, {"If-Match": "*"}),
        ("other-rubric", {**sheet, "rubric": "0" * 64}, {"If-Match": "*"}),
        ("unknown-member", {**sheet, "judge": world.judges[0]}, {"If-Match": "*"}),
    )
    for name, body, headers in tries:
        yield Sent(name=f"program-{name}", method="PUT", path=path, json=body, headers=headers)
