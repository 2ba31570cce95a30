"""JSON doors: bytes → strict record → answer.

Only `application/json` with the header `X-Fair-Pos` is taken: a foreign page can send neither without a question to us
(CORS), which we never answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request
from pydantic import BaseModel, ValidationError

from fair_pos.kernel.refusal import Refusal

Body = TypeVar("Body", bound=BaseModel)
MAX_BODY_BYTES = 2 * 1024 * 1024


class WrongShape(Refusal):
    """The body is not what the door takes; `where` names the first wrong field."""

    code = "wrong_shape"


class TooLarge(Refusal):
    """The body is larger than the door takes; send it in smaller parts."""

    code = "too_large"
    status = 413


class NotForPages(Refusal):
    """The request does not look like one of our programs'."""

    code = "not_for_pages"
    status = 415


def answer(record: BaseModel, status: int = 200) -> Response:
    """A record as a JSON response."""
    return Response(record.model_dump_json(), status=status, mimetype="application/json")


def check_caller() -> None:
    """Refuse what a foreign page could send."""
    if "X-Fair-Pos" not in request.headers:
        raise NotForPages
    if request.method == "POST" and request.mimetype != "application/json":
        raise NotForPages


def json_door(shape: type[Body]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    """Give the view the request's body as a checked `shape`, as its first argument."""

    def wrap(view: Callable[..., Response]) -> Callable[..., Response]:
        @wraps(view)
        def door(*args: Any, **kwargs: Any) -> Response:
            check_caller()
            return view(read_body(shape), *args, **kwargs)

        return door

    return wrap


def read_body(shape: type[Body]) -> Body:
    """The body as a `shape`. Raises WrongShape or TooLarge."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        raise TooLarge
    try:
        return shape.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise WrongShape(where=where, why=first["type"]) from None
