"""Letters to people: queued in the transaction of the act that they tell of, written out when they are sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from judging.db.jobs import enqueue_job
from judging.domain.addresses import is_reachable
from judging.domain.message_kinds import OTHER
from judging.domain.message_templates import one_line
from judging.errors import N_
from judging.mail import Message
from judging.services.messages.log import queue_letter, subject_of
from judging.services.messages.texts import Text, catalogue, filled, own_template
from judging.services.sealing import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account, Contest, Entry
    from judging.mail import Transport
    from judging.settings import Settings

LETTER_JOB = "send-letter"
_SEALED = "letter"
_HIDDEN = N_("(personal link)")


def send_letter(
    session: Session,
    *,
    to: Account,
    subject: str,
    text: str,
    params: Mapping[str, str],
    now: datetime,
    about: Contest | Entry | None = None,
    kind: str = OTHER,
    key: str = "",
    template: Text | None = None,
) -> str | None:
    """Queue an e-mail to `to`, in that person's language; the id of its log entry, where it has one.

    `subject` and `text` are msgids with named placeholders; `params` are plain strings and go in as they are. Nothing
    leaves before the transaction is committed. Whoever was erased, or has no address,
    is written to no more.

    A letter `about` a contest or an entry is logged under its `kind` (see domain.message_kinds), says what the
    organiser wrote for that kind or `template`, waits for the end of the quiet hours, and is sent only once for a
    `key`: None comes back for the second one.
    """
    if not is_reachable(to.email_key):
        return None
    payload = letter_payload(to=to, subject=subject, text=text, params=params)
    if about is None:
        enqueue_job(session, name=LETTER_JOB, payload=payload, now=now)
        return None
    filed = subject_of(about, kind=kind, key=key)
    if template is None:
        own = own_template(session, contest_id=filed.contest_id, kind=kind, locale=to.locale)
        template = None if own is None else Text(own.subject, own.text)
    if template is not None:
        payload["written"] = list(filled(template, params))
    return queue_letter(
        session, subject=filed, job=LETTER_JOB, payload=payload, account_id=to.id,
        written=_written(payload, payload["params"]), now=now,
    )  # fmt: skip


def written_letter(*, to: Account, template: Text | None, subject: str, text: str, params: Mapping[str, str]) -> Text:
    """What `send_letter` would have this person read, without sending it: by the organiser's own `template`, if any."""
    if template is not None:
        return filled(template, params)
    return _written(letter_payload(to=to, subject=subject, text=text, params=params), params)


def letter_payload(*, to: Account, subject: str, text: str, params: Mapping[str, str]) -> dict[str, Any]:
    """What a queued letter holds, for whoever queues it under an id of its own."""
    return {
        "to": to.email, "name": to.name, "locale": to.locale, "subject": subject, "text": text, "params": dict(params),
    }  # fmt: skip


def send_secret_letter(
    session: Session,
    *,
    settings: Settings,
    address: str,
    locale: str,
    subject: str,
    text: str,
    params: Mapping[str, str],
    secrets: Mapping[str, str],
    now: datetime,
    about: Contest | Entry | None = None,
    kind: str = OTHER,
    account_id: str | None = None,
) -> None:
    """Queue an e-mail that holds a link or a code, to a person or to an address that has no account yet.

    `secrets` fill placeholders as `params` do, but lie sealed in the database until the letter is written. A letter
    `about` a contest or an entry is logged, without its secrets, and waits for the end of the quiet hours as others do.
    """
    payload = {
        "to": address, "locale": locale, "subject": subject, "text": text, "params": dict(params),
        "sealed": seal(settings, json.dumps(dict(secrets)), purpose=_SEALED),
    }  # fmt: skip
    if about is None:
        enqueue_job(session, name=LETTER_JOB, payload=payload, now=now)
        return
    hidden = dict.fromkeys(secrets, catalogue(locale).gettext(_HIDDEN))
    queue_letter(
        session, subject=subject_of(about, kind=kind, key=""), job=LETTER_JOB, payload=payload, account_id=account_id,
        written=_written(payload, {**params, **hidden}), now=now,
    )  # fmt: skip


def deliver_letter(payload: Mapping[str, Any], *, transport: Transport, settings: Settings, key: str) -> None:
    """Write a queued letter out in its reader's language and hand it on: the handler of LETTER_JOB.

    `key` is the same at every attempt, so that a letter which left already is not taken for another one. Raises what
    the transport raises, and SealBroken when the installation's key has changed since.
    """
    params = dict(payload["params"])
    if "sealed" in payload:
        params.update(json.loads(unseal(settings, payload["sealed"], purpose=_SEALED)))
    written = _written(payload, params)
    transport.send(Message(to=payload["to"], subject=written.subject, text=written.text), key=key)


def _written(payload: Mapping[str, Any], params: Mapping[str, str]) -> Text:
    if "written" in payload:
        return Text(*payload["written"])
    translate = catalogue(payload["locale"]).gettext
    return Text(one_line(_filled(translate(payload["subject"]), params)), _filled(translate(payload["text"]), params))


def _filled(text: str, params: Mapping[str, str]) -> str:
    return text % params if params else text
