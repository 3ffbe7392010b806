"""Makes a server hold what the topology declares, and says what differs.

Nothing is ever deleted here, and an edit that would lose messages, or make ids or sequences mean something else, is
refused and reported: it takes an operator.
"""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import anyio
import msgspec

from coordinator import topology
from coordinator.edges.nats.bus import NatsBus
from coordinator.edges.nats.requests import Requests
from coordinator.errors import BusError, NotFound
from coordinator.ports import Change
from coordinator.topology import COORD, Consumer, Stream, Topology

_NS: Final = 1_000_000_000
_Rule = Callable[[Any, Any], bool]


def _free(have: Any, want: Any) -> bool:
    return True


def _fixed(have: Any, want: Any) -> bool:
    return False


def _superset(have: Any, want: Any) -> bool:
    return set(have) <= set(want)


def _grows(have: Any, want: Any) -> bool:
    return bool(want <= 0 or 0 < have <= want)  # 0 and -1 stand for no limit


# What a stream's or consumer's configuration says if it says nothing, and which edits are harmless.
_FIELDS: Final[dict[str, tuple[Any, _Rule]]] = {
    "subjects": ([], _superset),
    "retention": ("limits", _fixed),
    "storage": ("file", _fixed),
    "discard": ("old", _fixed),
    "persist_mode": ("default", _fixed),
    "max_bytes": (-1, _grows),
    "max_age": (0, _grows),
    "max_msgs_per_subject": (-1, _fixed),
    "duplicate_window": (0, _grows),
    "deny_delete": (False, _fixed),
    "deny_purge": (False, _fixed),
    "allow_direct": (False, _free),
    "allow_rollup_hdrs": (False, _fixed),
    "allow_msg_ttl": (False, _free),
    "republish": (None, _free),
    "ack_policy": ("explicit", _fixed),
    "deliver_policy": ("all", _fixed),
    "filter_subject": ("", _fixed),
    "ack_wait": (0, _free),
    "backoff": ([], _free),
    "max_deliver": (-1, _free),
    "max_ack_pending": (0, _free),
}


async def apply(bus: NatsBus, declared: Topology) -> list[Change]:
    """Create and update what the topology declares, as COORD; return what was done and what was refused. Idempotent."""
    return await _walk(bus.requests, declared, write=True)


async def diff(bus: NatsBus, declared: Topology) -> list[Change]:
    """Return what `apply` would do, without doing it."""
    return await _walk(bus.requests, declared, write=False)


async def _walk(requests: Requests, declared: Topology, *, write: bool) -> list[Change]:
    streams = [
        _Work(_Desk(requests, f"stream {_owner(s)}/{s.name}", topology.api_prefix(s.owner), write), "STREAM", s.name,
              stream_config(s))
        for s in declared.streams
    ]  # fmt: skip
    consumers = [
        _Work(_Desk(requests, f"consumer {_owner(c)}/{c.stream}/{c.name}", topology.api_prefix(c.owner), write),
              "CONSUMER", f"{c.stream}.{c.name}", consumer_config(c))
        for c in declared.consumers
    ]  # fmt: skip
    return [*await _at_once(streams), *await _at_once(consumers)]


class _Work(NamedTuple):
    """One stream or consumer to settle, and where that is done."""

    desk: "_Desk"
    kind: str
    name: str
    want: dict[str, Any]


async def _at_once(work: Sequence[_Work]) -> list[Change]:
    """Settle many things side by side, because each waits for the disk; return the changes in their order."""
    found: dict[int, list[Change]] = {}
    failed: list[BusError] = []

    async def settle(place: int, one: _Work) -> None:
        try:
            found[place] = await one.desk.settle(one.kind, one.name, one.want)
        except BusError as error:
            failed.append(error)

    async with anyio.create_task_group() as group:
        for place, one in enumerate(work):
            group.start_soon(settle, place, one)
    if failed:
        raise failed[0]
    return [change for place in sorted(found) for change in found[place]]


def _owner(one: Stream | Consumer) -> str:
    return one.owner.upper() if one.owner == COORD else one.owner


class _Existing(msgspec.Struct):
    config: dict[str, Any]


class _Desk(msgspec.Struct, frozen=True):
    """One stream or consumer that is being settled."""

    requests: Requests
    what: str
    prefix: str
    write: bool

    async def settle(self, kind: str, name: str, want: dict[str, Any]) -> list[Change]:
        try:
            have = (await self.requests.api(f"{self.prefix}.{kind}.INFO.{name}", {}, _Existing)).config
        except NotFound:
            await self._put(kind, name, want, "CREATE")
            return [Change(what=self.what, action="create", detail="")]
        edits = {f: (have.get(f, default), want.get(f, default)) for f, (default, _) in _FIELDS.items()}
        edits = {f: pair for f, pair in edits.items() if not _same(*pair)}
        refused = [f for f, pair in edits.items() if not _FIELDS[f][1](*pair)]
        if edits and not refused:
            await self._put(kind, name, {**have, **want}, "UPDATE")
        action = "refuse" if refused else "update"
        shown = refused or list(edits)
        return [Change(what=self.what, action=action, detail=f"{f} {_show(edits[f])}") for f in shown]

    async def _put(self, kind: str, name: str, config: dict[str, Any], verb: str) -> None:
        if not self.write:
            return
        if kind == "STREAM":
            await self.requests.api(f"{self.prefix}.STREAM.{verb}.{name}", config, dict[str, Any])
            return
        request = {"stream_name": name.partition(".")[0], "config": config, "action": verb.lower()}
        await self.requests.api(f"{self.prefix}.CONSUMER.CREATE.{name}", request, dict[str, Any])


def _same(have: Any, want: Any) -> bool:
    if isinstance(have, list) and isinstance(want, list) and all(isinstance(x, str) for x in (*have, *want)):
        return sorted(have) == sorted(want)
    return bool(have == want)


def _show(pair: tuple[Any, Any]) -> str:
    return f"{msgspec.json.encode(pair[0]).decode()} -> {msgspec.json.encode(pair[1]).decode()}"


def stream_config(stream: Stream) -> dict[str, Any]:
    """Return a stream as JetStream wants it."""
    config: dict[str, Any] = {
        "name": stream.name,
        "subjects": list(stream.subjects),
        "retention": "limits",
        "storage": "file",
        "discard": "new",
        "num_replicas": 1,
        "max_bytes": stream.max_bytes,
        "max_age": 0,
        "max_msgs_per_subject": 1 if stream.newest_only else -1,
        "duplicate_window": stream.duplicate_window_s * _NS,
        "deny_delete": not stream.replaceable,
        "deny_purge": not stream.replaceable,
        "allow_rollup_hdrs": stream.replaceable,
        "allow_direct": True,
        "allow_msg_ttl": stream.expiring,
    }
    # Never `persist_mode: async`: when the server is killed it forgets messages whose writer, alive, has the PubAck.
    if stream.announced:
        config["republish"] = {"src": ">", "dest": f"wake.{stream.name}.>", "headers_only": True}
    return config


def consumer_config(consumer: Consumer) -> dict[str, Any]:
    """Return a durable consumer as JetStream wants it."""
    return {
        "name": consumer.name,
        "durable_name": consumer.name,
        "deliver_policy": "all",
        "ack_policy": "explicit",
        "ack_wait": consumer.backoff_s[0] * _NS,
        "backoff": [s * _NS for s in consumer.backoff_s],
        "max_deliver": -1,
        "max_ack_pending": consumer.max_ack_pending,
    }
