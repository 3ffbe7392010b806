"""Who asks: the credentials of a request, and how many requests of one participant are open at once."""

import base64
import binascii
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import anyio
from litestar import Request

from coordinator import log
from coordinator.edges.http.desk import Desk, Limits
from coordinator.edges.http.problems import Trouble, away
from coordinator.edges.tokens import SHORTEST, Tokens
from coordinator.errors import Disconnected
from coordinator.ports import Clock

_log = log.get("http")

_TELL_EVERY: Final = 60_000_000  # microseconds between two lines about wrong tokens: an attacker fills no disk


class Said(NamedTuple):
    """The credentials of a request; a bearer token names no participant."""

    participant: str
    token: str


class Door:
    """Lets in who has a token. Wrong tokens wait for their answer; nobody else waits for them."""

    def __init__(self, store: Path, desks: Mapping[str, Desk], clock: Clock, limits: Limits) -> None:
        """Read the tokens of everybody in the store, so that who has no such channel is told that, not "wrong token".

        Raises:
            ConfigError: the store cannot be used.
        """
        files = (store / "creds").glob("*.token")
        others = {path.stem for path in files if path.stat().st_size >= SHORTEST}  # else it is nobody's
        self._tokens = Tokens(store, sorted(others | set(desks)))
        self._desks = desks
        self._clock = clock
        self._limits = limits
        self._open: set[anyio.CancelScope] = set()
        self._waiting = 0
        self._refused = 0
        self._told_at = -_TELL_EVERY

    @asynccontextmanager
    async def seat(self, request: Request[Any, Any, Any]) -> AsyncIterator[Desk]:
        """Give a request its participant's desk, and a seat at it while it is served.

        Raises:
            Trouble: 401 without the right token, 403 without such a channel, 429 with too many requests open.
        """
        with anyio.CancelScope() as scope:
            self._open.add(scope)
            try:
                desk = await self._desk(request)
                await self._wait_for_turn(desk)
                try:
                    yield desk
                finally:
                    desk.seats.release()
            finally:
                self._open.discard(scope)
        if scope.cancelled_caught:
            raise away(Disconnected("this server stops"))

    def close(self) -> None:
        """Answer every request that is still open: the server stops."""
        for scope in list(self._open):
            scope.cancel()

    async def _wait_for_turn(self, desk: Desk) -> None:
        try:
            desk.seats.acquire_nowait()
        except anyio.WouldBlock:
            with anyio.move_on_after(self._limits.queue_s) as turn:
                await desk.seats.acquire()
            if turn.cancelled_caught:
                raise Trouble(
                    429, "the connection", f"{self._limits.requests} requests of yours are open already",
                    "wait for their answers, then send this one again", {"Retry-After": "1"},
                ) from None  # fmt: skip

    async def _desk(self, request: Request[Any, Any, Any]) -> Desk:
        said = credentials(request.headers.get("authorization", ""))
        owner = self._tokens.owner(said.token) if said.token else ""
        if not owner or said.participant not in ("", owner):
            await self._refuse(request)
        if owner not in self._desks:
            raise Trouble(
                403, "the mission", f'"{owner}" has no channel of the kind "http"',
                "ask whoever runs this server to add one to your participant in the mission file",
            )  # fmt: skip
        return self._desks[owner]

    async def _refuse(self, request: Request[Any, Any, Any]) -> None:
        self._note(request.client.host if request.client else "")
        if self._waiting < self._limits.wrong_tokens:
            self._waiting += 1
            try:
                await anyio.sleep(self._limits.wrong_token_s)
            finally:
                self._waiting -= 1
        raise Trouble(
            401, "the header Authorization", "it holds no token that is known here",
            'write "Authorization: Bearer TOKEN", or give participant and token as user and password',
            {"WWW-Authenticate": "Bearer"},
        )  # fmt: skip

    def _note(self, peer: str) -> None:
        self._refused += 1
        if self._clock.now() - self._told_at >= _TELL_EVERY:
            _log.warning("tokens refused", peer=peer, count=self._refused)
            self._told_at, self._refused = self._clock.now(), 0


def credentials(header: str) -> Said:
    """Return what an Authorization header says, whatever it holds; empty if it is no credential."""
    scheme, _, value = header.strip().partition(" ")
    value = value.strip()
    if scheme.lower() == "bearer":
        return Said("", value)
    if scheme.lower() != "basic":
        return Said("", "")
    try:
        participant, _, token = base64.b64decode(value, validate=True).decode("latin-1").partition(":")
    except (binascii.Error, ValueError):
        return Said("", "")
    return Said(participant, token) if participant else Said("", "")
