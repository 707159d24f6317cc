"""What the demo consists of: sizes, stages and the calendars of its three contests, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from judging.demo.draw import split
from judging.domain.contest_phases import ContestPhase

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")


class Size(StrEnum):
    """How much is generated: a province's year, a city's (about 1,000 entries) or the country's (about 10,000)."""

    PROVINCE = "province"
    CITY = "city"
    NATIONAL = "national"


class Stage(StrEnum):
    """Where a contest stands when the demo begins."""

    OPEN = "open"
    SCREENING = "screening"
    JUDGING = "judging"
    PUBLISHED = "published"


PHASES: Mapping[Stage, ContestPhase] = {
    Stage.OPEN: ContestPhase.OPEN,
    Stage.SCREENING: ContestPhase.SCREENING,
    Stage.JUDGING: ContestPhase.JUDGING,
    Stage.PUBLISHED: ContestPhase.PUBLISHED,
}


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """The moment, in UTC, at which clocks in the contests' zone show this in 2021."""
    return datetime(2021, month, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """When a contest went through its phases. `rounds` holds the first and the last moment of each round."""

    created: datetime
    announced: datetime
    opens: datetime
    closes: datetime
    screened: datetime
    rounds: tuple[tuple[datetime, datetime], ...]
    deliberated: datetime
    approved: datetime
    posted: datetime
    decided: datetime
    published: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPlan:
    """A panel with the categories it scores and how many judges sit in it in a province."""

    name: str
    categories: tuple[str, ...]
    judges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestPlan:
    """One contest of the demo. `entries` counts by category in a province; `sizes` is the total for each size."""

    slug: str
    kind: str
    title: str
    title_en: str
    summary: str
    summary_en: str
    edition: int
    stage: Stage
    decision: str
    entries: Mapping[str, int]
    sizes: Mapping[Size, int]
    panels: tuple[PanelPlan, ...]
    calendar: Calendar
    ineligible: int = 7
    """Entries in a hundred that screening does not let pass."""
    drafts: int = 0
    """Entries in a hundred that are begun and not handed in."""

    def counts(self, size: Size) -> dict[str, int]:
        """The number of entries by category."""
        return split(self.sizes[size], self.entries)


UNJUDGED = frozenset({Stage.OPEN, Stage.SCREENING})
"""Stages before anything was judged."""

JUDGES_PER_ENTRY: Mapping[Size, int | None] = {Size.PROVINCE: None, Size.CITY: None, Size.NATIONAL: 5}
"""Readings of an entry in a round, where the demo departs from the kind's own number."""

YOUTH = ContestPlan(
    slug="youth-creativity-2021",
    kind="youth-creativity",
    title="Cuộc thi Sáng tạo Thanh thiếu niên, Nhi đồng tỉnh Mẫu năm 2021",
    title_en="Youth creativity contest of Mẫu province 2021",
    summary="Dành cho các bạn từ 6 đến 19 tuổi: sản phẩm do chính mình nghĩ ra và làm ra.",
    summary_en="For inventors from 6 to 19: products that they thought of and made themselves.",
    edition=14,
    stage=Stage.PUBLISHED,
    decision="1840/QĐ-UBND",
    entries={"learning-aids": 21, "software": 4, "environment": 40, "household-toys": 46, "climate-economy": 17},
    sizes={Size.PROVINCE: 128, Size.CITY: 560, Size.NATIONAL: 7000},
    panels=(
        PanelPlan(name="Tiểu ban 1", categories=("learning-aids",), judges=3),
        PanelPlan(name="Tiểu ban 2", categories=("software",), judges=3),
        PanelPlan(name="Tiểu ban 3", categories=("environment",), judges=4),
        PanelPlan(name="Tiểu ban 4", categories=("household-toys",), judges=5),
        PanelPlan(name="Tiểu ban 5", categories=("climate-economy",), judges=3),
    ),
    calendar=Calendar(
        created=at(3, 8),
        announced=at(3, 15),
        opens=at(4, 1, 0),
        closes=at(6, 30, 17),
        screened=at(7, 14, 17),
        rounds=((at(7, 15), at(8, 23, 17)), (at(10, 19), at(10, 22, 17))),
        deliberated=at(10, 25),
        approved=at(10, 30),
        posted=at(11, 2),
        decided=at(11, 18),
        published=at(11, 20, 9),
    ),
)

TECHNICAL = ContestPlan(
    slug="technical-innovation-2021",
    kind="technical-innovation",
    title="Hội thi Sáng tạo kỹ thuật tỉnh Mẫu năm 2021",
    title_en="Technical innovation contest of Mẫu province 2021",
    summary="Giải pháp kỹ thuật mới, đã áp dụng, của cá nhân và tổ chức trong tỉnh.",
    summary_en="New technical solutions, already applied, by people and organisations of the province.",
    edition=9,
    stage=Stage.JUDGING,
    decision="2012/QĐ-UBND",
    entries={
        "information-technology": 9,
        "mechanics-construction": 10,
        "materials-energy": 7,
        "agriculture-environment": 9,
        "medicine": 5,
        "education": 7,
    },
    sizes={Size.PROVINCE: 47, Size.CITY: 200, Size.NATIONAL: 1500},
    panels=(
        PanelPlan(
            name="Tiểu ban Công nghệ và Cơ khí",
            categories=("information-technology", "mechanics-construction"),
            judges=4,
        ),
        PanelPlan(
            name="Tiểu ban Vật liệu và Nông nghiệp",
            categories=("materials-energy", "agriculture-environment"),
            judges=5,
        ),
        PanelPlan(name="Tiểu ban Y dược và Giáo dục", categories=("medicine", "education"), judges=4),
    ),
    calendar=Calendar(
        created=at(4, 5),
        announced=at(4, 19),
        opens=at(5, 3, 0),
        closes=at(9, 30, 17),
        screened=at(10, 15, 17),
        rounds=((at(10, 18), at(11, 10, 17)), (at(11, 22), at(11, 25, 17))),
        deliberated=at(11, 27),
        approved=at(11, 29),
        posted=at(11, 30),
        decided=at(12, 15),
        published=at(12, 16, 9),
    ),
)

STARTUP = ContestPlan(
    slug="startup-2021",
    kind="startup",
    title="Cuộc thi Khởi nghiệp đổi mới sáng tạo tỉnh Mẫu năm 2021",
    title_en="Innovative start-ups contest of Mẫu province 2021",
    summary="Hai bảng: ý tưởng và dự án; dành cho cá nhân, nhóm và doanh nghiệp trẻ.",
    summary_en="Two tracks, ideas and projects: for people, groups and young firms.",
    edition=4,
    stage=Stage.OPEN,
    decision="2257/QĐ-UBND",
    entries={
        "agriculture": 18,
        "digital": 11,
        "tourism-services": 12,
        "industry-environment": 8,
        "education-health": 7,
    },
    sizes={Size.PROVINCE: 56, Size.CITY: 240, Size.NATIONAL: 1500},
    panels=(
        PanelPlan(name="Hội đồng Nông nghiệp và Du lịch", categories=("agriculture", "tourism-services"), judges=4),
        PanelPlan(
            name="Hội đồng Công nghệ và Xã hội",
            categories=("digital", "industry-environment", "education-health"),
            judges=4,
        ),
    ),
    drafts=25,
    calendar=Calendar(
        created=at(8, 9),
        announced=at(8, 23),
        opens=at(9, 6, 0),
        closes=at(10, 29, 17),
        screened=at(11, 8, 17),
        rounds=((at(11, 9), at(11, 19, 17)), (at(11, 24), at(11, 25, 17)), (at(12, 2), at(12, 2, 17))),
        deliberated=at(12, 3),
        approved=at(12, 6),
        posted=at(12, 8),
        decided=at(12, 24),
        published=at(12, 27, 9),
    ),
)

CONTESTS = (YOUTH, TECHNICAL, STARTUP)
