"""Who runs the demo's contests: the organisation, and an account for each role."""

from __future__ import annotations

from dataclasses import dataclass

from judging.db.models import Account, Organisation, OrganisationRole
from judging.demo.draw import Draw
from judging.demo.plan import at
from judging.demo.rows import Rows
from judging.domain.addresses import email_key
from judging.domain.roles import Role
from judging.services.access.accounts import hash_password

_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_FOUNDED = at(1, 4)

# Role, address, name; the committee signs on paper in most offices, so it comes last and is not told of.
_PEOPLE = (
    (Role.ADMINISTRATOR, "quantri@example.vn", "Quản Trị Mẫu"),
    (Role.ORGANISER, "bantochuc@example.vn", "Hoàng Mẫu Tổ Chức"),
    (Role.SECRETARY, "thuky@example.vn", "Vi Mẫu Thư Ký"),
    (Role.JUDGE, "giamkhao@example.vn", "Lương Mẫu Giám Khảo"),
    (Role.CHAIR, "truongtieuban@example.vn", "Triệu Mẫu Trưởng Ban"),
    (Role.CONTESTANT, "thisinh@example.vn", "Nông Mẫu Thí Sinh"),
    (Role.GUARDIAN, "phuhuynh@example.vn", "Hà Mẫu Phụ Huynh"),
    (Role.AUDITOR, "giamsat@example.vn", "Bế Mẫu Giám Sát"),
    (Role.COMMITTEE, "hoidong@example.vn", "Đàm Mẫu Hội Đồng"),
)
_WHOLE_OFFICE = (Role.ORGANISER, Role.SECRETARY, Role.AUDITOR, Role.COMMITTEE)


@dataclass(slots=True)
class Office:
    """The organisation and its people; `passwords` by role, and one that everybody else in the demo has."""

    organisation: Organisation
    accounts: dict[Role, Account]
    passwords: dict[Role, str]
    others_password: str
    others_hash: str
    _numbers: dict[str, int]

    def id_of(self, role: Role) -> str:
        """The identifier of the account that stands for a role."""
        return self.accounts[role].id

    def new_account(self, rows: Rows, name: str, kind: str) -> Account:
        """One more account, such as giamkhao-007@example.vn. It signs in with the password of all others."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        email = f"{kind}-{self._numbers[kind]:03d}@example.vn"
        return rows.add(_account(email, name, self.others_hash))


def make_password(seed: int, what: str) -> str:
    """The password that belongs to a seed: three groups of four signs. No secret: the demo prints it."""
    draw = Draw(f"{seed}:{what}")
    return "-".join("".join(draw.one_of(_SIGNS) for _ in range(4)) for _ in range(3))


def make_office(rows: Rows, *, seed: int) -> Office:
    """The sample department with one account for each role."""
    organisation = rows.add(
        Organisation(slug="so-khcn-mau", name="Sở Khoa học và Công nghệ tỉnh Mẫu", created_at=_FOUNDED)
    )
    others = make_password(seed, "others")
    office = Office(organisation, {}, {}, others, hash_password(others), {})
    for role, email, name in _PEOPLE:
        office.passwords[role] = make_password(seed, role.value)
        account = rows.add(_account(email, name, hash_password(office.passwords[role])))
        account.is_administrator = role is Role.ADMINISTRATOR
        office.accounts[role] = account
        rows.event(_FOUNDED, "account-registered", "account", account.id, actor_id=account.id)
        if role in _WHOLE_OFFICE:
            rows.add(
                OrganisationRole(
                    organisation_id=organisation.id, account_id=account.id, role=role.value, created_at=_FOUNDED
                )
            )
    rows.event(
        _FOUNDED, "organisation-created", "organisation", organisation.id, actor_id=office.id_of(Role.ADMINISTRATOR),
        slug=organisation.slug,
    )  # fmt: skip
    return office


def _account(email: str, name: str, password_hash: str) -> Account:
    return Account(
        email=email, email_key=email_key(email), name=name, password_hash=password_hash, locale="vi",
        is_administrator=False, created_at=_FOUNDED, disabled_at=None,
    )  # fmt: skip
