"""Two devices of one judge write on one sheet: a three-way merge for each criterion, by `domain.draft_merge`.

A criterion with bands is one field, its band and number together; each mark, each comment and the overall comment are
fields of their own. No text is chosen by a clock: where both changed the same field, what stands stays, and what was
typed is handed back to the device, which keeps it until the judge has chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from judging.domain.draft_merge import Merge, merge_fields, version_of
from judging.domain.marks import lines_of
from judging.domain.rubric import CommentRule
from judging.services.sheets.drafts import Draft, checked_draft, stored_draft

if TYPE_CHECKING:
    from judging.domain.rules import Round
    from judging.services.judges.repeats.reading import RepeatReading
    from judging.services.sheets.readings import Reading

MARK, COMMENT, OVERALL = "mark:", "comment:", "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetStart:
    """From what a device started: the version of each field by name.

    `sent` are sheets that the device sent before and whose answers never came: what stands and was sent by this device
    is no other's text.
    """

    versions: Mapping[str, str] = field(default_factory=dict)
    sent: Sequence[Draft] = ()


def field_names(judged: Round) -> Iterator[str]:
    """The fields of a sheet, in the order of its rubric."""
    for criterion in judged.rubric.criteria:
        for key, _label, _scale in criterion.scales:
            yield MARK + key
        if criterion.comment is not CommentRule.NONE:
            yield COMMENT + criterion.key
    yield OVERALL


def sheet_texts(judged: Round, draft: Draft) -> dict[str, str]:
    """What each field of a sheet says, in a form that does not depend on the language it was typed in."""
    return {name: _text(draft, name) for name in field_names(judged)}


def sheet_versions(judged: Round, draft: Draft) -> dict[str, str]:
    """The version of each field: what a device has to say it started from."""
    return {name: version_of(text) for name, text in sheet_texts(judged, draft).items()}


class SheetMerge:
    """Merges a typed sheet into the one that stands, once its row is held; afterwards `outcome` says what came of it.

    `typed` and `standing` are the two sheets, `merged` the one that results.
    """

    def __init__(self, start: SheetStart, *, locale: str) -> None:
        self._start = start
        self._locale = locale
        self.outcome = Merge()
        self.typed = self.standing = self.merged = Draft()

    def __call__(self, reading: Reading | RepeatReading, typed: Draft) -> Draft:
        """The sheet that is to be kept."""
        judged = reading.judged
        self.typed, self.standing = typed, stored_draft(judged, reading.assignment, locale=self._locale)
        there, here = sheet_texts(judged, self.standing), sheet_texts(judged, typed)
        self.outcome = merge_fields(bases=self._bases(judged, there), standing=there, typed=here)
        self.merged = _joined(judged, self.standing, typed, taken=self.outcome.accepted)
        return self.merged

    def adds_nothing_of_others(self) -> bool:
        """Whether all that stands is what was typed, or what the device started from."""
        return not (self.outcome.brought or self.outcome.clashes)

    def _bases(self, judged: Round, there: Mapping[str, str]) -> dict[str, str]:
        bases = dict(self._start.versions)
        for draft in self._start.sent:
            sent = sheet_texts(judged, draft)
            bases.update({name: version_of(text) for name, text in sent.items() if there[name] == text})
        return bases


def _text(draft: Draft, name: str) -> str:
    if name == OVERALL:
        return draft.comment
    kind, _, key = name.partition(":")
    if kind + ":" == COMMENT:
        return draft.comments.get(key, "")
    mark = draft.marks.get(key)
    text = draft.typed.get(key, "") if mark is None else format(mark.normalize(), "f")
    band = draft.bands.get(key, "")
    # A band without a number is something chosen; with one, the number says it all.
    return text or (f"{band}:" if band else "")


def _joined(judged: Round, standing: Draft, typed: Draft, *, taken: Iterable[str]) -> Draft:
    """The standing sheet with the fields in `taken` as they were typed."""
    chosen = set(taken)

    def source(name: str) -> Draft:
        return typed if name in chosen else standing

    lines = lines_of(judged.rubric)
    by_mark = {key: source(MARK + key) for key in lines}
    comments = {
        criterion.key: text
        for criterion in judged.rubric.criteria
        if (text := source(COMMENT + criterion.key).comments.get(criterion.key, ""))
    }
    unreadable = tuple(
        problem
        for draft in (standing, typed)
        for problem in draft.problems
        if problem.where in draft.typed and by_mark.get(problem.where) is draft
    )
    return checked_draft(
        judged,
        Draft(
            marks={key: draft.marks[key] for key, draft in by_mark.items() if key in draft.marks},
            typed={key: draft.typed[key] for key, draft in by_mark.items() if key in draft.typed},
            bands={key: draft.bands[key] for key, draft in by_mark.items() if key in draft.bands},
            comments=comments,
            comment=source(OVERALL).comment,
            problems=unreadable,
        ),
    )
