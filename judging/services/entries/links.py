"""Links as items of a dossier: https addresses of ordinary sites, given and taken back."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from judging.db.models import Entry, EntryLink
from judging.domain.fields import DossierItem, ItemKind
from judging.domain.permissions import Actor
from judging.domain.rules import ContestRules
from judging.domain.values import Problem
from judging.errors import N_, NotFound, Refused
from judging.services.entries.answers import clean_line
from judging.services.entries.drafts import must_edit
from judging.services.entries.record import record_entry_event

LONGEST = 500


def read_link(text: str) -> str:
    """The address as it is stored. Raises Refused when it is no https address of a named site."""
    url = clean_line(text)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _refused(N_("That is no address of a page. Copy it from the browser's address line.")) from None
    if parts.scheme != "https":
        raise _refused(N_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise _refused(N_("An address with a name or password in it cannot be taken. Give one that anybody can open."))
    if len(url) > LONGEST or " " in url or "\\" in url or port not in (None, 443) or not _is_named(host):
        raise _refused(N_("That is no address of a page. Copy it from the browser's address line."))
    return url


def add_link(session: Session, *, entry: Entry, actor: Actor, item: DossierItem, text: str, now: datetime) -> EntryLink:
    """Add a link to an item of the dossier. Raises Refused, NotFound for an item of another kind, and Conflict."""
    must_edit(entry, actor)
    if item.kind is not ItemKind.LINK:
        raise NotFound(N_("There is nothing here."))
    url = read_link(text)
    present = [link for link in entry.links if link.item == item.key]
    if (again := next((link for link in present if link.url == url), None)) is not None:
        return again
    if len(present) >= item.high:
        raise _too_many(item)
    made = EntryLink(item=item.key, url=url, added_at=now)
    entry.links.append(made)
    entry.changed_at = now
    session.flush()
    _record(session, made, entry, action="link-added", actor=actor, now=now)
    return made


def remove_link(session: Session, *, entry: Entry, link_id: str, actor: Actor, now: datetime) -> None:
    """Take a link out of the dossier. Raises NotFound for a link of another entry, and Conflict."""
    must_edit(entry, actor)
    row = next((link for link in entry.links if link.id == link_id), None)
    if row is None:
        raise NotFound(N_("There is nothing here."))
    _record(session, row, entry, action="link-removed", actor=actor, now=now)
    entry.links.remove(row)
    entry.changed_at = now
    session.flush()


def check_links(rules: ContestRules, sent: Mapping[str, Sequence[str]]) -> tuple[Problem, ...]:
    """Everything that is wrong with these links by item, each told at its item, as `add_link` would refuse it."""
    items = {item.key: item for item in rules.dossier if item.kind is ItemKind.LINK}
    problems = []
    for key, texts in sent.items():
        item = items.get(key)
        if item is None:
            message = N_("This contest asks for no links under that name.")
            problems.append(Problem(code="unknown", where=f"links/{key}", message=message))
            continue
        urls = set()
        for text in texts:
            try:
                urls.add(read_link(text))
            except Refused as refused:
                problems += [replace(one, where=f"links/{key}") for one in refused.problems]
        if len(urls) > item.high:
            problems += [replace(one, where=f"links/{key}") for one in _too_many(item).problems]
    return tuple(problems)


def set_links(
    session: Session, *, entry: Entry, actor: Actor, item: DossierItem, texts: Sequence[str], now: datetime
) -> None:
    """Have the item hold exactly these links; those that stay keep their record. Raises as `add_link` does."""
    wanted = {read_link(text) for text in texts}
    for link in [link for link in entry.links if link.item == item.key and link.url not in wanted]:
        remove_link(session, entry=entry, link_id=link.id, actor=actor, now=now)
    for text in texts:
        add_link(session, entry=entry, actor=actor, item=item, text=text, now=now)


def _too_many(item: DossierItem) -> Refused:
    return _refused(N_("“%(item)s” takes %(limit)s links at most."), item=item.label, limit=item.high)


def _is_named(host: str) -> bool:
    """Whether a host is a name with a dot in it: neither a number nor a machine of the inner network."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return "." in host.strip(".") and not host.startswith(".")
    return False


def _refused(message: str, **params: object) -> Refused:
    return Refused([Problem(code="link", message=message, params=params, where="url")])


def _record(session: Session, link: EntryLink, entry: Entry, *, action: str, actor: Actor, now: datetime) -> None:
    record_entry_event(
        session, entry=entry, action=action, actor_id=actor.account_id, now=now, details={"item": link.item},
        subject="link", subject_id=link.id,
    )  # fmt: skip
