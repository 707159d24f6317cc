"""The office: opening contests, people, screening, assignment, progress, standings, prizes, publication."""

from judging.web.organiser import board, create, home, phases
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries import age_checks, consents, dossiers, importing, receiving, recheck, removal
from judging.web.organiser.judges import (
    aside,
    assignment,
    booths,
    conflicts,
    forcing,
    lending,
    paper_sheets,
    plan_settings,
    repair,
    repeats,
    timetable,
)
from judging.web.organiser.letters import announcement, message_texts, messages
from judging.web.organiser.people import lists, panels, roster
from judging.web.organiser.privacy import erasure, requests, retention
from judging.web.organiser.record import log
from judging.web.organiser.results import documents, leaving_out, overrides, prizes, publication, reports, standings
from judging.web.organiser.rounds import end, progress, silent_judges, tabs
from judging.web.organiser.screening import desk, eligible, many, queue, return_dates, similar
from judging.web.organiser.settings import file_limits, intake, office_desk, overview, rubric

__all__ = [
    "age_checks",
    "announcement",
    "aside",
    "assignment",
    "blueprint",
    "board",
    "booths",
    "conflicts",
    "consents",
    "create",
    "desk",
    "documents",
    "dossiers",
    "eligible",
    "end",
    "erasure",
    "file_limits",
    "forcing",
    "home",
    "importing",
    "intake",
    "leaving_out",
    "lending",
    "lists",
    "log",
    "many",
    "message_texts",
    "messages",
    "office_desk",
    "overrides",
    "overview",
    "panels",
    "paper_sheets",
    "phases",
    "plan_settings",
    "prizes",
    "progress",
    "publication",
    "queue",
    "receiving",
    "recheck",
    "removal",
    "repair",
    "repeats",
    "reports",
    "requests",
    "retention",
    "return_dates",
    "roster",
    "rubric",
    "silent_judges",
    "similar",
    "standings",
    "tabs",
    "timetable",
]
