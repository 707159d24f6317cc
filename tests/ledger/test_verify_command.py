"""`judging verify`: its codes, its report in both languages, its document, and what it does not load."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from judging.cli.program import program
from judging.domain.ledger.faults import Exit, LedgerError
from judging.domain.ledger.leaf_types import (
    Amend,
    Disqualify,
    Extend,
    Override,
    Recuse,
    Rekey,
    Reopen,
    Vote,
    Withdraw,
)
from judging.errors import N_
from judging.verify.outcome import Told
from judging.verify.report import say, translator
from tests.ledger.cases import DECIDED, LOW, ONE, A, B
from tests.ledger.conftest import kind_rules
from tests.ledger.examples import small
from tests.ledger.log_maker import HASH, LogMaker
from tests.ledger.played import play


@cache
def log() -> LogMaker:
    return play(kind_rules("startup"), 11, entries=16)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    log().write_vkey(tmp_path / "log.vkey")
    return log().write(tmp_path / "bundle.zip")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(program, ["verify", *map(str, arguments)], prog_name="judging")


def acts() -> LogMaker:
    """A log with every act that is told of."""
    made = small()
    made.add(Override(target=2, exclude=True, **DECIDED))
    made.add(Override(target=3, scores=LOW, **DECIDED))
    made.add(Recuse(judge=ONE, entry=A, reason_sha256=HASH))
    made.add(Withdraw(entry=B, **DECIDED))
    made.add(Extend(what="final", old="2026-03-01", new="2026-03-02", by="o-0001"))
    made.add(Rekey(judge=ONE, key="AAAA"))
    tie = {"round": "final", "order": [A, B]}
    made.add(Vote(subject="tie", outcome=tie, counts={"for": 3}, minutes_sha256=HASH))
    for given in (True, False):
        outcome = {"entry": A, "given": given, "level": "first"}
        made.add(Vote(subject="award", outcome=outcome, counts={}, minutes_sha256=HASH))
    made.close()
    made.add(Reopen(reason_sha256=HASH, prev_checkpoint=made.checkpoint().decode()))
    made.add(Disqualify(entry=A, **DECIDED))
    made.add(Amend(what="dates", digest=HASH, **DECIDED))
    made.close()
    return made


def test_verified_bundle_ends_with_0_and_says_so(bundle: Path) -> None:
    done = run(bundle, "--vkey", bundle.with_name("log.vkey"), "--lang", "en")

    assert done.exit_code == 0
    assert done.stdout.splitlines()[-2].startswith("VERIFIED.")
    assert [line.split()[0] for line in done.stdout.splitlines()[1:7]] == ["right"] * 6
    assert done.stderr == ""


def test_document_holds_all_that_is_told(bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(log().receipt(20))
    (tmp_path / "old").write_bytes(log().checkpoint(30))
    more = ("--receipt", tmp_path / "one", "--since", tmp_path / "old", "--json", "--lang", "en")
    done = run(bundle, "--vkey", bundle.with_name("log.vkey"), *more)
    told = json.loads(done.stdout)

    assert (told["ok"], told["exit"]) == (True, 0)
    assert [one["name"] for one in told["checks"]] == [
        "files", "signature", "tree", "documents", "receipt", "since", "leaves", "ranking",
    ]  # fmt: skip
    assert (told["log"]["origin"], told["log"]["size"]) == (log().origin, len(log().leaves))
    assert [one["leaf"] for one in told["acts"]] == [index for index, _ in log().fold.noted]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing argument"), (("{bundle}",), "--vkey"), (("{none}", "--vkey", "{key}"), "does not exist"),
        (("{bundle}", "--vkey", "{none}"), "does not exist"), (("{bundle}", "--vkey", "{bundle}"), "verifier key"),
        (("{bundle}", "--vkey", "{empty}"), "verifier key"),
        (("{bundle}", "--vkey", "{key}", "--what"), "No such option"),
        (("{bundle}", "--vkey", "{key}", "--receipt", "{none}"), "does not exist"),
        (("{bundle}", "--vkey", "{key}", "--since", "{large}"), "too large"),
        (("{bundle}", "--vkey", "{key}", "--lang", "fr"), "Invalid value"),
        (("{bundle}", "more", "--vkey", "{key}"), "unexpected extra argument"),
    ],
)  # fmt: skip
def test_wrong_usage_ends_with_64(bundle: Path, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    (tmp_path / "empty").write_text("")
    (tmp_path / "large").write_bytes(b"x" * 1_000_001)
    names = {name: tmp_path / name for name in ("none", "empty", "large")} | {
        "bundle": bundle, "key": bundle.with_name("log.vkey"),
    }  # fmt: skip
    done = run(*(argument.format(**names) for argument in arguments))

    assert (done.exit_code, done.stdout) == (64, "")
    assert said in done.stderr


@pytest.mark.parametrize("code", [code for code in Exit if code not in (Exit.OK, Exit.USAGE)])
def test_every_other_code_is_the_programs(tmp_path: Path, code: Exit) -> None:
    made, more = small(), list[str | Path]()
    if code is Exit.RANKING:
        made.close(ranking=b"{}")
    elif code is not Exit.LEAF:
        made.close()
    made.write_vkey(tmp_path / "key")
    made.write(tmp_path / "bundle", erase=[4] if code is Exit.NOT_RECOUNTED else [])
    if code is Exit.SIGNATURE:
        log().write_vkey(tmp_path / "key").write_text(str(log().key.named("contest.example/x/log/1").verifier))
    elif code is Exit.HASH:
        (tmp_path / "bundle/rules.json").write_text("{}")
    elif code in (Exit.RECEIPT, Exit.NOT_APPEND_ONLY):
        fork = small()
        fork.add(Disqualify(entry=A, **DECIDED))
        (tmp_path / "receipt").write_bytes(fork.receipt(len(fork.leaves) - 1))
        (tmp_path / "since").write_bytes(fork.checkpoint())
        more = ["--receipt", tmp_path / "receipt"] if code is Exit.RECEIPT else ["--since", tmp_path / "since"]

    done = run(tmp_path / "bundle", "--vkey", tmp_path / "key", "--lang", "en", *more)

    assert done.exit_code == code
    verdict = done.stdout.splitlines()[-2]
    assert verdict.startswith("CONSISTENT" if code is Exit.NOT_RECOUNTED else "NOT VERIFIED.")


def test_report_lists_every_act(tmp_path: Path) -> None:
    made = acts()
    made.write(tmp_path / "bundle")
    made.write_vkey(tmp_path / "key")
    done = run(tmp_path / "bundle", "--vkey", tmp_path / "key", "--lang", "en")
    told = [line.split("Z: ", 1)[1] for line in done.stdout.splitlines() if re.match(r"  Leaf \d+, ", line)]

    assert done.exit_code == 0
    assert told == [
        "the sheet in leaf 2 was excluded, by o-0001, approved by c-0001.",
        "the sheet in leaf 3 got other marks, by o-0001, approved by c-0001.",
        "judge j-0001 was taken off entry e-000a.",
        "entry e-000b was withdrawn, by o-0001, approved by c-0001.",
        "a deadline (final) was moved from 2026-03-01 to 2026-03-02, by o-0001.",
        "a signing key was replaced.",
        "a vote put entries that nothing parted in this order (final): e-000a, e-000b.",
        "a vote for entry e-000a (award).",
        "a vote against entry e-000a (award).",
        "what was closed was opened again.",
        "entry e-000a was disqualified, by o-0001, approved by c-0001.",
        "an amendment (dates), by o-0001, approved by c-0001.",
    ]


def test_report_says_that_there_were_no_acts(tmp_path: Path) -> None:
    made = small()
    made.close()
    made.write(tmp_path / "bundle")
    made.write_vkey(tmp_path / "key")
    lines = run(tmp_path / "bundle", "--vkey", tmp_path / "key", "--lang", "en").stdout.splitlines()
    assert lines[lines.index("Acts that changed what counts") + 1] == "  None."


def test_report_is_told_in_vietnamese(bundle: Path) -> None:
    done = run(bundle, "--vkey", bundle.with_name("log.vkey"), "--lang", "vi")
    lines = done.stdout.splitlines()

    assert done.exit_code == 0
    assert lines[0] == "Những gì đã kiểm tra"
    assert lines[-2].startswith("ĐÃ XÁC NHẬN.")
    assert not [line for line in lines if re.search(r"\b(the|leaves|sheets|was|signed)\b", line)]


@pytest.mark.parametrize(
    ("spoken", "language"), [("vi_VN.UTF-8", "vi"), ("en_GB.UTF-8", "en"), ("C", "en"), ("", "en")]
)
def test_language_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch, spoken: str, language: str) -> None:
    from judging.cli.language import own_language

    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", spoken)
    assert own_language() == language


def test_reason_inside_a_sentence_is_translated_too() -> None:
    words = {"Broken: %(reason)s": "Hỏng: %(reason)s", "It is %(what)s.": "Nó %(what)s."}
    inner = LedgerError(N_("It is %(what)s."), what="gãy")
    told = Told(message=N_("Broken: %(reason)s"), params={"reason": inner})

    assert say(told, lambda text: words[text]) == "Hỏng: Nó gãy."
    assert str(told) == "Broken: It is gãy."


def test_language_without_a_catalogue_is_english() -> None:
    assert translator("xx")("Ranking") == "Ranking"


def test_neither_web_nor_database_is_loaded(bundle: Path) -> None:
    script = (
        "import sys\nfrom judging.cli.program import program\n"
        "try:\n    program(sys.argv[1:])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "print([name for name in ('flask', 'sqlalchemy', 'wtforms', 'pluggy', 'babel') if name in sys.modules])"
    )
    arguments = ["verify", str(bundle), "--vkey", str(bundle.with_name("log.vkey")), "--lang", "en"]
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
