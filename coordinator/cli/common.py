"""What every verb shares: how arguments are written, where the bus is, how a client is opened."""

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from cyclopts import Group, Parameter

from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.app import Target
    from coordinator.client import Client

CONNECTION: Final = Group("Which bus", sort_key=90)
STDIN: Final = Path("-")
Realm = Literal["live", "exercise"]


def _no_option(_: object, value: Sequence[Path]) -> None:
    for path in value:
        if str(path).startswith("-") and path != STDIN:
            raise ValueError(f"{path} is no option of this command.")


Files = Annotated[
    tuple[Path, ...],
    Parameter(
        help="Files to read; - is standard input.",
        allow_leading_hyphen=True,
        validator=_no_option,
        negative_iterable=(),
    ),
]
Json = Annotated[bool, Parameter(name="--json", help="Print one JSON object a line.")]
As = Annotated[str, Parameter(name="--as", metavar="P", help="The participant that you are.")]
AsOperator = Annotated[
    str, Parameter(name="--as", metavar="P", help="The participant that you are; else the operator of the store.")
]
AsUnknown = Annotated[str, Parameter(name="--as", metavar="P", help="Whose messages these are, where they do not say.")]
FromFormat = Annotated[
    str, Parameter(name="--from", metavar="F", show_default=False, help="Their format; found out if left out.")
]
Area = Annotated[str, Parameter(metavar="A", show_default=False, help="Only cards at places with this in their name.")]
DownTo = Annotated[
    str,
    Parameter(metavar="S", show_default=False, help="Only cards at least so bad: Extreme, Severe, Moderate, Minor."),
]
When = Annotated[
    str,
    Parameter(
        metavar="TIME",
        allow_leading_hyphen=True,
        show_default=False,
        help="ISO 8601, a date-time group (140400ZMAR27) or relative (-2h).",
    ),
]


def default_store() -> Path:
    """Return the folder of the bus on this host that is meant when none is named."""
    named = os.environ.get("COORDINATOR_STORE")
    return Path(named) if named else Path.home() / ".local" / "share" / "coordinator"


@Parameter(name="*", group=CONNECTION)
@dataclass(frozen=True, kw_only=True)
class Bus:
    """Which bus a verb talks to."""

    store: Annotated[
        Path | None,
        Parameter(
            metavar="DIR",
            help="Folder of a `coordinator up` on this host; else $COORDINATOR_STORE or ~/.local/share/coordinator.",
        ),
    ] = None
    server: Annotated[str, Parameter(metavar="URL", show_default=False, help="A server elsewhere; needs --creds.")] = ""
    creds: Annotated[Path | None, Parameter(metavar="FILE", help="The key that proves who you are to --server.")] = None
    realm: Annotated[Realm, Parameter(help="Real traffic or an exercise; they never meet.")] = "live"

    @property
    def folder(self) -> Path:
        """The store that is meant."""
        return self.store or default_store()

    def target(self, participant: str = "") -> "Target":
        """Return where to connect, and as whom ("" is the operator of the store).

        Raises:
            UsageError: a server without a key or without a participant.
        """
        from coordinator.app import Target

        if self.server and self.creds is None:
            raise UsageError("--server needs --creds FILE, the key of the participant that you are")
        if self.server and not participant:
            raise UsageError("--server needs --as PARTICIPANT")
        if self.creds is not None and not self.server:
            raise UsageError("--creds belongs to --server URL; a store holds its own keys")
        return Target(self.folder, participant, self.server, self.creds, self.realm)


HERE: Final = Bus()


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Voice:
    """Whose words are typed in, and who said them."""

    on_behalf_of: Annotated[
        str, Parameter(metavar="P", show_default=False, help="Whose word it is, if you only type it in.")
    ] = ""
    speaker: Annotated[
        str,
        Parameter(metavar="ROLE", show_default=False, help="Then: the function of whoever said it, no private name."),
    ] = ""

    def heard(self) -> "dict[str, str]":
        """Return both as the client takes them.

        Raises:
            UsageError: a speaker of nobody.
        """
        if self.speaker and not self.on_behalf_of:
            raise UsageError("--speaker ROLE belongs to --on-behalf-of P: whose word is it?")
        if len(self.speaker) > MAX_SPEAKER:
            raise UsageError(f"--speaker has {len(self.speaker)} characters; a function has at most {MAX_SPEAKER}")
        return {"on_behalf_of": self.on_behalf_of, "speaker": self.speaker}


OWN: Final = Voice()
MAX_SPEAKER: Final = 200


def run(work: Callable[[], Awaitable[int]], *, level: str = "error") -> int:
    """Run a coroutine function; what the parts below log goes to standard error, from a level on."""
    import anyio

    from coordinator import log

    log.configure(level="debug" if os.environ.get("COORDINATOR_DEBUG") else level)
    return anyio.run(work)


def connected(target: "Target", work: "Callable[[Client], Awaitable[int]]") -> int:
    """Connect to a bus, do the work, disconnect."""

    async def session() -> int:
        from coordinator.app import open_client

        async with open_client(target) as client:
            return await work(client)

    return run(session)


async def ask(
    client: "Client", service: str, verb: str, body: object = None, *, timeout_s: float = 300.0
) -> AsyncIterator[dict[str, Any]]:
    """Ask a service and yield the rows of its answer; long walks of the log may be silent for long.

    Raises:
        Forbidden: the service says that this participant may not ask that.
    """
    async for row in client.rows(service, verb, body, timeout_s=timeout_s):
        yield row


def now() -> int:
    """Return the time, microseconds UTC."""
    from coordinator.edges.clock import SystemClock

    return SystemClock().now()


def read(path: Path, limit: int = -1) -> bytes:
    """Return the bytes of a file or of standard input, at most ``limit``.

    Raises:
        UsageError: there is no such file.
    """
    if path == STDIN:
        return sys.stdin.buffer.read(limit)
    try:
        with path.open("rb") as file:
            return file.read(limit)
    except (FileNotFoundError, IsADirectoryError) as error:
        raise UsageError(f"{path}: {(error.strerror or 'cannot be read').lower()}") from None


def pick(wanted: str, known: Sequence[str], what: str, where: str) -> str:
    """Return the one id that is meant by itself or by its beginning.

    Raises:
        NotFound: none is; ``where`` names the command that lists them.
        UsageError: several are.
    """
    from coordinator.errors import NotFound

    found = [wanted] if wanted in known else [identity for identity in known if identity.startswith(wanted)]
    if not found:
        raise NotFound(f'no {what} "{wanted}"; `{where}` shows them')
    if len(found) > 1:
        raise UsageError(f'"{wanted}" begins {len(found)} ids; give more of it: {", ".join(sorted(found)[:5])}')
    return found[0]
