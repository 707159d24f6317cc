"""The bytes behind the demo's files: drawn and stored on several threads before anything is written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from judging.demo.paper import PAGE, PICTURE, draw_paper, draw_picture
from judging.storage import FileStore, StoredFile

_THREADS = 4
_OWN_PAPERS = 300
_FORMS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A stored file and what the row of a file says of it; `drawn` are its pages as PNG, of `size` dots each."""

    stored: StoredFile
    media_type: str
    extension: str
    drawn: tuple[StoredFile, ...]
    size: tuple[int, int]
    pages: int | None = None


class Blobs:
    """Gives each entry a paper and a picture of its own; beyond a few hundred entries these serve several.

    Office papers (proof of age, confirmations) are blank samples that entries share.
    """

    def __init__(self, store: FileStore) -> None:
        self._store = store
        self._pool = ThreadPoolExecutor(_THREADS)
        self._papers: list[Future[Blob]] = []
        self._pictures: list[Future[Blob]] = []
        self._forms = [self._pool.submit(self._form, number) for number in range(_FORMS)]
        self._turn = 0

    def paper(self, title: str, paragraphs: Sequence[tuple[str, str]]) -> Future[Blob]:
        """A PDF about the entry."""
        return self._own_or_shared(self._papers, lambda: self._paper(title, tuple(paragraphs)))

    def picture(self, title: str, seed: str) -> Future[Blob]:
        """A picture of the entry's product."""
        return self._own_or_shared(self._pictures, lambda: self._picture(title, seed))

    def form(self, *, pdf: bool) -> Future[Blob]:
        """A blank sample of an office paper, as a PDF or as a picture of one."""
        self._turn += 1
        return self._forms[self._turn // 2 % (_FORMS // 2) * 2 + (0 if pdf else 1)]

    def close(self) -> None:
        """Wait until all bytes are stored. Raises what the store raises."""
        self._pool.shutdown(wait=True)
        for waiting in (*self._forms, *self._papers, *self._pictures):
            waiting.result()

    def _own_or_shared(self, made: list[Future[Blob]], make: Callable[[], Blob]) -> Future[Blob]:
        if len(made) >= _OWN_PAPERS:
            self._turn += 1
            return made[self._turn % _OWN_PAPERS]
        made.append(self._pool.submit(make))
        return made[-1]

    def _paper(self, title: str, paragraphs: Sequence[tuple[str, str]]) -> Blob:
        content, pages = draw_paper(title, paragraphs)
        return Blob(
            stored=self._store.put(content), media_type="application/pdf", extension="pdf", pages=len(pages),
            drawn=tuple(self._store.put(page) for page in pages), size=PAGE,
        )  # fmt: skip

    def _picture(self, title: str, seed: str) -> Blob:
        stored = self._store.put(draw_picture(title, seed))
        # It was drawn here, so it tells of nobody: it is its own copy.
        return Blob(stored=stored, media_type="image/png", extension="png", drawn=(stored,), size=PICTURE)

    def _form(self, number: int) -> Blob:
        title = f"BẢN MẪU số {number // 2 + 1}"
        if number % 2:
            return self._picture(f"{title}: giấy tờ do văn phòng kiểm tra", f"form-{number}")
        text = "Đây là giấy tờ mẫu của dữ liệu trình diễn. Không có thông tin về người thật."
        return self._paper(title, (("Nội dung", text),))
