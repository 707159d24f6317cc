"""Message catalogues: collect the texts from code and templates, compile what was translated, check that nothing lacks.

`python -m tools.messages update|compile|check`. The core and each plugin have a catalogue of their own, because each is
a gettext domain of its own. Message ids are English, so the English catalogues hold a header and nothing else.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from hatch_build import compile_catalogues

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
SOURCE_LANGUAGE = "en"
TRANSLATED = ("vi",)
CORE_DOMAIN = "messages"

KEYWORDS = DEFAULT_KEYWORDS | {
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
    "_l": None,
}
METHODS = [
    ("**/tests/**", "ignore"),
    ("**.py", "python"),
    ("**.html", "jinja2.ext:babel_extract"),
    ("**.txt", "jinja2.ext:babel_extract"),
]
# A template that cannot be parsed must be an error here, not a silently missing text.
OPTIONS = {"**.html": {"silent": "false"}, "**.txt": {"silent": "false"}}
PLACEHOLDER = re.compile(r"%\((\w+)\)")


@dataclass(frozen=True, kw_only=True)
class Domain:
    """One gettext domain: the folders that its texts stand in, and the folder of its catalogues."""

    name: str
    translations: Path
    sources: tuple[Path, ...] = field(default=())

    def catalogue(self, language: str) -> Path:
        """Say where the catalogue of `language` lies, whether or not it is there yet."""
        return self.translations / language / "LC_MESSAGES" / f"{self.name}.po"

    def extract(self) -> Catalog:
        """Collect every marked text of the domain, with the files that it stands in."""
        found = Catalog(domain=self.name, project="judging", charset="utf-8")
        for folder in self.sources:
            for name, line, text, comments, context in extract_from_dir(
                folder, METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), directory_filter=_every_folder
            ):
                place = (folder / name).relative_to(ROOT).as_posix()
                found.add(text, None, [(place, line)], auto_comments=comments, context=context)
        return found


def _every_folder(_folder: str) -> bool:
    # Babel passes over folders that begin with an underscore, and the macros lie in one.
    return True


def domains() -> Iterator[Domain]:
    """List the core's domain, then one for each plugin of this repository, named like its package."""
    core = ROOT / "judging"
    yield Domain(name=CORE_DOMAIN, translations=core / "translations", sources=(core, ROOT / "templates"))
    for package in sorted(ROOT.glob("plugins/*/judging_*")):
        if package.is_dir():
            yield Domain(name=package.name, translations=package / "translations", sources=(package,))


def read(path: Path, language: str) -> Catalog:
    """Read a catalogue; an absent one counts as empty."""
    if not path.exists():
        return Catalog(locale=language, project="judging", charset="utf-8")
    with path.open("rb") as readable:
        return read_po(readable, locale=language)


def update(domain: Domain) -> None:
    """Bring the domain's catalogues up to its texts: new ones empty, gone ones dropped, none guessed."""
    found = domain.extract()
    for language in (*TRANSLATED, SOURCE_LANGUAGE):
        path = domain.catalogue(language)
        if language == SOURCE_LANGUAGE and path.exists():
            continue
        kept = read(path, language)
        made = kept.creation_date
        if language != SOURCE_LANGUAGE:
            kept.update(found, no_fuzzy_matching=True)
            kept.creation_date = made
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as writable:
            # Without line numbers a catalogue changes only when a text does.
            write_po(writable, kept, width=120, include_lineno=False, sort_by_file=True, ignore_obsolete=True)


def texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Make one tuple of a message's text or of its singular and plural."""
    return (value,) if isinstance(value, str) else tuple(value)


def fault(wanted: Message, translated: Message | None) -> str | None:
    """Say what is wrong with a translation, or None where it is complete."""
    if translated is None:
        return "is missing"
    if translated.fuzzy:
        return "is fuzzy"
    strings = texts(translated.string or "")
    if not all(strings):
        return "is empty"
    names = {name for text in texts(wanted.id) for name in PLACEHOLDER.findall(text)}
    if any(set(PLACEHOLDER.findall(text)) - names for text in strings):
        return "has a placeholder that the text has not"
    if any(names - set(PLACEHOLDER.findall(text)) for text in strings) and not wanted.pluralizable:
        return "lacks a placeholder of the text"
    return None


def faults(domain: Domain) -> Iterator[str]:
    """List everything that keeps the domain from being complete in every language, one sentence each."""
    if not domain.catalogue(SOURCE_LANGUAGE).exists():
        yield f"{domain.name}: there is no {SOURCE_LANGUAGE} catalogue"
    found = domain.extract()
    for language in TRANSLATED:
        catalogue = read(domain.catalogue(language), language)
        for wanted in found:
            if wanted.id and (wrong := fault(wanted, catalogue.get(wanted.id, wanted.context))):
                place = wanted.locations[0][0] if wanted.locations else "?"
                yield f"{domain.name} {language}: “{texts(wanted.id)[0]}” ({place}) {wrong}"
        for held in catalogue:
            if held.id and found.get(held.id, held.context) is None:
                yield f"{domain.name} {language}: “{texts(held.id)[0]}” is used nowhere"


def check() -> int:
    """Print every fault of every domain; the exit code is 1 where there is one."""
    listed = [sentence for domain in domains() for sentence in faults(domain)]
    for sentence in listed:
        print(sentence)
    if listed:
        print(f"{len(listed)} faults; `make messages` adds new texts and drops old ones")
    return 1 if listed else 0


def main(command: str) -> int:
    """Run one of the commands; 2 where there is no such command."""
    if command == "check":
        return check()
    if command == "compile":
        compile_catalogues(ROOT)
        return 0
    if command == "update":
        for domain in domains():
            update(domain)
        return 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or ("",)))
