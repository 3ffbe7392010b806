"""What a request is answered with when it cannot be served: a status, where, why, and how to mend it.

Nothing of the inside goes out: no stack trace, no version, no echo of a body. A program reads JSON; whoever asks for
``text/plain`` reads a sentence.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from coordinator import log
from coordinator.errors import BusError

_log = log.get("http")

RETRY_S: Final = 5  # when a client is told to come again because the bus is away

_MENDS: Final = {
    400: "GET /v1/docs shows how a request is written",
    404: "GET /v1/docs lists the places that there are",
    405: "the header Allow names the methods that this place takes",
    413: "split it",
    500: "send it again under the same name: nothing counts twice; if it stays so, tell whoever runs this server",
}


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why a request was not served. An input that was refused says so in a JSON object of its own (422)."""

    status: int
    where: str
    why: str
    hint: str

    def __str__(self) -> str:
        return f"{self.where}: {self.why}; {self.hint}"


class Trouble(HTTPException):
    """Raised by a handler that cannot serve a request; carries the whole answer."""

    def __init__(self, status: int, where: str, why: str, hint: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail=why, status_code=status, headers=dict(headers or {}))
        self.problem = Problem(status=status, where=where, why=why, hint=hint)


def wants_text(request: Request[Any, Any, Any]) -> bool:
    """Whether a person reads the answer: the client accepts plain text and does not name JSON."""
    accepted = request.headers.get("accept", "").lower()
    return "text/plain" in accepted and "application/json" not in accepted


def unkept(error: BusError) -> Trouble:
    """Return the answer for an input that the bus did not take."""
    first = "" if error.retry else "tell whoever runs this server, then "
    return _later(f"it is not kept: {error}", f"{first}send the same again: nothing counts twice")


def away(error: BusError) -> Trouble:
    """Return the answer for a question that nobody can answer now."""
    return _later(str(error), f"ask again in {RETRY_S} s")


def _later(why: str, hint: str) -> Trouble:
    return Trouble(503, "the bus", why, hint, {"Retry-After": str(RETRY_S)})


def told(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer what a handler, or the framework before it, refused."""
    problem = error.problem if isinstance(error, Trouble) else _framework(request, error)
    return answer(request, problem, error.headers)


def bug(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer what is our own mistake, and log it."""
    _log.error("request failed", method=request.scope["method"], exc_info=error)
    return answer(
        request,
        Problem(status=500, where="the server", why="it made a mistake of its own", hint=_MENDS[500]),
    )


def answer(
    request: Request[Any, Any, Any], problem: Problem, headers: Mapping[str, str] | None = None
) -> Response[bytes]:
    """Return a problem as a response."""
    plain = wants_text(request)
    return Response(
        f"{problem}\n".encode() if plain else msgspec.json.encode(problem),
        status_code=problem.status,
        media_type=MediaType.TEXT if plain else MediaType.JSON,
        headers=dict(headers or {}),
    )


def _framework(request: Request[Any, Any, Any], error: HTTPException) -> Problem:
    """Put an error of the framework in our words; it names what is wrong with a parameter in ``extra``."""
    faults = [f"{x.get('key', '')}: {x.get('message', '')}" for x in error.extra or () if isinstance(x, dict)]
    why = "; ".join(faults) or error.detail
    status = error.status_code if error.status_code in _MENDS else 400
    return Problem(status=status, where="the parameters" if faults else "the request", why=why, hint=_MENDS[status])
