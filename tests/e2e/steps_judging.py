"""What judges do on a sheet, and how the office runs a round around them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.factories import even_marks

if TYPE_CHECKING:
    from judging.domain.rules import Round
    from tests.e2e.stage import Play
    from tests.e2e.visitor import Visitor

_COMMENT = "Ý tưởng rõ ràng và mới. Mô hình chạy tốt. Nên thử thêm ở nơi khác."


def declare_conflicts(judge: Visitor, play: Play, *, again: bool = False) -> None:
    """From the judge's desk: say that nothing ties the judge to a school, nor to the entry.

    Schools are asked for once in a contest; `again` is a later round, in which only the entries are.
    """
    words = judge.words
    judge.follow(words("Declare conflicts"))
    if not again:
        judge.reads(words("Schools and units you are tied to"))
        judge.tick(words("I know of no such school or unit."))
        judge.press(words("Record and go on"))
    judge.reads(words("Is there a conflict of interest?"))
    expect(judge.page.get_by_role("listitem").filter(has_text=play.code)).to_contain_text(play.title)
    looked = "I have looked at every entry above. Where I chose “None of these”, I know of no conflict."
    judge.tick(words(looked))
    judge.press(words("Record and go on"))


def mark_sheet(judge: Visitor, play: Play, judged: Round, *, share: str) -> None:
    """Mark every criterion at about `share` of its scale, review the sheet, submit it, and see its receipt."""
    words = judge.words
    if judge.page.get_by_role("link", name=words("Begin marking"), exact=True).is_visible():
        judge.follow(words("Begin marking"))
    judge.reads(play.title)
    marks = even_marks(judged, Decimal(share))
    for criterion in judged.rubric.criteria:
        for key, label, _scale in criterion.scales:
            single = f"{words('Mark')}: {words(criterion.label)}"
            text = format(marks[key].normalize(), "f")
            typed = text.replace(".", ",") if words.language == "vi" else text
            judge.fill(words(label) if criterion.parts else single, typed)
    judge.fill(words("Overall comment"), _COMMENT)
    judge.press(words("Review and submit"))
    judge.reads(words("Review your sheet"))
    expect(judge.page.get_by_text(_COMMENT)).to_be_visible()
    judge.press(words("Submit the sheet"))
    judge.reads(words("Your sheet for %(code)s is submitted", code=play.code))
    expect(judge.page.get_by_text(words("Receipt code"), exact=True)).to_be_visible()


def open_round(office: Visitor) -> None:
    """Open the round whose assignment is on the page."""
    office.press(office.words("Open the round"))


def close_round(office: Visitor, play: Play, judged: Round) -> None:
    """Close the round once every sheet is in, and look at its standings."""
    words = office.words
    office.open_side(words("Judging progress"))
    title = words("%(round)s: %(done)s of %(total)s sheets recorded", round=words(judged.label), done=3, total=3)
    office.reads(title)
    office.press(words("Close the round"))
    office.reads(words("Standings: %(round)s", round=words(judged.label)))
    expect(office.page.get_by_role("row").filter(has_text=play.title)).to_contain_text(play.code)


def advance_round(office: Visitor) -> None:
    """From the standings of a closed round: let those go on whom the rules name."""
    office.press(office.words("End the round"))
