"""Catalogues: compiled when out of date, refused when a text lacks its translation."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from hatch_build import compile_catalogues
from tools import messages

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "judging" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        HEADER + 'msgid "Entry"\nmsgstr "Bài dự thi"\n\n#, fuzzy\nmsgid "Judge"\nmsgstr "Quan toà"\n', "utf-8"
    )
    return path


def test_compile_catalogues_makes_a_readable_one(source: Path, tmp_path: Path) -> None:
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]
    with source.with_suffix(".mo").open("rb") as readable:
        translations = gettext.GNUTranslations(readable)
    assert translations.gettext("Entry") == "Bài dự thi"


def test_compile_catalogues_leaves_fuzzy_texts_in_english(source: Path, tmp_path: Path) -> None:
    compile_catalogues(tmp_path)
    with source.with_suffix(".mo").open("rb") as readable:
        assert gettext.GNUTranslations(readable).gettext("Judge") == "Judge"


def test_compile_catalogues_again_does_nothing(source: Path, tmp_path: Path) -> None:
    compile_catalogues(tmp_path)
    assert compile_catalogues(tmp_path) == []
    later = source.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(source, ns=(later, later))
    assert compile_catalogues(tmp_path) == [source.with_suffix(".mo")]


@pytest.mark.parametrize(
    ("translated", "expected"),
    [
        (None, "is missing"),
        (Message("%(count)s entries", ""), "is empty"),
        (Message("%(count)s entries", "%(count)s bài", flags=("fuzzy",)), "is fuzzy"),
        (Message("%(count)s entries", "%(number)s bài"), "has a placeholder that the text has not"),
        (Message("%(count)s entries", "các bài"), "lacks a placeholder of the text"),
        (Message("%(count)s entries", "%(count)s bài"), None),
    ],
)
def test_fault_of_a_translation(translated: Message | None, expected: str | None) -> None:
    assert messages.fault(Message("%(count)s entries"), translated) == expected


def test_fault_of_a_plural_without_its_form() -> None:
    wanted = Message(("%(num)s judge", "%(num)s judges"))
    assert messages.fault(wanted, Message(wanted.id, ("",))) == "is empty"
    assert messages.fault(wanted, Message(wanted.id, ("%(num)s giám khảo",))) is None


def test_extract_finds_texts_of_code_and_of_templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    (tmp_path / "rules.py").write_text('LABEL = N_("Novelty")\n', "utf-8")
    (tmp_path / "page.html").write_text("<p>{{ _('Entries') }}{% trans %}Closed{% endtrans %}</p>\n", "utf-8")
    domain = messages.Domain(name="messages", translations=tmp_path, sources=(tmp_path,))
    assert sorted(str(message.id) for message in domain.extract() if message.id) == ["Closed", "Entries", "Novelty"]


def test_update_keeps_translations_and_drops_what_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    code = tmp_path / "code"
    code.mkdir()
    (code / "rules.py").write_text('A = N_("Novelty")\nB = N_("Creativity")\n', "utf-8")
    domain = messages.Domain(name="messages", translations=tmp_path / "translations", sources=(code,))
    vietnamese = domain.catalogue("vi")
    vietnamese.parent.mkdir(parents=True)
    vietnamese.write_text(HEADER + 'msgid "Novelty"\nmsgstr "Tính mới"\n\nmsgid "Gone"\nmsgstr "Đã bỏ"\n', "utf-8")
    messages.update(domain)
    held = {message.id: message.string for message in messages.read(vietnamese, "vi") if message.id}
    assert held == {"Novelty": "Tính mới", "Creativity": ""}
    assert list(messages.faults(domain)) == ["messages vi: “Creativity” (code/rules.py) is empty"]


def test_read_of_an_absent_catalogue_is_empty(tmp_path: Path) -> None:
    absent = messages.read(tmp_path / "vi.po", "vi")
    assert isinstance(absent, Catalog)
    assert len(absent) == 0


@pytest.mark.parametrize("domain", list(messages.domains()), ids=lambda domain: domain.name)
def test_catalogues_of_the_product_are_complete(domain: messages.Domain) -> None:
    assert list(messages.faults(domain)) == []
