"""Letters to people: queued in the transaction of the act that they tell of, written out when they are sent."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from babel.support import NullTranslations, Translations

from judging.db.jobs import enqueue_job
from judging.mail import Message
from judging.paths import translations_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Account
    from judging.mail import Transport

LETTER_JOB = "send-letter"


def send_letter(
    session: Session, *, to: Account, subject: str, text: str, params: Mapping[str, str], now: datetime
) -> None:
    """Queue an e-mail to `to`, in that person's language.

    `subject` and `text` are msgids with named placeholders; `params` are plain strings and go in as they are. Nothing
    leaves before the transaction is committed.
    """
    payload = {
        "to": to.email, "name": to.name, "locale": to.locale, "subject": subject, "text": text, "params": dict(params),
    }  # fmt: skip
    enqueue_job(session, name=LETTER_JOB, payload=payload, now=now)


@lru_cache(maxsize=8)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(translations_folder(), [locale])


def deliver_letter(payload: Mapping[str, Any], *, transport: Transport, key: str) -> None:
    """Write a queued letter out in its reader's language and hand it on: the handler of LETTER_JOB.

    `key` is the same at every attempt, so that a letter which left already is not taken for another one. Raises what
    the transport raises.
    """
    translate = _catalogue(payload["locale"]).gettext
    params = payload["params"]
    message = Message(
        to=payload["to"],
        subject=" ".join(_filled(translate(payload["subject"]), params).split()),
        text=_filled(translate(payload["text"]), params),
    )
    transport.send(message, key=key)


def _filled(text: str, params: Mapping[str, str]) -> str:
    return text % params if params else text
