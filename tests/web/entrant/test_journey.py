"""A pupil's way from the question "may I?" to the receipt, through the real pages."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from judging.db.models import Account, AuditEvent, Contest, Entry, EntryMember, Job, Receipt
from judging.domain.structure import digest
from judging.services.platform import Platform
from tests.factories import make_account, make_contest

SignIn = Callable[[FlaskClient, Account], str]

THIS_YEAR = datetime.now(UTC).year
BORN = f"{THIS_YEAR - 12}-05-31"
TEXTS = ("idea", "construction", "operation", "novelty", "creativity", "applicability", "adult_help")


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "#5e2c91").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
def contest(platform: Platform) -> Contest:
    with platform.database.writing() as session:
        return make_contest(session, platform.registry)


@pytest.fixture
def pupil(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, name="Nông Mẫu Bình")


def begin(client: FlaskClient, contest: Contest, token: str) -> str:
    """Answer the questions, begin, and return the entry's id."""
    client.post(f"/contests/{contest.slug}/enter", data={"answer_own_work": "y", "born-0": BORN, "csrf_token": token})
    answer = client.post(f"/contests/{contest.slug}/begin", data={"csrf_token": token})
    assert answer.status_code == 302, answer.text
    return answer.location.split("/entries/")[1].split("/")[0]


def fill(client: FlaskClient, entry_id: str, token: str) -> None:
    """Fill in everything that the youth contest asks for."""
    post = {
        "about": {
            "title": "Bộ lọc nước suối mẫu",
            "category": "environment",
            "answer_own_work": "y",
            "answer_school": "THCS Mẫu 12",
        },
        "people": {
            "members-0-name": "Nông Mẫu Bình",
            "members-0-born": BORN,
            "members-0-unit": "THCS Mẫu 12",
            "members-0-share": "100",
        },
        "text": {f"answer_{key}": "Ba câu mẫu ngắn." for key in TEXTS},
    }
    for step, values in post.items():
        answer = client.post(f"/entries/{entry_id}/edit/{step}", data={**values, "csrf_token": token})
        assert answer.status_code == 302, answer.text
    for item in ("pictures", "proof_of_age", "school_confirmation"):
        send(client, entry_id, token, item)
    agree_as_guardian(client, entry_id, token)


def agree_as_guardian(client: FlaskClient, entry_id: str, token: str) -> None:
    """The account is the mother's: she agrees, and ticks with the child what the child says."""
    page = client.get(f"/entries/{entry_id}/edit/consents").text
    values = [value for value in re.findall(r'name="consent"\s+value="([^"]+)"', page) if value.endswith("take-part")]
    assert len(values) == 2, "a guardian's point and the child's own"
    answer = client.post(f"/entries/{entry_id}/edit/consents", data={"consent": values, "csrf_token": token})
    assert answer.status_code == 302, answer.text


def send(client: FlaskClient, entry_id: str, token: str, item: str) -> str:
    """Upload a picture; returns the page that follows."""
    answer = client.post(
        f"/entries/{entry_id}/files",
        data={"item": item, "file": (io.BytesIO(picture()), f"{item}.png"), "csrf_token": token},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 302, answer.text
    return client.get(answer.location).text


def test_pupil_enters_and_gets_a_receipt_that_fits(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    token = sign_in(client, pupil)
    entry_id = begin(client, contest, token)
    assert "things are still missing" in client.get(f"/entries/{entry_id}/edit/review").text
    fill(client, entry_id, token)
    assert "Nothing is missing." in client.get(f"/entries/{entry_id}/edit/review").text

    answer = client.post(f"/entries/{entry_id}/submit", data={"csrf_token": token})

    assert answer.status_code == 302, answer.text
    with platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        receipt = session.scalars(select(Receipt)).one()
        assert entry.state == "submitted"
        assert receipt.number == f"ST-2021-{entry.number:04d}-1"
        assert receipt.sha256 == digest(receipt.content)
        assert receipt.content["answers"]["idea"] == "Ba câu mẫu ngắn."
        assert [member["name"] for member in receipt.content["members"]] == ["Nông Mẫu Bình"]
        work = set(session.scalars(select(Job.name)))
        assert work == {"prepare-file", "send-letter", "similar"}
        actions = set(session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == entry_id)))
        assert actions == {"entry-begun", "entry-edited", "entry-people-changed", "entry-submitted"}
    shown = client.get(f"/entries/{entry_id}/").text
    assert receipt.number in shown
    assert "Submitted" in shown


def test_submission_with_gaps_tells_every_gap_and_changes_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    token = sign_in(client, pupil)
    entry_id = begin(client, contest, token)

    answer = client.post(f"/entries/{entry_id}/submit", data={"csrf_token": token})

    assert answer.status_code == 422
    for sentence in ("Give the entry a title.", "Choose the category.", "Write the name of every author."):
        assert sentence in answer.text
    for anchor in (
        "edit/about#title",
        "edit/people#members-0-name",
        "edit/text#answer_idea",
        "edit/files#item-pictures",
    ):
        assert anchor in answer.text
    with platform.database.reading() as session:
        assert session.get_one(Entry, entry_id).state == "draft"
        assert session.scalars(select(Receipt)).all() == []


def test_submission_after_the_closing_moment_becomes_a_late_entry_with_a_receipt(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    token = sign_in(client, pupil)
    entry_id = begin(client, contest, token)
    agree_as_guardian(client, entry_id, token)
    with platform.database.writing() as session:
        session.get_one(Contest, contest.id).closes_at = datetime.now(UTC) - timedelta(seconds=1)

    answer = client.post(f"/entries/{entry_id}/submit", data={"csrf_token": token}, follow_redirects=True)

    assert "Recorded as late." in answer.text
    with platform.database.reading() as session:
        assert session.get_one(Entry, entry_id).state == "late"
        assert session.scalars(select(Receipt.entry_id)).all() == [entry_id]


def test_late_entry_without_the_consents_of_its_children_is_not_taken(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    token = sign_in(client, pupil)
    entry_id = begin(client, contest, token)
    with platform.database.writing() as session:
        session.get_one(Contest, contest.id).closes_at = datetime.now(UTC) - timedelta(seconds=1)

    answer = client.post(f"/entries/{entry_id}/submit", data={"csrf_token": token})

    assert answer.status_code == 422
    assert "a father, mother or guardian has not agreed yet" in answer.text
    assert f'href="/entries/{entry_id}/edit/consents#answers"' in answer.text
    with platform.database.reading() as session:
        assert session.get_one(Entry, entry_id).state == "draft"


def test_withdrawn_entry_stays_visible_to_its_owner_and_cannot_be_handed_in(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    token = sign_in(client, pupil)
    entry_id = begin(client, contest, token)
    client.post(f"/entries/{entry_id}/withdraw", data={"csrf_token": token})
    with platform.database.reading() as session:
        assert session.get_one(Entry, entry_id).state == "draft"

    client.post(f"/entries/{entry_id}/withdraw", data={"csrf_token": token, "sure": "1"})

    assert "Withdrawn" in client.get(f"/entries/{entry_id}/").text
    assert client.post(f"/entries/{entry_id}/submit", data={"csrf_token": token}).status_code == 409


def test_begin_prefills_what_was_answered(
    client: FlaskClient, sign_in: SignIn, platform: Platform, contest: Contest, pupil: Account
) -> None:
    entry_id = begin(client, contest, sign_in(client, pupil))

    with platform.database.reading() as session:
        entry = session.get_one(Entry, entry_id)
        assert entry.answers == {"own_work": True}
        assert str(session.scalars(select(EntryMember.born)).one()) == BORN
        assert entry.number == 1
