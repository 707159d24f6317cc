"""The outside opinions on what the product made: Go's code, as for the format itself."""

from __future__ import annotations

from tests.ledger.conftest import oracle

__all__ = ["oracle"]
