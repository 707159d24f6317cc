"""Generated works to search among: honest ones that share topics, headings and turns of phrase, and planted copies.

Everything comes from a seed. A copy has another title, some share of its words replaced and its picture at half size
and JPEG quality 50; which of the three, `Copy` says.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from random import Random as Chance

from PIL import Image, ImageDraw

from judging.demo.wording import load_texts

_KINDS = ("youth-creativity", "technical-innovation", "startup")
_TOPICS = 90
_HEADINGS = (
    "Ý tưởng của sản phẩm xuất phát từ thực tế học tập và sinh hoạt hằng ngày của chúng em.",
    "Cấu tạo và nguyên lý hoạt động của sản phẩm dự thi được trình bày như sau.",
    "Tính mới của sản phẩm so với các sản phẩm đã có trên thị trường hiện nay.",
    "Khả năng áp dụng của sản phẩm vào thực tế và hiệu quả kinh tế, xã hội mang lại.",
    "Chúng tôi xin cam đoan sản phẩm trên là do chính nhóm tác giả nghiên cứu và thực hiện.",
    "Kính đề nghị ban tổ chức cuộc thi xem xét, đánh giá và công nhận sản phẩm của chúng em.",
)


class Copy(Enum):
    """What a planted copy took over."""

    TEXT = "text"
    PICTURE = "picture"
    BOTH = "text and picture"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A generated entry: its title, text, topic and the seed of its picture."""

    title: str
    text: str
    topic: int
    picture: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A planted pair by the places of its two works; `replaced` is the share of the words."""

    original: int
    copy: int
    kind: Copy
    replaced: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Works in the order in which they are entered, and the pairs planted among them."""

    works: Sequence[Work]
    pairs: Sequence[Pair]

    def picture_of(self, place: int) -> bytes:
        """The JPEG of a work; a copy of a picture is its original at half size and quality 50."""
        for pair in self.pairs:
            if pair.copy == place and pair.kind is not Copy.TEXT:
                return halved(draw_picture(self.works[pair.original].picture))
        return draw_picture(self.works[place].picture)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    """Words by how common they are, and what each topic adds of its own."""

    syllables: Sequence[str]
    common: Sequence[str]
    topics: Sequence[Sequence[str]]
    sentences: Sequence[str]


def make_corpus(size: int, *, seed: int, pairs: int = 20, kinds: Sequence[Copy] = tuple(Copy)) -> Corpus:
    """`size` works with `pairs` planted among them, their originals anywhere, 40 to 60 % of a text replaced."""
    chance = _chance(seed)
    language = _language(seed)
    works = [_work(language, chance) for _ in range(size - pairs)]
    planted = []
    for number, original in enumerate(chance.sample(range(len(works)), pairs)):
        kind, replaced = kinds[number % len(kinds)], chance.uniform(0.4, 0.6)
        works.append(_copy(language, chance, works[original], kind, replaced))
        planted.append(Pair(original=original, copy=len(works) - 1, kind=kind, replaced=replaced))
    return Corpus(works=works, pairs=planted)


def draw_picture(seed: int) -> bytes:
    """A drawing of 480 × 360: a sloping background, shapes and a line of dots, unlike that of any other seed."""
    chance = _chance(seed)
    shade = chance.randint(90, 230)
    picture = Image.new("RGB", (480, 360), (shade, shade, chance.randint(90, 230)))
    pen = ImageDraw.Draw(picture)
    for _ in range(chance.randint(4, 11)):
        left, top = chance.randint(-60, 420), chance.randint(-60, 320)
        box = (left, top, left + chance.randint(40, 320), top + chance.randint(40, 280))
        colour = tuple(chance.randint(0, 255) for _ in range(3))
        chance.choice((pen.ellipse, pen.rectangle))(box, fill=colour, outline="black", width=3)
    for step in range(40):
        pen.point((step * 12, chance.randint(0, 359)), fill="black")
    return _jpeg(picture, 90)


def halved(jpeg: bytes) -> bytes:
    """The picture at half size and JPEG quality 50."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        return _jpeg(picture.resize((picture.width // 2, picture.height // 2)), 50)


def _chance(seed: int) -> Chance:
    return Chance(seed)  # noqa: S311 - the same works in every run


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


@cache
def _written() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """All sentences that the demonstration is made of, and their words."""
    sentences: list[str] = []
    for kind in _KINDS:
        texts = load_texts(kind)
        sentences += [re.sub(r"\{\w+\}", "sản phẩm", line) for lines in texts["answers"].values() for line in lines]
        sentences += [str(topic[key]) for topic in texts["topics"] for key in ("problem", "parts", "action", "users")]
    words = sorted({word.casefold() for line in sentences for word in re.findall(r"[^\W\d_]+", line)})
    return tuple(sentences), tuple(words)


def _language(seed: int) -> _Language:
    chance = _chance(seed ^ 0x5EED)
    sentences, syllables = _written()

    def expression() -> str:
        return " ".join(chance.choices(syllables, k=chance.choice((1, 2, 2, 2, 3, 4))))

    return _Language(
        syllables=syllables,
        common=[expression() for _ in range(900)],
        topics=[[expression() for _ in range(70)] for _ in range(_TOPICS)],
        sentences=sentences,
    )


def _work(language: _Language, chance: Chance) -> Work:
    topic = chance.randrange(_TOPICS)
    length = chance.randint(150, 600)
    parts = chance.sample(_HEADINGS, chance.randint(3, len(_HEADINGS)))
    while sum(part.count(" ") + 1 for part in parts) < length:
        parts.append(_sentence(language, chance, topic))
    chance.shuffle(parts)
    return Work(
        title=_title(language, chance, topic), text=" ".join(parts), topic=topic, picture=chance.getrandbits(40)
    )


def _sentence(language: _Language, chance: Chance, topic: int) -> str:
    if chance.random() < 0.2:
        return chance.choice(language.sentences)
    return " ".join(_expression(language, chance, topic) for _ in range(chance.randint(4, 9))).capitalize() + "."


def _expression(language: _Language, chance: Chance, topic: int) -> str:
    # Common expressions are far more common the further in front they stand, as in any language.
    if chance.random() < 0.5:
        return chance.choice(language.topics[topic])
    return language.common[int(len(language.common) * chance.random() ** 2.5)]


def _title(language: _Language, chance: Chance, topic: int) -> str:
    return " ".join(_expression(language, chance, topic) for _ in range(chance.randint(2, 4))).capitalize()


def _copy(language: _Language, chance: Chance, work: Work, kind: Copy, replaced: float) -> Work:
    other = _work(language, chance)
    text = other.text if kind is Copy.PICTURE else _reworded(language, chance, work, replaced)
    return Work(title=_title(language, chance, work.topic), text=text, topic=work.topic, picture=other.picture)


def _reworded(language: _Language, chance: Chance, work: Work, replaced: float) -> str:
    """The text with that share of its words, rounded up, exchanged for other words of the topic or the language."""
    words = work.text.split(" ")
    for place in chance.sample(range(len(words)), -int(-replaced * len(words) // 1)):
        new = words[place]
        while new == words[place]:
            new = chance.choice(_expression(language, chance, work.topic).split(" "))
        words[place] = new
    return " ".join(words)
