"""The demo year: three contests of a province in 2021, generated, the same for the same seed."""

from judging.demo.plan import Size, Stage
from judging.demo.year import DemoAccount, DemoContest, DemoYear, create_demo, holds_anything

__all__ = ["DemoAccount", "DemoContest", "DemoYear", "Size", "Stage", "create_demo", "holds_anything"]
