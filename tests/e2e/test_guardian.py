"""A mother on a small phone, in Vietnamese: from the letter to her yes, and back in one step."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from judging.db.models import Consent
from judging.domain.permissions import Actor
from judging.services.entries.people.asking import Question, ask_person
from judging.services.entries.people.roles import LinkRole
from judging.services.entries.people.terms import Terms
from tests.factories import make_account, make_contest, make_entry
from tests.letters import link_in

if TYPE_CHECKING:
    from judging.services.platform import Platform
    from tests.e2e.conftest import Meet

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

MOTHER = "me@example.vn"


@pytest.fixture
def letter(platform: Platform) -> None:
    """The lead of a child's draft has sent the mother her link."""
    now = datetime.now(UTC)
    with platform.database.writing() as session:
        owner = make_account(session, name="Cô Mẫu", locale="vi")
        child = {"name": "Lộc Mẫu Linh", "born": date(now.year - 10, 1, 2), "unit": "THCS Mẫu 12"}
        entry = make_entry(
            session, make_contest(session, platform.registry), owner=owner, state="draft", title="Máy Mẫu",
            members=[child],
        )  # fmt: skip
        session.refresh(entry)
        ask_person(
            session, settings=platform.settings, terms=Terms(among_children=True), entry=entry,
            question=Question(role=LinkRole.GUARDIAN, email=MOTHER, member=entry.members[0]),
            actor=Actor(account_id=owner.id), now=now,
        )  # fmt: skip


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize("width", [360, 1280])
def test_mother_agrees_and_takes_back_by_her_links(meet: Meet, platform: Platform, width: int) -> None:
    mother = meet("vi", width)
    words = mother.words
    mother.go(link_in(mother.read_letter(MOTHER)))
    mother.reads(words("May %(name)s take part?", name="Lộc Mẫu Linh"))
    boxes = mother.page.get_by_role("checkbox")
    expect(boxes).to_have_count(10)
    assert not any(box.is_checked() for box in boxes.all())
    for word in ("guardian", "self"):
        mother.page.locator(f'input[value="{word}:take-part"]').check()
    mother.page.locator('input[value="guardian:publish-name"]').check()
    mother.fill(words("Your full name"), "Hà Mẫu Mẹ")
    mother.press(words("Yes, record this"))
    mother.reads(words("My consents"))

    again = meet("vi", width)
    again.go(link_in(again.read_letter(MOTHER)))
    again.reads(words("My consents"))
    buttons = again.page.get_by_role("button", name=words("Take this back"))
    expect(buttons).to_have_count(3)
    buttons.first.click()
    expect(buttons).to_have_count(2)

    with platform.database.reading() as session:
        rows = session.scalars(select(Consent)).all()
        assert sorted((row.purpose, row.given_by) for row in rows) == [
            ("publish-name", "guardian"), ("take-part", "guardian"), ("take-part", "self"),
        ]  # fmt: skip
        assert sum(row.withdrawn_at is not None for row in rows) == 1
