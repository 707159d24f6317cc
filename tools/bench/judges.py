"""Judges at work: several clients at once submit and save sheets over HTTP, on the product and on its bare peer.

Both are served by gunicorn from the same installation, each in processes of its own, and the clients are a process of
their own too. All servers of an engine are measured in turns, batch by batch, and the ratios are taken within a turn.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import median
from urllib.parse import urlencode

from judging.composition import create_web
from judging.db.models import Contest
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.sheets.drafts import canonical_marks
from judging.web.sheet_blocks import MARK_FIELD, OVERALL_FIELD
from tools.bench.clients import cookies_of, csrf_token, enter, expect
from tools.bench.contests import Filled, fill_contest, give_marks
from tools.bench.load import Outcome, Post, send
from tools.bench.measure import Figure, Peer, Target, Timing, percentile
from tools.bench.servers import BARE, PRODUCT, Server, serving
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores, count_statements

_COMMENT = "Ý tưởng rõ ràng. Mô hình chạy tốt và dễ làm lại."
_SUBMITTED, _SAVED = 302, 200
_PEER = "bare Flask route, same writes"

LEAST_SHARE = 0.4
MOST_GROWTH = 1.15
MOST_STATEMENTS = 15
MOST_P95 = 0.2


@dataclass(frozen=True, slots=True)
class _Run:
    """One batch: how long it took in all and each answer, and the server's processor seconds for a request."""

    outcome: Outcome
    cpu: float

    @property
    def rate(self) -> float:
        """Requests in a second."""
        return len(self.outcome.latencies) / self.outcome.seconds


@dataclass(slots=True)
class _Side:
    """A server with the forms that are left to send to it; `drafts` are sent again and again."""

    server: Server
    left: deque[Post]
    drafts: list[Post]
    turn: int = 0

    def submit(self, clients: int, count: int) -> _Run:
        """Send the next `count` sheets by so many clients."""
        return self._send(clients, [self.left.popleft() for _ in range(count)], "", _SUBMITTED)

    def save(self, clients: int) -> _Run:
        """Send all drafts once more, each changed a little: an unchanged one would not be written."""
        self.turn += 1
        return self._send(clients, self.drafts, f"+{self.turn}", _SAVED)

    def _send(self, clients: int, posts: Sequence[Post], ending: str, expected: int) -> _Run:
        shares = [[post._replace(body=post.body + ending) for post in posts[one::clients]] for one in range(clients)]
        before = self.server.seconds_used()
        outcome = send(self.server.port, shares, expected=expected)
        after = self.server.seconds_used()
        cpu = 0.0 if before is None or after is None else (after - before) / len(posts)
        return _Run(outcome, cpu)


@dataclass(frozen=True, slots=True)
class _Hall:
    """An installation with a contest of so many entries, served by the product and by its bare peer."""

    ours: _Side
    bare: _Side
    statements: int
    saving: int


Turns = Mapping[int, Sequence[tuple[_Run, _Run]]]
"""By the number of entries: what the product and its peer did in each turn."""


def at_work(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """Time submissions by one client and by many at two sizes of contest, and saving drafts at the larger one."""
    for engine in engines:
        with contextlib.ExitStack() as stack:
            halls = {entries: stack.enter_context(_hall(stores, engine, entries, sizes)) for entries in sizes.sheets}
            for clients, count in sizes.clients:
                turns: defaultdict[int, list[tuple[_Run, _Run]]] = defaultdict(list)
                for _ in range(sizes.batches):
                    for entries, hall in halls.items():
                        turns[entries].append((hall.ours.submit(clients, count), hall.bare.submit(clients, count)))
                for entries, hall in halls.items():
                    yield _submissions(engine, entries, clients, turns, hall.statements)
            yield _autosaves(engine, sizes, halls)


@contextlib.contextmanager
def _hall(stores: Stores, engine: str, entries: int, sizes: Sizes) -> Iterator[_Hall]:
    judges = max(clients for clients, _ in sizes.clients)
    warm, drafts = sizes.clients[-1][1], sizes.autosaves[1]
    needed = warm + drafts + sizes.batches * sum(count for _, count in sizes.clients)
    # As many again for the peer, and one more of each: the first sheet only has its statements counted.
    load = 2 * (-(-needed // judges) + 1)
    with contextlib.ExitStack() as stack:
        platform = stack.enter_context(stores.installation(engine))
        with platform.database.writing() as session:
            sheets = -(-judges * load // sizes.sheets[0])
            filled = fill_contest(
                session, platform.registry, entries=entries, sheets=sheets, submitted=False,
                load=sizes.sheets[0] * sheets // judges,
            )  # fmt: skip
        ours, bare, (saving, statements) = _posts(platform, filled, judges)
        sides = []
        for command, posts in ((PRODUCT, ours), (BARE, bare)):
            server = stack.enter_context(serving(platform, command))
            side = _Side(server, posts, list(islice(_drafts(posts), drafts)))
            side.submit(sizes.clients[-1][0], warm)
            side.save(sizes.autosaves[0])
            sides.append(side)
        yield _Hall(sides[0], sides[1], statements, saving)


def _posts(platform: Platform, filled: Filled, judges: int) -> tuple[deque[Post], deque[Post], tuple[int, int]]:
    """The forms for the product and for its peer, judge by judge in turn; the statements of saving and sending one."""
    with platform.database.reading() as session:
        judged = contest_rules(platform.registry, session.get_one(Contest, filled.contest_id)).rounds[0]
    app = create_web(platform)
    ours: list[list[Post]] = []
    bare: list[list[Post]] = []
    statements: tuple[int, int] | None = None
    for email in list(filled.readings)[:judges]:
        client = enter(app, platform, email)
        marks = canonical_marks(give_marks(judged, Random(email), 0.7))  # noqa: S311 - the same marks in every run
        form = {
            **{MARK_FIELD + key: text for key, text in marks.items()},
            "action": "submit", "csrf_token": csrf_token(client, "/account"), OVERALL_FIELD: _COMMENT,
        }  # fmt: skip
        readings = filled.readings[email]
        if statements is None:
            first = f"/judge/sheets/{readings.pop()}"
            with count_statements(platform) as saved:
                expect(client, "POST", f"{first}/draft", _SAVED, form)
            with count_statements(platform) as made:
                expect(client, "POST", first, _SUBMITTED, form)
            statements = len(saved), len(made)
        posts = [Post(f"/judge/sheets/{reading}", cookies_of(client), urlencode(form)) for reading in readings]
        ours.append(posts[: len(posts) // 2])
        bare.append(posts[len(posts) // 2 :])
    return _by_turns(ours), _by_turns(bare), statements or (0, 0)


def _by_turns(hands: Sequence[Sequence[Post]]) -> deque[Post]:
    shortest = min(len(hand) for hand in hands)
    return deque(hand[turn] for turn in range(shortest) for hand in hands)


def _drafts(posts: deque[Post]) -> Iterator[Post]:
    """Forms that are saved and never submitted, taken from the end. The overall comment stands last in each."""
    while posts:
        post = posts.pop()
        yield post._replace(path=f"{post.path}/draft")


def _submissions(engine: str, entries: int, clients: int, turns: Turns, statements: int) -> Figure:
    own = turns[entries]
    targets = [_share(own), Target(name="statements", value=statements, limit=MOST_STATEMENTS)]
    smallest = min(turns)
    if entries != smallest:
        growth = median(
            here.outcome.seconds / there.outcome.seconds
            for (here, _), (there, _) in zip(own, turns[smallest], strict=True)
        )
        targets.append(Target(name=f"times {smallest:,} entries", value=growth, limit=MOST_GROWTH))
    return _figure("judges submit", f"{_people(clients)}, {entries:,} entries, {engine}", clients, own, targets)


def _autosaves(engine: str, sizes: Sizes, halls: Mapping[int, _Hall]) -> Figure:
    clients, hall = sizes.autosaves[0], halls[sizes.sheets[-1]]
    # Those of the smaller contest are the limit: saving costs no more in a larger one.
    same = Target(name="statements", value=hall.saving, limit=halls[sizes.sheets[0]].saving)
    turns = [(hall.ours.save(clients), hall.bare.save(clients)) for _ in range(sizes.batches)]
    return _figure(
        "judges autosave", f"{_people(clients)}, {sizes.sheets[-1]:,} entries, {engine}", clients, turns, [same]
    )


def _figure(
    benchmark: str, case: str, clients: int, turns: Sequence[tuple[_Run, _Run]], targets: Sequence[Target]
) -> Figure:
    ours, bare = [run for run, _ in turns], [run for _, run in turns]
    p95 = percentile(_latencies(ours), 0.95)
    # What many see at once is what counts; one judge alone is far below it.
    more = [Target(name="p95 in s", value=p95, limit=MOST_P95)] if clients >= 50 else []
    return Figure(
        benchmark=benchmark,
        case=case,
        timing=_timing(ours),
        peer=Peer(name=_PEER, timing=_timing(bare)),
        targets=(*targets, *more),
        notes={
            "requests/s": f"{median(run.rate for run in ours):.0f}",
            "bare requests/s": f"{median(run.rate for run in bare):.0f}",
            "p95": f"{p95 * 1000:.0f} ms",
            "bare p95": f"{percentile(_latencies(bare), 0.95) * 1000:.0f} ms",
            "bare CPU": f"{median(run.cpu for run in bare) * 1000:.1f} ms",
        },
    )


def _share(turns: Sequence[tuple[_Run, _Run]]) -> Target:
    share = median(ours.rate / bare.rate for ours, bare in turns)
    return Target(name="of bare throughput", value=share, limit=LEAST_SHARE, is_floor=True)


def _timing(runs: Sequence[_Run]) -> Timing:
    latencies = _latencies(runs)
    return Timing(
        median=median(latencies),
        least=min(latencies),
        most=max(latencies),
        cpu=median(run.cpu for run in runs),
        times=len(latencies),
    )


def _latencies(runs: Sequence[_Run]) -> list[float]:
    return [latency for run in runs for latency in run.outcome.latencies]


def _people(clients: int) -> str:
    return f"{clients} client" if clients == 1 else f"{clients} clients"
