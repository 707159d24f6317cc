"""`judging timetable`: who meets whom in a live round, where and when."""

from __future__ import annotations

from pathlib import Path

import click

from judging.cli.options import data_option, json_option, opened, print_json, print_table, read_settings
from judging.cli.show import find_contest


@click.command()
@data_option
@json_option
@click.argument("contest")
@click.option("--round", "round_key", required=True, help="Key of the round.")
def timetable(*, data: Path | None, as_json: bool, contest: str, round_key: str) -> None:
    """Print the timetable of a live round of CONTEST, in UTC with --json, else in the contest's zone."""
    from zoneinfo import ZoneInfo

    from judging.services.contests.editions import contest_rules
    from judging.services.judges.live.showing import timetable_rows
    from judging.services.rounds.entries import entry_code, judged_round

    with opened(read_settings(data)) as platform, platform.database.reading() as session:
        found = find_contest(session, contest)
        rules = contest_rules(platform.registry, found)
        judged_round(rules, round_key)
        rows = timetable_rows(session, contest=found, round_key=round_key)
        zone = ZoneInfo(found.zone)
        places = [
            {
                "room": one.room, "starts_at": one.starts_at.isoformat(), "ends_at": one.ends_at.isoformat(),
                "entry": one.entry, "code": entry_code(rules, one.number), "judges": list(one.judges),
            }
            for one in rows
        ]  # fmt: skip
        shown = [
            (
                f"{one.starts_at.astimezone(zone):%Y-%m-%d %H:%M}", one.room, entry_code(rules, one.number),
                " ".join(one.judges),
            )
            for one in rows
        ]  # fmt: skip
    if as_json:
        print_json({"contest": contest, "round": round_key, "places": places})
        return
    print_table(("TIME", "ROOM", "ENTRY", "JUDGES"), shown)
