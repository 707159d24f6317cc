"""The documents of a bundle: read once, held against the hashes that the log has of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from judging.domain.ledger.bundle import (
    ASSIGNMENT,
    PLUGINS,
    ROSTER,
    RUBRIC,
    RULES,
    Manifest,
    earlier_rules_path,
)
from judging.domain.ledger.documents import Assignment, read_rules, rubric_bytes
from judging.domain.ledger.faults import HashError, LeafError
from judging.domain.ledger.fold import RULES_PARAM, Fold
from judging.domain.ledger.leaves import Leaf
from judging.domain.rules import ContestRules
from judging.errors import N_, RulesError
from judging.verify.sources import Source, read_file

_NOTHING = Assignment(boards={}, plan={})


@dataclass(slots=True, kw_only=True)
class Papers:
    """The documents. `digests` are those of the manifest, which the files were held against already."""

    digests: Mapping[str, str]
    rubric: bytes
    rules: dict[str, ContestRules | None] = field(default_factory=dict)
    assignment: Assignment = _NOTHING
    fault: LeafError | None = None

    @classmethod
    def read(cls, source: Source, manifest: Manifest) -> Papers:
        """Read all documents; one that cannot be understood is told of after its hash was found right."""
        made = cls(digests=manifest.files, rubric=read_file(source, RUBRIC))
        for path, digest in manifest.files.items():
            if path in (RULES, earlier_rules_path(digest)):
                made._read_rules(digest, read_file(source, path))
        try:
            made.assignment = Assignment.parse(read_file(source, ASSIGNMENT))
        except LeafError as error:
            made.fault = error
        return made

    def _read_rules(self, digest: str, data: bytes) -> None:
        try:
            self.rules[digest] = read_rules(data)
        except (RulesError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
            # Rules of a later version of the product: consistent as they are, but nobody can count by them here.
            self.rules[digest] = None

    def find_rules(self, digest: str) -> ContestRules | None:
        """The rules whose canonical bytes have this SHA-256, where the bundle has them and they can be read."""
        return self.rules.get(digest)

    def check(self, fold: Fold) -> None:
        """Hold every document against the log. Raises HashError."""
        opening = fold.opening
        if opening is None:
            raise HashError(N_("The first leaf was erased, so that nothing can be held against it."))
        amended = [leaf for _, leaf in fold.noted if leaf["type"] == "amend"]
        self._expect(RULES, fold.rules_sha256)
        self._expect(ROSTER, opening["roster_sha256"])
        self._expect(ASSIGNMENT, fold.assign_sha256)
        plugins = [opening["plugins_sha256"], *(leaf["digest"] for leaf in amended if leaf["what"] == "plugins")]
        if PLUGINS in self.digests:
            self._expect(PLUGINS, plugins[-1])
        if not any(leaf["what"] == "rules" for leaf in amended):
            self._expect(RUBRIC, opening["rubric_sha256"])
        if fold.rules is not None and self.rubric != rubric_bytes(fold.rules):
            raise HashError(N_("%(file)s is not the one that the log names."), file=RUBRIC)
        self._check_rule(opening)

    def check_readable(self) -> None:
        """Raise LeafError for a document that the log names and that cannot be read."""
        if self.fault is not None:
            raise self.fault

    def _expect(self, name: str, digest: str) -> None:
        if self.digests[name] != digest:
            raise HashError(N_("%(file)s is not the one that the log names."), file=name)

    def _check_rule(self, opening: Leaf) -> None:
        rule = opening["rule"]
        first = self.find_rules(rule["params"][RULES_PARAM])
        if first is not None and (first.key, first.version) != (rule["name"], rule["version"]):
            raise HashError(N_("%(file)s is not the one that the log names."), file=RULES)
