"""Who may do and see what in one contest: predicates over plain values.

Whether a refusal is told as "not yours" or "does not exist" is the web layer's matter. The auditor reads everything and
changes nothing. Where somebody judges and also holds an office, the judge's blindness wins.
"""

from judging.domain.permissions.actors import Actor, Relation, roles_of
from judging.domain.permissions.entries import (
    can_decide_late,
    can_edit_entry,
    can_receive,
    can_remove_entry,
    can_screen,
    can_see_author_names,
    can_see_entry,
    can_see_entry_list,
    can_see_file,
)
from judging.domain.permissions.office import (
    can_configure,
    can_grant_awards,
    can_manage_people,
    can_publish,
    can_see_audit_log,
    can_see_judge_effects,
    can_see_panel_standings,
    can_see_posting,
    can_see_results,
    can_see_standings,
)
from judging.domain.permissions.overrides import (
    can_decide_override,
    can_propose_override,
    can_see_overrides,
    can_withdraw_override,
    is_override_time,
)
from judging.domain.permissions.sheets import (
    can_assign,
    can_recuse,
    can_reopen_sheet,
    can_score,
    can_see_progress,
    can_see_sheets,
    can_type_paper,
    can_write_off,
)
from judging.domain.roles import ROLE_LABELS, Role

__all__ = [
    "ROLE_LABELS", "Actor", "Relation", "Role", "can_assign", "can_configure", "can_decide_late", "can_decide_override",
    "can_edit_entry", "can_grant_awards", "can_manage_people", "can_propose_override", "can_publish", "can_receive",
    "can_recuse", "can_remove_entry", "can_reopen_sheet", "can_score", "can_screen", "can_see_audit_log",
    "can_see_author_names", "can_see_entry", "can_see_entry_list", "can_see_file", "can_see_judge_effects",
    "can_see_overrides", "can_see_panel_standings", "can_see_posting", "can_see_progress", "can_see_results",
    "can_see_sheets", "can_see_standings", "can_type_paper", "can_withdraw_override", "can_write_off",
    "is_override_time", "roles_of",
]  # fmt: skip
