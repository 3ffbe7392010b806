"""Spells a topology for nats-server: its configuration file."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from coordinator import topology
from coordinator.topology import SYS, Crossing, Feed, Topology, User


def server_config(
    declared: Topology,
    keys: Mapping[str, str],
    *,
    store: Path,
    port: int = -1,
    monitor_port: int = -1,
    sync_always: bool = True,
    log_file: Path | None = None,
) -> str:
    """Return the text of a nats-server configuration for one host, listening on the loopback only.

    Args:
        declared: the topology whose accounts and users are spelled.
        keys: the NKey public key of each of its users; a user without one cannot log in.
        store: the folder that JetStream writes to.
        port: for clients; -1 lets the system choose, see the ports file.
        monitor_port: for /healthz and the like; -1 as above.
        sync_always: an acknowledged message is on the disk; False leaves it to the server's lazy default
            (for measurements: a power cut then forgets up to two minutes).
        log_file: where the server writes its log, in pieces of 8 MB; standard error without it.
    """
    sync = "  sync_interval: always\n" if sync_always else ""
    logging = f"log_file: {_text(str(log_file))}\nlogfile_size_limit: 8MB\n" if log_file else ""
    return (
        f"server_name: {_text(f'coordinator-{declared.realm}')}\n"
        f"listen: {_text(f'127.0.0.1:{port}')}\n"
        f"http: {_text(f'127.0.0.1:{monitor_port}')}\n"
        f"max_payload: {topology.MAX_PAYLOAD}\n"
        'ping_interval: "10s"\nping_max: 2\nwrite_deadline: "10s"\n'
        f"{logging}"
        f"jetstream {{\n  store_dir: {_text(str(store))}\n{sync}}}\n"
        f"system_account: {_text(declared.account(SYS))}\n"
        "accounts {\n" + "".join(_account(declared, key, keys) for key in declared.accounts) + "}\n"
    )


def _account(declared: Topology, key: str, keys: Mapping[str, str]) -> str:
    users = [_user(u, keys[u.name]) for u in declared.users if u.account == key and u.name in keys]
    exports = [*_services(declared, key), *_streams(declared, key)]
    imports = [
        *(_import(declared, "service", c) for c in declared.crossings if c.importer == key),
        *(_import(declared, "stream", f) for f in declared.feeds if f.importer == key),
    ]
    jetstream = "    jetstream: enabled\n" if any(s.account == key for s in declared.streams) else ""
    body = _list("users", users) + _list("exports", exports) + _list("imports", imports)
    return f"  {_text(declared.account(key))} {{\n{jetstream}{body}  }}\n"


def _services(declared: Topology, key: str) -> Iterable[str]:
    for subject, group in _by_subject(c for c in declared.crossings if c.exporter == key):
        # A streamed answer (a log, a replay) may be silent for long before its next part.
        kind = 'Stream, response_threshold: "1h"' if group[0].streamed else "Singleton"
        yield f"{{ service: {_text(subject)}, accounts: {_importers(declared, group)}, response_type: {kind} }}"


def _streams(declared: Topology, key: str) -> Iterable[str]:
    for subject, group in _by_subject(f for f in declared.feeds if f.exporter == key):
        yield f"{{ stream: {_text(subject)}, accounts: {_importers(declared, group)} }}"


_Border = TypeVar("_Border", Crossing, Feed)


def _by_subject(offered: Iterable[_Border]) -> Iterable[tuple[str, list[_Border]]]:
    groups: dict[str, list[_Border]] = {}
    for one in offered:
        groups.setdefault(one.subject, []).append(one)
    return groups.items()


def _importers(declared: Topology, group: Sequence[Crossing | Feed]) -> str:
    return _texts(declared.account(one.importer) for one in group)


def _user(user: User, key: str) -> str:
    if user.publish is None or user.subscribe is None:
        denied = f", permissions: {{ publish: {{ deny: {_texts(user.denied)} }} }}" if user.denied else ""
        return f"{{ nkey: {key}{denied} }}"
    rules = f"publish: {{ allow: {_texts(user.publish)} }}, subscribe: {{ allow: {_texts(user.subscribe)} }}"
    return f"{{ nkey: {key}, permissions: {{ {rules} }} }}"


def _import(declared: Topology, kind: str, border: Crossing | Feed) -> str:
    source = f"{{ account: {_text(declared.account(border.exporter))}, subject: {_text(border.subject)} }}"
    return f"{{ {kind}: {source}, to: {_text(border.to)} }}"


def _list(name: str, items: list[str]) -> str:
    lines = "".join(f"      {item}\n" for item in items)
    return f"    {name}: [\n{lines}    ]\n" if items else ""


def _text(value: str) -> str:
    return json.dumps(value)


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_text, values)) + "]"
