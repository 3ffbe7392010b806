"""``coordinator check``: what messages would clash with on the running bus, before they are sent. Sends none of them.

The question is ``ask.<p>.deconfliction.check``, its answer is described in `services.asking`. An answer without a scope
is broken off, and counts as a failure: silence is never "none found".

With ``--each`` every file is an alternative to the others; with ``--window START END``, given several times, every
window is one: "which of these three windows?" is one question, answered at one sequence of the log.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import BusError, UsageError

if TYPE_CHECKING:
    from adapters.base import Context
    from coordinator.client import Client
    from schemas.envelope import Envelope

_ROOM = 16_384  # bytes of a request that are not ours


def check(
    files: common.Files,
    /,
    *,
    from_: common.FromFormat = "",
    each: Annotated[bool, Parameter(help="Every file is an alternative to the others.", negative=())] = False,
    window: Annotated[
        list[tuple[str, str]] | None,
        Parameter(metavar="START END", help="Try the messages in this window instead; again for another.", negative=()),
    ] = None,
    since: Annotated[
        common.When, Parameter(help="Only clashes with what was logged since, as an earlier answer says.")
    ] = "",
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print what the messages would clash with."""
    from coordinator.cli.translate import known_format

    known_format(from_)
    now = common.now()
    windows = [(times.parse(a, now), times.parse(b, now)) for a, b in window or ()]
    asked = Asked(tuple(files), from_, each=each, windows=windows, since=times.parse(since, now) if since else 0)
    return common.connected(bus.target(as_), lambda client: _check(client, asked, json=json))


class Asked(NamedTuple):
    """What was asked on the command line; windows and `since` in microseconds UTC."""

    files: tuple[Path, ...]
    format: str = ""
    each: bool = False
    windows: Sequence[tuple[int, int]] = ()
    since: int = 0


async def _check(client: "Client", asked: Asked, *, json: bool) -> int:
    from coordinator.cli import reading

    given = reading.context(None, client.participant, common.now())
    alternatives, refused = read_alternatives(asked, given)
    if not any(alternatives.values()):
        return exits.FAILED
    import msgspec

    answer = await _ask(client, msgspec.Raw(question(alternatives, asked.since)))
    _print(answer, sum(map(len, alternatives.values())), json=json)
    return exits.FINE if answer.passes and not refused else exits.FAILED


def read_alternatives(asked: Asked, given: "Context") -> "tuple[dict[str, list[Envelope]], int]":
    """Return the messages of each alternative by its name, and how many files could not be read."""
    from coordinator.cli.deconflict import read_messages

    groups = [(f.name, (f,)) for f in asked.files] if asked.each else [("", asked.files)]
    found: dict[str, list[Envelope]] = {}
    refused = 0
    for name, files in groups:
        messages, wrong = read_messages(files, asked.format, given)
        refused += wrong
        found |= {_named(name, w): [_moved(m, w) for m in messages] for w in asked.windows or (None,)}
    return found, refused


def _named(name: str, window: tuple[int, int] | None) -> str:
    from coordinator.cli.text import dtg

    return " ".join(x for x in (name, f"{dtg(window[0])}-{dtg(window[1])}" if window else "") if x)


def _moved(message: "Envelope", window: tuple[int, int] | None) -> "Envelope":
    """Return a message in another window; stated times along its route are those of the old one, and are dropped."""
    import msgspec

    from schemas import registry
    from schemas.time import TimeWindow

    body = registry.body(message)
    if window is None or "windows" not in body.__struct_fields__:
        return message
    route = getattr(body, "route", None)
    given: dict[str, Any] = {"windows": (TimeWindow.exact(*window),)}
    if route is not None:
        points = tuple(msgspec.structs.replace(p, window=None) for p in route.points)
        given["route"] = msgspec.structs.replace(route, points=points, legs=())
    moved = msgspec.structs.replace(body, **given)
    return msgspec.structs.replace(message, body=msgspec.Raw(registry.encode(moved)))


def question(alternatives: "Mapping[str, Sequence[Envelope]]", since: int = 0) -> bytes:
    """Return the body of the request.

    Raises:
        UsageError: it does not fit into one.
    """
    from coordinator.topology import MAX_PAYLOAD
    from schemas import registry

    lines = [registry.encode({"since": since})] if since else []
    for name, messages in alternatives.items():
        lines += [registry.encode({"alternative": name})] if name else []
        lines += [registry.encode(message) for message in messages]
    body = b"\n".join(lines)
    if len(body) > MAX_PAYLOAD - _ROOM:
        count = sum(map(len, alternatives.values()))
        raise UsageError(f"{count} messages are too many for one question; check them in smaller groups")
    return body


class Answer(NamedTuple):
    """What came back: findings with the alternative that they are of, how many each has, and the scope."""

    found: list[tuple[str, dict[str, Any]]]
    counts: dict[str, int]
    scope: dict[str, Any]

    @property
    def passes(self) -> bool:
        """Whether there is an alternative for which none was found."""
        return not self.found or 0 in self.counts.values()


async def _ask(client: "Client", body: object) -> Answer:
    found: list[tuple[str, dict[str, Any]]] = []
    counts: dict[str, int] = {}
    scope: dict[str, Any] | None = None
    async for row in common.ask(client, "deconfliction", "check", body):
        if "finding" in row:
            found.append((row.get("alternative", ""), row["finding"]))
        elif "found" in row:
            counts[row["alternative"]] = row["found"]
        scope = row.get("scope", scope)
    if scope is None:
        raise BusError("the answer broke off before it said its scope; ask again")
    return Answer(found, counts, scope)


def _print(answer: Answer, asked: int, *, json: bool) -> None:
    import msgspec

    from coordinator.cli import render
    from schemas.findings import Finding

    several = len(answer.counts) > 1
    for alternative in answer.counts or {"": 0}:
        rows = [row for name, row in answer.found if name == alternative]
        if several and not json:
            out.line(f"{alternative}: {_found(len(rows))}")
        for row in rows:
            finding = msgspec.convert(row, Finding)
            out.whole(finding) if json else out.line(render.finding_block(finding))
        if several and json:
            out.row({"alternative": alternative, "found": len(rows)})
    said = sentence(len(answer.found), answer.scope, asked)
    out.note(said) if json else out.line(said)


def _found(count_: int) -> str:
    from coordinator.cli.text import count

    return count(count_, "finding") if count_ else "none found"


def sentence(found: int, scope: dict[str, Any], asked: int) -> str:
    """Return what the answer covers, and what is left of the hour's questions."""
    from coordinator.cli.text import count, dtg

    said = (
        f"{_found(found)} for {count(asked, 'message')} among {count(scope['orders'], 'order')} known at sequence "
        f"{scope['log_seq']} ({dtg(scope['as_of'], seconds=True)}); nothing was sent"
    )
    used = f", the question is logged ({scope['asked']} of {scope['of']} an hour)" if scope.get("asked") else ""
    beyond = scope.get("beyond", 0)
    missing = f"; UNKNOWN for {count(beyond, 'order')} more, too many to be compared" if beyond else ""
    return said + missing + used
