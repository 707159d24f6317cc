"""Two devices of one judge: what each typed is joined criterion by criterion, and no text is lost by being earlier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.domain.permissions import Relation
from judging.services.sheets.drafts import Draft, read_draft, store_draft
from judging.services.sheets.life import save_draft
from judging.services.sheets.merging import SheetMerge, SheetStart, sheet_texts, sheet_versions
from judging.services.sheets.readings import Reading
from judging_youth_creativity.rules import RULES
from tests.factories import NOW

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry
    from tests.services.sheets.cases import Case

FIELDS = ("novelty", "use.easy", "use.wide", "form")


def typed(case: Case, *, comment: str = "", locale: str = "en", form: str = "", band: str = "", **marks: str) -> Draft:
    return read_draft(
        case.judged, marks={key.replace("_", "."): text for key, text in marks.items()}, bands={"novelty": band},
        comments={"form": form}, comment=comment, locale=locale,
    )  # fmt: skip


def merged(case: Case, *, base: Draft, standing: Draft, here: Draft, sent: tuple[Draft, ...] = ()) -> SheetMerge:
    assert store_draft(case.assignment, standing) or standing.is_empty
    reading = Reading(
        assignment=case.assignment, contest=case.contest, rules=RULES, judged=case.judged, stage=None,
        relation=Relation(),
    )  # fmt: skip
    merge = SheetMerge(SheetStart(versions=sheet_versions(case.judged, base), sent=sent), locale="en")
    merge(reading, here)
    return merge


def test_different_criteria_on_two_devices_are_joined(case: Case) -> None:
    merge = merged(
        case, base=Draft(), standing=typed(case, novelty="24"), here=typed(case, use_easy="8", comment="Good.")
    )

    assert merge.merged.marks == {**typed(case, novelty="24", use_easy="8").marks}
    assert merge.merged.comment == "Good."
    assert merge.outcome.brought == {"mark:novelty": "24"}
    assert not merge.outcome.clashes


def test_same_criterion_on_two_devices_stays_as_it_stands_and_is_asked_about(case: Case) -> None:
    merge = merged(case, base=Draft(), standing=typed(case, novelty="24"), here=typed(case, novelty="27"))

    assert str(merge.merged.marks["novelty"]) == "24"
    assert merge.outcome.clashes["mark:novelty"].typed == "27"
    assert not merge.adds_nothing_of_others()


def test_the_same_mark_in_two_notations_is_no_clash(case: Case) -> None:
    merge = merged(
        case, base=Draft(), standing=typed(case, use_easy="8.5"), here=typed(case, locale="vi", use_easy="8,50")
    )

    assert not merge.outcome.clashes
    assert merge.adds_nothing_of_others()


def test_band_and_number_of_a_criterion_are_one_field(case: Case) -> None:
    standing = typed(case, novelty="24", band="fair")
    merge = merged(case, base=Draft(), standing=standing, here=typed(case, band="new"))

    assert merge.outcome.clashes.keys() == {"mark:novelty"}
    assert merge.merged.bands == {"novelty": "fair"}


def test_what_this_device_sent_before_is_no_other_device_s_text(case: Case) -> None:
    sent = typed(case, novelty="24", use_easy="8")
    merge = merged(case, base=Draft(), standing=sent, here=typed(case, novelty="27"), sent=(sent,))

    assert str(merge.merged.marks["novelty"]) == "27"
    assert "use.easy" not in merge.merged.marks
    assert not merge.outcome.clashes


def test_text_that_is_no_mark_is_told_where_it_was_kept(case: Case) -> None:
    merge = merged(case, base=Draft(), standing=typed(case, use_easy="eight"), here=typed(case, novelty="24"))

    assert merge.merged.typed == {"use.easy": "eight"}
    assert [problem.where for problem in merge.merged.problems] == ["use.easy"]


_MARKS = st.dictionaries(st.sampled_from(FIELDS), st.sampled_from(["0", "3", "8", "x"]))
_SHEETS = st.tuples(_MARKS, st.sampled_from(["", "One.", "Two."]))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_SHEETS, _SHEETS, _SHEETS)
def test_every_text_stands_or_is_told_of(case: Case, base: Any, there: Any, here: Any) -> None:
    drafts = [typed(case, comment=comment, **marks) for marks, comment in (base, there, here)]
    start = replace(drafts[0], problems=())
    store_draft(case.assignment, Draft())
    merge = merged(case, base=start, standing=drafts[1], here=drafts[2])
    before, stands, wanted = (sheet_texts(case.judged, draft) for draft in drafts)
    result = sheet_texts(case.judged, merge.merged)

    for name in wanted:
        # A text that only one device wrote holds; of two, one stands and the other is handed back.
        if wanted[name] == before[name]:
            assert result[name] == stands[name]
        elif stands[name] in {before[name], wanted[name]}:
            assert result[name] == wanted[name]
        else:
            assert result[name] == stands[name]
            assert merge.outcome.clashes[name].typed == wanted[name]


def test_saving_merges_what_was_stored_since(session: Session, registry: Registry, case: Case) -> None:
    assert store_draft(case.assignment, typed(case, novelty="24"))
    merge = SheetMerge(SheetStart(versions=sheet_versions(case.judged, Draft())), locale="en")

    saved = save_draft(
        session, registry=registry, assignment=case.assignment, actor=case.actor, marks={"use.easy": "8"}, bands={},
        comments={}, comment="", locale="en", now=NOW, merge=merge,
    )  # fmt: skip

    assert case.assignment.marks == {"novelty": "24", "use.easy": "8"}
    assert saved.left == 2
    assert merge.outcome.brought == {"mark:novelty": "24"}
