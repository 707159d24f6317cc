"""Values of a contest kind for tests: complete entries, ballots on the scales, standings from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.domain.fields import FieldKind, ItemKind
from judging.domain.values import Ballot, Entry, Member

if TYPE_CHECKING:
    from judging.domain.fields import EntryField
    from judging.domain.rules import ContestRules, Round

TODAY = date(2021, 6, 1)
_BORN = date(2006, 6, 1)
_SHARE = Decimal("0.8")

_ANSWERS: Mapping[FieldKind, object] = {
    FieldKind.TEXT: "Mẫu",
    FieldKind.LONG_TEXT: "Một câu mẫu ngắn.",
    FieldKind.DATE: date(2021, 1, 15),
    FieldKind.INTEGER: 10,
    FieldKind.DECIMAL: Decimal(10),
    FieldKind.BOOLEAN: True,
    FieldKind.EMAIL: "mau@example.vn",
    FieldKind.PHONE: "0900000000",
    FieldKind.URL: "https://example.vn/",
}


def sample_answer(field: EntryField) -> object:
    """An answer of the field's kind, typed as plugins get it; for a choice its first one."""
    return field.choices[0].key if field.kind is FieldKind.CHOICE else _ANSWERS[field.kind]


def sample_entry(rules: ContestRules, **values: object) -> Entry:
    """An entry that lacks nothing the core asks for. `answers` given here join those of the sample."""
    people = rules.team.low
    even = (Decimal(100) / people).quantize(Decimal("0.01"))
    members = tuple(
        Member(
            name=f"Mẫu {number + 1}",
            born=_BORN,
            is_lead=number == 0,
            share=Decimal(100) - even * (people - 1) if number == 0 else even,
            unit="Đơn vị Mẫu",
        )
        for number in range(people)
    )
    answers = {field.key: sample_answer(field) for field in rules.fields if field.required}
    own = values.pop("answers", {})
    defaults: dict[str, object] = {
        "id": "0",
        "alias": "e-000001",
        "title": "Sản phẩm mẫu",
        "category": rules.categories[0].key,
        "division": rules.divisions[0].key if rules.divisions else None,
        "members": members,
        "items": {item.key: item.low for item in rules.dossier if item.required and item.kind is not ItemKind.PHYSICAL},
        "submitted_at": datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC),
        "answers": {**answers, **own} if isinstance(own, Mapping) else own,
    }
    return Entry(**{**defaults, **values})  # type: ignore[arg-type]  # a test may give any field of the class


def empty_entry(rules: ContestRules) -> Entry:
    """An entry as it is when it has just been begun: nothing answered, nobody named."""
    return Entry(id="0", alias="e-000000", title="", category=rules.categories[0].key, members=(Member(name=""),))


def full_marks(judged: Round) -> Mapping[str, Decimal]:
    """The highest mark on every scale of a round."""
    return {key: scale.high for criterion in judged.rubric.criteria for key, _, scale in criterion.scales}


def even_marks(judged: Round, share: Decimal = _SHARE) -> Mapping[str, Decimal]:
    """A mark about `share` of the way up every scale of the round, on a step and inside a band."""
    marks: dict[str, Decimal] = {}
    for criterion in judged.rubric.criteria:
        for key, _, scale in criterion.scales:
            steps = ((scale.high - scale.low) * share / scale.step).to_integral_value()
            mark = scale.low + steps * scale.step
            while criterion.bands and criterion.band_of(mark) is None and mark > scale.low:
                mark -= scale.step
            marks[key] = mark
    return marks


def sample_ballot(
    judged: Round, entry: str, judge: str, *, share: str | Decimal = _SHARE, consensus: bool = False
) -> Ballot:
    """A sheet of a judge for an entry, both by alias, with about that share of every scale."""
    return Ballot(judge=judge, entry=entry, marks=even_marks(judged, Decimal(share)), consensus=consensus)
