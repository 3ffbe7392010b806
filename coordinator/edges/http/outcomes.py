"""What became of inputs, as a response: one answer for a body, a list of them for a form."""

import hashlib
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import anyio
import msgspec
from litestar import MediaType, Request, Response

from coordinator import log
from coordinator.edges.http.desk import Desk, Input
from coordinator.edges.http.problems import RETRY_S, unkept, wants_text
from coordinator.errors import BusError, NoAnswer

_log = log.get("http")

INPUTS: Final = "/v1/inputs"
_STATUS: Final = {True: 200, False: 422, None: 202}
_MIXED: Final = 207


class Outcome(NamedTuple):
    """What became of one input: a status of HTTP, a text for a person, and a JSON object for a program."""

    status: int
    name: str
    where: str  # the path at which it can be asked about again
    text: str
    data: bytes


class FileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file of a form."""

    name: str
    status: int
    location: str
    answer: msgspec.Raw


async def take(desk: Desk, one: Input) -> Outcome:
    """Put an input on the bus; what was not kept says so with 503."""
    where = f"{INPUTS}/{_identity(one)}"
    try:
        with anyio.fail_after(desk.limits.take_s):
            answered = await desk.gate.take(*one)
    except (BusError, TimeoutError) as error:
        trouble = unkept(error if isinstance(error, BusError) else NoAnswer("the bus did not answer in time"))
        outcome = Outcome(503, one.name, where, str(trouble.problem), msgspec.json.encode(trouble.problem))
    else:
        outcome = Outcome(_STATUS[answered.accepted], one.name, where, answered.text, answered.data)
        if answered.accepted is None:
            desk.keep(_identity(one), one)
    _log.info(
        "input answered", participant=desk.gate.participant, input=_identity(one), bytes=len(one.data),
        format=one.format, status=outcome.status,
    )  # fmt: skip
    return outcome


def single(request: Request[Any, Any, Any], outcome: Outcome) -> Response[bytes]:
    """Return the answer for a body."""
    headers = {"Location": outcome.where} if outcome.status == 202 else {}
    text = f"{outcome.text.rstrip()}\n".encode()
    return _response(request, outcome.status, text, outcome.data, headers)


def several(request: Request[Any, Any, Any], outcomes: Sequence[Outcome]) -> Response[bytes]:
    """Return the answers for the files of a form; 207 if they differ."""
    statuses = {outcome.status for outcome in outcomes}
    status = statuses.pop() if len(statuses) == 1 else _MIXED
    text = "\n".join(f"{o.name}: {o.status} {o.text.rstrip()}\n" for o in outcomes)
    listed = [FileAnswer(name=o.name, status=o.status, location=o.where, answer=msgspec.Raw(o.data)) for o in outcomes]
    return _response(request, status, text.encode(), msgspec.json.encode(listed), {})


def _response(
    request: Request[Any, Any, Any], status: int, text: bytes, data: bytes, headers: dict[str, str]
) -> Response[bytes]:
    if status in (202, 503):
        headers["Retry-After"] = str(RETRY_S)
    plain = wants_text(request)
    return Response(
        text if plain else data,
        status_code=status,
        media_type=MediaType.TEXT if plain else MediaType.JSON,
        headers=headers,
    )


def _identity(one: Input) -> str:
    """Return the name of an input in a path: it follows from the input, so asking never makes a second one."""
    hashed = hashlib.sha256(f"{one.name}\0{one.format}\0".encode())
    hashed.update(one.data)
    return hashed.hexdigest()[:32]
