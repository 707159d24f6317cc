"""Which version of a sheet stands, and which decision over it counts: conditions that all reads of marks share."""

from __future__ import annotations

from sqlalchemy import and_

from judging.db.models import Assignment, SheetOverride, SheetVersion
from judging.domain.lifecycle import OverrideState

NEWEST_VERSION = and_(SheetVersion.assignment_id == Assignment.id, SheetVersion.number == Assignment.sheet_version)
"""Joins a reading with the version that was submitted last."""
APPROVED_OVERRIDE = and_(SheetOverride.sheet_id == SheetVersion.id, SheetOverride.state == OverrideState.APPROVED)
"""Joins a version with the decision that counts in place of its marks; there may be none."""
