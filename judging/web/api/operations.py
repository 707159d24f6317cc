"""What an address of the interface declares about itself: who may call it, what it takes, what it answers.

From the declaration come the check before the view (policy, scopes), the reading of parameters and bodies, and the
document at /api/v1/openapi.json.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flask import Response as Answer
from flask import request
from pydantic import BaseModel
from spectree import Response, SpecTree
from spectree.plugins.base import Context
from spectree.plugins.flask_plugin import FlaskPlugin
from spectree.response import DEFAULT_CODE_DESC
from spectree.utils import get_multidict_items

from judging.domain.policy import PUBLIC, SIGNED_IN, policy
from judging.errors import N_
from judging.services.access.api_tokens import READ
from judging.web.api.bodies import read_body, read_form, read_model, read_parameters
from judging.web.api.repeats import repeatable
from judging.web.api.schemas.base import NoParameters, ProblemAnswer
from judging.web.bearer import SCOPES
from judging.web.problems import ApiError

View = Callable[..., Any]

ATTRIBUTE = "judging_operation"
_FORM = "multipart/form-data"
_ALWAYS = (400, 401, 403, 422, 429, 500, 503)


# The upload protocol has a status of its own for bytes that do not digest to what was said.
DEFAULT_CODE_DESC.setdefault("HTTP_460", "Checksum Mismatch")


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderTaken:
    """A header that an operation reads beside those that all do."""

    name: str
    text: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """The declaration of one address and method.

    `scopes` are those of which a token needs one. `etag` marks an answer with an ETag, `condition` a header by which
    the caller says which version they have seen (`If-Match`, or `sheet` for both kinds), `repeatable` that an
    Idempotency-Key is taken. `media` is the type of an answer that is not JSON.
    """

    name: str
    scopes: tuple[str, ...] = ()
    public: bool = False
    etag: bool = False
    condition: str = ""
    repeatable: bool = False
    location: bool = False
    media: str = ""
    example: Mapping[str, Any] | None = None
    takes: tuple[HeaderTaken, ...] = ()
    body: str = ""
    gives: bool = False


class _StrictPlugin(FlaskPlugin):
    """Reads requests by our own strict rules, and leaves answers that are complete alone."""

    def request_validation(  # noqa: PLR0917 - the library's signature
        self, request: Any, query: Any, json: Any, form: Any, headers: Any, cookies: Any
    ) -> None:
        del headers, cookies
        request.context = Context(
            read_parameters(query, get_multidict_items(request.args)),
            read_model(json, read_body()) if json else None,
            self._read_form(form) if form else None,
            None,
            None,
        )

    def _read_form(self, form: type[BaseModel]) -> BaseModel:
        if request.mimetype != _FORM:
            raise ApiError(415, "unsupported-media-type", N_("Send the file as multipart/form-data."))
        return read_form(form, self.fill_form(request))

    def validate_response(
        self,
        resp: Any,
        resp_model: Response | None,
        skip_validation: bool,  # noqa: FBT001 - the library's signature
        force_resp_serialize: bool,  # noqa: FBT001 - the library's signature
    ) -> Any:
        if isinstance(resp, Answer):
            return resp, None
        return super().validate_response(resp, resp_model, skip_validation, force_resp_serialize)


class _Spec(SpecTree):
    """Describes a model once: the same few stand in hundreds of operations, and describing takes its time."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._described: dict[tuple[type[BaseModel], str], tuple[str, Any]] = {}

    def _add_model(self, model: Any, mode: Any = "validation") -> str:
        if (model, mode) not in self._described:
            key = super()._add_model(model, mode)
            self._described[model, mode] = key, self.models[key]
        # A model that is both taken and given is described as the latest of these, as if it had been described anew.
        key, self.models[key] = self._described[model, mode]
        return key


SPEC = _Spec(
    backend=_StrictPlugin,
    mode="strict",
    path="openapi-is-served-by-our-own-view",
    naming_strategy=lambda model: model.__name__,
    nested_naming_strategy=lambda _parent, child: child,
    validation_error_model=ProblemAnswer,
)


def operation(
    *,
    tag: str,
    answer: type[BaseModel] | None = None,
    status: int = 200,
    scopes: Collection[str] = (READ,),
    roles: Collection[str] = (SIGNED_IN,),
    fails: Collection[int] = (),
    etag: bool = False,
    condition: str = "",
    repeats: bool = False,
    location: bool = False,
    media: str = "",
    example: Mapping[str, Any] | None = None,
    form: type[BaseModel] | None = None,
    also: Mapping[int, type[BaseModel]] | None = None,
    takes: Collection[HeaderTaken] = (),
    body: str = "",
    gives: bool = False,
) -> Callable[[View], View]:
    """Declare a view as an operation: below `@blueprint.get(…)`, in place of `@policy`.

    `fails` are the statuses of problems beyond those that every operation may answer, `also` further good answers by
    status. The view takes `json`, `query` or `form` when its annotation names a model.
    """

    def declare(view: View) -> View:
        taken = Operation(
            name=view.__name__, scopes=tuple(scopes), public=PUBLIC in roles, etag=etag, condition=condition,
            repeatable=repeats, location=location, media=media, example=example,
            takes=tuple(takes), body=body, gives=gives,
        )  # fmt: skip
        good = {status: answer, **(also or {})}
        checked = SPEC.validate(
            query=NoParameters, form=form, resp=_responses(good, {*fails, *_implied(taken, view, form)}), tags=(tag,),
            operation_id=view.__name__, security=[{}, {"bearer": []}] if taken.public else [{"bearer": []}],
        )(view)  # fmt: skip
        made = repeatable(checked) if repeats else checked

        @wraps(made)
        def called(*args: Any, **kwargs: Any) -> Any:
            return made(*args, **kwargs)

        setattr(called, ATTRIBUTE, taken)
        setattr(called, SCOPES, taken.scopes)
        return policy(*roles)(called)

    return declare


def operation_of(view: View | None) -> Operation | None:
    """The declaration of a view, or None when it is none of the interface's."""
    return getattr(view, ATTRIBUTE, None)


def _implied(taken: Operation, view: View, form: type[BaseModel] | None) -> set[int]:
    """The problems that follow from what an operation takes."""
    found: set[int] = set()
    if form is not None or "json" in view.__annotations__:
        found |= {413, 415}
    if taken.condition:
        found |= {412, 428}
    if taken.repeatable:
        found.add(409)
    return found


def _responses(good: Mapping[int, type[BaseModel] | None], fails: Collection[int]) -> Response:
    models: dict[str, Any] = {f"HTTP_{code}": model for code, model in good.items()}
    models.update({f"HTTP_{code}": ProblemAnswer for code in sorted({*_ALWAYS, *fails})})
    return Response(**models)
