"""A contest from its opening to the published result, by everybody whom it takes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.e2e import contestant, judge, office
from tests.e2e.visitor import Visitor
from tests.e2e.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from judging.domain.rules import ContestRules
    from tests.e2e.contestant import Work
    from tests.e2e.house import House

SHARES = ("0.8", "0.9", "0.85")


class Journey:
    """The people of one contest. Each has a browser of their own from their first act to their last."""

    def __init__(self, browser: Browser, house: House, *, kind: str, language: str, width: int) -> None:
        self.browser = browser
        self.house = house
        self.width = width
        self.rules: ContestRules = house.platform.registry.kinds[kind]
        self.say = Words(house.app, language)

    @contextmanager
    def person(self) -> Iterator[Visitor]:
        """Somebody with a browser; their way must have been without a fault."""
        visitor = Visitor(self.browser, self.house, self.say, width=self.width)
        try:
            yield visitor
        except Exception as error:
            error.add_note(visitor.tell())
            visitor.context.close()
            raise
        visitor.leave()

    def run(self, work: Work) -> None:
        """All of it."""
        with self.person() as organiser:
            slug = office.open_contest(organiser, self.rules)
            judges = office.name_judges(organiser, slug, 3)
            with self.person() as author:
                contestant.enter(author, slug, self.rules, work)
            with self.person() as secretary:
                office.screen(secretary, slug, work.title)
            office.step(organiser, slug, "Screening")
            office.assign(organiser, slug, self.rules.rounds[0].key)
            office.step(organiser, slug, "In judging")
            self._expect_nothing_public(slug, work.title)
            self._judge_all_rounds(organiser, slug, judges, work)
            office.publish(organiser, slug)
        self._expect_result(slug, work)

    def _judge_all_rounds(self, organiser: Visitor, slug: str, judges: list[tuple[str, str]], work: Work) -> None:
        for position, judged in enumerate(self.rules.rounds):
            if position:
                office.go_on_to_next_round(organiser, slug, judged.key)
            for number, (email, password) in enumerate(judges):
                with self.person() as somebody:
                    somebody.sign_in(email, password)
                    judge.declare_conflicts(somebody, work.title)
                    by_keyboard = number == 0 and position == 0
                    mark = judge.mark_entry_by_keyboard if by_keyboard else judge.mark_entry
                    mark(somebody, work.title, judged, share=SHARES[number])
            if not position:
                office.look_around(organiser, slug)
            office.close_round(organiser, slug, judged.key)

    def _expect_nothing_public(self, slug: str, title: str) -> None:
        with self.person() as guest:
            guest.go(f"/contests/{slug}/results")
            guest.expect_heading(self.say("Results are not published yet"))
            expect(guest.page.get_by_text(title)).to_have_count(0)

    def _expect_result(self, slug: str, work: Work) -> None:
        """The public reads who won; the author, who gave no consent, is not named."""
        with self.person() as guest:
            guest.go(f"/contests/{slug}/results")
            guest.look_in_the_dark()
            guest.expect_text(work.title)
            guest.expect_text(self.say.label(self.rules.awards[0].label))
            if self.rules.children:
                expect(guest.page.get_by_text(work.author)).to_have_count(0)
