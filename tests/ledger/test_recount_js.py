"""The browser's recount against `judging verify`: the same bundles, the same ranking bytes, the same codes."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaf_types import Disqualify, Reopen
from judging.domain.rules import ContestRules
from judging.domain.scoring import CORE_AGGREGATORS
from judging.paths import static_folder
from tests.domain.builders import D, a_round, coarse_rubric, lam_dong_rubric, rich_rubric, some_rules, son_la_rubric
from tests.domain.generated import contest_rules
from tests.ledger.bundles import change_leaves, check
from tests.ledger.cases import DECIDED, HIGH, LOW, ONE, A, B, C
from tests.ledger.conftest import KINDS, kind_rules
from tests.ledger.examples import forced, small
from tests.ledger.log_maker import HASH, LogMaker, signing_key
from tests.ledger.played import play, with_aggregator
from tests.ledger.test_forced_assignments import with_forced
from tests.ledger.test_tampering import CHANGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SCRIPT = """async ([address, vkey, quiet]) => {
    const { readZip, recountBundle } = await import("/js/recount.js");
    if (quiet) Object.defineProperty(globalThis.crypto, "subtle", { value: undefined, configurable: true });
    const bytes = await (await fetch(address)).arrayBuffer();
    const found = await recountBundle(await readZip(bytes), { vkey });
    if (quiet) delete globalThis.crypto.subtle;
    const ranking = found.ranking && btoa(Array.from(found.ranking, (byte) => String.fromCharCode(byte)).join(""));
    return { ...found, ranking };
}"""
WORKER = """([address, vkey]) => new Promise((resolve) => {
    const worker = new Worker("/js/recount-worker.js", { type: "module" });
    const steps = [];
    worker.onmessage = ({ data }) => (data.step ? steps.push(data.step) : resolve({ ...data, steps }));
    worker.postMessage({ bundle: address, vkey });
})"""

NOBODY = b'{"entries":{},"format":"contest-assign@v1","rounds":{}}'

Recount = Callable[..., dict[str, Any]]


class _Files(SimpleHTTPRequestHandler):
    """The product's scripts, and the bundles of the tests."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012  # as the base has it

    def __init__(self, *args: Any, bundles: Path, **more: Any) -> None:
        self._bundles = bundles
        super().__init__(*args, **more)

    def end_headers(self) -> None:
        # Every test writes its bundle under the same name.
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def translate_path(self, path: str) -> str:
        folder, _, name = path.lstrip("/").partition("/")
        return str((static_folder() / "js" if folder == "js" else self._bundles) / name)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bundles")
    (folder / "index.html").write_text("<!doctype html><title>Recount</title>", "utf-8")
    return folder


@pytest.fixture(scope="module")
def page(browser: Browser, bundles: Path) -> Iterator[Page]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, bundles=bundles))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/bundles/index.html")
    yield opened
    opened.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def recount(page: Page, bundles: Path) -> Recount:
    """Counts a bundle in the browser; the ranking comes as bytes."""

    def run(log: LogMaker, *, vkey: str = "", quiet: bool = False, **changes: Any) -> dict[str, Any]:
        log.write(bundles / "bundle.zip", **changes)
        asked = ["/bundles/bundle.zip", vkey or str(log.key.verifier), quiet]
        found: dict[str, Any] = page.evaluate(SCRIPT, asked)
        found["ranking"] = found["ranking"] and base64.b64decode(found["ranking"])
        return found

    return run


def fractions_rules() -> ContestRules:
    """Rounds whose totals are no finite decimals, with sub-criteria, weighted sections, bands and coefficients."""
    rounds = [
        replace(a_round(rubric), key=key, aggregator=aggregator, judges_per_entry=5)
        for key, rubric, aggregator in (
            ("rich", rich_rubric(), "median"),
            ("coefficients", replace(lam_dong_rubric(), total=D(90)), "trimmed-mean"),
            ("bands", son_la_rubric(), "consensus"),
            ("coarse", replace(coarse_rubric(), total=D("33.3")), "mean"),
        )
    ]
    breaks = ("criterion:idea", "criterion:remark", "later-round", "criterion:novelty", "earlier-round", "chair-vote")
    return some_rules(rounds=rounds, tie_breaks=breaks, divisions=("x", "y"))


def test_reading_that_two_persons_forced_is_counted_as_any_other(recount: Recount) -> None:
    log = with_forced()
    found = recount(log)
    assert (found["code"], found["ranking"]) == (0, log.ranking), found["steps"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("aggregator", [one.key for one in CORE_AGGREGATORS])
def test_ranking_of_every_kind_and_aggregator_is_the_same(recount: Recount, kind: str, aggregator: str) -> None:
    for seed in range(4):
        log = play(with_aggregator(kind_rules(kind), aggregator), seed, entries=10 + 3 * seed, coarse=seed % 2 == 0)
        found = recount(log)
        assert (found["code"], found["ranking"]) == (0, log.ranking), found["steps"]
        assert (found["signed"], found["hashed"], found["sheets"]) == (True, True, log.fold.sheets)


@pytest.mark.parametrize("seed", range(6))
def test_ranking_of_totals_that_are_no_decimals_is_the_same(recount: Recount, seed: int) -> None:
    log = play(fractions_rules(), seed, entries=9, coarse=seed % 2 == 0)
    found = recount(log)
    assert (found["code"], found["ranking"]) == (0, log.ranking), found["steps"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(rules=contest_rules(), seed=st.integers(0, 99))
def test_ranking_by_any_rules_is_the_same(recount: Recount, rules: ContestRules, seed: int) -> None:
    log = play(rules, seed, entries=7)
    found = recount(log)
    assert (found["code"], found["ranking"]) == (0, log.ranking), found["steps"]


def test_closing_that_was_reopened_is_counted_anew(recount: Recount) -> None:
    log = small()
    log.close()
    log.add(Reopen(round="final", reason_sha256=HASH, prev_checkpoint=log.checkpoint().decode()))
    log.sheet("final", ONE, B, HIGH)
    log.close_round("final")
    log.close()
    found = recount(log)
    assert (found["code"], found["ranking"]) == (0, log.ranking)


def test_rules_of_before_an_amendment_are_used(recount: Recount) -> None:
    log = small()
    log.amend(replace(log.rules, version="2"))
    log.close()
    assert (recount(log)["code"], recount(log)["ranking"]) == (0, log.ranking)
    assert recount(log, earlier_rules=())["code"] == Exit.NOT_RECOUNTED


def test_ranking_without_the_browsers_cryptography_is_counted_and_says_so(recount: Recount) -> None:
    log = play(kind_rules("startup"), 1)
    found = recount(log, quiet=True)
    assert (found["code"], found["ranking"], found["hashed"], found["signed"]) == (0, log.ranking, False, None)


def forced_log() -> LogMaker:
    log = small()
    log.close(ranking=forced(log, lambda plain: plain["rounds"][0]["standings"].reverse()))
    return log


def closed(log: LogMaker) -> LogMaker:
    log.close()
    return log


def unassigned() -> LogMaker:
    log = LogMaker(rules=small().rules, boards={A: ("a", None)})
    log.open([ONE])
    log.sheet("first", ONE, A, LOW)
    return closed(log)


def of_a_plugin() -> LogMaker:
    rules = small().rules
    log = LogMaker(
        rules=replace(rules, rounds=(replace(rules.rounds[0], aggregator="our-own"),)), boards={C: ("a", None)}
    )
    log.open([])
    log.close(ranking=b"{}")
    return log


@pytest.mark.parametrize(
    ("make", "changes", "code"),
    [
        (lambda: closed(small()), {"vkey": str(signing_key("contest.example/x/log/1").verifier)}, Exit.SIGNATURE),
        (lambda: closed(small()), {"checkpoint": b"nothing"}, None),
        (lambda: closed(small()), {"rules": b"{}"}, Exit.HASH),
        (
            lambda: closed(small()),
            {"assignment": b'{"entries":{},"format":"contest-assign@v1","rounds":{}}'},
            Exit.HASH,
        ),
        (lambda: closed(small()), {"ranking": b"{}"}, Exit.RANKING),
        (lambda: closed(small()), {"erase": [4]}, Exit.NOT_RECOUNTED),
        (forced_log, {}, Exit.RANKING),
        (small, {"ranking": b"{}"}, Exit.LEAF),
        (unassigned, {}, Exit.LEAF),
        (of_a_plugin, {}, Exit.NOT_RECOUNTED),
    ],
)
def test_what_is_wrong_ends_with_the_same_code(
    recount: Recount, tmp_path: Path, make: Any, changes: dict[str, Any], code: Exit | None
) -> None:
    log = make()
    if code is None:
        changes = {"checkpoint": log.checkpoint(key=signing_key(log.origin, bytes(32)))}
    found = recount(log, **changes)
    keys = [signing_key("contest.example/x/log/1").verifier] if changes.pop("vkey", "") else []
    assert found["code"] == check(log.write(tmp_path / "bundle", **changes), log, keys=keys).code
    assert found["code"] == (code or Exit.SIGNATURE)


@pytest.mark.parametrize("what", ["a mark", "two leaves swapped", "the last leaf deleted"])
def test_changed_leaves_end_with_3(page: Page, bundles: Path, tmp_path: Path, what: str) -> None:
    import zipfile

    log = play(kind_rules("technical-innovation"), 4, entries=20)
    folder = log.write(tmp_path / "bundle")
    change_leaves(folder, CHANGES[what])
    with zipfile.ZipFile(bundles / "bundle.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in (one for one in folder.rglob("*") if one.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())

    assert page.evaluate(SCRIPT, ["/bundles/bundle.zip", str(log.key.verifier), False])["code"] == Exit.HASH


def test_worker_counts_off_the_page(page: Page, bundles: Path) -> None:
    log = small()
    log.add(Disqualify(entry=A, **DECIDED))
    log.close()
    log.write(bundles / "bundle.zip")
    found = page.evaluate(WORKER, ["/bundles/bundle.zip", str(log.key.verifier)])

    assert found["steps"] == ["files", "signature", "tree", "leaves", "documents", "ranking"]
    assert found["result"]["code"] == 0
    assert "404" in page.evaluate(WORKER, ["/bundles/none.zip", ""])["error"]
