"""Papers: for whom there is one, when, and what it says."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.api import Document, Standing, hookimpl
from judging.db.models import ContestRound, Entry
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, ContestSuspended, NotFound
from judging.plugins import Registry, load_registry
from judging.services.core_plugin import CorePlugin
from judging.services.results.documents import (
    documents_of_entry,
    entries_with_paper,
    find_document,
    find_places,
    make_papers,
)
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from tests.factories import (
    NOW,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_sheet,
)
from tests.plugin_authors.unsound import KIND, Sound, rules

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

CERTIFICATE = Document(key="certificate", label="Certificate", for_authors=True, prized=True)
CARD = Document(key="card", label="Card")


class WithPapers(Sound):
    """A plugin with a certificate for winners and a card for everybody."""

    def __init__(self) -> None:
        self.seen: list[Standing] = []

    @hookimpl
    def judging_contests(self) -> Any:
        return [replace(rules(), documents=(CERTIFICATE, CARD))]

    @hookimpl
    def judging_document_context(self, rules: Any, document: Document, standing: Standing) -> Any:
        del rules
        self.seen.append(standing)
        return {"rank": standing.rank} if document.key == "certificate" else None


@pytest.fixture
def plugin() -> WithPapers:
    return WithPapers()


@pytest.fixture
def registry(plugin: WithPapers) -> Registry:
    """The installed kinds and one with papers."""
    made = load_registry(core=CorePlugin(), allowed=())
    assert made.register(plugin, name="papers"), made.set_aside
    return made


class Held:
    """A contest with two entries of which the first has one sheet more and so the only prize."""

    def __init__(self, session: Session, registry: Registry) -> None:
        self.session, self.registry = session, registry
        self.contest: Contest = make_contest(session, registry, kind=KIND, phase="judging")
        desk = make_account(session)
        give_role(session, self.contest, desk, "organiser")
        self.organiser = Actor(account_id=desk.id, roles=frozenset({Role.ORGANISER}))
        judged = rules().rounds[0]
        self.entries = [make_entry(session, self.contest, state="in-round", round=judged.key) for _ in range(2)]
        for entry, sheets in zip(self.entries, (3, 2), strict=True):
            for _ in range(sheets):
                judge = make_judge(session, self.contest)
                make_sheet(session, make_assignment(session, entry, judge, round_key=judged.key), judged)
        row = session.scalars(select(ContestRound).where(ContestRound.contest_id == self.contest.id)).one()
        row.state = "closed"
        session.flush()

    def publish(self) -> None:
        settle_prizes(
            self.session, registry=self.registry, contest=self.contest, actor=self.organiser, now=NOW
        )  # fmt: skip
        publish_results(
            self.session, registry=self.registry, contest=self.contest, decision="1/QĐ", actor=self.organiser, now=NOW
        )

    def listed(self, document: Document) -> list[Entry]:
        return list(entries_with_paper(self.session, registry=self.registry, contest=self.contest, document=document))

    def offered(self, entry: Entry) -> list[str]:
        own = self.registry.rules(KIND)
        return [document.key for document in documents_of_entry(self.session, rules=own, entry=entry)]


@pytest.fixture
def held(session: Session, registry: Registry) -> Held:
    return Held(session, registry)


def test_nothing_is_printed_before_the_decision_is_signed(held: Held) -> None:
    with pytest.raises(Conflict, match="once the decision is signed"):
        held.listed(CARD)


def test_unknown_document_is_not_there(registry: Registry) -> None:
    with pytest.raises(NotFound):
        find_document(registry.rules(KIND), "diploma")


def test_office_prints_from_the_standings_once_decided(held: Held, plugin: WithPapers) -> None:
    held.contest.phase = "decided"

    papers = make_papers(
        held.session, registry=held.registry, contest=held.contest, document=CARD, entries=held.entries
    )

    assert [paper.standing.rank for paper in papers] == [1, 2]
    assert {paper.round for paper in papers} == {rules().rounds[0].key}
    assert plugin.seen[0].score.value == Fraction(3)
    # The marks of single judges are nobody's business on a paper.
    assert plugin.seen[0].lowest == {}


def test_certificate_is_for_winners_and_the_card_for_all(held: Held) -> None:
    held.publish()

    assert held.listed(CERTIFICATE) == held.entries[:1]
    assert held.listed(CARD) == held.entries
    with pytest.raises(NotFound):
        make_papers(
            held.session, registry=held.registry, contest=held.contest, document=CERTIFICATE, entries=held.entries
        )


def test_paper_says_what_was_published_whatever_changes_after(held: Held) -> None:
    held.publish()
    judged = rules().rounds[0]
    for _ in range(5):
        judge = make_judge(held.session, held.contest)
        make_sheet(held.session, make_assignment(held.session, held.entries[1], judge, round_key=judged.key), judged)

    places = find_places(held.session, registry=held.registry, contest=held.contest)

    assert [places[entry.alias][1].rank for entry in held.entries] == [1, 2]
    assert places[held.entries[1].alias][1].score.value == Fraction(2)


def test_authors_get_theirs_only_while_results_are_public(held: Held) -> None:
    winner, other = held.entries
    assert held.offered(winner) == []
    held.contest.phase = "decided"
    assert held.offered(winner) == []
    held.contest.phase = "judging"

    held.publish()

    assert (held.offered(winner), held.offered(other)) == (["certificate"], [])
    withdraw_publication(held.session, contest=held.contest, reason="Nhầm.", actor=held.organiser, now=NOW)
    assert held.offered(winner) == []


def test_nothing_is_printed_for_a_kind_that_is_gone(held: Held) -> None:
    held.contest.phase = "decided"
    empty = load_registry(core=CorePlugin(), allowed=())

    with pytest.raises(ContestSuspended):
        make_papers(held.session, registry=empty, contest=held.contest, document=CARD, entries=held.entries)
