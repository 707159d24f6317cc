"""Leaves: every type can be made and read, nothing else is taken, and the quick way of reading is the long way's."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.ledger import leaf_types as types
from judging.domain.ledger.canonical import canonical_json, plain_json, read_canonical, to_base64
from judging.domain.ledger.documents import opening
from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaves import commit_comments, commit_text, leaf_bytes, new_salt, read_leaf, time_text
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.ledger.plain_sheets import read_plain_sheet
from tests.ledger.conftest import kind_rules
from tests.ledger.log_maker import HASH, LogMaker

AT = "2026-03-01T09:00:01.001Z"
SALT = bytes(32)
NOTE = "contest.example/c/log/1\n1\nAAAA\n\n— x AAAA\n"
DECIDED: dict[str, Any] = {"reason_sha256": HASH, "by": "o-0001", "approved_by": "c-0001"}
SHEET = types.Sheet(
    round="final", rubric="a" * 64, judge="j-7f3a", entry="e-0042", ver=1, scores={"craft": "7", "idea.new": "8.5"},
    comment_sha256=HASH,
)  # fmt: skip
BODIES: dict[str, types.LeafBody] = {
    "open": opening(
        rules=kind_rules("startup"), judges=[{"judge": "j-7f3a"}], plugins={"x": "1"},
        assignment=LogMaker(rules=kind_rules("startup"), boards={}).assignment,
    ),
    "sheet": SHEET,
    "recuse": types.Recuse(judge="j-7f3a", entry="e-0042", reason_sha256=HASH),
    "withdraw": types.Withdraw(entry="e-0042", **DECIDED),
    "disqualify": types.Disqualify(entry="e-0042", **DECIDED),
    "override": types.Override(target=1, exclude=True, **DECIDED),
    "extend": types.Extend(what="final", old="2026-03-01", new="2026-03-02", by="o-0001"),
    "rekey": types.Rekey(judge="j-7f3a", key="AAAA"),
    "ballots": types.Ballots(count=3, root=HASH),
    "close": types.Close(sheets=1, ranking_sha256=HASH, inputs=2),
    "publish": types.Publish(manifest_sha256=HASH, level="public-sheets"),
    "amend": types.Amend(what="rules", digest=HASH, **DECIDED),
    "assign": types.Assign(round="final", assign_sha256=HASH),
    "round": types.RoundEvent(round="final", event="closed", inputs=2, ranking_sha256=HASH),
    "vote": types.Vote(
        subject="tie", outcome={"round": "final", "order": ["e-0042", "e-0043"]}, counts={"for": 3}, minutes_sha256=HASH
    ),
    "award": types.Award(entry="e-0042", level="first", by="o-0001", approved_by="c-0001"),
    "comparison": types.Comparison(
        round="final", judge="j-7f3a", left="e-0042", right="e-0043", outcome="left", ver=1
    ),
    "reopen": types.Reopen(reason_sha256=HASH, prev_checkpoint=NOTE),
    "restored": types.Restored(reason_sha256=HASH, prev_checkpoint=NOTE),
}  # fmt: skip


def made(body: types.LeafBody) -> bytes:
    return leaf_bytes(body, contest="spring-2026", t=AT, salt=SALT)


def changed(kind: str, **changes: Any) -> bytes:
    """A leaf with fields replaced, or taken away by the value `...`."""
    leaf = {**json.loads(made(BODIES[kind])), **changes}
    return rfc8785.dumps({name: value for name, value in leaf.items() if value is not ...})


def test_there_is_an_example_of_every_type() -> None:
    assert set(BODIES) == {body.kind for body in types.LEAF_TYPES}


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_leaf_is_canonical_json_with_the_common_fields(kind: str) -> None:
    data = made(BODIES[kind])
    leaf = read_leaf(data)

    assert rfc8785.dumps(dict(leaf)) == data
    assert {key: leaf[key] for key in ("v", "type", "contest", "t", "salt")} == {
        "v": 1, "type": kind, "contest": "spring-2026", "t": AT, "salt": to_base64(SALT),
    }  # fmt: skip


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_leaf_lacking_any_field_it_needs_is_refused(kind: str) -> None:
    for name in json.loads(made(BODIES[kind])):
        with pytest.raises(LeafError):
            read_leaf(changed(kind, **{name: ...}))


@pytest.mark.parametrize("kind", sorted(BODIES))
@pytest.mark.parametrize("value", [None, "", "x y", -1, 1.5, True, [], {"a": 1}, "é", 10**12])
def test_leaf_with_any_field_of_another_form_is_refused(kind: str, value: Any) -> None:
    free = {"old", "new", "what", "key", "prev_checkpoint", "log"}
    flags = {"abstain", "exclude", "given"}
    empty: dict[str, list[Any]] = {"roster": [[]], "scores": [], "counts": []}
    for name, before in json.loads(made(BODIES[kind])).items():
        meant = (
            (name in free and isinstance(value, str) and value != "")
            or (name in flags and value is True)
            or value in empty.get(name, [])
            or (name == "counts" and value == {"a": 1})
            or value == before
        )
        if meant and type(value) is type(before):
            continue
        with pytest.raises(LeafError):
            read_leaf(changed(kind, **{name: value}))


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_leaf_with_a_field_more_is_refused(kind: str) -> None:
    with pytest.raises(LeafError):
        read_leaf(changed(kind, more="x"))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("sheet", {"ver": 2}), ("sheet", {"supersedes": 1}), ("sheet", {"abstain": True}), ("sheet", {"scores": {}}),
        ("sheet", {"consensus": False}), ("sheet", {"scores": {"craft": "7."}}),
        ("sheet", {"scores": {"craft": "1e3"}}), ("override", {"exclude": ...}),
        ("sheet", {"scores": {"craft": "1234567"}}), ("sheet", {"scores": {"craft": "1.1234567"}}),
        ("sheet", {"scores": {"Craft": "7"}}), ("sheet", {"scores": {"craft": 7}}), ("sheet", {"judge": "e-0042"}),
        ("sheet", {"t": "2026-03-01T09:00:01Z"}), ("sheet", {"t": "2026-13-01T09:00:01.001Z"}),
        ("sheet", {"t": "2026-03-01T24:00:01.001Z"}), ("sheet", {"salt": to_base64(bytes(31))}),
        ("sheet", {"salt": to_base64(bytes(32))[:-2] + "B="}), ("sheet", {"v": 2}), ("sheet", {"v": True}),
        ("sheet", {"type": "note"}), ("sheet", {"type": ["sheet"]}), ("sheet", {"contest": "Spring 2026"}),
        ("override", {"approved_by": "o-0001"}), ("override", {"scores": {"craft": "7"}}),
        ("override", {"exclude": ..., "scores": {}}), ("override", {"exclude": False}), ("rekey", {"log": "x"}),
        ("rekey", {"judge": ...}), ("round", {"event": "opened"}), ("amend", {"what": "prizes"}),
        ("publish", {"level": "everything"}), ("vote", {"subject": "award"}), ("vote", {"counts": {"for": -1}}),
        ("vote", {"outcome": {"round": "final", "order": ["e-0042"]}}), ("vote", {"outcome": {"entry": "e-0042"}}),
        ("vote", {"outcome": {"round": "final", "order": ["e-0042", "e-0042"]}}),
        ("vote", {"outcome": {"entry": "e-0042", "given": True}}), ("comparison", {"outcome": "both"}),
        ("open", {"roster": [{"judge": "e-0042"}]}), ("open", {"roster": [{"judge": "j-7f3a", "name": "x"}]}),
        ("open", {"rule": {"name": "x"}}),
    ],
)  # fmt: skip
def test_leaf_that_contradicts_its_type_is_refused(kind: str, changes: dict[str, Any]) -> None:
    with pytest.raises(LeafError):
        read_leaf(changed(kind, **changes))


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("sheet", {"abstain": True, "scores": {}}), ("sheet", {"ver": 2, "supersedes": 0}),
        ("sheet", {"consensus": True}), ("sheet", {"sig": "AAAA"}), ("rekey", {"judge": ..., "log": "x"}),
        ("override", {"exclude": ..., "scores": {"craft": "7"}}),
        ("vote", {"subject": "award", "outcome": {"entry": "e-0042", "given": False, "level": "first"}}),
        ("award", {"board": "a", "reason_sha256": HASH}), ("withdraw", {"approved_by": "o-0001"}),
        ("extend", {"by": "system"}), ("reopen", {"round": "final"}), ("sheet", {"scores": {"craft": "-0.5"}}),
    ],
)  # fmt: skip
def test_leaf_with_what_may_be_there_is_taken(kind: str, changes: dict[str, Any]) -> None:
    data = changed(kind, **changes)
    assert rfc8785.dumps(dict(read_leaf(data))) == data


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b"null", b"{", b"\xff", made(SHEET) + b" ", b" " + made(SHEET),
        made(SHEET).replace(b":1,", b":1.0,"),
        made(SHEET).replace(b'"v":1', b'"v":1,"v":1'), made(SHEET).replace(b"final", b"f\\u0069nal"), b"[" * 100_000,
        made(SHEET).replace(b":1,", b":01,"), made(SHEET).replace(b'"v":1', b'"v":1e0'), b"x" * 17_000,
        made(SHEET).replace(b'"v":1', b'"v":NaN'),
    ],
)  # fmt: skip
def test_what_is_no_canonical_json_is_refused(data: bytes) -> None:
    with pytest.raises(LeafError):
        read_leaf(data)


def test_leaf_above_16_kib_is_refused() -> None:
    many = {f"criterion-{number}": "1" for number in range(2000)}

    with pytest.raises(LeafError):
        made(types.Sheet(**{**{name: getattr(SHEET, name) for name in SHEET.__slots__}, "scores": many}))


def test_salt_is_new_for_every_leaf() -> None:
    drawn = {leaf_bytes(SHEET, contest="spring-2026", t=AT) for _ in range(20)}
    assert len(drawn) == 20
    assert len(new_salt()) == 32


def test_marks_cannot_be_guessed_from_the_hash_without_the_salt() -> None:
    """Every mark of one criterion tried with the salt of zeros, and with none, leads nowhere."""
    data = leaf_bytes(SHEET, contest="spring-2026", t=AT)
    told = {**json.loads(data), "salt": to_base64(SALT)}
    guesses = {
        leaf_hash(rfc8785.dumps({**told, "scores": {"craft": str(craft), "idea.new": f"{idea / 2:g}"}}))
        for craft in range(31) for idea in range(61)
    }  # fmt: skip
    assert leaf_hash(data) not in guesses


def test_commitment_is_the_hash_of_salt_and_text() -> None:
    salt = bytes(range(32))
    assert commit_text(salt, "Rất sáng tạo") == hashlib.sha256(salt + "Rất sáng tạo".encode()).hexdigest()
    assert commit_comments(salt, comments={"idea": "x", "craft": ""}, comment="y") == commit_text(
        salt, '{"comment":"y","comments":{"idea":"x"}}'
    )
    with pytest.raises(LeafError):
        commit_text(b"short", "x")


def test_time_is_written_in_utc_with_milliseconds() -> None:
    there = datetime(2026, 3, 1, 16, 0, 1, 1999, tzinfo=timezone(timedelta(hours=7)))
    assert time_text(there) == AT
    assert time_text(datetime(2026, 3, 1, 9, 0, tzinfo=UTC)) == "2026-03-01T09:00:00.000Z"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz_-.09", max_size=8), inner, max_size=4),
    max_leaves=20,
)


@given(value=PLAIN)
def test_quick_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    assert plain_json(value) == canonical_json(value) == rfc8785.dumps(value)
    assert read_canonical(rfc8785.dumps(value)) == value


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800", {1: 2}, object()])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(LeafError):
        canonical_json(value)


MARKS = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9]{0,3}([-_][a-z0-9]{1,2})?(\.[a-z]{1,3})?", fullmatch=True),
    st.from_regex(r"-?[0-9]{1,6}(\.[0-9]{1,6})?", fullmatch=True),
    min_size=1,
    max_size=6,
)


@given(marks=MARKS, ver=st.integers(1, 3), consensus=st.booleans(), bit=st.none() | st.integers(0, 10_000))
def test_quick_reading_of_a_sheet_is_the_long_way(
    marks: dict[str, str], ver: int, *, consensus: bool, bit: int | None
) -> None:
    """Also where any bit of it is changed: what the quick way reads, the long way reads alike."""
    changes: dict[str, Any] = {"scores": marks, "ver": ver}
    changes |= {"supersedes": 7} if ver > 1 else {}
    changes |= {"consensus": True} if consensus else {}
    data = bytearray(changed("sheet", **changes))
    if bit is not None:
        data[bit // 8 % len(data)] ^= 1 << (bit % 8)
    quick = read_plain_sheet(bytes(data))

    assert bit is not None or quick is not None
    if quick is not None:
        assert rfc8785.dumps(quick) == bytes(data)
        assert read_canonical(bytes(data)) == quick == read_leaf(bytes(data))
