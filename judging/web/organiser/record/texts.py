"""The acts of the record in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from judging.domain.asides import ASIDE_LABELS, AsideKind
from judging.domain.conflicts import CONFLICT_LABELS
from judging.domain.lifecycle import CONTEST_LABELS, ENTRY_LABELS
from judging.errors import N_

_ACTIONS: Mapping[str, str] = {
    "phase-changed": N_("Step of the contest taken"),
    "round-opened": N_("Round opened"),
    "round-closed": N_("Round closed"),
    "round-reopened": N_("Round opened again"),
    "round-advanced": N_("Round ended"),
    "round-end-set": N_("End of a round set or moved"),
    "sheet-late": N_("Sheet came after the end of its round"),
    "late-sheet-taken": N_("Late sheet taken by decision"),
    "silent-judges-reminded": N_("Silent judges reminded"),
    "chair-voted": N_("Chair's vote recorded"),
    "entry-begun": N_("Entry begun"),
    "entry-submitted": N_("Entry submitted"),
    "entry-withdrawn": N_("Entry withdrawn"),
    "entry-disqualified": N_("Entry disqualified"),
    "entry-eligible": N_("Entry found eligible"),
    "entry-returned": N_("Entry returned to complete"),
    "entry-return-extended": N_("Later date for a returned entry"),
    "entry-rejected": N_("Entry rejected"),
    "entry-admitted": N_("Late entry admitted"),
    "assignment-made": N_("Judges assigned by plan"),
    "judge-assigned": N_("Judge assigned"),
    "plan-settings-changed": N_("Wishes for the plan changed"),
    "repeats-set": N_("Blind repeats of a round set"),
    "judge-preferences-changed": N_("What a judge knows best changed"),
    "assignment-repaired": N_("Plan repaired"),
    "reading-lent": N_("Reading lent to a stand-in"),
    "reading-returned": N_("Lent reading went back"),
    "reading-stayed": N_("Lent reading stayed with the stand-in: something was decided meanwhile"),
    "judge-released": N_("Judge released"),
    "sheet-begun": N_("Sheet begun"),
    "sheet-submitted": N_("Sheet submitted"),
    "paper-typed": N_("Sheet typed off paper"),
    "paper-recorded": N_("Sheet on paper recorded"),
    "sheet-reopened": N_("Sheet reopened"),
    "sheet-reassigned": N_("Sheet taken back"),
    "sheet-recused": N_("Judge recused"),
    "score-log-recovered": N_("Score log begun anew after a restore"),
    "sheet-set-aside": N_("Entry set aside by its judge"),
    "sheet-taken-up": N_("Entry taken up again by its judge"),
    "sheet-aside-answered": N_("Office says that an entry set aside can be judged"),
    "warm-up-kept": N_("First sheet looked at again and kept"),
    "warm-up-reopened": N_("First sheet opened again by its judge"),
    "sheet-written-off": N_("Sheet written off"),
    "override-proposed": N_("Decision over a sheet proposed"),
    "override-approved": N_("Decision over a sheet approved"),
    "override-rejected": N_("Decision over a sheet rejected"),
    "override-withdrawn": N_("Proposed decision over a sheet withdrawn"),
    "conflicts-searched": N_("Conflicts searched"),
    "conflict-declared": N_("Conflict declared"),
    "conflict-withdrawn": N_("Conflict set aside"),
    "conflict-set": N_("Conflict set by the office"),
    "conflict-terms-set": N_("What bars a judge changed"),
    "units-declared": N_("Ties to schools and units declared"),
    "unit-conflict-set": N_("Judge barred from a school or unit"),
    "unit-conflict-withdrawn": N_("Tie to a school or unit withdrawn"),
    "force-proposed": N_("Assigning in spite of a conflict proposed"),
    "force-approved": N_("Assigned in spite of a conflict, by two persons"),
    "force-rejected": N_("Assigning in spite of a conflict rejected"),
    "force-withdrawn": N_("Proposal to assign in spite of a conflict withdrawn"),
    "prizes-settled": N_("Prizes settled"),
    "prize-granted": N_("Prize given by decision"),
    "prize-taken-back": N_("Prize taken back"),
    "account-changed": N_("Account changed"),
    "account-registered": N_("Account created"),
    "account-created": N_("Account created by the administration"),
    "account-signed-out": N_("Account signed out everywhere"),
    "password-reset": N_("First password set anew"),
    "judge-added": N_("Judge named"),
    "judge-left": N_("Judge left"),
    "judge-returned": N_("Judge came back"),
    "organisation-role-given": N_("Role in the organisation given"),
    "organisation-role-taken": N_("Role in the organisation taken back"),
    "account-disabled": N_("Account disabled"),
    "account-enabled": N_("Account enabled again"),
    "administrator-created": N_("Administrator named"),
    "conflicts-declared": N_("Conflicts of interest declared"),
    "consent-given": N_("Consent given"),
    "consent-withdrawn": N_("Consent withdrawn"),
    "people-asked": N_("Link sent to somebody of the entry"),
    "people-answered": N_("Somebody of the entry said yes"),
    "people-declined": N_("Somebody of the entry said no"),
    "people-terms-changed": N_("Rules for consents changed"),
    "contest-created": N_("Contest opened from its kind"),
    "contest-described": N_("Titles and introductions changed"),
    "dates-changed": N_("Dates changed"),
    "entry-edited": N_("Entry edited"),
    "entry-late": N_("Entry handed in late"),
    "entry-imported": N_("Entry imported from a table"),
    "entry-import-changed": N_("Entry changed from a table"),
    "entries-imported": N_("Table of entries imported"),
    "entry-people-changed": N_("Authors of an entry changed"),
    "file-attached": N_("File attached"),
    "file-removed": N_("File removed"),
    "files-rechecked": N_("Files checked again"),
    "file-limits-changed": N_("Room for files changed"),
    "item-receipt-undone": N_("Receipt of a thing taken back"),
    "live-round-arranged": N_("Hours and rooms of a round recorded"),
    "judge-presence-set": N_("Hours of a judge at a round recorded"),
    "timetable-made": N_("Timetable made"),
    "timetable-cleared": N_("Timetable taken away"),
    "clock-moved": N_("Clock of a room moved"),
    "leases-set": N_("Time for which booths are kept changed"),
    "booths-named": N_("Booths named"),
    "booth-taken": N_("Judge led to a booth"),
    "booth-given-free": N_("Booth given free by its judge"),
    "booth-released": N_("Booth released by the office"),
    "item-received": N_("Thing received at the office"),
    "judge-changed": N_("Judge's details changed"),
    "judge-recused": N_("Judge recused"),
    "link-added": N_("Link added"),
    "link-removed": N_("Link removed"),
    "office-described": N_("Office and handing in described"),
    "organisation-created": N_("Organisation set up"),
    "panels-arranged": N_("Panels arranged"),
    "password-changed": N_("Password changed"),
    "role-given": N_("Role given"),
    "role-taken": N_("Role taken back"),
    "rules-amended": N_("Rules amended"),
    "sessions-ended": N_("Signed out"),
    "settings-changed": N_("Settings changed"),
    "sign-in-refused": N_("Sign-in refused"),
    "signed-in": N_("Signed in"),
    "token-made": N_("Token for programs made"),
    "token-revoked": N_("Token for programs revoked"),
    "directory-connected": N_("Account connected with the directory"),
    "directory-disconnected": N_("Connection with the directory removed"),
    "address-changed": N_("E-mail address changed"),
    "app-added": N_("Authenticator app added"),
    "app-removed": N_("Authenticator app removed"),
    "factors-removed": N_("Second factors removed by the administration"),
    "judge-invited": N_("Judge invited again"),
    "passkey-added": N_("Passkey added"),
    "passkey-removed": N_("Passkey removed"),
    "passkey-renamed": N_("Passkey renamed"),
    "password-link-made": N_("Link for a new password made"),
    "recovery-code-used": N_("Recovery code used"),
    "similar-settled": N_("Similar entries looked at"),
    "entry-erased": N_("People of an entry erased"),
    "template-changed": N_("Text of letters changed"),
    "template-reset": N_("Text of letters set back"),
    "sending-rules-changed": N_("Quiet hours and reminders changed"),
    "message-sent-again": N_("Letter sent again"),
    "announcement-sent": N_("Message sent to people"),
    "results-published": N_("Results published"),
    "age-verified": N_("Age of an author verified"),
    "retention-changed": N_("Terms of keeping changed"),
    "retention-applied": N_("Files deleted because their time is over"),
    "account-expired": N_("Idle account emptied"),
    "hold-placed": N_("Legal hold placed"),
    "hold-lifted": N_("Legal hold lifted"),
    "data-export-asked": N_("Archive of one's own data asked for"),
    "privacy-request-received": N_("Request about personal data received"),
    "privacy-request-answered": N_("Request about personal data answered"),
    "privacy-request-noted": N_("Note on a request about personal data"),
    "privacy-request-done": N_("Request about personal data done"),
    "privacy-request-refused": N_("Request about personal data refused"),
    "privacy-request-taken-back": N_("Request about personal data taken back"),
    "breach-opened": N_("Breach of personal data opened"),
    "breach-told": N_("Authority told of a breach"),
    "breach-closed": N_("Breach of personal data closed"),
    "deadline-extended": N_("Deadline extended"),
    "intake-changed": N_("Settings of taking and screening entries changed"),
    "entry-opinion": N_("First word on a dossier"),
    "eligible-list-signed": N_("List of eligible entries signed"),
    "dossier-taken": N_("Dossier taken in hand"),
    "publication-withdrawn": N_("Results withdrawn"),
}

_DETAILS: Mapping[str, str] = {
    "repeats": N_("Repeats for each judge"),
    "from": N_("From"), "to": N_("To"), "reason": N_("Reason"), "passed": N_("Passed over"), "round": N_("Round"),
    "entry": N_("Entry"), "judge": N_("Judge"), "entries": N_("Entries"), "pairs": N_("Sheets"),
    "unfilled": N_("Entries short of judges"), "advanced": N_("Go on"), "eliminated": N_("Do not go on"),
    "order": N_("Order"), "level": N_("Prize"), "board": N_("Board"), "prizes": N_("Prizes"), "sheets": N_("Sheets"),
    "decision": N_("Decision"), "found": N_("Found"), "kind": N_("Kind"), "version": N_("Version"), "code": N_("Code"),
    "item": N_("Dossier item"), "questions": N_("For the office to decide"),
    "year": N_("Year"), "gaps": N_("Gaps"), "by": N_("By"), "receipt": N_("Receipt"),
    "purpose": N_("Purpose"), "conflicts": N_("Conflicts of interest"), "looked_at": N_("Entries looked at"),
    "minutes": N_("Minutes"),
    "slug": N_("Address"), "count": N_("Number"), "verdict": N_("Verdict"), "title": N_("Title"),
    "role": N_("Role"), "changed": N_("Changed"), "capacity": N_("Can read"), "chairs": N_("Panels chaired"),
    "panels": N_("Panels"), "alias": N_("Alias"), "name": N_("Name"), "most": N_("At most"), "file": N_("File"),
    "with_sheets": N_("With its marks"), "letters": N_("Letters deleted"), "files": N_("Files"),
    "other": N_("Other entry"),
    "restored": N_("Erased anew after a restore"), "waits_for": N_("Waits because"),
    "locale": N_("Language"), "steps": N_("Hours before the deadline"), "groups": N_("Recipients"),
    "method": N_("How"), "cause": N_("Cause"),
    "coauthors_must": N_("Every author must confirm"),
    "loser_months": N_("Months for files without a prize"), "winner_months": N_("Months for files with a prize"),
    "archive_years": N_("Years by regulation"), "until": N_("Until"),
    "loser-files": N_("Files of entries without a prize"), "winner-files": N_("Files of entries that won a prize"),
    "whole": N_("For everybody"), "note": N_("Public note"), "grace": N_("Grace in minutes"),
    "scans": N_("To be scanned"), "copies": N_("To be copied"),
    "ties": N_("Conflicts of interest"), "unit": N_("School or unit"), "units": N_("Schools and units"),
    "hints": N_("Hints only"), "before": N_("Before"), "received": N_("Arrived"), "judges": N_("Judges"),
    "plugins": N_("Plugins"), "digest": N_("Check sum of the rules"), "sha256": "SHA-256",
}  # fmt: skip

_STATES = {
    **{phase.value: text for phase, text in CONTEST_LABELS.items()},
    **{state.value: text for state, text in ENTRY_LABELS.items()},
}


_CONFLICTS: Mapping[str, str] = {kind.value: text for kind, text in CONFLICT_LABELS.items()}


def action_text(action: str) -> str:
    """What was done; an act that no text is known for keeps its key."""
    known = action_text_of(action)
    return action if known is None else gettext(known)


def action_text_of(action: str) -> str | None:
    """The msgid of an act, or None when there is none."""
    return _ACTIONS.get(action)


def detail_lines(details: Mapping[str, Any]) -> list[str]:
    """The details of an act, one line each; empty and false ones are left out."""
    told = {key: value for key, value in details.items() if value not in ("", None, False, [])}
    return [f"{_name(key)}: {_value(key, value)}" for key, value in told.items()]


def _name(key: str) -> str:
    return gettext(_DETAILS[key]) if key in _DETAILS else key


def _value(key: str, value: object) -> str:
    if value is True:
        return gettext("yes")
    if key in ("ties", "hints", "before"):
        kinds = value if isinstance(value, list) else [value]
        return ", ".join(gettext(_CONFLICTS.get(str(kind), str(kind))) for kind in kinds)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if key in ("from", "to") and str(value) in _STATES:
        return gettext(_STATES[str(value)])
    if key == "waits_for" and value in set(AsideKind):
        return gettext(ASIDE_LABELS[AsideKind(str(value))])
    return str(value)
