"""``coordinator status``: which services run and how far each is, how much is stored, what an acknowledgement means."""

import http.client
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.edges.store import Running

ASK_S: Final = 2.0
_UNKNOWN: Final = "stored by the server; whether on its disk, its settings do not say here"


def status(*, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print what runs."""
    folder = None if bus.server else bus.folder
    return common.connected(bus.target(as_), lambda client: _status(client, folder, json=json))


async def _status(client: "Client", folder: Path | None, *, json: bool) -> int:
    about = bus_row(folder)
    services = await ask_all(client)
    streams = await holdings(client)
    ways = await channels_of(client)
    if json:
        rows = [{"bus": about}, *({"service": row} for row in services), *({"stream": row} for row in streams)]
        for row in (*rows, *({"channel": row} for row in ways)):
            out.row(row)
    else:
        out.line(shown(about, services, streams, ways))
    return exits.FINE


async def ask_all(client: "Client") -> list[dict[str, Any]]:
    """Ask every service how it is, all at once; one that does not answer has ``running`` false."""
    import anyio

    from coordinator.services.catalogue import NAMES

    answers: dict[str, dict[str, Any]] = {}
    async with anyio.create_task_group() as group:
        for name in NAMES:
            group.start_soon(_ask_one, client, name, answers)
    return [answers[name] for name in NAMES]


async def _ask_one(client: "Client", name: str, answers: dict[str, dict[str, Any]]) -> None:
    from coordinator.errors import BusError

    answers[name] = {"service": name, "running": False}
    try:
        async for row in common.ask(client, name, "status", timeout_s=ASK_S):
            answers[name] |= row | {"running": True}
    except BusError as error:
        answers[name]["why"] = str(error)


async def holdings(client: "Client") -> list[dict[str, Any]]:
    """Return how much the streams hold, nothing for somebody who may not know or if the log service is silent."""
    from coordinator.errors import BusError

    try:
        return [row async for row in common.ask(client, "log", "stat", timeout_s=ASK_S)]
    except BusError:
        return []


async def channels_of(client: "Client") -> list[dict[str, Any]]:
    """Return how the channels do that this participant may know of; nothing where none runs."""
    from coordinator.cli import channels
    from coordinator.errors import BusError

    try:
        return await channels.asked(client, timeout_s=ASK_S)
    except BusError:
        return []


def bus_row(folder: Path | None) -> dict[str, Any]:
    """Return what is known about the server of a store on this host."""
    from coordinator.edges import store

    running = store.find(folder) if folder else None
    if running is None:
        return {"acknowledged": _UNKNOWN}
    return {
        "url": running.url, "realm": running.realm, "store": str(folder), "pid": running.pid,
        "participants": list(running.participants), "acknowledged": meaning(settings(running)),
    }  # fmt: skip


def settings(running: "Running") -> Mapping[str, Any]:
    """Return the server's own word about its storage; empty if it does not answer."""
    import msgspec

    where = urlsplit(running.monitor)
    connection = http.client.HTTPConnection(where.hostname or "127.0.0.1", where.port, timeout=ASK_S)
    try:
        connection.request("GET", "/varz")
        answer = msgspec.json.decode(connection.getresponse().read())
    except (OSError, http.client.HTTPException, msgspec.DecodeError):
        return {}
    finally:
        connection.close()
    found: Mapping[str, Any] = answer.get("jetstream", {}).get("config", {})
    return found


def meaning(config: Mapping[str, Any]) -> str:
    """Return what "acknowledged" promises under these settings."""
    from coordinator.cli.text import span

    if config.get("sync_always"):
        return "on disk: nothing that was acknowledged is lost in a power cut"
    if interval := config.get("sync_interval"):
        return f"stored; on disk within {span(interval // 1000)}: a power cut may lose what came since"
    return _UNKNOWN


def shown(
    about: Mapping[str, Any],
    services: Sequence[Mapping[str, Any]],
    streams: Sequence[Mapping[str, Any]],
    ways: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the whole status as text."""
    from coordinator.cli import channels
    from coordinator.cli.log import holding
    from coordinator.cli.text import fields, table

    parts = [fields((
        ("bus", "  ".join(str(about[x]) for x in ("url", "realm", "store") if x in about)),
        ("participants", ", ".join(about.get("participants", ()))),
        ("acknowledged", about["acknowledged"]),
    ), indent=0)]  # fmt: skip
    parts.append(
        table(("SERVICE", "STATE", "POSITION", "PENDING", "OWED", "HANDLED", "FAILED"), map(_service, services))
    )
    if streams:
        columns = ("STREAM", "MESSAGES", "BYTES", "FIRST", "LAST", "SEALED")
        parts.append(table(columns, (holding(dict(row)) for row in streams)))
    if ways:
        parts.append(table(channels.HEADER, map(channels.cells, ways)))
    return "\n\n".join(parts)


def _service(row: Mapping[str, Any]) -> tuple[str, ...]:
    if not row["running"]:
        return row["service"], "not running", "-", "-", "-", "-", "-"
    position = " ".join(f"{stream} {seq}" for stream, seq in sorted(row["position"].items())) or "-"
    counts = (str(row.get(count, 0)) for count in ("pending", "owed", "handled", "failed"))
    return row["service"], "running", position, *counts
