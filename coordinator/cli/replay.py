"""``coordinator replay``: the log again as it was known at the time, paced by when each message was logged.

It reads; it publishes nothing, so it cannot meet live traffic. With ``--as-seen-by P`` it is what release delivered to
P, read from P's own INBOX. With ``--adapter-diff`` it is a shadow run: recorded inputs through the adapters as they are
now, and what would change.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client

BANNER: Final = "REPLAY - NOT LIVE"
_PAGE: Final = 1_000
_LONGEST_PAUSE_S: Final = 3600.0


class _Span(NamedTuple):
    since: int
    until: int
    kind: str


def replay(
    *,
    from_: Annotated[common.When, Parameter(name="--from")] = "",
    to: common.When = "",
    speed: Annotated[str, Parameter(metavar="N|max", help="How much faster than life.")] = "1",
    kind: Annotated[str, Parameter(metavar="K", show_default=False, help="Only this kind of message.")] = "",
    as_seen_by: Annotated[
        str, Parameter(metavar="P", show_default=False, help="Only what was delivered to this participant.")
    ] = "",
    adapter_diff: Annotated[
        bool, Parameter(help="Read recorded inputs with the adapters as they are now; show what would change.")
    ] = False,
    format_: Annotated[
        str,
        Parameter(name="--format", metavar="F", show_default=False, help="With --adapter-diff: only inputs in it."),
    ] = "",
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print the log at the pace at which it was written, or what would change in it."""
    from coordinator.cli.demo import pace

    now = common.now()
    if adapter_diff:
        if kind or as_seen_by:
            raise UsageError("--adapter-diff takes inputs as they came: leave out --kind and --as-seen-by")
        span_ = (times.optional(from_, now), times.optional(to, now) or now, format_)
        return _shadow(span_, bus, as_, json=json)
    if format_:
        raise UsageError("--format belongs to --adapter-diff; --kind chooses messages of the log")
    span = _Span(times.optional(from_, now), times.optional(to, now) or now, kind)
    pacer = Pacer(pace(speed))
    out.note(f"{BANNER}: {_described(span, speed, as_seen_by)}")
    return common.connected(
        bus.target(as_seen_by or as_),
        lambda client: _replay(_seen(client, span) if as_seen_by else _logged(client, span), pacer, json=json),
    )


def _shadow(wanted: tuple[int, int, str], bus: common.Bus, as_: str, *, json: bool) -> int:
    from coordinator.cli import inputs, shadowing
    from coordinator.cli.translate import known_format

    span = shadowing.Span(*wanted)
    known_format(span.format)
    realm = inputs.realm_of(bus)
    out.note(f"{BANNER}: {_described(_Span(span.since, span.until, ''), 'max', '')}")
    return common.connected(bus.target(as_), lambda client: shadowing.adapter_diff(client, span, realm, json=json))


def _described(span: _Span, speed: str, as_seen_by: str) -> str:
    from coordinator.cli.text import dtg

    begin = dtg(span.since, seconds=True) if span.since else "the beginning"
    seen = f", as seen by {as_seen_by}" if as_seen_by else ""
    pace = "as fast as possible" if speed.lower() == "max" else f"{speed} times as fast as life"
    return f"{begin} to {dtg(span.until, seconds=True)}, {pace}{seen}"


class Pacer:
    """Says how long to wait before the next message, so that the distances in time are kept."""

    def __init__(self, speed: float | None) -> None:
        self._speed = speed
        self._at = 0

    def pause_s(self, at: int) -> float:
        """Return the seconds to wait before a message that was logged at ``at``."""
        before, self._at = self._at or at, max(at, self._at)
        return 0.0 if self._speed is None else min(max(0, at - before) / 1e6 / self._speed, _LONGEST_PAUSE_S)


async def _replay(rows: AsyncIterator[dict[str, Any]], pacer: Pacer, *, json: bool) -> int:
    import anyio

    from coordinator.cli import render

    count = 0
    async for row in rows:
        if pause := pacer.pause_s(row["at"]):
            out.flush()
            await anyio.sleep(pause)
        out.row(row) if json else out.line(render.entry_line(row))
        count += 1
    out.note(f"{BANNER}: end, {count} messages")
    return exits.FINE


async def _logged(client: "Client", span: _Span) -> AsyncIterator[dict[str, Any]]:
    """Yield the log page by page: an answer that waits for a slow reader would hold up the service."""
    first, more = 1, True
    while more:
        wanted = {"since": span.since, "until": span.until, "kind": span.kind, "first": first, "limit": _PAGE}
        page = [row async for row in common.ask(client, "log", "show", wanted)]
        more = len(page) == _PAGE
        for row in page:
            first = row["seq"] + 1
            yield row


async def _seen(client: "Client", span: _Span) -> AsyncIterator[dict[str, Any]]:
    """Yield what stands in this participant's INBOX."""
    import msgspec

    from coordinator.ports import ID, LOG_SEQ, LOGGED_AT
    from coordinator.topology import INBOX
    from schemas import subjects

    async with client.bus.read(INBOX, (subjects.inbox_of(client.participant),)) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                at = int(delivery.headers.get(LOGGED_AT, "0")) or delivery.time
                kind = subjects.parse(delivery.subject).rest[-1]
                if span.since <= at <= span.until and span.kind in ("", kind):
                    yield {
                        "stream": INBOX, "seq": delivery.seq, "at": at, "subject": delivery.subject,
                        "id": delivery.headers.get(ID, ""), "log_seq": int(delivery.headers.get(LOG_SEQ, "0")),
                        "data": msgspec.json.decode(delivery.data),
                    }  # fmt: skip
