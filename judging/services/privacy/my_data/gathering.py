"""Everything that is kept of a person, and nothing of anybody else: no judge's name, no other's birth or address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.models import (
    ApiToken,
    AuditEvent,
    ContestRole,
    ExternalIdentity,
    Job,
    Judge,
    LoginSession,
    OrganisationRole,
    Passkey,
    PrivacyRequest,
    TotpFactor,
)
from judging.errors import N_
from judging.services.letters import LETTER_JOB
from judging.services.privacy.my_data.asked import asked_rows, upload_rows
from judging.services.privacy.my_data.entries import entry_parts
from judging.services.privacy.my_data.notes import own_note_rows
from judging.services.privacy.my_data.parts import Part, facts
from judging.services.privacy.my_data.repeats import own_repeat_rows, withheld_rounds
from judging.services.privacy.my_data.sheets import own_sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.plugins import Registry
    from judging.services.privacy.my_data.parts import Fact
    from judging.services.privacy.my_data.subjects import Subject

Rows = list["Sequence[Fact]"]


def gather_data(
    session: Session, *, registry: Registry, account: Account, subjects: Sequence[Subject]
) -> Sequence[Part]:
    """The parts of the archive, empty ones left out."""
    parts = [
        Part(key="account", title=N_("Your account"), rows=[_account(session, account)]),
        Part(key="sign_ins", title=N_("Where you are signed in"), rows=list(_sign_ins(session, account))),
        Part(key="means", title=N_("Other ways in, and tokens for programs"), rows=list(_means(session, account))),
        Part(key="roles", title=N_("Your roles"), rows=list(_roles(session, account))),
        *entry_parts(session, registry=registry, subjects=subjects),
        Part(key="uploads", title=N_("Files that you sent or began to send"), rows=list(upload_rows(session, account))),
        Part(key="asked", title=N_("What you were asked about entries"), rows=list(asked_rows(session, account))),
        Part(
            key="sheets_written", title=N_("Score sheets that you wrote"), rows=list(own_sheet_rows(session, account))
        ),
        Part(
            key="sheet_notes", title=N_("What you wrote beside your sheets"), rows=list(own_note_rows(session, account))
        ),
        Part(
            key="repeats",
            title=N_("Sheets of entries that you were shown a second time"),
            rows=list(own_repeat_rows(session, account)),
        ),
        Part(key="requests", title=N_("Your requests about your data"), rows=list(_requests(session, account))),
        Part(key="letters", title=N_("Letters that were sent to you"), rows=list(_letters(session, account))),
        Part(key="acts", title=N_("What you did here"), rows=list(_acts(session, account))),
    ]
    return [part for part in parts if part.rows]


def _account(session: Session, account: Account) -> Sequence[Fact]:
    return facts(
        ("name", N_("Name"), account.name),
        ("email", N_("E-mail address"), account.email),
        ("language", N_("Language"), account.locale),
        ("created_at", N_("Since"), account.created_at),
        ("has_password", N_("Has a password"), account.password_hash != ""),
        ("has_app", N_("Has an authenticator app"), session.get(TotpFactor, account.id) is not None),
        ("is_administrator", N_("Administrator"), account.is_administrator),
    )


def _sign_ins(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    query = select(LoginSession).where(LoginSession.account_id == account.id).order_by(LoginSession.created_at)
    for one in session.scalars(query):
        yield facts(
            ("device", N_("Device"), one.device),
            ("created_at", N_("Since"), one.created_at),
            ("seen_at", N_("Last used"), one.seen_at),
            ("ended_at", N_("Ended"), one.revoked_at),
        )


def _means(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    for key in session.scalars(select(Passkey).where(Passkey.account_id == account.id).order_by(Passkey.id)):
        yield facts(
            ("kind", N_("Kind"), "passkey"), ("name", N_("Name"), key.name), ("created_at", N_("Since"), key.created_at)
        )
    for token in session.scalars(select(ApiToken).where(ApiToken.account_id == account.id).order_by(ApiToken.id)):
        yield facts(
            ("kind", N_("Kind"), "token"),
            ("name", N_("Name"), token.name),
            ("created_at", N_("Since"), token.created_at),
        )
    query = select(ExternalIdentity).where(ExternalIdentity.account_id == account.id).order_by(ExternalIdentity.id)
    for other in session.scalars(query):
        yield facts(
            ("kind", N_("Kind"), "directory"), ("name", N_("Name"), f"{other.issuer} {other.subject}"),
            ("created_at", N_("Since"), other.created_at),
        )  # fmt: skip


def _roles(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    here = session.scalars(select(ContestRole).where(ContestRole.account_id == account.id).order_by(ContestRole.id))
    everywhere = session.scalars(
        select(OrganisationRole).where(OrganisationRole.account_id == account.id).order_by(OrganisationRole.id)
    )
    for one in (*here, *everywhere):
        yield facts(("role", N_("Role"), one.role), ("since", N_("Since"), one.created_at))
    for judge in session.scalars(select(Judge).where(Judge.account_id == account.id).order_by(Judge.id)):
        yield facts(
            ("role", N_("Role"), "judge"), ("since", N_("Since"), judge.created_at),
            ("alias", N_("Alias"), judge.alias), ("unit", N_("Unit"), judge.unit),
        )  # fmt: skip


def _requests(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    query = select(PrivacyRequest).where(PrivacyRequest.account_id == account.id).order_by(PrivacyRequest.received_at)
    for one in session.scalars(query):
        yield facts(
            ("number", N_("Number"), one.number), ("kind", N_("What was asked"), one.kind),
            ("text", N_("In your words"), one.text), ("state", N_("State"), one.state),
            ("received_at", N_("Received"), one.received_at),
            ("answered_at", N_("First answer given"), one.answered_at),
            ("closed_at", N_("Closed"), one.closed_at),
        )  # fmt: skip


def _letters(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    query = select(Job).where(Job.name == LETTER_JOB).order_by(Job.created_at).execution_options(yield_per=500)
    for job in session.scalars(query):
        if str(job.payload.get("to", "")).casefold() == account.email.casefold():
            yield facts(("subject", N_("Subject"), job.payload.get("subject", "")), ("at", N_("Sent"), job.created_at))


def _acts(session: Session, account: Account) -> Iterator[Sequence[Fact]]:
    withheld = withheld_rounds(session, account)
    query = select(AuditEvent).where(AuditEvent.actor_id == account.id).order_by(AuditEvent.at, AuditEvent.id)
    for act in session.scalars(query.execution_options(yield_per=500)):
        if act.subject == "assignment" and (act.contest_id, act.details.get("round")) in withheld:
            continue
        # Details may tell of others: what was done, to what kind of thing and when, is this person's.
        yield facts(("act", N_("Act"), act.action), ("what", N_("What"), act.subject), ("at", N_("When"), act.at))
