from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.mail import Message, MessageError

AT = datetime(2021, 6, 1, 8, 0, tzinfo=UTC)


def test_message_comes_through_the_wire_in_vietnamese() -> None:
    message = Message(to="an@example.vn", subject="Kết quả vòng chấm", text="Xin chào An,\nhồ sơ đã nhận.\n")

    mail = message_from_bytes(message.compose(sender="ban@example.vn", key="k", at=AT).as_bytes(), policy=default)

    assert (mail["From"], mail["To"], mail["Subject"]) == ("ban@example.vn", "an@example.vn", "Kết quả vòng chấm")
    assert mail["Date"].datetime == AT
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().splitlines() == ["Xin chào An,", "hồ sơ đã nhận."]


def test_message_with_html_offers_both() -> None:
    message = Message(to="an@example.vn", subject="s", text="plain", html="<p>rich</p>")

    mail = message_from_bytes(message.compose(sender="ban@example.vn", key="k", at=AT).as_bytes(), policy=default)

    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["plain", "<p>rich</p>"]


def test_message_id_depends_on_the_key_alone() -> None:
    message = Message(to="an@example.vn", subject="s", text="t")

    first, again, other = (message.compose(sender="b@example.vn", key=key, at=AT)["Message-ID"] for key in "aab")

    assert first == again
    assert first != other
    assert first.endswith("@example.vn>")


@pytest.mark.parametrize("value", ["x\r\nBcc: spy@example.vn", "x\nBcc: spy@example.vn", "x\x00", "x\u2028y", "", "  "])
@pytest.mark.parametrize("header", ["to", "subject"])
def test_header_injection_is_refused(header: str, value: str) -> None:
    parts = {"to": "an@example.vn", "subject": "s", "text": "t"} | {header: value}

    with pytest.raises(MessageError, match=f"The e-mail's {header} is empty or holds a control character"):
        Message(**parts)


@given(subject=st.text(min_size=1), text=st.text())
def test_message_is_refused_or_has_just_the_headers_that_were_meant(subject: str, text: str) -> None:
    try:
        message = Message(to="an@example.vn", subject=subject, text=text)
        wire = message.compose(sender="ban@example.vn", key="k", at=AT).as_bytes()
    except (MessageError, UnicodeEncodeError):
        return

    mail = message_from_bytes(wire, policy=default)
    assert set(mail.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "Content-Type",
        "Content-Transfer-Encoding",
        "MIME-Version",
    }
    assert mail["To"] == "an@example.vn"


@pytest.mark.parametrize("value", ["an", "an@", "@example.vn", "an@example.vn, spy@example.vn", "An <an@example.vn>"])
def test_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(MessageError, match="is no e-mail address"):
        Message(to=value, subject="s", text="t")


def test_message_survives_the_way_through_a_job() -> None:
    message = Message(to="an@example.vn", subject="Kết quả", text="t", html=None)

    assert Message.from_payload(json.loads(json.dumps(message.as_payload()))) == message
