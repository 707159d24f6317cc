"""The assignment beside a log: it survives being written, and what is none is refused."""

from __future__ import annotations

import pytest

from judging.domain.ledger.documents import Assignment
from judging.domain.ledger.faults import LeafError
from tests.ledger.log_maker import LogMaker


def test_assignment_survives_being_written(log: LogMaker) -> None:
    read = Assignment.parse(bytes(log.assignment))
    assert (read.boards, read.plan) == (log.boards, log.plan)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{}", b"[]", b'{"entries":{},"format":"contest-assign@v2","rounds":{}}',
        b'{"entries":{"x":{"category":"a","division":null}},"format":"contest-assign@v1","rounds":{}}',
        b'{"entries":{"e-000a":{"category":"a"}},"format":"contest-assign@v1","rounds":{}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":{"first":{"e-000a":["x"]}}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":{"first":{"e-000a":"j-0001"}}}',
        b'{"entries":{},"format":"contest-assign@v1","rounds":[]}',
    ],
)  # fmt: skip
def test_what_is_no_assignment_is_refused(data: bytes) -> None:
    with pytest.raises(LeafError):
        Assignment.parse(data)
