"""What hangs on the entries of the world besides themselves: who was asked about them, and what the office noted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from judging.db.models import (
    Consent,
    DraftText,
    Handover,
    ImportSheet,
    PeopleLink,
    SimilarDecision,
    SimilarDocument,
    SimilarPair,
)
from judging.db.sealed import Sealer
from judging.services.entries.people.asking import sha256_of
from tests.factories import NOW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Entry
    from judging.settings import Settings

QUESTION = "zq-token-of-the-question"
"""What the letter to the guardian of the second author holds; nobody has answered it yet."""
LASTING = "zq-token-that-lasts"
SECOND = {
    "name": "zq-second-name", "born": date(2009, 8, 17), "email": "zq-second-mail@example.vn", "unit": "zq-school",
}  # fmt: skip
_OTHER_BIRTH = date(2008, 7, 19)
_DRAWN = timedelta(days=365 * 20)


def sealed_values(settings: Settings) -> dict[str, str]:
    """Values as the program would store them, for changes that are made without it."""
    sealer = Sealer(settings.secret_key)
    return {
        "birth": sealer.seal(_OTHER_BIRTH.isoformat(), purpose="birth"),
        "import": sealer.seal('[[2,"Máy khác hẳn","Người khác hẳn"]]', purpose="import"),
        "draft": sealer.seal("Ý tưởng khác hẳn", purpose="draft"),
    }


def add_neighbours(session: Session, *, people: Mapping[str, Account], entries: Mapping[str, Entry]) -> None:
    """Links, likenesses and a thing received."""
    _ask_people(session, entries["a"], people)
    _find_alike(session, entries["a"], entries["e"], people["secretary"])
    by = people["secretary"].id
    session.add_all(
        [
            Handover(
                entry_id=entries["a"].id, item="model", received_at=NOW, received_by_id=by, place="zq-shelf",
                note="zq-scratched",
            ),
        ]
    )  # fmt: skip
    session.flush()


def _ask_people(session: Session, entry: Entry, people: Mapping[str, Account]) -> None:
    """The second author has joined by an account, the first one's guardian too; the second's has not answered yet."""
    first, second = entry.members
    asked = {"entry_id": entry.id, "asked_at": NOW, "sent_at": NOW}
    answered = {**asked, "answer": "accepted", "answered_at": NOW, "method": "link"}
    session.add_all(
        [
            PeopleLink(
                member_id=second.id, role="coauthor", name="zq-second-name", email="zq-second-mail@example.vn",
                answered_name="zq-second-name", account_id=people["joined_author"].id, **answered,
            ),
            PeopleLink(
                member_id=first.id, role="guardian", name="zq-mother-name", email="zq-mother-mail@example.vn",
                answered_name="zq-mother-name", account_id=people["guardian"].id, lasting_sha256=sha256_of(LASTING),
                **answered,
            ),
            PeopleLink(
                member_id=second.id, role="guardian", name="zq-father-name", email="zq-father-mail@example.vn",
                token_sha256=sha256_of(QUESTION), expires_at=NOW + _DRAWN, **asked,
            ),
            Consent(
                member_id=first.id, purpose="take-part", given_by="guardian", given_at=NOW, method="link",
                by_name="zq-mother-name",
            ),
        ]
    )  # fmt: skip
    session.flush()


def add_unfinished(session: Session, *, draft: Entry, office: Account) -> None:
    """In a contest that is open: what was typed on two devices, and a table that waits to be imported."""
    _type_on_two_devices(session, draft)
    session.add(
        ImportSheet(
            contest_id=draft.contest_id, account_id=office.id, filename="zq-table.csv", sha256="0" * 64,
            head=["Title", "Author"], rows=[[2, "zq-row-title", "zq-row-author"]], columns=["title", "author.name"],
            created_at=NOW,
        )
    )  # fmt: skip
    session.flush()


def _type_on_two_devices(session: Session, entry: Entry) -> None:
    for number, (state, text) in enumerate([("version", "zq-earlier-idea"), ("waiting", "zq-other-idea")], start=1):
        session.add(
            DraftText(entry_id=entry.id, field="answer:idea", number=number, state=state, text=text, at=NOW)
        )  # fmt: skip


def _find_alike(session: Session, one: Entry, other: Entry, by: Account) -> None:
    first, second = sorted([one.id, other.id])
    for entry in (one, other):
        session.add(
            SimilarDocument(
                entry_id=entry.id, organisation_id=entry.contest.organisation_id, title=entry.title,
                text="zq-likeness Lọc nước bằng than và cát", prints=1, indexed_at=NOW,
            )
        )  # fmt: skip
    evidence = {"text": 734, "usual": 210, "title": 100, "pictures": [], "files": []}
    session.add_all(
        [
            SimilarPair(first_id=first, second_id=second, score=734, reasons="text", evidence=evidence, found_at=NOW),
            SimilarDecision(
                first_id=first, second_id=second, is_same=False, note="zq-likeness-note", by_id=by.id, at=NOW
            ),
        ]
    )  # fmt: skip
