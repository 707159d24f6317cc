"""Links as items of a dossier: https pages of named sites, counted as items, gone with the entry's data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Entry
from judging.domain.fields import DossierItem, ItemKind
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotFound, Refused
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.entries.checks import check_core
from judging.services.entries.links import add_link, read_link, remove_link
from judging.services.entries.receipts import entry_content
from judging.services.entries.values import entry_value
from tests.factories import NOW, make_contest, make_entry

ITEM = DossierItem(key="demo", label="Demo", kind=ItemKind.LINK, high=2)


@pytest.fixture
def entry(session: Session, registry: Registry) -> Entry:
    return make_entry(session, make_contest(session, registry), state="draft")


@pytest.fixture
def owner(entry: Entry) -> Actor:
    return Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))


@pytest.mark.parametrize(
    "text",
    ["https://example.vn/mau?a=1#b", "  https://Example.vn ", "https://bài-mẫu.example.vn/", "https://a.vn:443/"],
)
def test_https_page_is_taken(text: str) -> None:
    assert read_link(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "", "example.vn", "http://example.vn", "javascript:alert(1)", "data:text/html,x", "https://", "https://localhost/",
        "https://127.0.0.1/", "https://[::1]/", "https://user:pass@example.vn/", "https://user@example.vn/",
        "https://example.vn:8443/", "https://example.vn:x/", "https://exa mple.vn/", "https://example.vn\\@evil.vn/",
        "https://example.vn/" + "a" * 500,
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        read_link(text)


def test_link_counts_as_the_item_and_stands_in_the_receipt(
    session: Session, registry: Registry, entry: Entry, owner: Actor
) -> None:
    rules = replace(contest_rules(registry, entry.contest), dossier=(ITEM,))
    missing = [one.code for one in check_core(rules, entry_value(rules, entry)) if one.where == "demo"]

    made = add_link(session, entry=entry, actor=owner, item=ITEM, text="https://example.vn/mau", now=NOW)
    again = add_link(session, entry=entry, actor=owner, item=ITEM, text="https://example.vn/mau", now=NOW)

    assert missing == ["files-missing"]
    assert again is made
    assert [one.where for one in check_core(rules, entry_value(rules, entry)) if one.where == "demo"] == []
    content = entry_content(entry.contest, entry, at=NOW, salt="s")
    assert content["links"] == [{"item": "demo", "url": "https://example.vn/mau"}]


def test_more_links_than_the_item_takes_are_refused(session: Session, entry: Entry, owner: Actor) -> None:
    for number in range(2):
        add_link(session, entry=entry, actor=owner, item=ITEM, text=f"https://example.vn/{number}", now=NOW)

    with pytest.raises(Refused):
        add_link(session, entry=entry, actor=owner, item=ITEM, text="https://example.vn/2", now=NOW)


def test_link_is_taken_back_by_its_entry_alone(
    session: Session, registry: Registry, entry: Entry, owner: Actor
) -> None:
    made = add_link(session, entry=entry, actor=owner, item=ITEM, text="https://example.vn", now=NOW)
    other = make_entry(session, entry.contest, state="draft")
    stranger = Actor(account_id=other.owner_id, roles=frozenset({Role.CONTESTANT}))

    with pytest.raises(NotFound):
        remove_link(session, entry=other, link_id=made.id, actor=stranger, now=NOW)
    remove_link(session, entry=entry, link_id=made.id, actor=owner, now=NOW)

    assert entry.links == []


def test_item_of_another_kind_and_entry_handed_in_take_no_link(session: Session, entry: Entry, owner: Actor) -> None:
    with pytest.raises(NotFound):
        add_link(
            session, entry=entry, actor=owner, item=replace(ITEM, kind=ItemKind.PDF), text="https://example.vn",
            now=NOW,
        )  # fmt: skip
    entry.state = "submitted"
    with pytest.raises(Conflict):
        add_link(session, entry=entry, actor=owner, item=ITEM, text="https://example.vn", now=NOW)
