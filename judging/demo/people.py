"""Generated people: names that sound of the region and carry “Mẫu” (sample), schools and units with numbers."""

from __future__ import annotations

from datetime import date, timedelta

from judging.demo.draw import Draw

_FAMILIES = (
    "Nông", "Hoàng", "Lý", "Vi", "Lương", "Hà", "Nguyễn", "Trần", "Phạm", "Bế", "Triệu", "Đàm", "Chu", "Hứa", "Lộc",
    "Phùng", "Dương", "Đinh", "Tô", "Ma",
)  # fmt: skip
_GIVEN = (
    "An", "Anh", "Bách", "Bình", "Châu", "Chi", "Cường", "Diệp", "Dung", "Duy", "Dương", "Đạt", "Đức", "Giang", "Hà",
    "Hải", "Hạnh", "Hiếu", "Hoa", "Hòa", "Hùng", "Hương", "Khánh", "Khôi", "Lam", "Lan", "Linh", "Long", "Mai", "Minh",
    "My", "Nam", "Nga", "Ngân", "Ngọc", "Nhi", "Oanh", "Phong", "Phúc", "Phương", "Quân", "Quỳnh", "Sơn", "Tâm", "Thảo",
    "Thắng", "Thu", "Thủy", "Tiến", "Trang", "Trí", "Trung", "Tú", "Tùng", "Uyên", "Vân", "Việt", "Vinh", "Vy", "Yến",
)  # fmt: skip
_LEVELS = (("TH", 7, 10), ("THCS", 11, 14), ("THPT", 15, 17))
_SCHOOLS = 24


class People:
    """Draws people of whom no two in one demo have the same name, as long as the names last."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._used: set[str] = set()

    def name(self) -> str:
        """A full name such as Nông Mẫu Bình."""
        name = ""
        for attempt in range(40):
            parts = [self._draw.one_of(_FAMILIES), "Mẫu", self._draw.one_of(_GIVEN)]
            if attempt > 2:  # three words are nearly used up: most people have four anyway
                parts.insert(2, self._draw.one_of(_GIVEN))
            name = " ".join(parts)
            if name not in self._used:
                break
        self._used.add(name)
        return name

    def pupil_school(self) -> tuple[str, int]:
        """A school and an age that fits it."""
        level, low, high = self._draw.one_of(_LEVELS)
        return f"{level} Mẫu {self._draw.random.randint(1, _SCHOOLS):02d}", self._draw.random.randint(low, high)

    def workplace(self) -> str:
        """Where a grown-up works."""
        kind = self._draw.one_of(("Công ty", "Trung tâm", "Hợp tác xã", "Bệnh viện", "Xí nghiệp"))
        return f"{kind} Mẫu {self._draw.random.randint(1, 60):02d}"

    def judge_unit(self) -> str:
        """Where a judge works."""
        kind = self._draw.one_of(("Đại học", "Cao đẳng", "Viện", "Liên hiệp hội", "Sở"))
        return f"{kind} Mẫu {self._draw.random.randint(1, 12):02d}"

    def born(self, age: int, year: int = 2021) -> date:
        """A birth date of somebody who reaches `age` in `year`."""
        return date(year - age, 1, 1) + timedelta(days=self._draw.random.randint(0, 364))

    def shares(self, members: int) -> tuple[int, ...]:
        """Contributions in per cent that sum to 100, the lead's first."""
        options = {
            1: ((100,),), 2: ((60, 40), (50, 50), (70, 30)), 3: ((40, 30, 30), (50, 25, 25)),
            4: ((25, 25, 25, 25), (40, 20, 20, 20)), 5: ((20, 20, 20, 20, 20),),
        }  # fmt: skip
        return self._draw.one_of(options[members])

    def team(self, high: int) -> int:
        """How many people an entry has: mostly one or two."""
        sizes = (1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5)
        return min(high, self._draw.one_of(sizes))
