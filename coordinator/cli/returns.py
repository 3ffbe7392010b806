"""``coordinator returns``: who owes which report, what came when, the sum of what came, and silence that is planned."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import NotFound, UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.returns.rollup import Report
    from schemas.envelope import Envelope
    from schemas.time import TimeWindow

ASK_S: Final = 10.0
KINDS: Final = (
    "sitrep", "incident", "medevac", "logistics", "observation", "movement", "hazard", "route-state", "message",
    "acknowledgement", "liaison-request", "liaison-response",
)  # fmt: skip
"""Kinds of which the newest of each participant says how old its feed is."""
Period = Annotated[
    str,
    Parameter(
        name="--period",
        metavar="TIME",
        allow_leading_hyphen=True,
        show_default=False,
        help="Any time within the period; the last one that was due if left out.",
    ),
]


def list_(*, as_: common.As, period: Period = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print every report that is owed, and how old the last word of each participant is."""
    return common.connected(bus.target(as_), lambda client: _list(client, period, json=json))


def roll_up(
    *,
    as_: common.As,
    name: Annotated[
        str, Parameter(name="--return", metavar="NAME", show_default=False, help="Only the return of this name.")
    ] = "",
    period: Period = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print the sum of the reports of those whose reports you collect, each number with what it comes from."""
    return common.connected(bus.target(as_), lambda client: _roll_up(client, name, period, json=json))


def silence(
    *,
    as_: common.As,
    until: Annotated[str, Parameter(metavar="TIME", allow_leading_hyphen=True, help="When you will be back.")],
    since: Annotated[
        str, Parameter(name="--from", metavar="TIME", allow_leading_hyphen=True, show_default=False,
                       help="When it begins; now if left out."),
    ] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:  # fmt: skip
    """Say that you will be silent: until then nobody is alarmed, and from then on somebody is if you are not back."""
    window = _window(since, until)
    return common.connected(bus.target(as_), lambda client: _silence(client, window, json=json))


# -- asking -----------------------------------------------------------------------------------------------------------


async def _asked(client: "Client", period: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return how returns stand and how contact stands, as far as this participant may know."""
    from coordinator.cli import times

    question = {"at": times.parse(period, common.now())} if period else {}
    rows = [row async for row in common.ask(client, "alerting", "returns", question, timeout_s=ASK_S)]
    return [r["return"] for r in rows if "return" in r], [r["feed"] for r in rows if "feed" in r]


async def _list(client: "Client", period: str, *, json: bool) -> int:
    from coordinator.cli import reckoning
    from coordinator.cli.text import count

    owed, feeds = await _asked(client, period)
    newest = await _newest(client)
    feeds = [feed | {"kinds": newest.get(feed["participant"], {})} for feed in feeds]
    if json:
        for row in owed:
            out.row({"return": row})
        for feed in feeds:
            out.row({"feed": feed})
    else:
        out.line(reckoning.listed(owed, feeds, common.now()))
    missing = sum(row["state"] == "missing" for row in owed)
    out.note(f"{count(len(owed), 'report')} owed, {missing} missing")
    return exits.FINE


async def _newest(client: "Client") -> dict[str, dict[str, int]]:
    """Return when the newest message of each kind came of each participant, as far as it is on this board."""
    found: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        for envelope in await client.board(kind):
            ages, at = found.setdefault(envelope.originator, {}), envelope.received_at or 0
            ages[kind] = max(at, ages.get(kind, 0))
    return found


async def _roll_up(client: "Client", name: str, period: str, *, json: bool) -> int:
    owed, _ = await _asked(client, period)
    collected = _collected(client, owed)
    names = sorted({return_ for return_, _ in collected})
    if name and name not in names:
        raise NotFound(f'no return "{name}" is collected by you or below you; there are: {", ".join(names) or "none"}')
    for (return_, _), rows in collected.items():
        if name in ("", return_):
            await _rolled_up(client, return_, _last(rows), json=json)
    if not names:
        out.note("no report is collected by you; a mission says which in its [[returns]] tables")
    return exits.FINE


async def _rolled_up(client: "Client", name: str, rows: Sequence[Mapping[str, Any]], *, json: bool) -> None:
    from coordinator.cli import reckoning
    from coordinator.core.returns.rollup import roll_up as summed

    figures = summed([row["participant"] for row in rows], await _reports(client, rows))
    if not json:
        out.line(reckoning.rolled_up(name, rows, figures))
        return
    for figure in figures:
        out.row(reckoning.as_row(name, rows[0], figure))
    out.row(reckoning.about(name, rows))


def _collected(client: "Client", owed: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """Return what is owed by return and collector: what this participant collects, or else whoever it may know of."""
    rows = [row for row in owed if row["participant"] != client.participant]
    own = [row for row in rows if row["to"] == client.participant]
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in own or rows:
        found.setdefault((row["name"], row["to"]), []).append(row)
    return dict(sorted(found.items()))


def _last(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows of the period that was due last, or, before any was, of the one that runs."""
    known = list(rows)
    passed = [row["due"] for row in known if row["due"] <= common.now()]
    due = max(passed) if passed else min(row["due"] for row in known)
    return [row for row in known if row["due"] == due]


async def _reports(client: "Client", rows: Sequence[Mapping[str, Any]]) -> "list[Report]":
    """Return the report of each participant for a period, and its incident reports of that time, off the board."""
    from coordinator.core.returns.rollup import Report
    from schemas import registry

    wanted = {(row["participant"], row["report"]) for row in rows if row["report"]}
    among = {row["participant"] for row in rows}
    start, due, kind = rows[0]["start"], rows[0]["due"], rows[0]["kind"]
    kept = [e for e in await client.board(kind) if (e.originator, e.id) in wanted]
    if kind == "sitrep":
        incidents = [e for e in await client.board("incident") if e.originator in among and e.status != "cancel"]
        kept += [e for e in incidents if start < _happened(e) <= due]
    return [Report(e.originator, e.id, registry.body(e)) for e in kept if e.status != "cancel"]


def _happened(envelope: "Envelope") -> int:
    """Return when an incident happened, or else when it came."""
    from schemas import registry
    from schemas.reports import IncidentReport

    body = registry.body(envelope)
    occurred = body.occurred.utc if isinstance(body, IncidentReport) and body.occurred else None
    return occurred if occurred is not None else envelope.received_at or 0


# -- silence ----------------------------------------------------------------------------------------------------------


def _window(since: str, until: str) -> "TimeWindow":
    """Return from when until when somebody is silent.

    Raises:
        UsageError: that is over before it begins.
    """
    from coordinator.cli import times
    from schemas.time import TimeWindow

    now = common.now()
    start, end = times.optional(since, now) or now, times.parse(until, now)
    if end <= max(start, now):
        raise UsageError(f"--until {until} is over before it begins; write a time that is still to come")
    return TimeWindow.exact(start, end)


async def _silence(client: "Client", window: "TimeWindow", *, json: bool) -> int:
    from coordinator.cli.send import report
    from schemas import registry
    from schemas.reports import SituationReport

    body = SituationReport(period=window, silence=window, report_type="flash")
    times = (window.start_earliest or 0, window.end_latest or 0)
    identity = "-".join((client.participant, "silence", *(str(at // 1_000_000) for at in times)))
    return report(await client.publish(registry.pack(body, id=identity, originator=client.participant)), json=json)
