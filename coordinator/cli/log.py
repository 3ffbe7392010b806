"""``coordinator log``: how much the bus holds, what stands there, and the proof that nobody edited it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times

if TYPE_CHECKING:
    from coordinator.client import Client

NAME = "log"
_VERIFY_S = 3600.0  # the longest silence while a large stream is walked


def stat(*, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print each stream's extent."""
    return common.connected(bus.target(as_), lambda client: _stat(client, json=json))


def show(
    sequences: Annotated[tuple[int, ...], Parameter(name="SEQ", help="Sequences in the stream; all if left out.")] = (),
    /,
    *,
    stream: Annotated[
        Literal["RAW", "LOG", "TRACKS", "SEALS"], Parameter(metavar="S", help="Of which stream.")
    ] = "LOG",
    from_: Annotated[common.When, Parameter(name="--from")] = "",
    to: common.When = "",
    kind: Annotated[str, Parameter(metavar="K", show_default=False, help="Only this kind of message.")] = "",
    limit: Annotated[int, Parameter(metavar="N", help="At most so many.")] = 1_000,
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print messages of a stream."""
    now = common.now()
    wanted = {
        "stream": stream, "kind": kind, "limit": limit,
        "since": times.optional(from_, now), "until": times.optional(to, now),
    }  # fmt: skip
    ranges = [wanted | {"first": seq, "last": seq} for seq in sequences] or [wanted]
    return common.connected(bus.target(as_), lambda client: _show(client, ranges, json=json))


def verify(*, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print for each stream whether it is what was sealed."""
    return common.connected(bus.target(as_), lambda client: _verify(client, json=json))


async def _stat(client: "Client", *, json: bool) -> int:
    from coordinator.cli.text import table

    rows = [row async for row in common.ask(client, NAME, "stat")]
    if json:
        for row in rows:
            out.row(row)
        return exits.FINE
    out.line(table(("STREAM", "MESSAGES", "BYTES", "FIRST", "LAST", "SEALED"), (holding(row) for row in rows)))
    return exits.FINE


def holding(row: dict[str, Any]) -> tuple[str, ...]:
    """Return a stream's extent as a row."""
    from coordinator.cli.text import size

    numbers = (str(row[name]) for name in ("first", "last", "sealed"))
    return row["stream"], str(row["messages"]), size(row["bytes"]), *numbers


async def _show(client: "Client", ranges: Sequence[dict[str, Any]], *, json: bool) -> int:
    from coordinator.cli import render
    from coordinator.errors import NotFound

    for wanted in ranges:
        found = False
        async for row in common.ask(client, NAME, "show", wanted):
            found = True
            out.row(row) if json else out.line(render.entry_line(row))
        if not found and "first" in wanted:
            raise NotFound(f"{wanted['stream']} holds no message {wanted['first']} that you may read")
    return exits.FINE


async def _verify(client: "Client", *, json: bool) -> int:
    wrong = 0
    async for row in common.ask(client, NAME, "verify", timeout_s=_VERIFY_S):
        wrong += len(row["mismatches"])
        out.row(row) if json else out.line(verdict(row))
    return exits.FAILED if wrong else exits.FINE


def verdict(row: dict[str, Any]) -> str:
    """Return what walking one stream has shown."""
    state = "OK" if not row["mismatches"] else f"{len(row['mismatches'])} MISMATCHES"
    sealed = f"sealed up to {row['sealed']}" if row["sealed"] else "no seal yet"
    if row["last"] == 0:
        sealed = "empty"
    lines = [f"{row['stream']:<7} walked up to {row['last']}, {sealed}: {state}"]
    lines += (f"  {m['first']}-{m['last']}: {m['what']}" for m in row["mismatches"])
    return "\n".join(lines)
