"""Names that belong to the core: a plugin that takes one of them would hide a page or a command of the core."""

from __future__ import annotations

BLUEPRINTS = frozenset(
    {
        "account",
        "admin",
        "api",
        "auth",
        "entrant",
        "health",
        "judge",
        "oidc",
        "organiser",
        "people",
        "plugins",
        "public",
        "static",
    }
)

COMMANDS = frozenset(
    {
        "assign", "backup", "bench", "check", "contests", "demo", "erase", "export", "import", "init", "log", "migrate",
        "new-plugin", "plan", "plugins", "rank", "report", "restore", "retention", "serve", "simulate",
        "standings", "timetable", "token", "verify", "worker",
        "similar",
        "files",
        "leave-one-out",
    }
)  # fmt: skip
"""The commands of the core, those of coming versions among them, so that an update takes no plugin's name away."""
