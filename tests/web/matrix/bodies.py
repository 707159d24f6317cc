"""What is sent to addresses that change something: enough for the act, so that the golden files tell who really acts.

An address that is not listed gets an empty form. What is named here exists in the world; nobody is hashed a password.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from judging.domain.receiving import receiving_code
from judging_youth_creativity.rules import RULES

if TYPE_CHECKING:
    from tests.web.leaks.world import World

Form = Mapping[str, object]

_REASON = {"reason": "Một lý do mẫu."}
_REQUEST = {"kind": "see", "person": "Mẫu", "identity_note": "Mẫu", "text": "Mẫu"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What addresses and forms name: ids of rows in the world, and the number of the entry asked for."""

    world: World
    number: int
    version: int
    account: str
    panel: str
    conflict: str
    contest_role: str
    office_role: str
    prize: str
    session: str
    token: str
    passkey: str
    report: str

    @property
    def stranger(self) -> str:
        """The address of somebody who holds no role yet."""
        return self.world.emails["stranger"]


def _code(facts: Facts) -> str:
    return receiving_code(RULES, contest_id=facts.world.contest, number=facts.number, item="model")


BODIES: Mapping[str, Callable[[Facts], Form]] = {
    "account.data_request": lambda _: {"kind": "see", "text": "Mẫu"},
    "account.show": lambda _: {"name": "Tên mới", "locale": "en"},
    "admin.appoint": lambda facts: {"email": facts.stranger, "name": "Mẫu", "role": "auditor"},
    "admin.breach_step": lambda _: {"step": "tell"},
    "admin.enter_request": lambda _: _REQUEST,
    "admin.request_step": lambda _: {"step": "note", "note": "Một ghi chú mẫu."},
    "admin.start_breach": lambda _: {"noticed": "2021-01-04T08:00", "what": "Mẫu"},
    "admin.organisations": lambda _: {"name": "Sở mẫu mới", "slug": "so-mau-moi"},
    "entrant.autosave": lambda _: {"title": "Tên mới", "category": "software"},
    "entrant.save": lambda _: {"title": "Tên mới", "category": "software"},
    "entrant.withdraw": lambda _: {"sure": "1"},
    "entrant.give_link": lambda _: {"item": "model", "url": "https://example.vn/mau"},
    "judge.autosave": lambda _: {"comment": "Nhận xét mới."},
    "judge.save": lambda _: {"comment": "Nhận xét mới."},
    "judge.look_again": lambda _: {"act": "keep"},
    "judge.note": lambda _: {"note": "Một ghi chú mẫu."},
    "judge.put_aside": lambda _: {"aside-kind": "model-missing"},
    "judge.panel_sheet": lambda _: {"act": "write-off", **_REASON},
    "judge.move": lambda _: {"act": "start", "version": "0"},
    "judge.recuse": lambda _: {"kind": "other", **_REASON},
    "judge.submit": lambda _: {"version": "1"},
    "organiser.answer_aside": lambda _: {"answer": "Mẫu"},
    "organiser.add_staff": lambda facts: {"email": facts.stranger, "name": "Mẫu", "role": "secretary"},
    "organiser.assign_pair": lambda facts: {"code": str(facts.number), "judge": facts.world.judges[4]},
    "organiser.change_rubric": lambda facts: {"version": str(facts.version), "act": "save"},
    "organiser.change_setting": lambda facts: {"version": str(facts.version), "low": "1", "high": "3", **_REASON},
    "organiser.office": lambda _: {"contact": "Điện thoại mẫu", "place": "Phòng mẫu", "hours": "Giờ mẫu"},
    "organiser.receive": lambda facts: {"code": _code(facts), "place": "Kệ mẫu"},
    "organiser.undo_receiving": lambda _: _REASON,
    "organiser.confirm_kind": lambda _: _REASON,
    "organiser.decide": lambda _: {"verdict": "approve"},
    "organiser.propose": lambda _: {"what": "exclude", **_REASON},
    "organiser.dates": lambda facts: {"version": str(facts.version)},
    "organiser.enter_request": lambda _: _REQUEST,
    "organiser.erase": lambda _: {"sure": "1", **_REASON},
    "organiser.grant": lambda facts: {"code": str(facts.number), "level": "consolation|", **_REASON},
    "organiser.change_retention": lambda _: {"loser_months": "6", "winner_months": "24", "archive_years": "0"},
    "organiser.hold": lambda _: _REASON,
    "organiser.judge": lambda _: {"unit": "Trường mẫu", "capacity": "5"},
    "organiser.judge_active": lambda _: {},
    "organiser.change_message_text": lambda _: {"subject": "Nhắc", "text": "Còn {left}", "act": "save"},
    "organiser.change_sending": lambda _: {"quiet_from": "22:00", "quiet_until": "06:00", "steps": "48"},
    "organiser.write_announcement": lambda _: {
        "groups": "judges", "subject_vi": "Thư", "text_vi": "Chào {name}", "key": "matrix", "act": "send"
    },
    "organiser.new_judge": lambda facts: {
        "email": facts.stranger, "name": "Mẫu", "capacity": "5", "panels": [facts.panel]
    },
    "organiser.lend": lambda facts: {"code": str(facts.number), "judge": facts.world.judges[2]},
    "organiser.open_new": lambda _: {"kind": "youth-creativity"},
    "organiser.phases": lambda _: {"to": "cancelled", **_REASON},
    "organiser.publish": lambda _: {"decision": "12/QĐ"},
    "organiser.plan_options": lambda _: {"common": "1", "across": "1", "least": "1", "even": "1"},
    "organiser.change_repeats": lambda _: {"per_judge": "1"},
    "organiser.release": lambda facts: {"judge": facts.world.judges[2], **_REASON},
    "organiser.remove": lambda _: {"state": "disqualified", **_REASON},
    "organiser.remove_pair": lambda _: _REASON,
    "organiser.reopen": lambda _: _REASON,
    "organiser.request_step": lambda _: {"step": "note", "note": "Một ghi chú mẫu."},
    "organiser.move_round_end": lambda _: {"until": "2021-11-20T17:00", "act": "apply", "seen": "", **_REASON},
    "organiser.take_late_sheet": lambda _: _REASON,
    "organiser.round": lambda _: {"act": "reopen", **_REASON},
    "organiser.screen": lambda _: {"verdict": "rejected", **_REASON},
    "organiser.screen_selected": lambda facts: {"entry": facts.world.entries["a"], "act": "apply"},
    "organiser.take_back": lambda _: _REASON,
    "organiser.texts": lambda facts: {"version": str(facts.version), "title": "Tên mới"},
    "organiser.withdraw": lambda _: _REASON,
    "organiser.extend_return_date": lambda _: {"later": "2031-01-01", "reason-later": "Theo đề nghị."},
    "entrant.take_version": lambda _: {"text": "00000000-0000-7000-8000-0000000000ff"},
    "organiser.write_off": lambda _: _REASON,
}  # fmt: skip
