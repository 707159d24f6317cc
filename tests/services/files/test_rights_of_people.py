"""Which files of an entry its co-authors and guardians read."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from judging.db.models import EntryFile
from judging.domain.permissions import Actor, Role
from judging.errors import NotFound
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.files.access import find_file
from tests.factories import NOW, make_account, make_contest, make_entry


@pytest.mark.parametrize(
    ("role", "item", "reads"),
    [
        (Role.COAUTHOR, "pictures", True),
        (Role.COAUTHOR, "proof_of_age", False),
        (Role.GUARDIAN, "pictures", True),
        (Role.GUARDIAN, "proof_of_age", True),
        (Role.CONTESTANT, "pictures", False),
    ],
)
def test_files_go_to_the_people_of_the_entry(
    session: Session, registry: Registry, role: Role, item: str, *, reads: bool
) -> None:
    contest = make_contest(session, registry)
    entry = make_entry(session, contest, state="submitted")
    file = EntryFile(
        entry_id=entry.id, item=item, filename="a.jpg", media_type="image/jpeg", size=1, sha256="0" * 64, key="a/b",
        uploaded_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()
    actor = Actor(account_id=make_account(session).id, roles=frozenset({role}))
    rules = contest_rules(registry, contest)

    if not reads:
        with pytest.raises(NotFound):
            find_file(session, entry=entry, file_id=file.id, actor=actor, rules=rules)
        return
    assert find_file(session, entry=entry, file_id=file.id, actor=actor, rules=rules).filename == "a.jpg"
