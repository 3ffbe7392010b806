"""What the server says about itself: an OpenAPI document made from its handlers, and a page of it for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final, NamedTuple

import msgspec
from litestar import Litestar, MediaType
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
    SecurityScheme,
)

from coordinator.edges.http.problems import Problem

MEDIA_TYPE: Final = "application/vnd.oai.openapi+json"

_FAILURES: Final = {
    400: "not written as a request has to be",
    401: "no token, or a wrong one",
    403: "the participant has no such channel",
    404: "no such thing, or not any more",
    408: "the body came too slowly",
    409: "a newer poll took the place of this one",
    411: "the length of the body is not given",
    413: "the body is too large",
    429: "too many requests of the participant are open; Retry-After says when to come again",
    500: "a mistake of the server",
    503: "the bus is away; Retry-After says when to come again",
}
_ABOUT: Final = """A participant sends inputs in its own format and receives what is delivered to it.

Credentials: `Authorization: Bearer TOKEN`, or participant and token as user and password. With `Accept: text/plain`,
answers are sentences in the participant's language. Whatever had no answer can be sent again: nothing counts twice."""


class Pages(NamedTuple):
    """The document, and the page."""

    data: bytes
    html: bytes


def answer(shape: Any, description: str, *, media_type: str = MediaType.JSON) -> ResponseSpec:
    """Return what a handler answers, for its description."""
    return ResponseSpec(shape, description=description, media_type=media_type, generate_examples=False)


def failures(*statuses: int) -> dict[int, ResponseSpec]:
    """Return what a handler may be unable to do, for its description."""
    return {status: answer(Problem, _FAILURES[status]) for status in statuses}


@dataclass
class InputOperation(Operation):
    """Sending: the body is whatever the contingent writes, so no type of Python stands for it."""

    def __post_init__(self) -> None:
        """Describe the body."""
        octets = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        form = Schema(
            type=OpenAPIType.OBJECT,
            properties={
                "file": Schema(type=OpenAPIType.ARRAY, items=octets),
                "format": Schema(type=OpenAPIType.STRING),
            },
            required=["file"],
        )
        self.request_body = RequestBody(
            description="at most 1,000,000 bytes, as they are; or a form with files",
            content={"*/*": OpenAPIMediaType(schema=octets), "multipart/form-data": OpenAPIMediaType(schema=form)},
            required=True,
        )


def of(handlers: Sequence[HTTPRouteHandler]) -> Pages:
    """Return the document and the page of these handlers."""
    config = OpenAPIConfig(
        title="Coordinator",
        version="1",
        description=_ABOUT,
        render_plugins=[JsonRenderPlugin()],  # an app that is only asked for its document serves nothing
        security=[{"bearer": []}, {"basic": []}],
        components=Components(
            security_schemes={
                "bearer": SecurityScheme(type="http", scheme="bearer"),
                "basic": SecurityScheme(type="http", scheme="basic"),
            }
        ),
        use_handler_docstrings=True,
    )
    described = Litestar(list(handlers), openapi_config=config, logging_config=None).openapi_schema.to_schema()
    return Pages(msgspec.json.format(msgspec.json.encode(described)), _page(described).encode())


def _page(described: dict[str, Any]) -> str:
    operations = [
        _operation(f"{method.upper()} {path}", one)
        for path, item in described["paths"].items()
        for method, one in item.items()
    ]
    about = "".join(f"<p>{escape(part)}</p>" for part in _ABOUT.split("\n\n"))
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Coordinator</title><h1>Coordinator</h1>'
        f'{about}<p>For programs: <a href="/v1/openapi.json">/v1/openapi.json</a></p>{"".join(operations)}</html>\n'
    )


def _operation(title: str, one: dict[str, Any]) -> str:
    parameters = "".join(
        f"<li><code>{escape(p['name'])}</code> ({escape(p['in'])}): {escape(p.get('description', ''))}</li>"
        for p in one.get("parameters", ())
    )
    answers = "".join(
        f"<li><code>{escape(status)}</code> {escape(answer['description'])}</li>"
        for status, answer in sorted(one["responses"].items())
    )
    return (
        f"<h2><code>{escape(title)}</code></h2><p>{escape(one.get('description') or one['summary'])}</p>"
        f"<ul>{parameters}</ul><p>Answers</p><ul>{answers}</ul>"
    )
