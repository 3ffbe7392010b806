"""``coordinator findings``: the contradictions that concern a participant, as its board shows them."""

from typing import TYPE_CHECKING, Annotated, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out, times
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client
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
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Waive one finding, for the revisions that it is about now."""
    end = times.parse(until, common.now())
    words = Waiver(end, reason, authority, officer)
    return common.connected(bus.target(as_), lambda client: _waive(client, identity, words, json=json))


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


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    from coordinator.cli import render

    everything = await known(client)
    shown = [f for f in everything if every or f.state not in ("closed", "waived")]
    for finding in shown:
        out.whole(finding) if json else out.line(render.finding_line(finding))
    if not json:
        hidden = len(everything) - len(shown)
        out.note(f"{len(shown)} that concern {client.participant}" + (f", {hidden} closed (--all)" if hidden else ""))
    return exits.FINE


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli import render

    found = {f.id: f for f in await known(client)}
    where = f"coordinator findings list --as {client.participant}"
    finding = found[common.pick(identity, list(found), "finding", where)]
    out.whole(finding) if json else out.line(render.finding_block(finding))
    return exits.FINE


async def _waive(client: "Client", identity: str, waiver: Waiver, *, json: bool) -> int:
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
        authority=waiver.authority or client.participant,
    )
    code = report(await client.act(action), json=json)
    if not json:
        out.note("it counts if you may waive it, and ends when one of these orders changes")
    return code
