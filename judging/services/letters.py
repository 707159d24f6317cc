"""Letters to people: queued in the transaction of the act that they tell of, written out when they are sent."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.support import NullTranslations, Translations

from judging.db.jobs import enqueue_job
from judging.domain.addresses import is_reachable
from judging.mail import Message
from judging.paths import translations_folder
from judging.services.sealing import seal, unseal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.mail import Transport
    from judging.settings import Settings

LETTER_JOB = "send-letter"
_SEALED = "letter"


def send_letter(
    session: Session, *, to: Account, subject: str, text: str, params: Mapping[str, str], now: datetime
) -> None:
    """Queue an e-mail to `to`, in that person's language.

    `subject` and `text` are msgids with named placeholders; `params` are plain strings and go in as they are. Nothing
    leaves before the transaction is committed. Whoever was erased, or
    has no address, is written to no more.
    """
    if not is_reachable(to.email_key):
        return
    payload = letter_payload(to=to, subject=subject, text=text, params=params)
    enqueue_job(session, name=LETTER_JOB, payload=payload, now=now)


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
) -> None:
    """Queue an e-mail that holds a link or a code, to a person or to an address that has no account yet.

    `secrets` fill placeholders as `params` do, but lie sealed in the database until the letter is written.
    """
    payload = {
        "to": address, "locale": locale, "subject": subject, "text": text, "params": dict(params),
        "sealed": seal(settings, json.dumps(dict(secrets)), purpose=_SEALED),
    }  # fmt: skip
    enqueue_job(session, name=LETTER_JOB, payload=payload, now=now)


@lru_cache(maxsize=8)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(translations_folder(), [locale])


def deliver_letter(payload: Mapping[str, Any], *, transport: Transport, settings: Settings, key: str) -> None:
    """Write a queued letter out in its reader's language and hand it on: the handler of LETTER_JOB.

    `key` is the same at every attempt, so that a letter which left already is not taken for another one. Raises what
    the transport raises, and SealBroken when the installation's key has changed since.
    """
    translate = _catalogue(payload["locale"]).gettext
    params = dict(payload["params"])
    if "sealed" in payload:
        params.update(json.loads(unseal(settings, payload["sealed"], purpose=_SEALED)))
    message = Message(
        to=payload["to"],
        subject=" ".join(_filled(translate(payload["subject"]), params).split()),
        text=_filled(translate(payload["text"]), params),
    )
    transport.send(message, key=key)


def _filled(text: str, params: Mapping[str, str]) -> str:
    return text % params if params else text
