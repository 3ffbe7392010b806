"""``coordinator deliveries``: how far cards and orders are on their way to each recipient, by channel.

That something was delivered, or even seen, says nothing about who has it: that is the card's own business.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from coordinator.client import Client

OWN: Final = "own connection"
ANY: Final = "any"
HEADER: Final = ("RECIPIENT", "BY", "STATE", "SINCE", "WHAT", "WHY")


def list_(
    *,
    as_: common.As,
    every: Annotated[
        bool, Parameter(name="--all", help="Also what was seen already, and cards that are over.")
    ] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print how far everything open on your board is that somebody has not seen."""
    return common.connected(bus.target(as_), lambda client: _list(client, every=every, json=json))


def show(
    *,
    as_: common.As,
    card: Annotated[str, Parameter(metavar="ID", show_default=False, help="A card's id, or the beginning of it.")] = "",
    order: Annotated[
        str, Parameter(metavar="ID", show_default=False, help="An order's id, or the beginning of it.")
    ] = "",
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Print how far one card or one order is."""
    if bool(card) == bool(order):
        raise UsageError("name one thing: --card ID, or --order ID")
    return common.connected(bus.target(as_), lambda client: _show(client, card, order, json=json))


async def _list(client: "Client", *, every: bool, json: bool) -> int:
    rows = await asked(client, {"every": every})
    _print(rows, json=json)
    if not json:
        failed = sum(row["state"] == "failed" for row in rows)
        waiting = sum(row["state"] == "queued" for row in rows)
        out.note(f"{waiting} waiting, {failed} failed for good")
    return exits.FINE


async def _show(client: "Client", card: str, order: str, *, json: bool) -> int:
    from coordinator.cli.alerts import one
    from coordinator.cli.directives import known

    if card:
        rows = await asked(client, {"card": (await one(client, card)).id})
    else:
        listing = f"coordinator directives list --as {client.participant}"
        rows = await asked(client, {"order": common.pick(order, list(await known(client)), "order", listing)})
    _print(rows, json=json)
    return exits.FINE


async def asked(client: "Client", question: Mapping[str, object]) -> list[dict[str, Any]]:
    """Ask how far deliveries are."""
    return [row async for row in common.ask(client, "presence", "deliveries", question, timeout_s=10.0)]


def _print(rows: Sequence[dict[str, Any]], *, json: bool) -> None:
    if json:
        for row in rows:
            out.row(row)
    elif rows:
        out.line(table(rows))


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return states as a table, a line for each recipient and channel."""
    from coordinator.cli import text

    return text.table(HEADER, map(cells, rows))


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one state as the cells of a line."""
    from coordinator.cli import text

    state = row["state"] + (" (repeated)" if row.get("repeated") else "")
    since = text.dtg(row["at"], seconds=True) if row["at"] else "-"
    what = f"{row['kind']} {row['id'][:24]} {text.short(row.get('what', ''), 50)}"
    return text.clean(row["participant"]), way(row), state, since, text.clean(what), text.clean(row.get("why", ""))


def way(row: Mapping[str, Any]) -> str:
    """Return by which way something goes, as a person names it."""
    if row.get("channel"):
        return f"{row['channel']} ({row.get('bearer', '?')})"
    return OWN if row.get("bearer") == "own" else ANY
