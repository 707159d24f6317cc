"""What an application runs on: its settings and the ports that were chosen for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from judging.db.session import Database
    from judging.jobs import JobEngine
    from judging.mail import Transport
    from judging.plugins import Registry
    from judging.settings import Settings
    from judging.storage import FileStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """Settings and ports, wired by the composition."""

    settings: Settings
    database: Database
    registry: Registry
    files: FileStore
    jobs: JobEngine
    mail: Transport
