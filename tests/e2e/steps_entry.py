"""What the entrant does: ask who may enter, make an account, fill the entry in and hand it in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from judging.domain.fields import FieldKind, ItemKind
from tests.letters import code_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from judging.domain.fields import EntryField
    from tests.e2e.stage import Play
    from tests.e2e.visitor import Visitor

_TEXT = "Thiết bị mẫu làm việc bằng nước và ánh sáng. Nó bền và rẻ."


def ask_and_register(entrant: Visitor, play: Play, contest: str) -> None:
    """From the contest's page: answer what decides, make an account on the way with the code that comes by letter."""
    words = entrant.words
    entrant.go(contest)
    entrant.follow(words("See whether you may enter"))
    if play.rules.team.births:
        entrant.fill(words("Author %(number)s", number=1), play.born)
    _answer(entrant, play, (field for field in play.rules.fields if field.decides))
    entrant.press(words("Check"))
    expect(entrant.page.get_by_text(words("Yes, you may enter."))).to_be_visible()
    entrant.follow(words("Make an account"))
    entrant.fill(words("Your name"), play.entrant.name)
    entrant.fill(words("E-mail address"), play.entrant.email)
    entrant.fill(words("Password"), play.entrant.password)
    entrant.press(words("Make the account"))
    entrant.fill(words("Code"), code_in(entrant.read_letter(play.entrant.email)))
    entrant.press(words("Go on"))
    entrant.press(words("Begin the entry"))
    entrant.reads(words("About the entry"))


def fill_entry(entrant: Visitor, play: Play) -> None:
    """Every stop of the form, one after the other, up to the last look."""
    words = entrant.words
    entrant.fill(words("Title"), play.title)
    entrant.choose(words("Category"), words(play.rules.categories[0].label))
    if play.rules.divisions:
        entrant.choose(words("Division"), words(play.rules.divisions[0].label))
    _answer(entrant, play, (field for field in play.rules.fields if field.kind is not FieldKind.LONG_TEXT))
    _go_on(entrant, "Authors")
    _name_author(entrant, play)
    _go_on(entrant, "Description")
    for field in play.rules.fields:
        if field.kind is FieldKind.LONG_TEXT:
            entrant.fill(_labelled(entrant, field), _TEXT)
    _go_on(entrant, "Files")
    _send_files(entrant, play)
    entrant.follow(words("Go on"))
    entrant.reads(words("Consents"))
    # The account is a grown-up's: an author's own, or the mother's of the child who enters.
    for summary in entrant.page.locator("#own summary").all():
        summary.click()
    for box in entrant.page.locator("#own").get_by_role("checkbox").all():
        box.check()
    _go_on(entrant, "Check and hand in")


def hand_in(entrant: Visitor, play: Play) -> None:
    """Hand the entry in and see its receipt."""
    words = entrant.words
    expect(entrant.page.get_by_text(words("Nothing is missing."))).to_be_visible()
    entrant.press(words("Hand it in"))
    entrant.reads(play.title)
    expect(entrant.page.get_by_role("heading", name=words("Receipt"), exact=True)).to_be_visible()
    expect(entrant.page.get_by_text(words("Receipt code"), exact=True)).to_be_visible()


def _name_author(entrant: Visitor, play: Play) -> None:
    words = entrant.words
    entrant.fill(words("Full name"), play.entrant.name)
    entrant.fill(words("School, workplace or firm"), "Đơn vị Mẫu 12")
    if play.rules.team.births:
        # The date was told when asking who may enter, and nobody types it twice.
        expect(entrant.page.get_by_label(words("Birth date"), exact=True)).to_have_value(play.born)
    if play.rules.team.shares:
        entrant.fill(words("Share in per cent"), "100")


def _send_files(entrant: Visitor, play: Play) -> None:
    words = entrant.words
    for item in play.rules.dossier:
        if not item.required or item.kind is ItemKind.PHYSICAL:
            continue
        path = play.files["picture" if item.kind is ItemKind.IMAGE else "paper"]
        entrant.send_file(words("Send: %(item)s", item=words(item.label)), path)
        stop = entrant.page.locator("section").filter(
            has=entrant.page.get_by_role("heading", name=words(item.label), exact=True)
        )
        expect(stop.get_by_role("listitem")).to_contain_text(path.name)


def _answer(entrant: Visitor, play: Play, fields: Iterable[EntryField]) -> None:
    for field in fields:
        answer = play.answers.get(field.key)
        if answer is True:
            entrant.tick(entrant.words(field.label))
        elif isinstance(answer, str) and field.kind is FieldKind.CHOICE:
            labels = {choice.key: choice.label for choice in field.choices}
            entrant.choose(_labelled(entrant, field), entrant.words(labels[answer]))
        elif isinstance(answer, str):
            entrant.fill(_labelled(entrant, field), answer)


def _labelled(entrant: Visitor, field: EntryField) -> str:
    words = entrant.words
    return words(field.label) if field.required else f"{words(field.label)} ({words('optional')})"


def _go_on(entrant: Visitor, stop: str) -> None:
    words = entrant.words
    entrant.press(words("Save and go on"))
    entrant.reads(words(stop))
