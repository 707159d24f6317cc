"""What a judge has typed on a sheet: read, checked, and kept so that nothing typed is lost.

A draft is stored in `Assignment.marks` as canonical decimals by mark key. A text that is no mark is kept under
`<key>:typed`, a chosen band under `<criterion>:band`; keys of rules hold no colon.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from judging.domain.marks import check_band_choice, check_marks, count_sentences, lines_of, read_marks
from judging.domain.rubric import CommentRule
from judging.domain.totals import running_total
from judging.domain.values import Problem
from judging.errors import N_

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from fractions import Fraction

    from judging.db.models import Assignment, BlindRepeat, SheetVersion
    from judging.domain.rubric import Criterion
    from judging.domain.rules import Round

_TYPED = ":typed"
_BAND = ":band"
_LONGEST_TYPED = 40
LONGEST_COMMENT = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A sheet as typed.

    `marks` holds the numbers that could be read, `typed` the texts that could not, both by mark key; `bands` and
    `comments` go by criterion. `problems` is what is wrong whether or not the sheet is finished.
    """

    marks: Mapping[str, Decimal] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.marks or self.typed or self.bands or self.comments or self.comment)

    @property
    def sound_marks(self) -> dict[str, Decimal]:
        """The marks that nothing is wrong with."""
        wrong = {problem.where for problem in self.problems}
        return {key: mark for key, mark in self.marks.items() if key not in wrong}


def read_draft(
    judged: Round,
    *,
    marks: Mapping[str, str],
    bands: Mapping[str, str],
    comments: Mapping[str, str],
    comment: str,
    locale: str,
) -> Draft:
    """Read the texts of a form: `marks` by mark key, `bands` and `comments` by criterion key."""
    rubric = judged.rubric
    read, unreadable = read_marks(rubric, marks, locale=locale)
    known = lines_of(rubric)
    typed = {
        key: text.strip()[:_LONGEST_TYPED]
        for key, text in marks.items()
        if key in known and key not in read and text.strip()
    }
    kept = {
        criterion.key: text
        for criterion in rubric.criteria
        if criterion.comment is not CommentRule.NONE and (text := _tidied(comments.get(criterion.key, "")))
    }
    chosen = {key: band for key, band in bands.items() if band}
    return checked_draft(
        judged,
        Draft(marks=read, typed=typed, bands=chosen, comments=kept, comment=_tidied(comment), problems=unreadable),
    )


def stored_draft(judged: Round, assignment: Assignment | BlindRepeat, *, locale: str) -> Draft:
    """The draft as it was last saved. Texts that are no marks are explained in the reader's language."""
    stored = assignment.marks
    typed = {key.removesuffix(_TYPED): text for key, text in stored.items() if key.endswith(_TYPED)}
    known = lines_of(judged.rubric)
    _, unreadable = read_marks(judged.rubric, typed, locale=locale)
    return checked_draft(
        judged,
        Draft(
            marks={key: Decimal(text) for key, text in stored.items() if key in known},
            typed=typed,
            bands={key.removesuffix(_BAND): band for key, band in stored.items() if key.endswith(_BAND)},
            comments=assignment.comments,
            comment=assignment.comment,
            problems=unreadable,
        ),
    )


def version_draft(version: SheetVersion | BlindRepeat) -> Draft:
    """A submitted version, or a submitted repeat, in the form of a draft, for showing it."""
    marks = {key: Decimal(text) for key, text in version.marks.items()}
    return Draft(marks=marks, comments=version.comments, comment=version.comment)


def store_draft(assignment: Assignment | BlindRepeat, draft: Draft) -> bool:
    """Put the draft into the assignment and count the save; False when nothing differs from what was there."""
    marks = {
        **canonical_marks(draft.marks),
        **{key + _TYPED: text for key, text in draft.typed.items()},
        **{key + _BAND: band for key, band in draft.bands.items()},
    }
    comments = dict(draft.comments)
    if (marks, comments, draft.comment) == (assignment.marks, assignment.comments, assignment.comment):
        return False
    assignment.marks, assignment.comments, assignment.comment = marks, comments, draft.comment
    assignment.draft_version += 1
    return True


def restore_version(assignment: Assignment, version: SheetVersion) -> None:
    """Make a submitted version the draft again."""
    assignment.marks, assignment.comments = dict(version.marks), dict(version.comments)
    assignment.comment = version.comment
    assignment.draft_version += 1


def canonical_marks(marks: Mapping[str, Decimal]) -> dict[str, str]:
    """Marks as the plain decimal text that is stored: `8.5`, `24`."""
    return {key: format(mark.normalize(), "f") if mark else "0" for key, mark in marks.items()}


def missing_and_wrong(judged: Round, draft: Draft) -> tuple[Problem, ...]:
    """Every reason why the sheet cannot be submitted as it is, in the order of the rubric; empty when it can."""
    told = {problem.where for problem in draft.problems}
    complete = check_marks(judged.rubric, draft.marks, draft.comments, complete=True)
    more = [problem for problem in complete if problem.code.startswith("comment-") or problem.where not in told]
    found = [*draft.problems, *more]
    if len(found) > 1:
        place = _places(judged)
        found.sort(key=lambda problem: place.get(problem.where, len(place)))
    return (*found, *_check_sentences(judged, draft.comment))


def _places(judged: Round) -> dict[str, int]:
    """Where each criterion and each of its marks stands in the rubric."""
    return {
        key: index
        for index, criterion in enumerate(judged.rubric.criteria)
        for key in (criterion.key, *(mark_key for mark_key, _, _ in criterion.scales))
    }


def criteria_left(judged: Round, draft: Draft) -> int:
    """How many criteria still lack a sound mark."""
    sound = draft.sound_marks
    lacking = {criterion.key for key, (criterion, _, _) in lines_of(judged.rubric).items() if key not in sound}
    return len(lacking)


def draft_total(judged: Round, draft: Draft) -> Fraction:
    """The running total over the marks that nothing is wrong with."""
    return running_total(judged.rubric, draft.sound_marks)


def checked_draft(judged: Round, draft: Draft) -> Draft:
    """The draft with everything that is wrong with it, besides what its own `problems` tell already."""
    rubric = judged.rubric
    problems = (
        *draft.problems,
        *check_marks(rubric, draft.marks, draft.comments, complete=False),
        *check_band_choice(rubric, draft.marks, draft.bands),
        *_check_lengths(rubric.criteria, draft),
    )
    return Draft(
        marks=draft.marks, typed=draft.typed, bands=draft.bands, comments=draft.comments, comment=draft.comment,
        problems=_first_of_each(problems),
    )  # fmt: skip


def _first_of_each(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    # A mark outside every band is also outside the chosen one; one sentence is enough to mend it.
    first: dict[tuple[str, bool], Problem] = {}
    for problem in problems:
        first.setdefault((problem.where, problem.code.startswith("comment-")), problem)
    return tuple(first.values())


def _check_lengths(criteria: Iterable[Criterion], draft: Draft) -> Iterator[Problem]:
    labels = {criterion.key: criterion.label for criterion in criteria}
    for key, text in draft.comments.items():
        if len(text) > LONGEST_COMMENT:
            yield Problem(
                code="comment-long",
                message=N_("The comment on “%(criterion)s” is too long: at most %(most)s characters."),
                params={"criterion": labels.get(key, key), "most": LONGEST_COMMENT},
                where=key,
            )
    if len(draft.comment) > LONGEST_COMMENT:
        yield Problem(
            code="overall-long",
            message=N_("The overall comment is too long: at most %(most)s characters."),
            params={"most": LONGEST_COMMENT},
        )


def _check_sentences(judged: Round, comment: str) -> Iterator[Problem]:
    count = count_sentences(comment)
    if count < judged.sentences:
        yield Problem(
            code="overall-short",
            message=N_("The overall comment needs at least %(low)s sentences; it has %(count)s."),
            params={"low": judged.sentences, "count": count},
        )


def _tidied(text: str) -> str:
    # Browsers send lines with CR LF; the same comment typed on two devices is the same text.
    return text.replace("\r\n", "\n").replace("\x00", "").strip()
