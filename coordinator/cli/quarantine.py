"""``coordinator quarantine``: what intake refused. The bytes stand in RAW; the log service shows them."""

import base64
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client

_LOG = "log"
Input = Annotated[str, Parameter(name="INPUT", help="The id of a refused input, or the beginning of it.")]


def list_(*, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print refusals, oldest first."""
    return common.connected(bus.target(as_), lambda client: _list(client, json=json))


def show(
    identity: Input, /, *, as_: common.AsOperator = "", json: common.Json = False, bus: common.Bus = common.HERE
) -> int:
    """Print one refusal and the first bytes of what was refused."""
    return common.connected(bus.target(as_), lambda client: _show(client, identity, json=json))


def retry(
    identities: Annotated[tuple[str, ...], Parameter(name="INPUT", help="Ids of refused inputs, or their beginnings.")],
    /,
    *,
    as_: common.AsOperator = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Send refused inputs through intake once more."""
    return common.connected(bus.target(as_), lambda client: _retry(client, identities, json=json))


async def _known(client: "Client") -> dict[str, dict[str, Any]]:
    rows = [row async for row in common.ask(client, _LOG, "quarantine")]
    return {row["data"]["body"]["input"]: row for row in rows}


async def _list(client: "Client", *, json: bool) -> int:
    from coordinator.cli import render

    rows = list((await _known(client)).values())
    if json:
        for row in rows:
            out.row(row)
    elif rows:
        out.line(render.refused_table(rows))
    else:
        out.note("nothing was refused")
    return exits.FINE


async def _pick(client: "Client", identity: str) -> str:
    return common.pick(identity, list(await _known(client)), "refused input", "coordinator quarantine list")


async def _show(client: "Client", identity: str, *, json: bool) -> int:
    from coordinator.cli.text import clean, dtg, fields, size

    wanted = await _pick(client, identity)
    async for row in common.ask(client, _LOG, "refused", {"input": wanted}):
        if json:
            out.row(row)
            continue
        refusal = row["refusal"]
        out.line(f"{wanted}  {clean(refusal.get('bearer_id', ''))}".rstrip())
        out.line(fields((
            ("from", row["participant"]), ("when", dtg(row["at"], seconds=True)),
            ("where", clean(refusal["path"])), ("why", clean(refusal["why"])), ("mend", clean(refusal.get("hint", ""))),
            ("format", refusal.get("format", "")), ("size", size(refusal.get("size", 0))),
            ("sha256", refusal.get("sha256", "")), ("stored", f"RAW {refusal.get('raw_seq', 0)}"),
        )))  # fmt: skip
        for text in base64.b64decode(row["head"])[:2000].decode("utf-8", "backslashreplace").splitlines()[:20]:
            out.line(f"  | {clean(text)[:120]}")
    return exits.FINE


async def _retry(client: "Client", identities: tuple[str, ...], *, json: bool) -> int:
    for identity in identities:
        wanted = await _pick(client, identity)
        async for row in common.ask(client, _LOG, "retry", {"input": wanted}):
            before = "was tried already with these rules" if row["duplicate"] else "goes through intake again"
            out.row(row) if json else out.line(f"{wanted}  {before} as {row['input']}")
    return exits.FINE
