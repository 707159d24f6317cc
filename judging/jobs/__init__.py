"""Background work: rows say what is to be done, a runner does it, an engine wakes the runner."""

from judging.jobs.engine import JobEngine, make_huey
from judging.jobs.runner import Handler, JobRows, JobRunner, Task

__all__ = ["Handler", "JobEngine", "JobRows", "JobRunner", "Task", "make_huey"]
