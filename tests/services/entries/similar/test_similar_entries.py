"""Entries are indexed, found, shown to the office, settled and forgotten; on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from judging.db.models import (
    AuditEvent,
    Entry,
    Job,
    SimilarDecision,
    SimilarDocument,
    SimilarPair,
    SimilarPrint,
)
from judging.domain.permissions import Actor, Relation, Role
from judging.errors import NotAllowed, NotFound, Refused
from judging.services.entries.similar.comparing import passages_in_common
from judging.services.entries.similar.pairs import Found, PairFilter, count_pairs, list_pairs, settle_pair, similar_to
from judging.services.entries.similar.work import SIMILAR_JOB, entries_to_index, search_later
from judging.services.platform import Platform
from judging.services.privacy.erasure.erasing import erase_entry
from tests.factories import NOW, give_role, make_account, make_contest, make_entry, make_judge
from tests.services.entries.similar.made import MARK, Department, add_file, index_all, make_department, searcher
from tools.bench.planted import draw_picture

ORGANISER = Actor(roles=frozenset({Role.ORGANISER}))


@pytest.fixture
def department(platform: Platform) -> Department:
    made = make_department(platform)
    index_all(platform, made)
    return made


def _found(platform: Platform, entry: Entry, actor: Actor = ORGANISER) -> list[Found]:
    with platform.database.reading() as session:
        return similar_to(session, entry=session.get_one(Entry, entry.id), actor=actor)


def test_copy_and_original_find_each_other_and_the_others_find_nothing(
    platform: Platform, department: Department
) -> None:
    assert [one.other.id for one in _found(platform, department.copy)] == [department.original.id]
    assert [one.other.id for one in _found(platform, department.original)] == [department.copy.id]
    assert [one.other.id for entry in department.honest for one in _found(platform, entry)] == []


def test_what_was_found_says_why_from_either_side(platform: Platform, department: Department) -> None:
    copy, original = _found(platform, department.copy)[0], _found(platform, department.original)[0]

    assert copy.reasons == ["picture", "text"]
    assert len(copy.pictures) == 1
    assert copy.pictures == [tuple(reversed(original.pictures[0]))]
    with platform.database.reading() as session:
        own = session.get_one(Entry, department.copy.id).files[0].id
    assert copy.pictures[0][0] == own


def test_passages_are_in_both_texts_and_name_nobody(platform: Platform, department: Department) -> None:
    with platform.database.reading() as session:
        found = similar_to(session, entry=session.get_one(Entry, department.copy.id), actor=ORGANISER)
        passages = passages_in_common(session, found=found)[department.original.id]
        texts = dict(session.execute(select(SimilarDocument.entry_id, SimilarDocument.text)).all())

    assert len(passages) >= 3
    for passage in passages:
        assert "".join(piece.text for piece in passage.one) in texts[department.copy.id]
        assert "".join(piece.text for piece in passage.other) in texts[department.original.id]
    assert all(MARK not in text and "… đã làm." in text for text in texts.values())


def test_an_equal_file_is_found_and_one_that_many_have_is_not(platform: Platform, department: Department) -> None:
    one, other, *rest = department.honest
    with platform.database.writing() as session:
        for entry in (one, other):
            add_file(session, platform, entry, draw_picture(5))
        for entry in (*rest, department.copy):
            add_file(session, platform, entry, draw_picture(6))
    index_all(platform, department)

    assert [(each.other.id, each.reasons[0]) for each in _found(platform, one)] == [(other.id, "file")]
    assert [each.other.id for entry in rest for each in _found(platform, entry)] == []


def test_papers_for_the_office_alone_are_not_compared(platform: Platform, department: Department) -> None:
    one, other = department.honest[:2]
    with platform.database.writing() as session:
        for entry in (one, other):
            add_file(session, platform, entry, draw_picture(5), item="proof_of_age")
    index_all(platform, department)

    assert _found(platform, one) == []


def test_another_organisation_is_never_found(platform: Platform, department: Department) -> None:
    with platform.database.writing() as session:
        strange = make_contest(session, platform.registry, phase="screening")
        same = session.get_one(Entry, department.original.id)
        twin = make_entry(session, strange, title=same.title, answers=dict(same.answers))
    assert searcher(platform).index(twin.id, now=NOW)

    assert searcher(platform).search(twin.id, now=NOW) == 0
    with platform.database.reading() as session:
        ids = entries_to_index(session, organisation_id=department.organisation.id)
    assert len(ids) == 11
    assert twin.id not in ids


def test_drafts_are_not_indexed(platform: Platform, department: Department) -> None:
    with platform.database.writing() as session:
        contest = session.merge(department.now, load=False)
        draft = make_entry(session, contest, state="draft", submitted_at=None, answers=dict(department.copy.answers))

    assert not searcher(platform).index(draft.id, now=NOW)
    assert not searcher(platform).index("00000000-0000-7000-8000-000000000000", now=NOW)


def test_indexing_again_changes_nothing_and_follows_what_was_changed(
    platform: Platform, department: Department
) -> None:
    index_all(platform, department)
    assert [one.other.id for one in _found(platform, department.copy)] == [department.original.id]

    with platform.database.writing() as session:
        entry = session.get_one(Entry, department.copy.id)
        entry.answers = {"idea": "Máy sấy mận bằng năng lượng mặt trời cho bà con."}
        entry.files.clear()
    assert searcher(platform).index(department.copy.id, now=NOW)
    assert searcher(platform).search(department.copy.id, now=NOW) == 0

    assert _found(platform, department.copy) == []
    with platform.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SimilarDocument)) == 11


def test_work_is_put_down_at_submission_and_done_after_the_letters(platform: Platform) -> None:
    department = make_department(platform)
    with platform.database.writing() as session:
        for entry in (department.original, department.copy):
            search_later(session, entry=session.get_one(Entry, entry.id), now=NOW)
    with platform.database.reading() as session:
        jobs = session.scalars(select(Job).where(Job.name == SIMILAR_JOB)).all()
    assert [job.run_after > NOW for job in jobs] == [True, True]

    platform.jobs._runner.run_due()

    assert [one.other.id for one in _found(platform, department.copy)] == [department.original.id]


def test_erased_entry_leaves_no_print_passage_pair_or_word(platform: Platform, department: Department) -> None:
    with platform.database.writing() as session:
        copy = session.get_one(Entry, department.copy.id)
        settle_pair(
            session, entry=copy, other_id=department.original.id, is_same=True, note=f"Bài của {MARK}",
            actor=department.desk, relation=Relation(), now=NOW,
        )  # fmt: skip
    with platform.database.writing() as session:
        entry = session.get_one(Entry, department.original.id)
        document = session.scalars(select(SimilarDocument).where(SimilarDocument.entry_id == entry.id)).one()
        erase_entry(session, entry=entry, actor=ORGANISER, reason="Theo đơn số 7.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        left = select(func.count()).select_from(SimilarPrint).where(SimilarPrint.document_id == document.id)
        assert session.scalar(left) == 0
        assert session.scalar(select(func.count()).where(SimilarDocument.entry_id == entry.id)) == 0
        assert session.scalars(select(SimilarPair)).all() == []
        assert session.scalars(select(SimilarDecision)).all() == []
        kept = session.scalars(select(AuditEvent).where(AuditEvent.action == "similar-settled")).one()
        assert MARK not in str(kept.details)
    assert not searcher(platform).index(entry.id, now=NOW)


def test_settling_hides_the_pair_in_the_list_and_a_later_word_replaces_the_first(
    platform: Platform, department: Department
) -> None:
    said = {"other_id": department.original.id, "actor": department.desk, "relation": Relation(), "now": NOW}
    with platform.database.writing() as session:
        copy = session.get_one(Entry, department.copy.id)
        settle_pair(session, entry=copy, is_same=False, note="", **said)  # type: ignore[arg-type] # by name
        said["now"] = NOW + timedelta(minutes=1)
        settle_pair(session, entry=copy, is_same=True, note="Bài năm trước", **said)  # type: ignore[arg-type] # by name

    with platform.database.reading() as session:
        shown = {
            settled: list_pairs(
                session, contest=department.now, actor=department.desk, chosen=PairFilter(settled=settled)
            )
            for settled in (False, True, None)
        }
        numbers = [
            count_pairs(session, contest=department.now, actor=department.desk, chosen=PairFilter(settled=settled))
            for settled in (False, True, None)
        ]
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "similar-settled").order_by(AuditEvent.at)
        ).all()
    assert numbers == [len(found) for found in shown.values()] == [0, 1, 1]
    decision = shown[True][0].decision
    assert decision is not None
    assert (decision.is_same, decision.note) == (True, "Bài năm trước")
    assert [event.details["verdict"] for event in events] == ["different", "same"]


@pytest.mark.parametrize(("reason", "number"), [("picture", 1), ("text", 1), ("file", 0), ("", 1)])
def test_list_is_filtered_by_reason(platform: Platform, department: Department, reason: str, number: int) -> None:
    with platform.database.reading() as session:
        for contest in (department.now, department.earlier):
            found = list_pairs(session, contest=contest, actor=department.desk, chosen=PairFilter(reason=reason))
            assert [one.one.contest_id for one in found] == [contest.id] * number


def test_who_judges_in_either_contest_is_told_nothing(platform: Platform, department: Department) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
        give_role(session, session.merge(department.now, load=False), account, "secretary")
        make_judge(session, session.merge(department.earlier, load=False), account=account)
    actor = Actor(account_id=account.id, roles=frozenset({Role.SECRETARY}))

    assert _found(platform, department.copy, actor) == []
    with platform.database.reading() as session:
        assert count_pairs(session, contest=department.now, actor=actor, chosen=PairFilter()) == 0


def test_settling_is_refused_without_right_without_pair_and_without_a_note(
    platform: Platform, department: Department
) -> None:
    with platform.database.writing() as session:
        copy = session.get_one(Entry, department.copy.id)

        def settle(**values: object) -> None:
            arguments = {
                "other_id": department.original.id, "is_same": False, "note": "", "actor": department.desk,
                "relation": Relation(), "now": NOW, **values,
            }  # fmt: skip
            settle_pair(session, entry=copy, **arguments)  # type: ignore[arg-type] # by name

        with pytest.raises(NotAllowed):
            settle(actor=Actor(roles=frozenset({Role.AUDITOR})))
        with pytest.raises(NotAllowed):
            settle(relation=Relation(author=True))
        with pytest.raises(NotFound):
            settle(other_id=department.honest[0].id)
        with pytest.raises(Refused):
            settle(is_same=True, note=" ")
        assert session.scalars(select(SimilarDecision)).all() == []
