"""What a contestant does: from the question whether one may enter to the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image, ImageDraw

from judging.domain.fields import EntryField, FieldKind, ItemKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.domain.fields import DossierItem
    from judging.domain.rules import ContestRules
    from tests.e2e.visitor import Visitor

YEAR = datetime.now(UTC).year
PASSWORD = "mot con vit xoe ra hai cai canh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is entered. `answers` is by field key where the usual text or first choice does not fit."""

    title: str
    author: str
    born: str
    answers: Mapping[str, str | bool] = field(default_factory=dict)


def enter(person: Visitor, slug: str, rules: ContestRules, work: Work) -> None:
    """Ask whether one may enter, make an account, fill the form in, hand it in and read the receipt."""
    say = person.say
    person.go("/")
    person.go(f"/contests/{slug}/")
    person.go(f"/contests/{slug}/rules")
    person.go(f"/contests/{slug}/enter")
    _answer_what_decides(person, rules, work)
    person.follow(say("Make an account"), within=person.page.get_by_role("main"))
    person.fill(say("Your name"), work.author)
    person.fill(say("E-mail address"), "contestant@example.vn")
    person.fill(say("Password"), PASSWORD)
    person.press(say("Make the account"))
    person.press(say("Begin the entry"))
    person.expect_heading(say("About the entry"))
    person.look_in_the_dark()
    _fill_in(person, rules, work)
    person.expect_text(say("Nothing is missing."))
    person.press(say("Hand it in"))
    person.expect_text(say("Receipt"))
    person.expect_text("SHA-256")
    person.go("/my/entries")
    person.follow(work.title)


def _answer_what_decides(person: Visitor, rules: ContestRules, work: Work) -> None:
    say = person.say
    if rules.team.births:
        person.fill(say("Author %(number)s", number=1), work.born)
    for question in rules.fields:
        if question.decides:
            _answer(person, question, work)
    person.press(say("Check"))
    person.expect_text(say("Yes, you may enter."))


def _fill_in(person: Visitor, rules: ContestRules, work: Work) -> None:
    say = person.say
    person.fill(say("Title"), work.title)
    person.choose(say("Category"), say.label(rules.categories[0].label))
    if rules.divisions:
        person.choose(say("Division"), say.label(rules.divisions[0].label))
    _answer_all(person, rules, work, long=False)
    person.press(say("Save and go on"))
    _name_author(person, rules, work)
    _answer_all(person, rules, work, long=True)
    person.press(say("Save and go on"))
    for item in rules.dossier:
        if item.required and item.kind is not ItemKind.PHYSICAL:
            _send(person, item)
    person.follow(say("Go on"))
    person.press(say("Save and go on"))


def _name_author(person: Visitor, rules: ContestRules, work: Work) -> None:
    say = person.say
    person.fill(say("Full name"), work.author)
    if rules.team.births:
        person.fill(say("Birth date"), work.born)
    person.fill(say("School, workplace or firm"), "THCS Mẫu 12")
    if rules.team.shares:
        person.fill(say("Share in per cent"), "100")
    person.press(say("Save and go on"))


def _answer_all(person: Visitor, rules: ContestRules, work: Work, *, long: bool) -> None:
    for question in rules.fields:
        if (question.kind is FieldKind.LONG_TEXT) == long:
            _answer(person, question, work)


def _answer(person: Visitor, question: EntryField, work: Work) -> None:
    wanted = work.answers.get(question.key)
    if wanted is None and not question.required:
        return
    optional = "" if question.required or question.kind is FieldKind.BOOLEAN else f" ({person.say('optional')})"
    name = person.say.label(question.label) + optional
    if question.kind is FieldKind.BOOLEAN:
        person.page.get_by_role("checkbox", name=name).set_checked(bool(wanted))
    elif question.kind is FieldKind.CHOICE:
        person.choose(name, person.say.label(question.choices[0].label))
    else:
        person.fill(name, str(wanted or "Bình lọc dùng cát và than. Nước trong sau mười phút."))


def _send(person: Visitor, item: DossierItem) -> None:
    name = person.say.label(item.label)
    part = person.section(name)
    paper = _picture() if item.kind is ItemKind.IMAGE else _paper()
    part.locator("input[type=file]").set_input_files(paper)
    person.press(person.say("Send: %(item)s", item=name))
    person.expect_text(str(paper["name"]))


def _picture() -> dict[str, str | bytes]:
    drawn = Image.new("RGB", (320, 240), (232, 240, 232))
    ImageDraw.Draw(drawn).ellipse((80, 60, 240, 180), fill=(44, 100, 25))
    written = BytesIO()
    drawn.save(written, "PNG")
    return {"name": "san-pham.png", "mimeType": "image/png", "buffer": written.getvalue()}


def _paper() -> dict[str, str | bytes]:
    written = BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(written)
    return {"name": "thuyet-minh.pdf", "mimeType": "application/pdf", "buffer": written.getvalue()}
