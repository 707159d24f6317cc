"""The page of the score log: plain words in both languages, receipts, and nothing before its time."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from flask.testing import FlaskClient

from judging.db.models import Contest, LogHead, LogLeaf
from judging.domain.ledger.leaves import read_leaf
from judging.services.score_log.acts import record_removal
from judging.services.score_log.receipts import find_leaf_at, make_receipt
from tests.factories import NOW, make_contest
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from judging.db.session import Database
    from judging.domain.ledger.receipts import Receipt
    from judging.services.platform import Platform
    from tests.services.office import Office
    from tests.web.public.conftest import Act

LIMITS = {"en": "What it does not prove", "vi": "Không chứng minh được gì"}


@pytest.fixture
def address(logged: Office) -> str:
    return f"/contests/{logged.contest.slug}/log/"


@pytest.fixture
def receipt(database: Database, logged: Office) -> Receipt:
    """A judge's receipt for the first sheet in the log."""
    with database.reading() as session:
        origin = session.query(LogHead.origin).filter_by(contest_id=logged.contest.id).scalar()
        leaves = session.query(LogLeaf.idx, LogLeaf.entry).order_by(LogLeaf.idx)
        index = next(index for index, entry in leaves if entry and read_leaf(entry)["type"] == "sheet")
        leaf = find_leaf_at(session, origin=origin, index=index)
        assert leaf is not None
        return make_receipt(session, leaf)


@pytest.fixture
def check(client: FlaskClient, address: str) -> Callable[..., TestResponse]:
    def send(data: bytes = b"", *, pasted: str = "") -> TestResponse:
        form: dict[str, Any] = {"csrf_token": csrf_token(client, address), "pasted": pasted}
        if data:
            form["receipt"] = (io.BytesIO(data), "receipt.tlog-proof")
        return client.post(address, data=form, content_type="multipart/form-data")

    return send


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("published", [False, True])
def test_page_says_in_each_language_what_the_log_proves_and_what_not(
    client: FlaskClient, address: str, publish: Act, lang: str, published: bool
) -> None:
    if published:
        publish()

    answer = client.get(f"{address}?lang={lang}")

    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1") == 1
    assert LIMITS[lang] in answer.text
    assert ("data-recount-form" in answer.text, "bundle.zip" in answer.text) == (published, published)
    # One button is filled: the next act.
    assert answer.text.count("button-primary") == 1


def test_page_shows_the_checkpoint_with_its_root_in_groups(client: FlaskClient, address: str) -> None:
    origin, size, root = client.get(f"{address}1/checkpoint").text.split("\n")[:3]
    key = client.get(f"{address}1/log.vkey").text.strip()
    page = client.get(address).text.replace("&#43;", "+").replace("&#x2B;", "+")

    groups = " ".join(root[start : start + 8] for start in range(0, len(root), 8))
    assert all(text in page for text in (origin, groups, key))
    assert re.search(rf">\s*{size}\s*<", page)


def test_page_of_a_contest_without_a_log_says_so(client: FlaskClient, platform: Platform) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="open")

    text = client.get(f"/contests/{contest.slug}/log/").text

    assert "Nothing is published of the log yet" in text
    assert 'id="receipt"' not in text


def test_acts_are_counted_before_publication_and_listed_after(
    client: FlaskClient, database: Database, logged: Office, address: str, publish: Act
) -> None:
    alias = logged.entries[4].alias
    with database.writing() as session:
        entry = session.merge(logged.entries[4])
        entry.state = "disqualified"
        record_removal(session, entry=entry, reason="Sao chép", by_id=None, disqualified=True, now=NOW)

    before = client.get(address).text
    publish()
    after = client.get(address).text

    assert "1 act" in before
    assert alias not in before
    assert f"entry {alias} was disqualified" in after


def test_receipt_is_told_in_words_as_a_file_and_as_text(check: Callable[..., TestResponse], receipt: Receipt) -> None:
    for answer in (check(bytes(receipt)), check(pasted=bytes(receipt).decode().replace("\n", "\r\n"))):
        assert "The receipt is valid, and the log holds the line." in answer.text
        assert receipt.code[:5] in answer.text
        assert read_leaf(receipt.leaf)["entry"] in answer.text


def test_receipt_that_the_log_does_not_honour_is_told(
    check: Callable[..., TestResponse], database: Database, receipt: Receipt
) -> None:
    # Somebody who can drop the triggers can change a leaf; the receipt finds out.
    with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
            for name in names:
                connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        else:
            connection.exec_driver_sql("ALTER TABLE log_leaf DISABLE TRIGGER USER")
        table = LogLeaf.metadata.tables["log_leaf"]
        connection.execute(table.update().where(table.c.idx == receipt.index).values(hash=b"x" * 32))

    assert "the log does not hold the line any more" in check(bytes(receipt)).text


def test_what_is_no_receipt_of_this_contest_is_refused_in_words(
    check: Callable[..., TestResponse], receipt: Receipt
) -> None:
    whole = bytes(receipt)
    forged = whole.replace(b"index ", b"index 1")
    for data in (b"nothing", forged, whole + b" " * 100_000, b"\xff" * 200_000, whole[:-40]):
        answer = check(data)
        assert answer.status_code == 200
        assert "This receipt is not valid for this contest." in answer.text
    assert "No receipt was sent." in check().text


def test_receipt_without_a_token_is_refused(client: FlaskClient, address: str, receipt: Receipt) -> None:
    assert client.post(address, data={"pasted": bytes(receipt).decode()}).status_code == 400


def test_code_is_looked_up_among_published_lines(client: FlaskClient, address: str, receipt: Receipt) -> None:
    typed = f"{receipt.code[:5].lower()} {receipt.code[5:]}"

    assert (
        f"The log holds this code, in line {receipt.index}." in client.get(address, query_string={"code": typed}).text
    )
    for other in ("AAAAAAAAAA", "short", "x" * 500):
        assert "published lines has this code" in client.get(address, query_string={"code": other}).text


def test_page_is_linked_from_the_contest_and_its_results(client: FlaskClient, address: str, publish: Act) -> None:
    publish()
    contest = address.removesuffix("log/")

    for page in (contest, f"{contest}results", f"{contest}rules"):
        assert f'href="{address}"' in client.get(page).text
    assert f"{address}#limits" in client.get(f"{contest}results").text


def test_results_page_shows_the_checkpoint_in_its_block(
    client: FlaskClient, database: Database, logged: Office, publish: Act
) -> None:
    publish()
    root = client.get(f"/contests/{logged.contest.slug}/log/1/checkpoint").text.split("\n")[2]
    page = client.get(f"/contests/{logged.contest.slug}/results").text.replace("&#43;", "+")

    assert root[:8] in page
    with database.writing() as session:
        session.get_one(Contest, logged.contest.id).phase = "suspended"
    assert root[:8] not in client.get(f"/contests/{logged.contest.slug}/results").text


def test_page_makes_the_same_queries_for_few_and_for_many_leaves(
    client: FlaskClient, database: Database, logged: Office, address: str, publish: Act, count_queries: Callable
) -> None:
    from judging.services.score_log.acts import record_extensions

    client.get(address)
    with count_queries() as few:
        client.get(address)
    with database.writing() as session:
        contest = session.get_one(Contest, logged.contest.id)
        moved = {f"date_{number}": ("a", "b") for number in range(300)}
        record_extensions(session, contest=contest, moved=moved, by_id=None, now=NOW)
    with count_queries() as many:
        assert "300 acts" in client.get(address).text

    assert len(many) <= len(few) + 1
    publish()
    client.get(address)
    with count_queries() as open_page:
        client.get(address)
    assert len(open_page) <= 22
