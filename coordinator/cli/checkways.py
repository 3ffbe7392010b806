"""The checks of ``coordinator doctor`` on what reaches people: channels that take nothing, deliveries that failed."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from coordinator.cli.checkup import Check, fine, skipped, wrong

if TYPE_CHECKING:
    from coordinator.client import Client

DOWN_US: Final = 120_000_000  # that a channel may take nothing before it is worth a word
DAY_US: Final = 86_400_000_000
SHOWN: Final = 5


async def way_checks(client: "Client") -> list[Check]:
    """Return what the channels of this participant, and of whom it directs, say of themselves."""
    from coordinator.cli import channels, common
    from coordinator.errors import BusError, NoAnswer

    now = common.now()
    try:
        results = [judge_channels(await channels.asked(client), now)]
    except NoAnswer:
        results = [skipped("channels", "none runs here")]
    try:
        question = {"since": now - DAY_US}
        failed = [row async for row in common.ask(client, "presence", "failures", question, timeout_s=5.0)]
    except BusError as error:
        return [*results, skipped("deliveries", str(error))]
    return [*results, judge_failures(failed)]


def judge_channels(rows: Sequence[Mapping[str, Any]], now: int) -> Check:
    """Return whether every channel takes what it should."""
    down = [row for row in rows if row.get("down_since") and now - row["down_since"] > DOWN_US]
    if not down:
        return fine("channels", f"{len(rows)} run, none is down")
    what = "; ".join(
        f"{row['participant']}/{row['channel']} takes nothing, {row['waiting']} wait: {row.get('failure', '?')}"
        for row in down[:SHOWN]
    )
    more = f"; and {len(down) - SHOWN} more" if len(down) > SHOWN else ""
    return wrong("channels", what + more, "mend what it names, then: coordinator channels test NAME --as P")


def judge_failures(rows: Sequence[Mapping[str, Any]]) -> Check:
    """Return whether anything failed for good in the last day."""
    if not rows:
        return fine("deliveries", "nothing failed for good within a day")
    newest = sorted(rows, key=lambda row: -int(row["at"]))[:SHOWN]
    what = "; ".join(
        f"{row['kind']} {row['id'][:12]} to {row['participant']} by {row.get('channel', '?')}: {row.get('why', '?')}"
        for row in newest
    )
    mend = "mend the address or the channel, and reach them by voice: coordinator deliveries list --as P"
    return wrong("deliveries", f"{len(rows)} failed for good within a day: {what}", mend)
