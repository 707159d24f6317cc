from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Form

class FlaskForm(Form):
    # Left out, the form data are those of the request; None leaves the form unfilled.
    def __init__(
        self,
        formdata: MultiDict[str, Any] | None = ...,
        obj: object | None = None,
        prefix: str = "",
        data: Mapping[str, Any] | None = None,
        meta: Mapping[str, Any] | None = None,
        **kwargs: object,
    ) -> None: ...
    def is_submitted(self) -> bool: ...
    def validate_on_submit(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool: ...
    def hidden_tag(self, *fields: object) -> Markup: ...
