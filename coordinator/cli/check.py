"""``coordinator check``: what messages would clash with on the running bus, before they are sent. Writes nothing.

The question is ``ask.<p>.deconfliction.check``. Its body is NDJSON: one native envelope a line, as `registry.encode`
writes it, read from any format here; together they fit into one request. The answer is NDJSON as well, in any number of
parts; each line is an object with one key:

* ``{"finding": {...}}``: a `Finding` that would be there and is not there now, rendered for ``<p>`` as release would
  (``sentence`` filled, tear-lines applied), worst first;
* ``{"scope": {"as_of": ..., "orders": ..., "log_seq": ...}}``, last and exactly once: the time in microseconds UTC, how
  many orders the bus compared with, and up to which sequence of the LOG.

An answer without a scope is broken off, and counts as a failure: silence is never "none found".
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coordinator.cli import common, exits, out
from coordinator.errors import BusError, UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from schemas.envelope import Envelope

_ROOM = 16_384  # bytes of a request that are not ours


def check(
    files: common.Files,
    /,
    *,
    from_: common.FromFormat = "",
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print what the messages would clash with."""
    from coordinator.cli.translate import known_format

    known_format(from_)
    return common.connected(bus.target(as_), lambda client: _check(client, files, from_, json=json))


async def _check(client: "Client", files: Sequence[Path], format_: str, *, json: bool) -> int:
    import msgspec

    from coordinator.cli import reading
    from coordinator.cli.deconflict import read_messages

    messages, refused = read_messages(files, format_, reading.context(None, client.participant, common.now()))
    if not messages:
        return exits.FAILED
    found, scope = await _ask(client, msgspec.Raw(question(messages)))
    _print(found, scope, len(messages), json=json)
    return exits.FAILED if found or refused else exits.FINE


def question(messages: "Sequence[Envelope]") -> bytes:
    """Return the body of the request.

    Raises:
        UsageError: it does not fit into one.
    """
    from coordinator.topology import MAX_PAYLOAD
    from schemas import registry

    body = b"\n".join(registry.encode(message) for message in messages)
    if len(body) > MAX_PAYLOAD - _ROOM:
        raise UsageError(f"{len(messages)} messages are too many for one question; check them in smaller groups")
    return body


async def _ask(client: "Client", body: object) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    found: list[dict[str, Any]] = []
    scope: dict[str, Any] | None = None
    async for row in common.ask(client, "deconfliction", "check", body):
        if "finding" in row:
            found.append(row["finding"])
        scope = row.get("scope", scope)
    if scope is None:
        raise BusError("the answer broke off before it said its scope; ask again")
    return found, scope


def _print(found: Sequence[dict[str, Any]], scope: dict[str, Any], asked: int, *, json: bool) -> None:
    import msgspec

    from coordinator.cli import render
    from schemas.findings import Finding

    for row in found:
        finding = msgspec.convert(row, Finding)
        out.whole(finding) if json else out.line(render.finding_block(finding))
    said = sentence(len(found), scope, asked)
    out.note(said) if json else out.line(said)


def sentence(found: int, scope: dict[str, Any], asked: int) -> str:
    """Return what the answer covers."""
    from coordinator.cli.text import count, dtg

    what = count(found, "finding") if found else "none found"
    return (
        f"{what} for {count(asked, 'message')} among {count(scope['orders'], 'order')} known at sequence "
        f"{scope['log_seq']} ({dtg(scope['as_of'], seconds=True)}); nothing was written"
    )
