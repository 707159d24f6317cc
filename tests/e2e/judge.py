"""What a judge does: declare conflicts, mark, review, submit, keep the receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from judging.domain.rubric import Scale
    from judging.domain.rules import Round
    from tests.e2e.visitor import Visitor

COMMENT = "Ý tưởng rõ ràng và mô hình chạy tốt. Nên đo thêm vào mùa lũ."


def declare_conflicts(judge: Visitor, title: str) -> None:
    """Look at every entry given and know of no conflict."""
    say = judge.say
    judge.go("/judge/")
    judge.follow(say("Declare conflicts"))
    judge.expect_text(title)
    judge.tick(say("I have looked at every entry above. Where I chose “None of these”, I know of no conflict."))
    judge.press(say("Record and go on"))


def mark_entry(judge: Visitor, title: str, judged: Round, *, share: str) -> None:
    """Mark about `share` of each scale, review the sheet and submit it."""
    say = judge.say
    judge.follow(title)
    judge.look_in_the_dark()
    for field, mark in _fields(judge, judged, Decimal(share)):
        field.fill(_typed(judge, mark))
    judge.page.get_by_label(say("Overall comment")).fill(COMMENT)
    judge.press(say("Review and submit"))
    judge.expect_heading(say("Review your sheet"))
    judge.press(say("Submit the sheet"))
    _expect_receipt(judge, judged, Decimal(share))


def mark_entry_by_keyboard(judge: Visitor, title: str, judged: Round, *, share: str) -> None:
    """The same without a pointer: every control is reached with the Tab key and used with keys."""
    say = judge.say
    keys = judge.page.keyboard
    reach(judge, judge.page.get_by_role("link", name=title))
    with judge.page.expect_navigation():
        keys.press("Enter")
    judge.look()
    for field, mark in _fields(judge, judged, Decimal(share)):
        reach(judge, field)
        keys.type(_typed(judge, mark))
    reach(judge, judge.page.get_by_label(say("Overall comment")))
    keys.type(COMMENT)
    reach(judge, judge.page.get_by_role("button", name=say("Review and submit"), exact=True))
    with judge.page.expect_navigation():
        keys.press("Enter")
    judge.look()
    reach(judge, judge.page.get_by_role("button", name=say("Submit the sheet"), exact=True))
    with judge.page.expect_navigation():
        keys.press("Enter")
    judge.look()
    _expect_receipt(judge, judged, Decimal(share))


def reach(judge: Visitor, control: Locator) -> None:
    """Press Tab until the control has the focus; one that cannot be reached fails."""
    expect(control.first).to_be_visible()
    for _ in range(150):
        if control.first.evaluate("control => control === document.activeElement"):
            return
        judge.page.keyboard.press("Tab")
    raise AssertionError(f"not to be reached by keyboard: {control}")


def _fields(judge: Visitor, judged: Round, share: Decimal) -> list[tuple[Locator, Decimal]]:
    found = []
    for criterion in judged.rubric.criteria:
        part = judge.page.locator("section").filter(
            has=judge.page.get_by_role("heading", name=judge.say.label(criterion.label))
        ).last
        boxes = part.get_by_role("textbox")
        found += [
            (boxes.nth(index), _mark(scale, share)) for index, (_key, _label, scale) in enumerate(criterion.scales)
        ]
    return found


def _mark(scale: Scale, share: Decimal) -> Decimal:
    steps = ((scale.high - scale.low) * share / scale.step).to_integral_value()
    return scale.low + steps * scale.step


def _typed(judge: Visitor, mark: Decimal) -> str:
    text = format(mark.normalize(), "f")
    return text.replace(".", ",") if judge.say.language == "vi" else text


def _expect_receipt(judge: Visitor, judged: Round, share: Decimal) -> None:
    marks = [
        _mark(scale, share) for criterion in judged.rubric.criteria for _key, _label, scale in criterion.scales
    ]
    judge.expect_text(judge.say("The sheet is locked. If it needs a change, ask the office to reopen it; this version is kept."))
    if judged.rubric.total is None:
        judge.expect_text(_typed(judge, sum(marks, Decimal(0))))
