"""``coordinator watch``: the cards of a desk. A live table on a terminal; else, or with --plain, one line a change."""

import sys
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

from cyclopts import Parameter

from coordinator.cli import common, exits, out
from coordinator.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table

    from coordinator.client import Client
    from schemas.alerts import Alert

_STYLES: Final = {"Extreme": "bold red", "Severe": "bold yellow", "Moderate": "cyan"}  # beside shape and word
_REFRESH_S: Final = 1.0


class _Wish(NamedTuple):
    area: str
    severity: str
    json: bool

    def wants(self, card: "Alert") -> bool:
        from coordinator.cli import cards

        return cards.fits(card, self.area, self.severity)


def watch(
    *,
    as_: common.As,
    area: common.Area = "",
    severity: common.DownTo = "",
    plain: Annotated[bool, Parameter(help="One line a change, only appended; for screen readers and files.")] = False,
    follow: Annotated[bool, Parameter(help="Go on until you stop it; so it does anyhow.")] = False,
    until_now: Annotated[bool, Parameter(help="Show what there is now, and end.")] = False,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Show cards as they change."""
    from coordinator.cli.alerts import known_severity

    if follow and until_now:
        raise UsageError("--follow and --until-now exclude each other")
    known_severity(severity)
    wish = _Wish(area, severity, json)
    if until_now:
        return common.connected(bus.target(as_), lambda client: _now(client, wish))
    if plain or json or not sys.stdout.isatty():
        return common.connected(bus.target(as_), lambda client: _lines(client, wish))
    return common.connected(bus.target(as_), lambda client: _live(client, wish))


async def _now(client: "Client", wish: _Wish) -> int:
    from coordinator.cli import cards
    from coordinator.cli.alerts import known

    now = common.now()
    shown = [card for card in await known(client) if wish.wants(card)]
    for card in filter(cards.is_shown, shown) if wish.json else cards.one_by_one(shown):
        out.whole(card) if wish.json else out.line(cards.line(card, now))
    if not wish.json:
        out.note(cards.summary(shown))
    return exits.FINE


async def _lines(client: "Client", wish: _Wish) -> int:
    from coordinator.cli import cards
    from schemas import registry
    from schemas.alerts import Alert

    async for _, envelope in client.follow_board((Alert.KIND,)):
        card = registry.body(envelope)
        grouped = isinstance(card, Alert) and card.grouped and not (wish.json or wish.area)  # its group is shown
        if isinstance(card, Alert) and wish.wants(card) and not grouped:
            out.whole(card) if wish.json else out.line(cards.line(card, common.now()))
            out.flush()
    return exits.FINE


async def _live(client: "Client", wish: _Wish) -> int:
    import anyio
    from rich.live import Live

    known: dict[str, Alert] = {}
    with Live(_table(client, known), auto_refresh=False) as live:
        async with anyio.create_task_group() as group:
            group.start_soon(_collect, client, wish, known)
            while True:
                live.update(_table(client, known), refresh=True)
                await anyio.sleep(_REFRESH_S)
    return exits.FINE


async def _collect(client: "Client", wish: _Wish, known: "dict[str, Alert]") -> None:
    from schemas import registry
    from schemas.alerts import Alert

    async for _, envelope in client.follow_board((Alert.KIND,)):
        card = registry.body(envelope)
        if not isinstance(card, Alert):
            continue
        known.pop(card.id, None)
        if wish.wants(card):
            known[card.id] = card


def _table(client: "Client", known: "dict[str, Alert]") -> "Table":
    from coordinator.edges.clock import monotonic

    age = max(0.0, monotonic() - client.bus.last_round_trip)
    return table(list(known.values()), common.now(), client.participant, age)


def table(known: "list[Alert]", now: int, desk: str, age_s: float) -> "Table":
    """Return the live table: time and the age of the data first, then the queue."""
    from rich.table import Table
    from rich.text import Text

    from coordinator.cli import cards
    from coordinator.cli.text import dtg

    title = f"{desk.upper()}  {dtg(now, seconds=True)}  data {age_s:.0f} s old  {cards.summary(known)}"
    shown = Table(title=title, title_justify="left", expand=True, show_lines=True)
    for name, ratio in zip(cards.HEADER, (None, 1, 1), strict=True):
        shown.add_column(name, overflow="fold", ratio=ratio)
    for card in cards.one_by_one(cards.queue(known)):
        style = _STYLES.get(card.severity, "") if card.work == "raised" else "dim"
        shown.add_row(*(Text(cell) for cell in cards.row(card, now)), style=style)
    return shown
