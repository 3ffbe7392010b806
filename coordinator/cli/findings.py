"""``coordinator findings``: the contradictions that concern a participant, as its board shows them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import BusError, UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
    from coordinator.core.deconfliction.digests import Block
    from schemas.findings import Finding


def list_(
    *,
    as_: common.As,
    every: Annotated[bool, Parameter(name="--all", help="Also those that are closed or waived.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print findings, worst first."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(
    identity: Annotated[str, Parameter(name="ID", help="A finding's id, or the beginning of it.")],
    /,
    *,
    as_: common.As,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print one finding in full."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def waive(
    identity: Annotated[str, Parameter(name="ID", help="A finding's id, or the beginning of it.")],
    /,
    *,
    as_: common.As,
    until: Annotated[common.When, Parameter(help="When the waiver ends; it ends before if an order changes.")],
    reason: Annotated[str, Parameter(metavar="TEXT", help="Why both may stand as they are.")],
    authority: Annotated[
        str, Parameter(metavar="TEXT", show_default=False, help="On whose authority; else your HQ's.")
    ] = "",
    officer: Annotated[str, Parameter(metavar="NAME", show_default=False, help="Your function, for the log.")] = "",
    voice: common.Voice = common.OWN,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Waive one finding, for the revisions that it is about now."""
    end = times.parse(until, common.now())
    words, heard = Waiver(end, reason, authority, officer), voice.heard()
    return common.connected(bus.target(as_), lambda client: _waive(client, identity, words, heard, json=json))


def digest(
    *,
    as_: common.AsOperator = "",
    compare: Annotated[
        Path | None, Parameter(metavar="FILE", help="Another headquarters' digest (made with --json) to compare with.")
    ] = None,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print one hash a thousand messages, by which two headquarters see that they found the same."""
    return common.connected(bus.target(as_), lambda client: _digest(client, compare, json=json))


class Waiver(NamedTuple):
    """What a waiver says: its end (microseconds UTC), why, on whose authority, and who wrote it."""

    until: int
    reason: str
    authority: str = ""
    officer: str = ""


async def known(client: "Client") -> "list[Finding]":
    """Return the findings of a board, worst first."""
    from schemas import registry
    from schemas.findings import SEVERITIES, Finding

    bodies = [registry.body(envelope) for envelope in await client.board(Finding.KIND)]
    found = [body for body in bodies if isinstance(body, Finding)]
    return sorted(found, key=lambda f: (SEVERITIES.index(f.severity), f.first_at, f.id))


def _hidden(everything: "list[Finding]") -> str:
    """Return how many findings of which state are not listed."""
    counts = {state: sum(f.state == state for f in everything) for state in ("waived", "closed")}
    told = " and ".join(f"{count} {state}" for state, count in counts.items() if count)
    return f", {told} (--all)" if told else ""


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import render

    everything = await known(client)
    shown = [f for f in everything if every or f.state not in ("closed", "waived")]
    for finding in shown:
        out.whole(finding) if json else out.line(render.finding_line(finding))
    if not json:
        out.note(f"{len(shown)} that concern {client.participant}{_hidden(everything) if not every else ''}")
    return exits.FINE


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import render

    found = {f.id: f for f in await known(client)}
    where = f"coordinator findings list --as {client.participant}"
    finding = found[common.pick(identity, list(found), "finding", where)]
    out.whole(finding) if json else out.line(render.finding_block(finding))
    return exits.FINE


async def _waive(client: "Client", identity: str, waiver: Waiver, heard: dict[str, str], *, json: bool) -> int:
    from coordinator.cli.send import report
    from schemas.acknowledgements import Action

    if not waiver.reason.strip():
        raise UsageError("a waiver needs a reason: --reason TEXT")
    if waiver.until <= common.now():
        raise UsageError("the waiver would be over before it begins; give a later --until")
    found = {f.id: f for f in await known(client)}
    finding = found[
        common.pick(identity, list(found), "finding", f"coordinator findings list --as {client.participant}")
    ]
    if any(not p.id for p in finding.parties):
        raise UsageError("a party of this finding may not be named to you: only who sees both sides can waive it")
    action = Action(
        alert="",
        verb="waive",
        seen_rev=0,
        findings=(finding.id,),
        officer=waiver.officer,
        note=waiver.reason,
        until=waiver.until,
        revisions=tuple(f"{p.id}:{p.revision}" for p in finding.parties),
        authority=waiver.authority or heard["on_behalf_of"] or client.participant,
    )
    code = report(await client.act(action, **heard), json=json)
    if not json:
        out.note("it counts if you may waive it, and ends when one of these orders changes")
    return code


async def _digest(client: "Client", compare: Path | None, *, json: bool) -> int:
    import msgspec

    from coordinator.core.deconfliction.digests import Block

    rows = [row async for row in client.rows("deconfliction", "digest")]
    here = [msgspec.convert(row["block"], Block) for row in rows if "block" in row]
    scope = next((row["scope"] for row in rows if "scope" in row), None)
    if scope is None:
        raise BusError("the answer broke off before it said its scope; ask again")
    if compare is not None:
        return _compare(here, scope, compare)
    for row in rows:
        out.row(row) if json else None
    if not json:
        _print_blocks(here, scope)
    return exits.FINE


def _print_blocks(blocks: "Sequence[Block]", scope: dict[str, Any]) -> None:
    from coordinator.cli.text import count, dtg

    for b in blocks:
        out.line(f"block {b.number}  {b.count:>4} messages  {dtg(b.first_at)}-{dtg(b.last_at)}  {b.head[:16]}")
    head = blocks[-1].head if blocks else "nothing yet"
    among = f"{count(scope['orders'], 'order')} known at sequence {scope['log_seq']}"
    out.line(f"head {head}  {among} ({dtg(scope['as_of'], seconds=True)})")


def _compare(here: "Sequence[Block]", scope: dict[str, Any], path: Path) -> int:
    """Say whether another headquarters has seen and found the same, or which block differs first."""
    import msgspec

    from coordinator.cli.text import dtg
    from coordinator.core.deconfliction.digests import Block, differs

    try:
        rows = [msgspec.json.decode(line) for line in common.read(path).splitlines() if line.strip()]
        there = [msgspec.convert(row["block"], Block) for row in rows if "block" in row]
        other = next(row["scope"] for row in rows if "scope" in row)
    except (msgspec.MsgspecError, StopIteration, TypeError):
        raise UsageError(f"{path}: is no digest; make one with `coordinator findings digest --json`") from None
    block = differs(here, there)
    if block is None:
        out.line(f"the same: {len(here)} blocks, head {here[-1].head if here else 'nothing yet'}")
        return exits.FINE
    mine = next((b for b in here if b.number == block.number), None)
    theirs = next((b for b in there if b.number == block.number), None)
    what = "messages" if mine is None or theirs is None or mine.messages != theirs.messages else "findings"
    out.line(
        f"different from block {block.number} on ({dtg(block.first_at)}-{dtg(block.last_at)}): not the same {what}"
    )
    if scope["as_of"] != other["as_of"]:
        out.note(f"made at different times ({dtg(scope['as_of'])}, {dtg(other['as_of'])}): findings depend on the time")
    return exits.FAILED
