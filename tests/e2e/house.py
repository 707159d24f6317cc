"""The installation that a journey goes through."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from judging.services.platform import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running application and its address."""

    platform: Platform
    app: Flask
    address: str
