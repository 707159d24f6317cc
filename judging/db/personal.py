"""What each column tells of people: the tags from which the record of processing is made.

One list rather than a word at each column, so that whoever answers for data protection reads it as a whole. A tag is
put into the column's own `info["personal"]`; a test refuses a column of a table about people that has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from judging.db.models import Account
from judging.errors import N_

INFO = "personal"
_METADATA = Account.metadata


class Personal(StrEnum):
    """What a column tells of a person."""

    NONE = "none"
    PERSON = "person"
    IDENTITY = "identity"
    CONTACT = "contact"
    BIRTH = "birth"
    CONTENT = "content"
    FREE_TEXT = "free-text"
    MARKS = "marks"
    CONSENT = "consent"
    SECRET = "secret"  # noqa: S105 - the name of a kind of data
    TRACE = "trace"


LABELS: Mapping[Personal, str] = {
    Personal.NONE: N_("Nothing of a person"),
    Personal.PERSON: N_("Which person: an id"),
    Personal.IDENTITY: N_("Name, school or unit, role"),
    Personal.CONTACT: N_("Address or phone"),
    Personal.BIRTH: N_("Birth date, or that an age was verified"),
    Personal.CONTENT: N_("What the person made or sent"),
    Personal.FREE_TEXT: N_("Words that somebody wrote about it"),
    Personal.MARKS: N_("Marks and outcome"),
    Personal.CONSENT: N_("Consents"),
    Personal.SECRET: N_("What proves who somebody is, hashed or sealed"),
    Personal.TRACE: N_("When and how something was used"),
}

_TAGS: Mapping[str, str] = {
    # Each line: columns of a table, then what they tell; what is left out tells nothing of a person.
    "account": "id person|email email_key contact|name identity|password_hash secret|locale is_administrator created_at"
    " disabled_at trace",
    "age_check": "entry_id member_id by_id person|person_sha256 birth|at birth|id none",
    "amendment": "by_id person|reason free-text|id contest_id changed old_digest new_digest at none",
    "api_token": "account_id person|name content|token_sha256 hint secret|created_at expires_at seen_at revoked_at"
    " trace|id scopes none",
    "assignment": "entry_id judge_id person|marks comments comment marks|reason free-text|assigned_at changed_at trace"
    "|id contest_id round position state draft_version sheet_version none",
    "audit_event": "actor_id subject_id person|details free-text|at action trace|id contest_id subject none",
    "blind_repeat": "assignment_id person|marks comments comment total marks|note aside_words aside_kind free-text"
    "|aside_at given_at changed_at submitted_at trace|id after state draft_version rubric_digest code none",
    "booth": "entry_id person|name free-text|id round none",
    "booth_lease": "entry_id judge_id assignment_id person|began_at until ended_at state trace"
    "|id contest_id round minutes sheet_version none",
    "breach": "by_id person|what conclusion free-text|id noticed_at started_at told_at closed_at none",
    "chair_vote": "entry_id by_id person|number marks|reason free-text|id contest_id round at none",
    "conflict": "judge_id entry_id by_id withdrawn_by_id person|kind reason evidence withdrawn_reason free-text"
    "|id contest_id source at withdrawn_at bars unseen_at statement_id forced_id none",
    "conflict_statement": "judge_id by_id withdrawn_by_id person|unit unit_key identity"
    "|kind reason withdrawn_reason free-text|id contest_id source at withdrawn_at none",
    "consent": "member_id by_account_id person|by_name withdrawn_by identity|purpose given_by given_at withdrawn_at"
    " method withdrawn_method text_sha256 consent|id none",
    "consent_trace": "entry_id member_id person|purpose given_by given_at withdrawn_at consent|data_gone_at trace"
    "|id contest_id none",
    "contest_role": "account_id person|role identity|id contest_id created_at none",
    "announcement": "by_id person|texts recipients content|at trace|id contest_id key none",
    "data_export": "account_id person|key size sha256 content|asked_at ready_at expires_at trace|id locale state none",
    "data_read": "account_id entry_id person|at what file_id trace|id contest_id none",
    "deadline_extension": "by_id person|reason note free-text|id contest_id old_at new_at whole at none",
    "dossier_hold": "entry_id by_id person|until trace",
    "dossier_tick": "entry_id by_id person|at trace|id key none",
    "draft_text": "entry_id person|text content|at page trace|id field number state none",
    "eligible_list": "by_id person|content content|id contest_id version sha256 at none",
    "extended_entry": "entry_id person|id extension_id until none",
    "entry": "owner_id person|title answers content|unit identity|state round marks|created_at changed_at submitted_at"
    " erased_at trace|id contest_id number alias category division version none",
    "entry_file": "entry_id person|filename media_type size sha256 key pages content|uploaded_at trace|id item none",
    "entry_link": "entry_id person|url content|added_at trace|id item none",
    "entry_member": "id entry_id person|name name_key unit identity|email contact|born birth|share is_lead content"
    "|position none",
    "external_identity": "account_id person|subject identity|created_at used_at trace|id issuer none",
    "file_copy": "file_id person|findings seconds width height scan media_type size sha256 key content|made_at trace"
    "|state none",
    "file_picture": "file_id person|width height media_type size sha256 key content|id place small none",
    "handover": "entry_id received_by_id undone_by_id person|note undone_reason free-text|received_at undone_at trace"
    "|id item place none",
    "import_sheet": "account_id person|filename head rows content|created_at trace|id contest_id sha256 encoding"
    " columns none",
    "imported_entry": "entry_id person|contest_id key at none",
    "forced_assignment": "entry_id judge_id by_id decided_by_id person|kinds reason free-text"
    "|id contest_id round state at decided_at none",
    "idempotent_answer": "account_id person|body content|created_at trace|id key request_sha256 status headers none",
    "job": "payload content|run_after created_at finished_at last_error trace|id name state attempts lease_until none",
    "judge": "account_id person|unit identity|alias person|capacity is_active conflicts_declared_at trace"
    "|id contest_id created_at none",
    "judge_preference": "judge_id person|category content|id none",
    "late_sheet": "assignment_id taken_by_id person|received_at last_at tries taken_at trace|contest_id round none",
    "legal_hold": "entry_id by_id lifted_by_id person|reason free-text|id contest_id until at lifted_at none",
    "live_absence": "judge_id person|comes_at leaves_at trace|id contest_id round none",
    "live_place": "entry_id judge_id person|starts_at ends_at trace|id contest_id round room_id none",
    "log_leaf": "subject_id person|entry marks|text_salt secret|log_id idx hash at none",
    "login_failure": "email_key source contact|at act trace|id none",
    "login_session": "account_id person|token_sha256 secret|device created_at seen_at expires_at revoked_at method"
    " is_strong proved_at trace|id none",
    "one_time_secret": "account_id person|email_key contact|token_sha256 code_hmac payload secret|created_at expires_at"
    " used_at tries trace|id purpose none",
    "organisation_role": "account_id person|role identity|id organisation_id created_at none",
    "paper_typing": "assignment_id account_id person|marks comments comment marks|at trace|id contest_id round version"
    " none",
    "panel_seat": "judge_id person|is_chair identity|id panel_id none",
    "passkey": "account_id person|name content|credential_id public_key sign_count transports secret|created_at used_at"
    " trace|id none",
    "privacy_request": "account_id entry_id person|person identity|contact contact|text identity_note free-text"
    "|kind channel state received_at answered_at closed_at trace|id number profile contest_id about_child answer_due"
    " act_due version none",
    "privacy_step": "by_id request_id person|note free-text|at step trace|id none",
    "message_template": "changed_by_id person|changed_at trace|id contest_id kind locale subject text none",
    "people_link": "entry_id member_id account_id person|name answered_name role identity|email contact|token_sha256"
    " lasting_sha256 secret|answer method text_sha256 consent|asked_at sent_at expires_at reminded_at answered_at trace"
    "|id locale none",
    "prize": "entry_id by_id person|level board marks|reason free-text|id contest_id at none",
    "publication": "by_id person|ranking marks|withdrawn_reason free-text|id contest_id sha256 at withdrawn_at none",
    "receipt": "entry_id person|content sha256 content|at trace|id number none",
    "reading_loan": "lent_id reading_id by_id person|at until ended_at trace|id contest_id state none",
    "repeat_plan": "set_by_id person|set_at trace|contest_id round per_judge seed none",
    "recovery_code": "account_id person|code_hash secret|created_at used_at trace|id none",
    "retention_terms": "by_id person|contest_id loser_months winner_months archive_years changed_at none",
    "round_extension": "judge_id assignment_id by_id person|reason free-text|id contest_id round old_at new_at at none",
    "screening": "entry_id by_id person|verdict marks|reason free-text|at trace|id none",
    "return_term": "entry_id person|items free-text|screening_id until none",
    "screening_opinion": "entry_id by_id person|verdict marks|reason free-text|at closed_at trace|id none",
    "sent_message": "entry_id account_id person|address contact|subject text content|answer state attempts created_at"
    " leaves_at sent_at trace|id contest_id kind key locale sha256 none",
    "similar_decision": "first_id second_id by_id person|note free-text|at trace|id is_same none",
    "similar_document": "entry_id person|title text prints looks files content|indexed_at trace|id organisation_id"
    " none",
    "similar_pair": "first_id second_id person|score reasons evidence content|found_at trace|id none",
    "similar_print": "document_id person|number content",
    "second_look": "assignment_id person|kept at trace",
    "sheet_aside": "assignment_id ended_by_id person|kind words answer free-text|at ended_at trace"
    "|id sheet_version none",
    "sheet_note": "assignment_id person|text free-text|changed_at trace",
    "told_of_work": "judge_id person|at trace|round none",
    "sheet_override": "sheet_id by_id decided_by_id person|marks exclude marks|reason free-text|id contest_id state at"
    " decided_at none",
    "sheet_version": "assignment_id submitted_by_id person|marks comments comment total marks|submitted_at trace"
    "|id number rubric_digest consensus code none",
    "upload": "account_id entry_id person|filename length received file_id content|begun_at expires_at ended_at trace"
    "|id contest_id item state none",
    "upload_part": "upload_id person|sha256 key size content|id start none",
    "totp_factor": "account_id person|sealed_secret last_step secret|created_at confirmed_at trace",
    "units_answer": "judge_id person|at trace",
}
_NOT_ABOUT_PEOPLE = frozenset({
    "audit_horizon", "conflict_terms", "consent_text", "contest", "contest_round", "intake_settings", "lease_round",
    "live_room", "live_round",
    "log_checkpoint", "log_document", "log_head", "log_node", "message_rules", "office_desk", "organisation", "panel",
    "people_rule", "round_plan", "upload_limit",
})  # fmt: skip
_ABOUT_PEOPLE = ("account", "entry", "entry_member", "judge", "assignment", "sheet_version", "privacy_request")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessedTable:
    """A table about people: what its rows are, and which columns tell what."""

    name: str
    about: str
    columns: Sequence[tuple[Personal, Sequence[str]]]


def apply_tags() -> None:
    """Put each tag into its column's `info`. Done once, when this module is imported."""
    for table, line in _TAGS.items():
        for part in line.split("|"):
            *columns, tag = part.split()
            for column in columns:
                _METADATA.tables[table].columns[column].info[INFO] = Personal(tag)


def untagged_columns() -> list[str]:
    """The columns of tables about people that no tag says anything of, and tables of which nothing is known at all.

    A table that refers to people is about people, whether or not somebody has thought of it.
    """
    found = []
    for table in _METADATA.sorted_tables:
        if table.name in _NOT_ABOUT_PEOPLE:
            referred = {key.column.table.name for key in table.foreign_keys} & set(_ABOUT_PEOPLE)
            found += [f"{table.name} refers to {name}" for name in sorted(referred)]
        else:
            found += [f"{table.name}.{column.name}" for column in table.columns if INFO not in column.info]
    return found


def record_of_processing() -> Sequence[ProcessedTable]:
    """What is kept of people, table by table, as the columns' tags say it."""
    about = {
        str(mapper.class_.__tablename__): (mapper.class_.__doc__ or "").strip().partition("\n")[0]
        for mapper in Account.registry.mappers
    }  # fmt: skip
    found = []
    for table in sorted(_METADATA.tables.values(), key=lambda one: one.name):
        by_tag: dict[Personal, list[str]] = {}
        for column in table.columns:
            tag = column.info.get(INFO, Personal.NONE)
            if tag is not Personal.NONE:
                by_tag.setdefault(tag, []).append(column.name)
        if by_tag:
            columns = [(tag, by_tag[tag]) for tag in Personal if tag in by_tag]
            found.append(ProcessedTable(name=table.name, about=about[table.name], columns=columns))
    return found


apply_tags()
