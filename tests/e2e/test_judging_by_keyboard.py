"""A judge's whole day with the keyboard alone, and every page of a judge on a phone, looked at by axe."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect
from sqlalchemy import func, select

from judging.composition import create_web
from judging.db.models import Assignment, ContestRound, LogLeaf, PanelSeat, SheetAside, SheetNote, SheetVersion
from judging.domain.rubric import Section
from judging.domain.structure import to_plain
from tests.e2e.stage import Person
from tests.e2e.steps_office import sign_in
from tests.factories import PASSWORD, make_assignment, make_contest, make_entry, make_judge, make_panel
from tests.services.sheets.cases import COMMENT, RUBRIC, make_case
from tests.web.leaks.live_world import add_booths, add_places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from judging.services.platform import Platform
    from tests.e2e.conftest import Meet
    from tests.e2e.visitor import Visitor

ENTRIES = 8
TITLE = "Máy lọc nước suối"
JUDGE = Person(name="Mẫu Giám Khảo", email="judge@example.vn", password=PASSWORD)
_UNFOLDED = "summary"
_ON_TOP = """() => {
  const { left, top, width, height } = document.activeElement.getBoundingClientRect();
  return document.activeElement.contains(document.elementFromPoint(left + width / 2, top + Math.min(height, 40) / 2));
}"""


def prepare(platform: Platform, *, entries: int, language: str, **contest: Any) -> str:
    """A contest with a judge who heads a panel, has declared nothing, and has so many entries; its slug."""
    with platform.database.writing() as session:
        case = make_case(session, platform.registry, **contest)
        account = case.account
        account.email = account.email_key = JUDGE.email
        account.name, account.locale = JUDGE.name, language
        case.judge.conflicts_declared_at = None
        case.entry.title = TITLE
        for position in range(2, entries + 1):
            entry = make_entry(session, case.contest, title=TITLE)
            make_assignment(session, entry, case.judge, round_key="preliminary", position=position)
        panel = make_panel(session, case.contest, categories=[case.entry.category])
        session.add(PanelSeat(panel_id=panel.id, judge_id=case.judge.id, is_chair=True))
        return case.contest.slug


def unfold(judge: Visitor, place: str) -> None:
    """Open a fold by its key."""
    judge.reach(judge.page.locator(f"{place} > {_UNFOLDED}"))
    judge.page.keyboard.press("Enter")


def declare(judge: Visitor) -> None:
    """Say that nothing ties the judge to any of the entries."""
    words = judge.words
    judge.follow(words("Declare conflicts"))
    judge.reads(words("Is there a conflict of interest?"))
    judge.tick(words("I have looked at every entry above. Where I chose “None of these”, I know of no conflict."))
    judge.press(words("Record and go on"))


def mark(judge: Visitor, *, novelty: str, form: str) -> None:
    """Fill in the whole sheet: a band chosen by typing digits, sub-criteria, a coefficient, comments."""
    words, page = judge.words, judge.page
    judge.reach(page.locator("input[name='m-novelty-band']").first)
    page.keyboard.type(novelty)
    expect(page.locator("#m-novelty")).to_have_value(novelty)
    judge.fill("Easy to make", "8,5")
    judge.fill("Of wide use", "11")
    judge.fill(f"{words('Mark')}: Form", form)
    judge.fill(words("Comment on %(criterion)s", criterion="Form"), "Gọn.")
    judge.fill(words("Overall comment"), COMMENT)


def hand_in(judge: Visitor) -> None:
    """Look at the sheet once more and submit it."""
    words = judge.words
    judge.press(words("Review and submit"))
    judge.reads(words("Review your sheet"))
    judge.press(words("Submit the sheet"))
    expect(judge.page.get_by_text(words("Receipt code"), exact=True)).to_be_visible()


def put_aside(judge: Visitor) -> None:
    """Leave the entry for later because its model is not there: the second answer of the list."""
    words, page = judge.words, judge.page
    unfold(judge, "#aside")
    judge.reach(page.locator("#aside-kind"))
    page.keyboard.press("ArrowDown")
    expect(page.locator("#aside-kind")).to_have_value("model-missing")
    judge.press(words("Set the entry aside"))


def write_note(judge: Visitor, text: str) -> None:
    """Write a note beside the sheet and see that it is kept."""
    unfold(judge, "#note")
    judge.reach(judge.page.locator("#note-text"))
    judge.page.keyboard.type(text)
    expect(judge.page.locator("#note [data-save-time]")).to_contain_text(judge.words("Kept at %(time)s.", time="")[:3])


def undo_once(judge: Visitor) -> None:
    """Type a mark, take it back, and hear the total of what is left."""
    page = judge.page
    judge.reach(page.locator("#m-form"))
    page.keyboard.press("ArrowUp")
    expect(page.locator("#m-form")).not_to_have_value("")
    judge.reach(page.locator("[data-undo]"))
    page.keyboard.press("Enter")
    expect(page.locator("#m-form")).to_have_value("")


def test_judge_marks_a_days_entries_with_keys_only(meet: Meet, platform: Platform) -> None:
    prepare(platform, entries=ENTRIES, language="vi")
    judge = meet("vi", 1280, keyboard=True)
    words, page = judge.words, judge.page
    sign_in(judge, JUDGE)
    judge.go("/judge/")
    declare(judge)
    judge.follow(words("Begin marking"))

    put_aside(judge)
    write_note(judge, "Xem lại phần giá thành.")
    undo_once(judge)
    for number in range(ENTRIES):
        mark(judge, novelty="24" if number % 2 else "28", form=str(8 + number % 4))
        hand_in(judge)
        if number < ENTRIES - 1:
            judge.follow(words("Next entry"))
    expect(page.get_by_role("link", name=words("Next entry"), exact=True)).to_have_count(0)
    judge.follow(words("All my entries"))
    judge.reads(words("All your sheets are submitted"))
    judge.go("/judge/")
    judge.reads(words("Nothing waits for you"))

    with platform.database.reading() as session:
        totals = list(session.scalars(select(SheetVersion.total).order_by(SheetVersion.submitted_at)))
        assert totals == [f"{(24 if n % 2 else 28) + 19.5 + 3 * (8 + n % 4):.6f}" for n in range(ENTRIES)]
        assert set(session.scalars(select(Assignment.state))) == {"submitted"}
        last = session.scalars(select(SheetVersion).order_by(SheetVersion.submitted_at.desc()).limit(1)).one()
        assert last.assignment_id == session.scalars(select(SheetAside)).one().assignment_id
        assert session.scalars(select(SheetNote.text)).one() == "Xem lại phần giá thành."
        recorded = select(func.count()).select_from(LogLeaf).where(LogLeaf.subject_id.in_(select(SheetVersion.id)))
        assert session.scalar(recorded) == ENTRIES


def test_screen_reader_is_told_totals_and_that_they_are_recorded(meet: Meet, platform: Platform) -> None:
    slug = prepare(platform, entries=1, language="en")
    judge = meet("en", 360, keyboard=True)
    sign_in(judge, JUDGE)
    judge.go(f"/judge/{slug}/conflicts")
    judge.tick(judge.words("I have looked at every entry above. Where I chose “None of these”, I know of no conflict."))
    judge.press(judge.words("Record and go on"))
    judge.follow(judge.words("Begin marking"))
    said = judge.page.get_by_role("status").and_(judge.page.locator("[data-sheet-said]"))
    expect(said).to_have_text("")

    judge.fill("Easy to make", "8.5")

    expect(said).to_have_text("Recorded. Total 8.5 of 100. 3 criteria left.")
    spoken = judge.page.locator("form[data-sheet]").get_by_role("status")
    assert [text for text in spoken.all_text_contents() if text] == ["Recorded. Total 8.5 of 100. 3 criteria left."]


def test_sheet_is_used_at_four_times_its_size_without_a_network(meet: Meet, platform: Platform) -> None:
    """Reflow (WCAG 1.4.10), 1280 by 1024 at 400 %: bars that stay in sight do not cover what has the focus."""
    slug = prepare(platform, entries=1, language="en")
    judge = meet("en", 320, keyboard=True)
    sign_in(judge, JUDGE)
    judge.go(f"/judge/{slug}/conflicts")
    judge.tick(judge.words("I have looked at every entry above. Where I chose “None of these”, I know of no conflict."))
    judge.press(judge.words("Record and go on"))
    judge.follow(judge.words("Begin marking"))
    page = judge.page
    page.set_viewport_size({"width": 320, "height": 256})
    page.context.set_offline(True)
    said = page.locator("[data-sheet-said]")
    for label, text in (("Easy to make", "8.5"), ("Of wide use", "11")):
        judge.fill(label, text)
        assert page.evaluate(_ON_TOP), label
    expect(said).to_contain_text("Total 19.5 of 100. 2 criteria left.")
    expect(page.locator("[data-save-trouble]")).to_contain_text("Changes kept on this device: 2.")
    judge.fill(judge.words("Overall comment"), COMMENT)
    assert page.evaluate(_ON_TOP)
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.context.set_offline(False)


def every_part() -> dict[str, Any]:
    """A first round with all that a sheet can have: sections, and a second look at the first sheet."""
    paper = Section(key="paper", label="Dossier", weight=Decimal(30))
    talk = Section(key="talk", label="Talk", weight=Decimal(70))
    criteria = tuple(replace(one, section=(paper if one.parts else talk).key) for one in RUBRIC.criteria)
    rubric = replace(RUBRIC, criteria=criteria, sections=(paper, talk))
    return {"rubric-preliminary": to_plain(rubric), "round-preliminary": {"sentences": 2, "warm_up": 1}}


def more_to_see(platform: Platform) -> dict[str, list[object]]:
    """What is added once the only sheet of the first round is in; the values of the judge's addresses, by name.

    The sheet waits for a second look; another entry is set aside, heard in a room and found at a booth; and in
    another contest nothing has been declared.
    """
    with platform.database.writing() as session:
        done = session.scalars(select(Assignment)).one()
        entry = make_entry(session, done.entry.contest, title=TITLE)
        later = make_assignment(session, entry, done.judge, round_key="final", position=1)
        session.add(SheetAside(assignment_id=later.id, kind="other", words="Chờ mô hình", at=done.changed_at))
        stages = select(ContestRound).where(ContestRound.contest_id == later.contest_id, ContestRound.key == "final")
        session.scalars(stages).one().state = "open"
        room = add_places(session, done.entry.contest, "final", [entry.id])
        add_booths(session, done.entry.contest, "final", [entry.id])
        other = make_contest(session, platform.registry, phase="judging")
        seat = make_judge(session, other, account=done.judge.account)
        seat.conflicts_declared_at = None
        make_assignment(session, make_entry(session, other), seat, round_key="preliminary", position=1)
        return {
            "slug": [done.entry.contest.slug, other.slug],
            "assignment_id": [done.id, later.id],
            "number": [1],
            "room_id": [room],
            "round_key": ["preliminary", "final"],
        }


def addresses_of_a_judge(platform: Platform, values: Mapping[str, list[object]]) -> list[tuple[str, str]]:
    """Every address of the judge's pages that can be asked for, by its name; an unknown value in one is an error."""
    found = []
    routes = create_web(platform).url_map
    for rule in routes.iter_rules():
        if rule.endpoint.startswith("judge.") and "GET" in (rule.methods or ()):
            names = sorted(rule.arguments)
            for chosen in product(*(values[name] for name in names)):
                built = routes.bind("judge").build(rule.endpoint, dict(zip(names, chosen, strict=True)))
                found.append((rule.endpoint, built))
    return found


def test_every_page_of_a_judge_passes_on_a_phone_in_both_languages(meet: Meet, platform: Platform) -> None:
    prepare(platform, entries=1, language="vi", settings=every_part())
    judge = meet("vi", 360, keyboard=True)
    sign_in(judge, JUDGE)
    judge.go("/judge/")
    declare(judge)
    judge.follow(judge.words("Begin marking"))
    mark(judge, novelty="24", form="9")
    hand_in(judge)
    values = more_to_see(platform)
    other = meet("en", 360)
    other.go("/login?lang=en")
    sign_in(other, JUDGE)
    other.go("/judge/?lang=en")

    for visitor in (judge, other):
        addresses = addresses_of_a_judge(platform, {**values, "language": [visitor.words.language]})
        looked_at = {name for name, path in addresses if visitor.go_if_there(path)}
        assert looked_at == {name for name, _ in addresses}
