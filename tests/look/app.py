"""A small application that shows every macro of the look with invented data, for tests and for the eye.

Run `python -m tests.look.app` and open the printed address; each page exists in Vietnamese and English
(`?lang=en`). It has no database and no accounts: what it shows is the templates and style sheets alone.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, Response, jsonify, render_template, request
from flask_babel import Babel
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemLoader
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older than WTForms 3.3
from wtforms.validators import DataRequired, Optional

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("board", "results", "sheet", "sheet-locked", "entry-form", "standings", "accents", "sign-in")
ERRORS = (400, 401, 403, 404, 405, 409, 413, 429, 500, 503)


def choices(*rows: tuple[str, str]) -> list[SelectChoice]:
    """Give choices from (value, label) rows."""
    return [SelectChoice(value, label) for value, label in rows]


class EntryForm(FlaskForm):
    """One field of each kind that a contest's rules can ask for."""

    title = StringField(
        "Tên bài dự thi", validators=[DataRequired("Hãy ghi tên bài, để giám khảo biết gọi bài là gì.")]
    )
    summary = TextAreaField("Bản tóm tắt: tính mới", validators=[DataRequired("Hãy viết ít nhất một câu.")])
    category = SelectField(
        "Lĩnh vực",
        choices=choices(("", "Chọn lĩnh vực"), ("toys", "Dụng cụ gia đình và đồ chơi"), ("school", "Đồ dùng học tập")),
    )
    division = RadioField(
        "Cấp học",
        choices=choices(("primary", "Tiểu học"), ("lower", "Trung học cơ sở"), ("upper", "Trung học phổ thông")),
    )
    needs = SelectMultipleField(
        "Cần gì khi trưng bày", choices=choices(("power", "Ổ điện"), ("table", "Bàn lớn"), ("water", "Nước"))
    )
    born = DateField("Ngày sinh", validators=[DataRequired("Hãy ghi ngày sinh, để kiểm tra tuổi dự thi.")])
    cost = DecimalField("Chi phí", validators=[Optional()])
    agree = BooleanField("Em đã đọc thể lệ và cam kết bài do em làm.")


def bands(*rows: tuple[str, str, str, str]) -> list[dict[str, object]]:
    """Give bands from (low, high, label, meaning) rows."""
    return [
        {"key": f"b{place}", "low": Decimal(low), "high": Decimal(high), "label": label, "meaning": meaning}
        for place, (low, high, label, meaning) in enumerate(rows)
    ]


NOVELTY = bands(
    ("27", "30", "Mới hoàn toàn", "Chưa ai công bố, kể cả ngoài tỉnh"),
    ("21", "26", "Cải tiến khá", "Đổi được phần chính của cái đã có"),
    ("16", "20", "Trung bình", "Đổi được vài chi tiết"),
    ("1", "15", "Ít", "Gần như cái đã có"),
    ("0", "0", "Không mới hoặc sao chép", ""),
)

PRIZES = (
    ("Giải Đặc biệt", "Không trao", ()),
    (
        "Giải Nhất",
        "1 giải",
        (("ST-041", "Bộ lọc nước suối bằng than hoa hồi và vỏ trấu", "Nông Mẫu Bình, Vi Mẫu Châu", "91,67"),),
    ),
    (
        "Giải Nhì",
        "2 giải",
        (
            ("ST-017", "Bàn tay chữ nổi: bộ học chữ Braille tiếng Việt", "Hoàng Mẫu An", "89,33"),
            ("ST-112", "Cảnh báo sương muối sớm cho vườn na", "Triệu Mẫu Dương, Bế Mẫu Hà, Lương Mẫu Giang", "88,50"),
        ),
    ),
    (
        "Giải Ba",
        "2 giải",
        (
            ("ST-066", "Xe tập đi tự khóa khi lên dốc", "Đàm Mẫu Khánh", "86,67"),
            ("ST-009", "Phần mềm luyện nghe tiếng Tày cho lớp 3", "Ma Mẫu Ngân", "85,83"),
        ),
    ),
)

PHASES = (
    {"key": "open", "label": "Nhận bài", "dates": "01/04 – 30/06", "fact": "128 bài", "state": "past", "ticks": 13},
    {
        "key": "screening",
        "label": "Sơ duyệt",
        "dates": "01/07 – 14/07",
        "fact": "119 hợp lệ",
        "state": "past",
        "ticks": 2,
    },
    {
        "key": "first",
        "label": "Sơ khảo",
        "dates": "15/07 – 23/08",
        "fact": "42 vào chung khảo",
        "state": "past",
        "ticks": 6,
    },
    {
        "key": "final",
        "label": "Chung khảo",
        "dates": "19/10 – 23/10",
        "fact": "còn 2 ngày 6 giờ",
        "state": "present",
        "ticks": 5,
    },
    {"key": "talk", "label": "Thảo luận", "dates": "24/10 – 30/10", "fact": "", "state": "future", "ticks": 7},
    {"key": "posted", "label": "Niêm yết", "dates": "02/11 – 16/11", "fact": "", "state": "future", "ticks": 15},
    {"key": "published", "label": "Công bố", "dates": "20/11", "fact": "", "state": "future", "ticks": 1},
)

STANDINGS = (
    (1, "ST-041", "Bộ lọc nước suối bằng than hoa hồi và vỏ trấu", "91,67", 1, 2),
    (2, "ST-017", "Bàn tay chữ nổi: bộ học chữ Braille tiếng Việt", "89,33", 1, 4),
    (3, "ST-112", "Cảnh báo sương muối sớm cho vườn na", "88,50", 2, 5),
    (4, "ST-101", "Phao báo lũ dùng chuông xe đạp", "83,33", 3, 9),
    (5, "ST-055", "Túi ươm cây bằng bẹ chuối", "83,33", 3, 9),
    (6, "ST-074", "Gối tựa lưng từ lõi ngô", "82,83", 4, 12),
)

SIDE = (
    "Hôm nay",
    "Bài dự thi",
    "Sơ duyệt",
    "Phân công",
    "Chấm điểm",
    "Xếp hạng",
    "Công bố",
    "Giấy tờ",
    "Thư",
    "Thiết lập",
)


def chrome() -> dict[str, object]:
    """Give what the head and foot of every page read."""
    code = request.args.get("lang", "vi")
    return {
        "page_lang": code,
        "accent": request.args.get("accent", "youth"),
        "nav": [
            {"label": label, "url": f"#{n}", "current": n == 0}
            for n, label in enumerate(("Cuộc thi", "Kết quả", "Các năm trước", "Trợ giúp"))
        ],
        "lang_links": [
            {"code": "vi", "label": "Tiếng Việt", "url": "?lang=vi", "current": code == "vi"},
            {"code": "en", "label": "English", "url": "?lang=en", "current": code == "en"},
        ],
        "current_user": SimpleNamespace(is_authenticated=request.args.get("guest") is None, name="Ban thư ký"),
        "sign_out_url": "/sign-out",
        "sign_in_url": "/sign-in",
        "foot_links": [{"label": "Quyền riêng tư", "url": "#privacy"}, {"label": "Trợ năng", "url": "#access"}],
        "foot_note": "Tên và trường chỉ hiện khi tác giả và người giám hộ đồng ý.",
        "now_iso": "2026-10-21T04:04:00+00:00",
    }


def entry_form() -> EntryForm:
    """Give a form that has just been refused, so that errors show."""
    form = EntryForm(
        data={
            "summary": "Than làm từ vỏ hoa hồi sau khi chưng cất tinh dầu, trước đây thường bị đổ đi.",
            "division": "lower",
            "needs": ["power"],
        }
    )
    form.title.errors = ["Hãy ghi tên bài, để giám khảo biết gọi bài là gì."]
    return form


def show(page: str) -> str:
    """Render one page of the gallery."""
    side = [
        {"label": label, "url": f"#{n}", "current": n == 0, "count": {1: 128, 4: 107}.get(n)}
        for n, label in enumerate(SIDE)
    ]
    return render_template(
        f"gallery/{page}.html",
        form=entry_form(),
        novelty=NOVELTY,
        prizes=PRIZES,
        phases=PHASES,
        standings=STANDINGS,
        side=side,
    )


def show_error(code: int) -> tuple[str, int]:
    """Render the page of one status."""
    return render_template(f"errors/{code}.html"), code


def record() -> tuple[Response, int]:
    """Answer a draft as the server does; a mark of 99 is refused, so that the refusal can be seen."""
    if request.form.get("novelty") == "99":
        return jsonify(errors={"novelty": "Từ 0 đến 30."}), 422
    return jsonify(saved_at="2026-10-21T03:42:18+00:00", time="10:42:18"), 200


def secured(response: Response) -> Response:
    """Send the policy that real pages have, so that a breach shows here too."""
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return response


def create_gallery() -> Flask:
    """Give an application with the project's templates and static files and one page per picture."""
    app = Flask(
        "gallery",
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "judging" / "static"),
        static_url_path="/static",
    )
    app.jinja_loader = FileSystemLoader([ROOT / "templates", Path(__file__).parent / "templates"])
    app.testing = True
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_CHECK_DEFAULT=False)
    Babel(app, locale_selector=lambda: request.args.get("lang", "vi"))
    CSRFProtect(app)
    app.context_processor(chrome)
    app.after_request(secured)
    app.add_url_rule("/<any({}):page>".format(", ".join(f"'{page}'" for page in PAGES)), "show", show)
    app.add_url_rule("/error/<int:code>", "show_error", show_error)
    app.add_url_rule("/drafts/1", "record", record, methods=["POST"])
    return app


if __name__ == "__main__":
    create_gallery().run(port=8100, debug=True)
