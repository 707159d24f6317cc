"""A whole contest of any kind, from opening to published results, by programs alone."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pikepdf
from PIL import Image

from judging.domain.fields import FieldKind, ItemKind
from judging.domain.structure import to_plain
from tests.factories import even_marks, give_office, make_account, make_organisation
from tests.web.api.programs import Program, done, program_of, said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from judging.domain.fields import EntryField
    from judging.domain.rules import ContestRules, Round
    from judging.services.platform import Platform

_TEXT = "Thiết bị mẫu làm việc bằng nước và ánh sáng. Nó bền và rẻ."


@dataclass(kw_only=True)
class Journey:
    """One contest of `rules` with as many entries as asked for, and the programs of its people."""

    app: Flask
    platform: Platform
    rules: ContestRules
    answers: Mapping[str, Any] = field(default_factory=dict)
    born: str = ""
    entries: int = 3
    slug: str = ""
    judges: dict[str, Program] = field(default_factory=dict)
    authors: list[Program] = field(default_factory=list)
    entry_ids: list[str] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Everything, one step after the other. Returns the published results."""
        self.open()
        self.enter()
        self.screen()
        self.judge()
        return self.publish()

    @property
    def base(self) -> str:
        return f"/contests/{self.slug}"

    def open(self) -> None:
        """An organiser opens the contest, names judges and lets entries in."""
        with self.platform.database.writing() as session:
            organisation = make_organisation(session)
            account = make_account(session)
            give_office(session, organisation, account, "organiser")
        self.office = program_of(self.app, self.platform, account, scopes=("read", "office"))
        self.slug = f"{self.rules.key}-{uuid4().hex[:8]}"
        moment = datetime.now(UTC)
        done(
            self.office.post(
                "/contests",
                {
                    "organisation": organisation.slug, "kind": self.rules.key, "slug": self.slug, "title": "Cuộc thi",
                    "year": moment.year,
                    "dates": {
                        "opens_at": (moment - timedelta(days=1)).isoformat(),
                        "closes_at": (moment + timedelta(days=1)).isoformat(),
                    },
                },
            ),
            201,
        )  # fmt: skip
        self._name_judges()
        for phase in ("announced", "open"):
            done(self.office.post(f"{self.base}/phase", {"to": phase}))

    def _name_judges(self) -> None:
        keys = [one.key for one in self.rules.categories]
        present = done(self.office.get(f"{self.base}/panels"))["items"]
        arranged = done(
            self.office.put(
                f"{self.base}/panels", {"panels": [{"id": present[0]["id"], "name": "Panel", "categories": keys}]}
            )
        )["items"]
        for number in range(max(judged.judges_per_entry for judged in self.rules.rounds)):
            with self.platform.database.writing() as session:
                account = make_account(session)
            body = {
                "email": account.email, "name": "Lê Mẫu Hà", "panels": [arranged[0]["id"]],
                "chairs": [arranged[0]["id"]] if number == 0 else [],
            }  # fmt: skip
            named = done(self.office.post(f"{self.base}/judges", body), 201)
            self.judges[named["alias"]] = program_of(self.app, self.platform, account, scopes=("judge",))

    def enter(self) -> None:
        """Authors begin entries, complete and hand them in; then the office closes the contest for entries."""
        for number in range(self.entries):
            with self.platform.database.writing() as session:
                account = make_account(session)
            author = program_of(self.app, self.platform, account, scopes=("entries",))
            self.authors.append(author)
            self.entry_ids.append(self._enter_one(author, number))
        done(self.office.post(f"{self.base}/phase", {"to": "closed"}))

    def _agree(self, author: Program, entry_id: str) -> None:
        """Say yes to taking part for whoever must; the account is the author's, or the parent's of a child."""
        for one in done(author.get(f"/entries/{entry_id}/people"))["members"]:
            words = [{"member": one["member"], "by": by} for by in one["missing"]]
            done(author.put(f"/entries/{entry_id}/consents", {"consents": words, "purpose": "take-part"}))

    def _enter_one(self, author: Program, number: int) -> str:
        begun = author.post(
            f"{self.base}/entries", {"title": f"Mẫu {number}", "category": self.rules.categories[0].key}
        )
        entry_id: str = done(begun, 201)["id"]
        early = author.post(f"/entries/{entry_id}/submit")
        assert early.status_code == 422, early.text
        change: dict[str, Any] = {
            "answers": {one.key: self._answer(one) for one in self.rules.fields},
            "members": [self._member(number)],
        }
        if self.rules.divisions:
            change["division"] = self.rules.divisions[0].key
        done(author.patch(f"/entries/{entry_id}", change, If_Match=begun.headers["ETag"]))
        for item in self.rules.dossier:
            if item.required and item.kind is not ItemKind.PHYSICAL:
                for _ in range(item.low):
                    self._attach(author, entry_id, item.key, item.kind)
        self._agree(author, entry_id)
        receipt = done(author.post(f"/entries/{entry_id}/submit", Idempotency_Key=str(uuid4())), 201)
        assert set(receipt) == {"number", "time", "sha256", "late", "gaps"}
        assert not receipt["late"]
        return entry_id

    def _answer(self, question: EntryField) -> Any:
        if question.key in self.answers:
            return self.answers[question.key]
        if question.kind is FieldKind.CHOICE:
            return question.choices[0].key
        samples = {
            FieldKind.BOOLEAN: False, FieldKind.LONG_TEXT: _TEXT, FieldKind.TEXT: "Mẫu", FieldKind.INTEGER: 3,
            FieldKind.DECIMAL: "1.5", FieldKind.DATE: "2021-01-02", FieldKind.EMAIL: "mau@example.vn",
            FieldKind.PHONE: "0205 3812 345", FieldKind.URL: "https://example.vn/mau",
        }  # fmt: skip
        return samples[question.kind] if question.required else None

    def _member(self, number: int) -> dict[str, Any]:
        member: dict[str, Any] = {"name": f"Nông Mẫu {'ABCDEFGH'[number % 8]}", "unit": "THCS Mẫu 12"}
        if self.rules.team.births:
            member["born"] = self.born
        if self.rules.team.shares:
            member["share"] = "100"
        return member

    def _attach(self, author: Program, entry_id: str, item: str, kind: ItemKind) -> None:
        content, name = (picture(), "mau.png") if kind is ItemKind.IMAGE else (paper(), "mau.pdf")
        done(author.send_file(f"/entries/{entry_id}/files", item=item, content=io.BytesIO(content), filename=name), 201)

    def screen(self) -> None:
        """The office finds every entry eligible."""
        done(self.office.post(f"{self.base}/phase", {"to": "screening"}))
        waiting = done(self.office.get(f"{self.base}/entries?state=submitted"))["items"]
        for entry in waiting:
            done(self.office.post(f"/entries/{entry['id']}/screening", {"verdict": "eligible", "reason": ""}), 201)

    def judge(self) -> None:
        """Round by round: plan, declare, mark, close, go on."""
        done(self.office.post(f"{self.base}/phase", {"to": "judging"}))
        for place, judged in enumerate(self.rules.rounds):
            here = f"{self.base}/rounds/{judged.key}"
            if place:
                done(self.office.post(f"{here}/open"))
            plan = done(self.office.get(f"{here}/assignments"))
            made = done(self.office.post(f"{here}/assignments", {"seal": plan["seal"]}), 201)
            assert made["made"] == len(plan["pairs"])
            assert made["unfilled"] == []
            for judge in self.judges.values():
                self._mark(judge, judged)
            assert done(self.office.get(f"{here}/sheets"))["items"]
            done(self.office.post(f"{here}/close"))
            if place < len(self.rules.rounds) - 1:
                done(self.office.post(f"{here}/advance"))

    def _mark(self, judge: Program, judged: Round) -> None:
        mine = f"/me/assignments?contest={self.slug}&state=assigned"
        if self.slug in done(judge.get(mine))["declare_units"]:
            assert judge.get(f"{self.base}/conflicts").status_code == 409
            assert done(judge.post(f"{self.base}/conflicts/units", {"units": []})) == {"recorded": 0}
        if any(one["must_declare"] for one in done(judge.get(mine))["items"]):
            listed = done(judge.get(f"{self.base}/conflicts"))["items"]
            assert listed
            answers = {one["assignment"]: "none" for one in listed}
            assert done(judge.post(f"{self.base}/conflicts", {"answers": answers})) == {"recused": 0}
        for work in done(judge.get(mine))["items"]:
            place = self.entry_ids.index(work["entry"]["id"])
            marks = even_marks(judged, Decimal("0.95") - Decimal("0.05") * place)
            body = {
                "marks": {key: to_plain(mark) for key, mark in marks.items()},
                "comments": {one.key: "Rõ ràng." for one in judged.rubric.criteria if one.comment.value == "required"},
                "comment": "Ý tưởng rõ ràng. Mô hình chạy tốt. Nên thử thêm ở vùng lũ.", "state": "submitted",
            }  # fmt: skip
            key = {"Idempotency_Key": f'"{uuid4()}"', "If_None_Match": "*"}
            first = judge.put(f"/assignments/{work['id']}/sheet", body, **key)
            assert done(first, 201)["receipt"]["version"] == 1
            again = judge.put(f"/assignments/{work['id']}/sheet", body, **key)
            assert (again.status_code, again.data, again.headers["ETag"]) == (201, first.data, first.headers["ETag"])

    def publish(self) -> dict[str, Any]:
        """Prizes, the steps to the decision, the publication."""
        done(self.office.post(f"{self.base}/phase", {"to": "deliberation"}))
        refused = self.office.post(f"{self.base}/phase", {"to": "approved"})
        assert refused.status_code == 409
        assert [one["code"] for one in said(refused)["errors"]] == ["prizes"]
        done(self.office.post(f"{self.base}/prizes/settle"))
        for phase in ("approved", "posted", "decided"):
            done(self.office.post(f"{self.base}/phase", {"to": phase}))
        guest = Program(client=self.app.test_client())
        assert guest.get(f"{self.base}/results").data == guest.get("/contests/nothing-2000/results").data
        done(self.office.post(f"{self.base}/phase", {"to": "published", "decision": "12/QĐ-SKHCN"}))
        results: dict[str, Any] = done(guest.get(f"{self.base}/results"))
        last = self.rules.rounds[-1].key
        standings = done(guest.get(f"{self.base}/rounds/{last}/standings"))["items"]
        assert [one["rank"] for one in standings] == sorted(one["rank"] for one in standings)
        assert {one["title"] for one in standings} == {None}
        return results


@cache
def paper() -> bytes:
    """A PDF of one page."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(made)
    return made.getvalue()


@cache
def picture() -> bytes:
    """A small PNG."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue()
