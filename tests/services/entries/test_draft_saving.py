"""Two devices on one draft, through the use cases: both kept, or both asked about; handed in, all of it goes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Contest, DraftText, Entry, EntryMember
from judging.db.types import new_id
from judging.domain.draft_merge import Clash, version_of
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotFound
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.entries.draft_saving import (
    SavedDraft,
    Started,
    save_typed_fields,
    save_typed_people,
    settle_fields,
    take_waiting_text,
)
from judging.services.entries.draft_versions import KEPT, MOST_WAITING, Draft, draft_problems, forget_draft
from judging.services.entries.texts import answer_name, member_name, standing_texts
from tests.factories import NOW, make_contest, make_entry


@pytest.fixture
def contest(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry)


@pytest.fixture
def entry(session: Session, contest: Contest) -> Entry:
    return make_entry(
        session, contest, state="draft", submitted_at=None, title="Bộ lọc", category="software", answers={"idea": "cũ"}
    )


class Device:
    """A page of the form on some device, with what it showed when it was opened."""

    def __init__(self, session: Session, registry: Registry, entry: Entry, page: str) -> None:
        self.session, self.entry, self.page = session, entry, page
        self.rules = contest_rules(registry, entry.contest)
        self.actor = Actor(account_id=entry.owner_id, roles=frozenset({Role.CONTESTANT}))
        standing = Draft(session, entry).over(standing_texts(entry, self.rules))
        order = tuple(member.id for member in entry.members)
        self.started = Started(
            versions={name: version_of(text) for name, text in standing.items()}, order=order, page=page
        )
        self.texts = standing

    def type(self, **typed: str) -> SavedDraft:
        """Type into the whole form: fields not named say what the page showed."""
        return self.type_later(0, typed)

    def type_later(self, seconds: float, typed: Mapping[str, str]) -> SavedDraft:
        """The same, so many seconds after the moment of the test."""
        place = {name: typed.get(name, self.texts[name]) for name in ("title", "category", "division")}
        fields = [one for one in self.rules.fields if one.key in ("idea", "novelty")]
        answers = {one.key: typed.get(one.key, self.texts[answer_name(one.key)]) for one in fields}
        return save_typed_fields(
            self.session, entry=self.entry, actor=self.actor, rules=self.rules, fields=fields, answers=answers,
            place=place, started=self.started, locale="vi", now=NOW + timedelta(seconds=seconds),
        )  # fmt: skip

    def people(self, *rows: dict[str, str]) -> SavedDraft:
        return save_typed_people(
            self.session, entry=self.entry, actor=self.actor, rules=self.rules, rows=rows, started=self.started,
            locale="vi", now=NOW,
        )  # fmt: skip

    def rows(self) -> list[dict[str, str]]:
        return [
            {
                "id": member_id,
                **{
                    part: self.texts[member_name(member_id, part)]
                    for part in ("name", "born", "unit", "email", "share")
                },
            }
            for member_id in self.started.order
        ]


@pytest.fixture
def phone(session: Session, registry: Registry, entry: Entry) -> Device:
    return Device(session, registry, entry, "phone")


@pytest.fixture
def school(session: Session, registry: Registry, entry: Entry) -> Device:
    return Device(session, registry, entry, "school")


def waiting(session: Session, entry: Entry) -> list[tuple[str, str]]:
    return [(row.field, row.text) for row in Draft(session, entry).waiting()]


def test_different_fields_of_two_devices_are_both_kept(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(title="Bộ lọc nước")

    saved = school.type(idea="mới")

    assert (entry.title, entry.answers["idea"]) == ("Bộ lọc nước", "mới")
    assert saved.merge.brought == {"title": "Bộ lọc nước"}
    assert waiting(session, entry) == []
    assert draft_problems(session, entry=entry) == ()


def test_same_field_of_two_devices_keeps_both_texts_and_asks(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(idea="một")

    saved = school.type(idea="hai")

    assert saved.merge.clashes == {"answer:idea": Clash(standing="một", typed="hai")}
    assert entry.answers["idea"] == "một"
    assert waiting(session, entry) == [("answer:idea", "hai")]
    assert [(one.code, one.where) for one in draft_problems(session, entry=entry)] == [("draft-waiting", "idea")]


def test_device_that_goes_on_typing_has_one_waiting_text(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(idea="một")
    for text in ("h", "ha", "hai"):
        school.type(idea=text)

    assert waiting(session, entry) == [("answer:idea", "hai")]


def test_choice_made_after_seeing_both_texts_holds_and_settles(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(idea="một")
    saved = school.type(idea="hai")

    school.started = Started(versions=saved.versions, page="school")
    school.type(idea="một và hai")

    assert entry.answers["idea"] == "một và hai"
    assert waiting(session, entry) == []
    assert {row.text for row in Draft(session, entry).versions("answer:idea")} == {"cũ", "một", "hai", "một và hai"}


def test_save_whose_answer_was_lost_does_not_clash_with_itself(session: Session, entry: Entry, phone: Device) -> None:
    phone.type(idea="một")

    saved = phone.type(idea="một hai")

    assert saved.merge.clashes == {}
    assert entry.answers["idea"] == "một hai"
    assert waiting(session, entry) == []


@pytest.mark.parametrize("take", [True, False])
@pytest.mark.parametrize(
    ("name", "one", "two"),
    [("title", "Một", "Hai"), ("idea", "một", "hai"), ("category", "environment", "learning-aids")],
)
def test_waiting_text_is_taken_or_set_aside_and_neither_is_lost(
    session: Session, entry: Entry, phone: Device, school: Device, take: bool, name: str, one: str, two: str
) -> None:
    phone.type(**{name: one})
    school.type(**{name: two})
    row = Draft(session, entry).waiting()[0]

    take_waiting_text(
        session, entry=entry, actor=phone.actor, rules=phone.rules, text_id=row.id, take=take, now=NOW
    )  # fmt: skip

    field = name if name in phone.texts else answer_name(name)
    says = standing_texts(entry, phone.rules)[field]
    assert says == (two if take else one)
    assert waiting(session, entry) == []
    assert {one, two} <= {row.text for row in Draft(session, entry).versions(field)}


def test_waiting_text_of_another_entry_is_not_found(
    session: Session, contest: Contest, registry: Registry, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(idea="một")
    school.type(idea="hai")
    row = Draft(session, entry).waiting()[0]
    other = Device(session, registry, make_entry(session, contest, state="draft"), "other")

    with pytest.raises(NotFound):
        take_waiting_text(
            session, entry=other.entry, actor=other.actor, rules=other.rules, text_id=row.id, take=True, now=NOW
        )


def test_unreadable_text_is_kept_for_the_other_device_and_must_be_mended(
    session: Session, registry: Registry, entry: Entry, phone: Device
) -> None:
    member = entry.members[0]
    [row] = phone.rows()
    phone.people({**row, "share": "một nửa"})

    again = Device(session, registry, entry, "school")

    assert again.texts[member_name(member.id, "share")] == "một nửa"
    assert entry.members[0].share == Decimal(100)
    assert [one.code for one in draft_problems(session, entry=entry)] == ["draft-unread"]
    again.people({**again.rows()[0], "share": "100"})
    assert draft_problems(session, entry=entry) == ()


def test_people_of_two_devices_are_both_there(session: Session, entry: Entry, phone: Device, school: Device) -> None:
    [first] = phone.rows()
    phone.people({**first, "share": "60"}, {"id": new_id(), "name": "Lò Mẫu An", "share": "40"})

    school.people(
        {**school.rows()[0], "unit": "THPT Mẫu 2"}, {"id": new_id(), "name": "Mã Mẫu Chi", "born": "2010-02-03"}
    )

    assert [(one.name, one.unit, one.share) for one in entry.members] == [
        ("Nông Mẫu Bình", "THPT Mẫu 2", Decimal(60)),
        ("Lò Mẫu An", "", Decimal(40)),
        ("Mã Mẫu Chi", "", None),
    ]
    assert waiting(session, entry) == []


def test_row_saved_twice_makes_one_person(session: Session, entry: Entry, phone: Device) -> None:
    row = {"id": new_id(), "name": "Lò Mẫu"}
    phone.people(*phone.rows(), row)

    phone.people(*phone.rows(), {**row, "name": "Lò Mẫu An"})

    assert [one.name for one in entry.members] == ["Nông Mẫu Bình", "Lò Mẫu An"]
    assert entry.members[1].id == row["id"]


def test_id_of_a_person_of_another_entry_is_not_taken(
    session: Session, contest: Contest, entry: Entry, phone: Device
) -> None:
    stranger = make_entry(session, contest, members=({"name": "Người Lạ"},)).members[0]

    phone.people(*phone.rows(), {"id": stranger.id, "name": "Lò Mẫu An"})

    assert entry.members[1].id != stranger.id
    assert session.get_one(EntryMember, stranger.id).name == "Người Lạ"


def test_person_taken_off_on_one_device_and_written_on_on_the_other_comes_back(
    session: Session, registry: Registry, entry: Entry, phone: Device
) -> None:
    second = {"id": new_id(), "name": "Lò Mẫu An", "share": "40"}
    phone.people(*phone.rows(), second)
    one, two = Device(session, registry, entry, "one"), Device(session, registry, entry, "two")
    empty = {"id": second["id"], "name": "", "born": "", "unit": "", "email": "", "share": ""}
    one.people(one.rows()[0], empty)
    assert len(entry.members) == 1

    untouched = two.people(*two.rows())
    assert len(entry.members) == 1
    assert untouched.merge.brought[member_name(second["id"], "name")] == ""
    two.people(two.rows()[0], {**two.rows()[1], "unit": "THCS Mẫu 3"})

    assert [(one.name, one.unit) for one in entry.members][1:] == [("Lò Mẫu An", "THCS Mẫu 3")]


def test_same_part_of_a_person_on_two_devices_waits(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.people({**phone.rows()[0], "unit": "THCS Một"})
    school.people({**school.rows()[0], "unit": "THCS Hai"})
    row = Draft(session, entry).waiting()[0]
    assert (entry.members[0].unit, row.text) == ("THCS Một", "THCS Hai")

    take_waiting_text(
        session, entry=entry, actor=phone.actor, rules=phone.rules, text_id=row.id, take=True, now=NOW
    )  # fmt: skip

    assert entry.members[0].unit == "THCS Hai"
    assert waiting(session, entry) == []


def test_versions_are_bounded_and_one_sitting_makes_one(session: Session, registry: Registry, entry: Entry) -> None:
    for number in range(KEPT + 5):
        device = Device(session, registry, entry, f"page-{number}")
        for second, text in enumerate(("a", "ab", "abc")):
            device.type_later(number * 3600 + second, {"idea": f"{text} {number}"})

    versions = Draft(session, entry).versions("answer:idea")
    assert [row.text for row in versions] == [f"abc {number}" for number in range(KEPT + 4, 4, -1)]


def test_waiting_texts_are_bounded(session: Session, registry: Registry, entry: Entry) -> None:
    devices = [Device(session, registry, entry, f"page-{number}") for number in range(MOST_WAITING + 4)]
    for number, device in enumerate(devices):
        device.type_later(number, {"idea": f"text {number}"})

    assert len(waiting(session, entry)) == MOST_WAITING


def test_program_that_writes_a_field_settles_it(session: Session, entry: Entry, phone: Device, school: Device) -> None:
    phone.type(idea="một", title="A")
    school.type(idea="hai", title="B")

    settle_fields(session, entry=entry, fields=["title"])

    assert waiting(session, entry) == [("answer:idea", "hai")]


def test_nothing_is_left_of_a_draft_that_was_handed_in(
    session: Session, entry: Entry, phone: Device, school: Device
) -> None:
    phone.type(idea="một")
    school.type(idea="hai")

    forget_draft(session, entry=entry)

    assert session.scalar(select(func.count()).select_from(DraftText)) == 0


def test_entry_that_was_handed_in_takes_no_more_typing(session: Session, entry: Entry, phone: Device) -> None:
    entry.state = "submitted"
    session.flush()

    with pytest.raises(Conflict):
        phone.type(idea="mới")
