"""The files of a score log: checkpoints and tiles as other programs for such logs ask for them, and the bundle.

They are as public as the results and no more: hashes at any time, what is behind them after the publication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request, send_file

from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import HashError
from judging.domain.ledger.tiles import Tile
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.results.published import public_publication
from judging.services.score_log.published_state import published_checkpoint, published_tile
from judging.services.score_log.publishing import make_bundle
from judging.web.contest_side import public_contest
from judging.web.context import contest
from judging.web.public.blueprint import blueprint
from judging.web.public.log_state import key_of, log_of_epoch, state_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.services.score_log.published_state import PublishedState

_BRIEFLY = "max-age=5"
_FOR_MINUTES = "max-age=300"
_FOREVER = "public, max-age=31536000, immutable"
_ASK_FIRST = "no-cache"
_TEXT, _BYTES = "text/plain", "application/octet-stream"


@blueprint.get("/contests/<slug>/log/<int:epoch>/checkpoint")
@policy("public")
def log_checkpoint(epoch: int, **_address: str) -> Response:
    """How long the log is and what its root is, signed."""
    return _fixed(published_checkpoint(db(), _state(epoch)), mimetype=_TEXT, keep=_BRIEFLY)


@blueprint.get("/contests/<slug>/log/<int:epoch>/log.vkey")
@policy("public")
def log_key(epoch: int, **_address: str) -> Response:
    """The public key that the log is signed with, from before judging begins."""
    public_contest()
    return _fixed(f"{key_of(log_of_epoch(epoch))}\n".encode(), mimetype=_TEXT, keep=_FOR_MINUTES)


@blueprint.get("/contests/<slug>/log/<int:epoch>/tile/<path:place>")
@policy("public")
def log_tile(epoch: int, place: str, **_address: str) -> Response:
    """Hashes of the log's tree, and once the results are public its leaves."""
    try:
        tile = Tile.parse(f"tile/{place}")
    except HashError as error:
        raise NotFound(N_("There is nothing here.")) from error
    data = published_tile(db(), _state(epoch), tile)
    # Hashes never change; of a leaf nothing but its hash may be left one day.
    return _fixed(data, mimetype=_BYTES, keep=_ASK_FIRST if tile.level is None else _FOREVER)


@blueprint.get("/contests/<slug>/log/bundle.zip")
@policy("public")
def log_bundle(slug: str) -> Response:
    """Everything that it takes to recount the published results, in one file."""
    public_contest()
    if public_publication(db(), contest=contest()) is None:
        raise NotFound(N_("There is nothing here."))
    bundle = make_bundle(db(), contest())
    answer = send_file(
        bundle.path, mimetype="application/zip", as_attachment=True, download_name=f"{slug}-bundle.zip",
        conditional=True, etag=bundle.manifest_sha256, last_modified=None, max_age=0,
    )  # fmt: skip
    # The file's own time is when this machine made it, which tells nothing.
    for name in ("Last-Modified", "Expires"):
        answer.headers.pop(name, None)
    answer.headers["Cache-Control"] = _ASK_FIRST
    return answer


def _state(epoch: int) -> PublishedState:
    public_contest()
    state = state_of(log_of_epoch(epoch))
    if state is None:
        raise NotFound(N_("There is nothing here."))
    return state


def _fixed(data: bytes, *, mimetype: str, keep: str) -> Response:
    """Bytes that are the same for everybody, with a tag made of them; 304 to whoever has them already."""
    answer = Response(data, mimetype=mimetype)
    answer.set_etag(sha256_hex(data))
    answer.headers["Cache-Control"] = keep
    answer.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return answer
