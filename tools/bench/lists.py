"""Pages that list a great many rows, one page of them at a time: entries, acts of the record, accounts, readings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from judging.composition import create_web
from judging.db.models import Account, AuditEvent
from judging.db.types import new_id
from judging.services.access.accounts import hash_password
from tools.bench.clients import sign_in
from tools.bench.contests import PASSWORD, SLUG, fill_contest
from tools.bench.measure import Bound, Figure
from tools.bench.pages import beside_bare
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores

_BOUND = Bound(seconds=0.3, reason="a page of a long list within 300 ms")
_HEAD = "head@example.vn"
_JUDGES = 10
_BATCH = 2_000
_NOW = datetime(2021, 8, 3, 3, 0, tzinfo=UTC)

_PAGES = (
    ("organiser", "entries, first page", f"/organise/{SLUG}/entries"),
    ("organiser", "entries, last page by title", f"/organise/{SLUG}/entries?sort=title&order=desc&page=100000"),
    ("organiser", "entries, search", f"/organise/{SLUG}/entries?q=M%E1%BA%ABu+77"),
    ("organiser", "record, first page", f"/organise/{SLUG}/record"),
    ("organiser", "record, a late page", f"/organise/{SLUG}/record?page=40"),
    ("organiser", "progress", f"/organise/{SLUG}/progress"),
    ("judge", "own readings", f"/judge/{SLUG}/"),
    ("head", "accounts", "/admin/accounts"),
)


def long_lists(stores: Stores, sizes: Sizes) -> Iterator[Figure]:
    """Time the list pages of an installation with so many entries, acts in the record and accounts."""
    rows = sizes.lists
    with stores.installation() as platform:
        with platform.database.writing() as session:
            filled = fill_contest(
                session, platform.registry, entries=rows, sheets=1, submitted=True, load=rows // _JUDGES
            )
            _add_acts(session, filled.contest_id, rows)
            _add_accounts(session, rows)
        people = {"organiser": filled.organiser, "judge": next(iter(filled.readings)), "head": _HEAD}
        app = create_web(platform)
        clients = {role: sign_in(app, email, PASSWORD) for role, email in people.items()}
        for role, name, address in _PAGES:
            yield beside_bare(
                platform, clients[role], address, benchmark=f"long lists, {name}", case=f"{rows:,} rows, SQLite",
                times=sizes.repeats, in_a_row=1, bound=_BOUND,
            )  # fmt: skip


def _add_acts(session: Session, contest_id: str, count: int) -> None:
    actor = session.execute(select(Account.id).limit(1)).scalar_one()
    acts = [
        {
            "at": _NOW, "contest_id": contest_id, "actor_id": actor, "action": "sheet-submitted",
            "subject": "assignment", "subject_id": new_id(),
            "details": {"round": "preliminary", "entry": f"e-{number:06d}", "judge": "j-000001", "version": 1},
        }
        for number in range(count)
    ]  # fmt: skip
    for first in range(0, count, _BATCH):
        session.execute(insert(AuditEvent), acts[first : first + _BATCH])


def _add_accounts(session: Session, count: int) -> None:
    password = hash_password(PASSWORD)
    people = [
        {
            "id": new_id(), "email": email, "email_key": email, "name": f"Mẫu {number}", "password_hash": password,
            "locale": "en", "created_at": _NOW,
        }
        for number, email in enumerate([_HEAD, *(f"person-{number}@example.vn" for number in range(count))])
    ]  # fmt: skip
    for first in range(0, len(people), _BATCH):
        session.execute(insert(Account), people[first : first + _BATCH])
    session.execute(update(Account).where(Account.email_key == _HEAD).values(is_administrator=True))
