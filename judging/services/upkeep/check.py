"""Does everything that is stored still hold? Reads only, so it can run beside a server at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.services.upkeep.checks.entries import check_aliases, check_receipts, check_rules, check_shares
from judging.services.upkeep.checks.erasures import check_erasures
from judging.services.upkeep.checks.finding import Finding
from judging.services.upkeep.checks.overrides import check_overrides
from judging.services.upkeep.checks.record import check_record
from judging.services.upkeep.checks.results import check_prizes, check_publications
from judging.services.upkeep.checks.score_log import check_recorded_sheets, check_score_logs
from judging.services.upkeep.checks.sealed import check_sealed
from judging.services.upkeep.checks.sheets import check_conflicts, check_totals, check_versions
from judging.services.upkeep.checks.store import check_database, check_files, check_migrations, check_tables

if TYPE_CHECKING:
    from judging.services.platform import Platform

__all__ = ["Finding", "check_installation"]


def check_installation(platform: Platform, *, deep: bool = False) -> tuple[Finding, ...]:
    """Every invariant of the installation, each with what breaks it.

    `deep` reads and digests all files, however many there are. When the tables are not those of this version, nothing
    else can be asked, and only that is told.
    """
    migrations = check_migrations(platform.database.engine)
    if not migrations.ok:
        return (migrations,)
    with platform.database.reading() as session:
        return (
            migrations,
            check_tables(session),
            check_database(session),
            check_sealed(session),
            check_rules(session),
            check_aliases(session),
            check_shares(session),
            check_receipts(session),
            check_files(session, platform.files, deep=deep),
            check_versions(session),
            check_totals(session),
            check_conflicts(session),
            check_overrides(session),
            check_prizes(session, platform.registry),
            check_publications(session, platform.registry),
            check_record(session),
            check_score_logs(session),
            check_recorded_sheets(session),
            check_erasures(session, platform.settings.score_log),
        )
