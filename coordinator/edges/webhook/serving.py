"""The bearer: a hook for each channel, with its secret from this host and its URL from the mission."""

import ssl
from collections.abc import Callable, Sequence
from logging import WARNING, getLogger
from pathlib import Path
from secrets import SystemRandom
from typing import Final

import anyio
from anyio.abc import TaskStatus

from coordinator.edges import endpoints
from coordinator.edges.carrying import carry_on
from coordinator.edges.store import refuse
from coordinator.edges.webhook import addresses
from coordinator.edges.webhook.posting import Hook
from coordinator.edges.webhook.signing import LEAST
from coordinator.ports import Clock, Gate

_TABLE: Final = "[webhook]"
_CHANCE: Final = SystemRandom().random


async def serve(
    gates: Sequence[Gate],
    at: endpoints.Webhook,
    store: Path,
    clock: Clock,
    *,
    task_status: TaskStatus[tuple[str, ...]] = anyio.TASK_STATUS_IGNORED,
    jitter: Callable[[], float] = _CHANCE,
) -> None:
    """Carry deliveries to the participants' servers until cancelled; started with the host of each.

    Raises:
        ConfigError: a secret is missing or too short, or a network, a certificate or a URL cannot be used.
    """
    for name in ("httpx", "httpcore"):
        getLogger(name).setLevel(WARNING)  # at other levels they write down URLs, which may hold secrets
    hooks = _hooks(gates, at, store, clock, jitter)
    async with anyio.create_task_group() as tasks:
        for gate, hook in hooks:
            tasks.start_soon(carry_on, gate, hook.carry, clock)
        task_status.started(tuple(_shown(gate) for gate in gates))


def _hooks(
    gates: Sequence[Gate], at: endpoints.Webhook, store: Path, clock: Clock, jitter: Callable[[], float]
) -> list[tuple[Gate, Hook]]:
    where = store / endpoints.FILE
    tls = _tls(at, store)
    try:
        private = addresses.networks(at.private)
    except ValueError as error:
        raise refuse(where, f"{_TABLE} private: {error}", 'write networks like "10.1.0.0/16"') from None
    try:
        return [
            (gate, Hook(gate.channel.address, _secret(gate, at, store), tls, private, clock, jitter)) for gate in gates
        ]
    except ValueError as error:
        raise refuse(where, f"a webhook's address cannot be used: {error}", "mend the mission file") from None


def _secret(gate: Gate, at: endpoints.Webhook, store: Path) -> bytes:
    """Return the secret of a channel, or of its participant."""
    own = f"{gate.participant}/{gate.channel.name}"
    name = at.secrets.get(own) or at.secrets.get(gate.participant, "")
    if not name:
        hint = f'write {gate.participant} = "creds/{gate.participant}.webhook" below [webhook.secrets]'
        raise refuse(store / endpoints.FILE, f'no secret is named for "{own}"', hint)
    path = store / name
    try:
        found = path.read_bytes().strip()
    except OSError as error:
        raise refuse(path, f"cannot be read: {error.strerror}", "put the secret alone into that file") from None
    if len(found) < LEAST:
        raise refuse(path, f"holds less than {LEAST} bytes", "openssl rand -hex 32 makes a secret")
    return found


def _tls(at: endpoints.Webhook, store: Path) -> ssl.SSLContext:
    """Return TLS from 1.2 on that trusts the host's authorities, and the one that is named."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if at.authority:
        try:
            context.load_verify_locations(store / at.authority)
        except (OSError, ssl.SSLError) as error:
            raise refuse(store / at.authority, f"cannot be used: {error}", "give certificates in PEM") from None
    return context


def _shown(gate: Gate) -> str:
    """Return where a hook leads, without its path, which may be a secret."""
    return f"{gate.participant}/{gate.channel.name} -> {addresses.place(gate.channel.address).host}"
