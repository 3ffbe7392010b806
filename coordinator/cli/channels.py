"""``coordinator channels``: the ways in and out that participants have besides their own connection; one tried out."""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from cyclopts import Parameter

from coordinator.cli import common, exits, out

if TYPE_CHECKING:
    from coordinator.client import Client

HEADER: Final = ("PARTICIPANT", "CHANNEL", "KIND", "WAITING", "WENT OUT", "LAST", "STATE")
ASK_S: Final = 30.0
_T = TypeVar("_T")
TAKEN: Final = frozenset({"sent", "delivered", "seen"})


def list_(*, as_: common.As, json: common.Json = False, bus: common.Bus = common.HERE) -> int:
    """Print your channels, and those of whom you direct: what waits, and what went wrong last."""
    return common.connected(bus.target(as_), lambda client: _list(client, json=json))


def test(
    name: Annotated[
        str, Parameter(name="NAME", help="A channel of your own, or PARTICIPANT/NAME of one whom you direct.")
    ],
    /,
    *,
    as_: common.As,
    json: common.Json = False,
    bus: common.Bus = common.HERE,
) -> int:
    """Send a test message through one channel, and print what its bearer said."""
    return common.connected(bus.target(as_), lambda client: _test(client, name, json=json))


async def asked(client: "Client", timeout_s: float = 10.0) -> list[dict[str, Any]]:
    """Return how the channels do that this participant may know of."""
    return [row async for row in common.ask(client, "channels", "list", timeout_s=timeout_s)]


async def _list(client: "Client", *, json: bool) -> int:
    from coordinator.cli import text

    rows = await _running(asked(client))
    for row in rows if json else ():
        out.row(row)
    if not json:
        out.line(text.table(HEADER, map(cells, rows)))
    return exits.FINE


def cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return how one channel does as the cells of a line."""
    from coordinator.cli import text

    last = text.dtg(row["out_at"], seconds=True) if row.get("out_at") else "-"
    counts = str(row["waiting"]), str(row.get("out", 0))
    return row["participant"], row["channel"], row["kind"], *counts, last, state(row)


def state(row: Mapping[str, Any]) -> str:
    """Say how one channel does."""
    from coordinator.cli import text

    why = text.clean(row.get("failure", ""))
    if since := row.get("down_since", 0):
        return f"nothing goes out since {text.dtg(since, seconds=True)}: {why}"
    if row.get("failed"):
        return f"{text.count(row['failed'], 'thing')} not taken, last {text.dtg(row['failed_at'])}: {why}"
    return "works" if row.get("out") else "nothing went out yet"


async def _test(client: "Client", name: str, *, json: bool) -> int:
    participant, _, channel = name.rpartition("/")
    question = {"channel": channel, "participant": participant}
    row = await _running(_tried(client, question))
    out.row(row) if json else out.line(said(row))
    return exits.FINE if row["state"] in TAKEN else exits.FAILED


async def _tried(client: "Client", question: Mapping[str, str]) -> dict[str, Any]:
    [row] = [row async for row in common.ask(client, "channels", "test", question, timeout_s=ASK_S)]
    return row


async def _running(answer: Awaitable[_T]) -> _T:
    """Return an answer; if nobody gives one, say what that means here."""
    from coordinator.errors import NoAnswer

    try:
        return await answer
    except NoAnswer:
        what = "no channels run: the mission names none, or `coordinator up` runs without them"
        raise NoAnswer(f"{what}; start them with `coordinator up channels`") from None


def said(row: Mapping[str, Any]) -> str:
    """Return what came of a test as a sentence."""
    from coordinator.cli import text

    where, within = f"{row['participant']}/{row['channel']} ({row['kind']})", f"{row['seconds']:.1f} s"
    if row["state"] in TAKEN:
        return f"OK      {where}: {row['state']} within {within}; it is marked as a test ({row['id']})"
    what = "refused for good" if row["state"] == "failed" else f"not taken within {within}"
    return f"FAILED  {where}: {what}: {text.clean(row.get('why', ''))}"
