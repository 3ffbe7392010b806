"""Carrying out for one participant, so that its connection harms nobody else's channels."""

from typing import Final

from coordinator import log
from coordinator.errors import BusError
from coordinator.ports import Carry, Clock, Gate

PAUSE_S: Final = 10.0  # after a connection that failed for good
_log = log.get("channels")


async def carry_on(gate: Gate, carry: Carry, clock: Clock) -> None:
    """Carry out what is delivered, for ever; a connection that failed for good is tried again and again."""
    while True:
        try:
            await gate.dispatch(carry)
        except BusError as error:
            facts = {"participant": gate.participant, "channel": gate.channel.name}
            _log.warning("nothing carried out", **facts, why=str(error), again_in_s=PAUSE_S)
        await clock.sleep(PAUSE_S)
