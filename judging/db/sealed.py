"""Columns whose values lie sealed in the database: AES-256-GCM under a key made of the installation's own.

Each purpose has a key of its own (HKDF, RFC 5869), so that what was sealed for one cannot be passed off as another's.
Whoever has the database alone, or a copy of it, can read nothing of it. The key comes with the engine and is never
stored where the sealed values are.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import ClauseElement, Dialect, Text
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator

from judging.errors import N_, JudgingError

if TYPE_CHECKING:
    from sqlalchemy import Column, ColumnElement, Engine, MetaData

_KEY_BYTES = 32
_NONCE_BYTES = 12
# Whether there is a value at all may be asked of the database; nothing else can be.
_MAY_BE_ASKED = (operators.is_, operators.is_not)


class SealBroken(JudgingError):
    """What was sealed cannot be read: it was sealed under another key, for another purpose, or it was changed."""


class Sealer:
    """Seals and opens texts with the secret of an installation."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._boxes: dict[str, AESGCM] = {}

    def seal(self, text: str, *, purpose: str) -> str:
        """Seal `text`; the answer is ASCII, and another one each time."""
        nonce = os.urandom(_NONCE_BYTES)
        box = self._box(purpose).encrypt(nonce, text.encode(), purpose.encode())
        return base64.urlsafe_b64encode(nonce + box).decode("ascii")

    def unseal(self, sealed: str, *, purpose: str) -> str:
        """Read what `seal` sealed for the same purpose. Raises SealBroken."""
        try:
            raw = base64.urlsafe_b64decode(sealed.encode("ascii"))
            box = self._box(purpose).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], purpose.encode())
        except (InvalidTag, ValueError) as error:
            raise SealBroken(N_("A sealed value cannot be read with this installation's key.")) from error
        return box.decode()

    def key(self, purpose: str) -> bytes:
        """The key of a purpose."""
        derive = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=f"judging.{purpose}".encode())
        return derive.derive(self._secret)

    def _box(self, purpose: str) -> AESGCM:
        if purpose not in self._boxes:
            self._boxes[purpose] = AESGCM(self.key(purpose))
        return self._boxes[purpose]


_SEALERS: WeakKeyDictionary[Dialect, Sealer] = WeakKeyDictionary()


def give_key(engine: Engine, secret: str) -> None:
    """Let all connections of the engine seal and open with this secret."""
    _SEALERS[engine.dialect] = Sealer(secret)


def sealer_of(dialect: Dialect) -> Sealer:
    """Who seals for the engine that has this dialect. Raises SealBroken where it was opened without a key."""
    found = _SEALERS.get(dialect)
    if found is None:
        raise SealBroken(N_("The database was opened without the installation's key, so nothing sealed can be read."))
    return found


class Sealed(TypeDecorator[Any]):
    """Anything that can be written as a text, sealed for its purpose.

    The same value looks different each time it is stored: compare, count and sort in Python. The database is asked
    whether there is a value, and a query that asks for more is refused with TypeError.
    """

    impl = Text
    cache_ok = True

    class Comparator(TypeDecorator.Comparator[Any]):
        """Refuses what would quietly be false of every sealed value."""

        def operate(self, op: operators.OperatorType, *other: Any, **kwargs: Any) -> ColumnElement[Any]:
            """Pass on what may be asked."""
            # SQLAlchemy holds columns against each other to find them again.
            finds = op is operators.eq and isinstance(other[0], ClauseElement)
            if op not in _MAY_BE_ASKED and not finds:
                raise TypeError(f"{self.expr} is sealed: a database cannot compare it")
            return super().operate(op, *other, **kwargs)

    comparator_factory: Callable[..., Any] = Comparator

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Seal what is stored."""
        return None if value is None else sealer_of(dialect).seal(self.written(value), purpose=self.purpose)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """Open what was stored. Raises SealBroken."""
        return None if value is None else self.read(sealer_of(dialect).unseal(value, purpose=self.purpose))

    def written(self, value: Any) -> str:
        """The value as a text."""
        raise NotImplementedError

    def read(self, text: str) -> Any:
        """The value that `written` wrote."""
        raise NotImplementedError


class SealedText(Sealed):
    """A sealed text."""

    cache_ok = True

    def written(self, value: str) -> str:
        """The text itself."""
        return value

    def read(self, text: str) -> str:
        """The text itself."""
        return text


class SealedDay(Sealed):
    """A sealed date."""

    cache_ok = True

    def written(self, value: date) -> str:
        """The date as ISO 8601."""
        return value.isoformat()

    def read(self, text: str) -> date:
        """The date that was written."""
        return date.fromisoformat(text)


class SealedJson(Sealed):
    """A sealed document. A change inside it is not seen: assign a new one, as with Json."""

    cache_ok = True

    def written(self, value: Any) -> str:
        """The document as JSON."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def read(self, text: str) -> Any:
        """The document that was written."""
        return json.loads(text)


def sealed_columns(metadata: MetaData) -> Sequence[Column[Any]]:
    """The columns whose values lie sealed, table by table."""
    return [one for table in metadata.sorted_tables for one in table.columns if isinstance(one.type, Sealed)]
