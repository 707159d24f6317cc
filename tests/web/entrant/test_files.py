"""Who gets a file, under which name, and what is not taken."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from judging.db.models import Account, Assignment, Conflict, Entry, EntryFile, Judge
from judging.services.platform import Platform
from tests.copies import prepare_files
from tests.factories import (
    NOW,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
)

SignIn = Callable[[FlaskClient, Account], str]
LEAK = "Nong Mau Binh - Lop 6A.png"


@dataclass
class Stage:
    """A judged entry with a picture and a proof of age whose names give the pupil away."""

    entry: Entry
    owner: Account
    judge: Account
    other_judge: Account
    stranger: Account
    secretary: Account
    committee: Account
    picture: str
    proof: str


def image_bytes() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (40, 30), "#005e75").save(made, "PNG")
    return made.getvalue()


def pdf_bytes(pages: int, *, password: str = "") -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        encryption = pikepdf.Encryption(owner=password, user=password) if password else False
        pdf.save(made, encryption=encryption)
    return made.getvalue()


@pytest.fixture
def stage(platform: Platform) -> Stage:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging")
        owner = make_account(session)
        entry = make_entry(session, contest, owner=owner, state="in-round")
        judge, other = make_judge(session, contest), make_judge(session, contest)
        make_assignment(session, entry, judge, round_key="preliminary")
        files = []
        for item in ("pictures", "proof_of_age"):
            stored = platform.files.put(image_bytes())
            file = EntryFile(
                entry_id=entry.id, item=item, filename=LEAK, media_type="image/png", size=stored.size,
                sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
            )  # fmt: skip
            session.add(file)
            files.append(file)
        session.flush()
        secretary, committee = make_account(session), make_account(session)
        give_role(session, contest, secretary, "secretary")
        give_role(session, contest, committee, "committee")
        made = Stage(
            entry=entry, owner=owner, judge=session.get_one(Account, judge.account_id),
            other_judge=session.get_one(Account, other.account_id), stranger=make_account(session),
            secretary=secretary, committee=committee, picture=files[0].id, proof=files[1].id,
        )  # fmt: skip
    prepare_files(platform)
    return made


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("owner", [200, 200]),
        ("judge", [200, 404]),
        ("other_judge", [404, 404]),
        ("stranger", [404, 404]),
        ("secretary", [200, 200]),
        ("committee", [200, 404]),
    ],
)
def test_file_goes_only_to_those_who_may_see_it(
    client: FlaskClient, sign_in: SignIn, stage: Stage, who: str, expected: list[int]
) -> None:
    sign_in(client, getattr(stage, who))

    answers = [client.get(f"/entries/{stage.entry.id}/files/{file}") for file in (stage.picture, stage.proof)]

    assert [answer.status_code for answer in answers] == expected


def test_file_of_another_entry_is_not_found_below_ones_own(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    with platform.database.writing() as session:
        mine = make_entry(session, session.get_one(Entry, stage.entry.id).contest, owner=stage.stranger)
    sign_in(client, stage.stranger)

    assert client.get(f"/entries/{mine.id}/files/{stage.picture}").status_code == 404


def test_guest_is_sent_to_sign_in(client: FlaskClient, stage: Stage) -> None:
    answer = client.get(f"/entries/{stage.entry.id}/files/{stage.picture}")

    assert answer.status_code == 302
    assert answer.location.startswith("/login")


def test_judge_of_a_blind_round_gets_a_name_that_tells_nothing(
    client: FlaskClient, sign_in: SignIn, stage: Stage
) -> None:
    sign_in(client, stage.judge)

    answer = client.get(f"/entries/{stage.entry.id}/files/{stage.picture}")

    assert f"ST-{stage.entry.number:03d}-pictures-1.png" in answer.headers["Content-Disposition"]
    assert "Nong" not in str(answer.headers)


def test_judge_of_an_open_round_gets_the_real_name(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage
) -> None:
    with platform.database.writing() as session:
        session.scalars(select(Assignment)).one().round = "final"
    sign_in(client, stage.judge)

    answer = client.get(f"/entries/{stage.entry.id}/files/{stage.picture}")

    assert LEAK in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("way", ["recused", "conflict"])
def test_judge_who_stepped_back_gets_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, stage: Stage, way: str
) -> None:
    with platform.database.writing() as session:
        if way == "recused":
            session.scalars(select(Assignment)).one().state = "recused"
        else:
            judge = session.scalars(select(Judge).where(Judge.account_id == stage.judge.id)).one()
            session.add(
                Conflict(
                    contest_id=judge.contest_id, judge_id=judge.id, entry_id=stage.entry.id, kind="mentor",
                    source="declared", at=NOW,
                )
            )  # fmt: skip
    sign_in(client, stage.judge)

    assert client.get(f"/entries/{stage.entry.id}/files/{stage.picture}").status_code == 404


def test_file_cannot_run_in_a_page(client: FlaskClient, sign_in: SignIn, stage: Stage) -> None:
    sign_in(client, stage.owner)

    answer = client.get(f"/entries/{stage.entry.id}/files/{stage.picture}")

    assert answer.data == image_bytes()
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (("summary", "a.pdf", pdf_bytes(3)), "a.pdf has 3 pages; at most 2 are taken here."),
        (("summary", "b.pdf", pdf_bytes(1, password="x")), "b.pdf is protected by a password."),
        (("summary", "c.pdf", pdf_bytes(1)[:200]), "c.pdf cannot be opened."),
        (("summary", "d.pdf", b"<html><script>alert(1)</script>"), "it is a web page, a drawing in SVG, or a script"),
        (("pictures", "e.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "it is a web page, a drawing in SVG"),
        (("pictures", "f.png", image_bytes()[:60]), "f.png cannot be opened."),
        (("pictures", "g.png", b""), "g.png is empty."),
        (("model", "h.pdf", pdf_bytes(1)), "is handed in at the office, not here."),
    ],
)  # fmt: skip
def test_refused_file_says_why_and_leaves_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, sent: tuple[str, str, bytes], sentence: str
) -> None:
    item, name, content = sent
    with platform.database.writing() as session:
        owner = make_account(session)
        entry = make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")
    token = sign_in(client, owner)

    answer = client.post(
        f"/entries/{entry.id}/files",
        data={"item": item, "file": (io.BytesIO(content), name), "csrf_token": token},
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert sentence in answer.text
    assert list(platform.files.keys()) == []
    with platform.database.reading() as session:
        assert session.scalars(select(EntryFile)).all() == []


def test_removed_file_is_gone_from_the_store(client: FlaskClient, sign_in: SignIn, platform: Platform) -> None:
    with platform.database.writing() as session:
        owner = make_account(session)
        entry = make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")
    token = sign_in(client, owner)
    client.post(
        f"/entries/{entry.id}/files",
        data={"item": "summary", "file": (io.BytesIO(pdf_bytes(2)), "mẫu/tóm tắt.PDF"), "csrf_token": token},
        content_type="multipart/form-data",
    )
    with platform.database.reading() as session:
        file = session.scalars(select(EntryFile)).one()
    assert (file.filename, file.pages, file.media_type) == ("tóm tắt.PDF", 2, "application/pdf")

    client.post(f"/entries/{entry.id}/files/{file.id}/remove", data={"csrf_token": token})

    assert list(platform.files.keys()) == []
    with platform.database.reading() as session:
        assert session.scalars(select(EntryFile)).all() == []


def test_file_above_the_number_of_its_item_is_refused_and_not_kept(
    client: FlaskClient, sign_in: SignIn, platform: Platform
) -> None:
    with platform.database.writing() as session:
        owner = make_account(session)
        entry = make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")
    token = sign_in(client, owner)

    answer = client.post(
        f"/entries/{entry.id}/files",
        data={
            "item": "summary",
            "file": [(io.BytesIO(pdf_bytes(1)), "one.pdf"), (io.BytesIO(pdf_bytes(1)), "two.pdf")],
            "csrf_token": token,
        },
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert "Remove one before you add two.pdf." in answer.text
    assert len(list(platform.files.keys())) == 1


@pytest.mark.parametrize(("language", "told"), [("vi", "2 trang, "), ("en", "2 pages, ")])
def test_number_of_pages_is_told_in_the_language_of_the_page(
    client: FlaskClient, sign_in: SignIn, platform: Platform, language: str, told: str
) -> None:
    with platform.database.writing() as session:
        owner = make_account(session)
        entry = make_entry(session, make_contest(session, platform.registry), owner=owner, state="draft")
    token = sign_in(client, owner)
    client.post(
        f"/entries/{entry.id}/files",
        data={"item": "summary", "file": (io.BytesIO(pdf_bytes(2)), "a.pdf"), "csrf_token": token},
        content_type="multipart/form-data",
    )

    assert told in client.get(f"/entries/{entry.id}/edit/files?lang={language}").text
