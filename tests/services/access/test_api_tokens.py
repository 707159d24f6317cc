"""Personal tokens: made once, found by their text alone, ended, narrowed."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.db.models import ApiToken
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import (
    Actor,
    Relation,
    Role,
    can_configure,
    can_manage_people,
    can_see_entry,
    can_see_panel_standings,
    can_see_progress,
    can_see_sheets,
    can_see_standings,
)
from judging.errors import Conflict, NotFound, Refused
from judging.services.access.api_tokens import (
    MOST_TOKENS,
    SCOPES,
    find_token,
    list_tokens,
    make_token,
    narrowed,
    needs_touch,
    revoke_token,
    touch_token,
)
from tests.factories import NOW, make_account

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def test_token_is_found_by_its_text_and_stored_as_a_digest(session: Session) -> None:
    account = make_account(session)

    made = make_token(session, account=account, name="  my   script ", scopes=["office", "read"], now=NOW)

    assert made.text.startswith("jt_")
    assert len(made.text) == 46
    assert find_token(session, text=made.text, now=NOW) is made.row
    assert made.row.token_sha256 == hashlib.sha256(made.text.encode()).hexdigest()
    assert (made.row.name, made.row.scopes, made.row.hint) == ("my script", ["read", "office"], made.text[:9])
    assert made.text not in repr([getattr(made.row, column.key) for column in ApiToken.__mapper__.column_attrs])


@pytest.mark.parametrize("text", ["", "jt_", "jt_nothing", "nothing"])
def test_other_text_is_no_token(session: Session, text: str) -> None:
    make_token(session, account=make_account(session), name="x", scopes=["read"], now=NOW)

    assert find_token(session, text=text, now=NOW) is None


def test_token_ends_by_time_revocation_and_closed_account(session: Session) -> None:
    account = make_account(session)
    timed, revoked, closed = (
        make_token(session, account=account, name="x", scopes=["read"], now=NOW, days=days) for days in (1, 2, 3)
    )

    assert find_token(session, text=timed.text, now=NOW + timedelta(days=1, seconds=-1)) is not None
    assert find_token(session, text=timed.text, now=NOW + timedelta(days=1)) is None
    revoke_token(session, account=account, token_id=revoked.row.id, now=NOW)
    assert find_token(session, text=revoked.text, now=NOW) is None
    assert [one.id for one in list_tokens(session, account_id=account.id, now=NOW)] == [closed.row.id, timed.row.id]
    account.disabled_at = NOW
    assert find_token(session, text=closed.text, now=NOW) is None


def test_token_of_another_person_cannot_be_revoked(session: Session) -> None:
    made = make_token(session, account=make_account(session), name="x", scopes=["read"], now=NOW)

    with pytest.raises(NotFound):
        revoke_token(session, account=make_account(session), token_id=made.row.id, now=NOW)


def test_token_needs_a_name_a_purpose_and_an_end(session: Session) -> None:
    with pytest.raises(Refused) as refused:
        make_token(session, account=make_account(session), name=" ", scopes=["everything"], days=0, now=NOW)

    assert [problem.where for problem in refused.value.problems] == ["name", "scopes", "days"]


def test_tokens_are_not_endless(session: Session) -> None:
    account = make_account(session)
    for _ in range(MOST_TOKENS):
        make_token(session, account=account, name="x", scopes=["read"], now=NOW)

    with pytest.raises(Conflict):
        make_token(session, account=account, name="x", scopes=["read"], now=NOW)


def test_use_is_written_down_at_most_once_an_hour(session: Session) -> None:
    made = make_token(session, account=make_account(session), name="x", scopes=["read"], now=NOW).row
    assert needs_touch(made, now=NOW)

    touch_token(session, token_id=made.id, now=NOW)
    session.refresh(made)

    assert not needs_touch(made, now=NOW + timedelta(minutes=59))
    assert needs_touch(made, now=NOW + timedelta(minutes=61))


@given(
    roles=st.frozensets(st.sampled_from(Role)), scopes=st.frozensets(st.sampled_from(sorted(SCOPES))),
    reading=st.booleans(), phase=st.sampled_from(ContestPhase), locked=st.booleans(),
)  # fmt: skip
def test_narrowing_never_allows_what_the_person_may_not(
    roles: frozenset[Role], scopes: frozenset[str], reading: bool, phase: ContestPhase, locked: bool
) -> None:
    whole = Actor(account_id="a", roles=roles)
    narrow = narrowed(whole, scopes=scopes, reading=reading)
    other = Relation()

    for allowed in (
        lambda actor: can_configure(actor, phase=phase),
        can_manage_people,
        lambda actor: can_see_entry(actor, other),
        can_see_progress,
        lambda actor: can_see_sheets(actor, other, own=False, locked=locked),
        lambda actor: can_see_standings(actor, phase=phase),
        lambda actor: can_see_panel_standings(actor, phase=phase),
    ):
        assert allowed(whole) or not allowed(narrow)
