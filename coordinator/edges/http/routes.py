"""The places of the HTTP server and what happens there.

::

    POST   /v1/inputs               an input as it is, or files in a form; the answer is what became of it
    GET    /v1/inputs/{id}          what became of one that had no answer yet
    GET    /v1/deliveries           the next delivery, the most urgent first; waits for one with ?wait=SECONDS
    GET    /v1/deliveries/{id}      its bytes
    DELETE /v1/deliveries/{id}      it was received
    GET    /v1/openapi.json         this, for a program         GET /v1/docs   for a person
    GET    /healthz                 that it is up, and no more
"""

from collections.abc import Collection
from functools import cache
from typing import Annotated, Any, Final

import anyio
import msgspec
from anyio.lowlevel import checkpoint
from litestar import Litestar, MediaType, Request, Response, delete, get, post
from litestar.exceptions import HTTPException
from litestar.params import HeaderParameter, PathParameter, QueryParameter

from coordinator.edges.http import bodies, document, outcomes
from coordinator.edges.http.desk import Desk
from coordinator.edges.http.document import InputOperation, failures
from coordinator.edges.http.door import Door
from coordinator.edges.http.outcomes import INPUTS
from coordinator.edges.http.problems import Trouble, bug, told
from coordinator.edges.tasks import beside
from coordinator.ports import Departure
from schemas.subjects import Precedence, opaque

DELIVERIES: Final = "/v1/deliveries"
_LONGEST_WAIT_S: Final = 60
_TURNS: Final = 5  # of the event loop, until the end of a connection that is already here has been read
_Any = Request[Any, Any, Any]


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """Something for the participant. ``href`` has its bytes, and is what to DELETE when they are safe."""

    id: str
    href: str
    name: str
    subject: str
    format: str
    precedence: Precedence
    bytes: int


Format = Annotated[str, QueryParameter(description="What it is written in, as `coordinator formats` names it")]
Name = Annotated[str, QueryParameter(description="Your own name for it; the same bytes under the same name count once")]
HeaderFormat = Annotated[str, HeaderParameter(name="Input-Format", description="The same as the parameter `format`")]
Disposition = Annotated[
    str, HeaderParameter(name="Content-Disposition", description="Your own name for it, as `attachment; filename=NAME`")
]
Wait = Annotated[
    int, QueryParameter(ge=0, le=_LONGEST_WAIT_S, description="Seconds to wait for a delivery if there is none yet")
]
Id = Annotated[str, PathParameter(description="As an earlier answer gave it")]


def application(door: Door) -> Litestar:
    """Return the ASGI application."""
    app = Litestar(
        list(_HANDLERS),
        openapi_config=None,
        logging_config=None,
        debug=False,
        pdb_on_exception=False,
        request_max_body_size=None,  # `bodies` counts
        multipart_form_part_limit=2 * bodies.FILES,
        exception_handlers={HTTPException: told, Exception: bug},
    )
    app.state.door, app.state.page = door, _page()
    return app


@post(
    INPUTS, status_code=200, operation_class=InputOperation, summary="Send an input, or several in a form",
    responses={
        200: document.answer(dict[str, Any], "accepted; for a form, a list: every file was"),
        202: document.answer(dict[str, Any], "kept, and not answered yet: ask at Location"),
        207: document.answer(list[outcomes.FileAnswer], "of a form: a list, and files differ"),
        422: document.answer(dict[str, Any], "refused: where, why, how to mend it"),
        **failures(400, 401, 403, 408, 411, 413, 429, 500, 503),
    },
)  # fmt: skip
async def send(
    request: _Any, format: Format = "", name: Name = "", header: HeaderFormat = "", disposition: Disposition = ""
) -> Response[bytes]:
    """Send an input. The same bytes under the same name are the same input, however often they come."""
    _only(request, {"format", "name"})
    async with _door(request).seat(request) as desk:
        asked = bodies.Asked(format or header, name or bodies.disposed(disposition))
        given = await bodies.inputs(request, asked, desk.limits)
        if bodies.is_form(request):
            return outcomes.several(request, [await outcomes.take(desk, one) for one in given])
        return outcomes.single(request, await outcomes.take(desk, given[0]))


@get(
    INPUTS + "/{identity:str}", summary="Ask again what became of an input",
    responses={
        200: document.answer(dict[str, Any], "accepted"),
        202: document.answer(dict[str, Any], "kept, and not answered yet"),
        422: document.answer(dict[str, Any], "refused: where, why, how to mend it"),
        **failures(400, 401, 403, 404, 429, 503),
    },
)  # fmt: skip
async def asked_again(request: _Any, identity: Id) -> Response[bytes]:
    """Ask again what became of an input that was answered with 202."""
    _only(request, ())
    async with _door(request).seat(request) as desk:
        if (one := desk.kept(identity)) is None:
            raise Trouble(404, "the path", "no such input waits for its answer", "send it again: nothing counts twice")
        return outcomes.single(request, await outcomes.take(desk, one))


@get(
    DELIVERIES, summary="List what is next to be received",
    responses={
        200: document.answer(list[Delivery], "one delivery, or none"),
        **failures(400, 401, 403, 409, 429, 503),
    },
)  # fmt: skip
async def waiting(request: _Any, wait: Wait = 0) -> Response[bytes]:
    """List the next delivery, the most urgent first. Until it is confirmed, or 30 seconds have gone, no other comes."""
    _only(request, {"wait"})
    async with _door(request).seat(request) as desk:
        departure = await _poll(request, desk, wait)
        return Response(msgspec.json.encode([_listed(departure)] if departure else []), media_type=MediaType.JSON)


@get(
    DELIVERIES + "/{identity:str}", summary="Read a delivery", media_type="application/octet-stream",
    responses={
        200: document.answer(
            bytes, "its bytes, with their media type, a file name, and the header Precedence",
            media_type="application/octet-stream",
        ),
        **failures(400, 401, 403, 404, 429),
    },
)  # fmt: skip
async def fetch(request: _Any, identity: Id) -> Response[bytes]:
    """Read the bytes of the delivery that was listed last."""
    _only(request, ())
    async with _door(request).seat(request) as desk:
        if (departure := desk.find(identity)) is None:
            raise _unknown()
        return Response(
            departure.data,
            media_type=bodies.media_type(departure.format, departure.name),
            headers={
                "Content-Disposition": bodies.attached(departure.name),
                "Precedence": departure.precedence,
            },
        )


@delete(
    DELIVERIES + "/{identity:str}", summary="Confirm a delivery", status_code=204,
    responses=failures(400, 401, 403, 404, 429),
)  # fmt: skip
async def received(request: _Any, identity: Id) -> None:
    """Say that a delivery was received, so that the next one can come. A late word counts; so does a second one."""
    _only(request, ())
    async with _door(request).seat(request) as desk:
        if not desk.confirm(identity):
            raise _unknown()


@get("/v1/openapi.json", summary="This document", media_type=document.MEDIA_TYPE, security=[])
async def described(request: _Any) -> Response[bytes]:
    """Describe this server for a program."""
    return Response(request.app.state.page.data, media_type=document.MEDIA_TYPE)


@get("/v1/docs", summary="This document, for a person", media_type=MediaType.HTML, security=[])
async def shown(request: _Any) -> Response[bytes]:
    """Describe this server for a person; nothing in the page is loaded from elsewhere."""
    return Response(request.app.state.page.html, media_type=MediaType.HTML)


@get("/healthz", summary="Whether it is up", media_type=MediaType.TEXT, security=[])
async def healthy() -> str:
    """Say that the server is up, and no more."""
    return "up\n"


_HANDLERS: Final = (send, asked_again, waiting, fetch, received, described, shown, healthy)


@cache
def _page() -> document.Pages:
    return document.of(_HANDLERS)


def _door(request: _Any) -> Door:
    door: Door = request.app.state.door
    return door


def _only(request: _Any, known: Collection[str]) -> None:
    """Refuse parameters that nobody reads: a misspelt one would be ignored without a word."""
    if odd := sorted(set(request.query_params) - set(known)):
        hint = f"there {'are' if known else 'are none:'} {', '.join(sorted(known))}".strip(" :")
        raise Trouble(400, "the parameters", f'nobody knows "{odd[0][:40]}"', hint)


def _unknown() -> Trouble:
    return Trouble(404, "the path", "no such delivery is shown now", f"GET {DELIVERIES} shows the next one")


def _listed(departure: Departure) -> Delivery:
    identity = opaque(departure.id)
    return Delivery(
        id=identity,
        href=f"{DELIVERIES}/{identity}",
        name=departure.name,
        subject=departure.subject,
        format=departure.format,
        precedence=departure.precedence,
        bytes=len(departure.data),
    )


async def _poll(request: _Any, desk: Desk, wait_s: int) -> Departure | None:
    """Poll for as long as the client is there; what it can no longer read is not shown to it."""
    departure, gone = None, anyio.Event()
    async with beside() as tasks:
        tasks.start_soon(_until_gone, request, gone, tasks.cancel_scope)
        departure = await desk.poll(wait_s)
        for _ in range(_TURNS):
            await checkpoint()
    if departure and gone.is_set():
        desk.put_back()
    return departure


async def _until_gone(request: _Any, gone: anyio.Event, scope: anyio.CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    gone.set()
    scope.cancel()
