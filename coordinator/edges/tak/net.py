"""The links of one participant: what one says the others hear, and what is delivered to it goes to all of them.

1. An event goes to the participant's other links at once, byte for byte where they speak the same form, beside its way
   over the bus. Other participants get only what release delivers to them, never anything from here.
2. A departure goes to every link that has shown who it is, and is carried when one of them took all of it. While there
   is none, it waits; when one comes, the most urgent of all that waits goes first.
3. At most `MOST_LINKS`: a newcomer takes the place of the one that has been silent longest.
"""

from collections.abc import Sequence
from typing import Final

import anyio
from anyio.abc import TaskStatus

from coordinator.edges.carrying import carry_on
from coordinator.edges.tak.inputs import Input, Inputs
from coordinator.edges.tak.link import Link
from coordinator.edges.tak.outbox import Ticket
from coordinator.edges.tak.words import Event, parcels
from coordinator.errors import Undelivered
from coordinator.ports import Clock, Departure, Gate

MOST_LINKS: Final = 16


class Net:
    """One participant. Its inputs go through the first of its gates, its departures come from all of them."""

    def __init__(self, gates: Sequence[Gate], clock: Clock) -> None:
        self.participant = gates[0].participant
        self._gates = gates
        self._clock = clock
        self._inputs = Inputs(gates[0], clock)
        self._links: list[Link] = []
        self._came = anyio.Event()

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Take inputs and carry departures until cancelled."""
        async with anyio.create_task_group() as group:
            await group.start(self._inputs.run)
            for gate in self._gates:
                group.start_soon(carry_on, gate, self.carry, self._clock)
            task_status.started()

    def join(self, link: Link) -> None:
        """Take in a new link."""
        if len(self._links) >= MOST_LINKS:
            min(self._links, key=lambda one: one.heard_at).close(f"a newer link took its place, of {MOST_LINKS}")
        self._links.append(link)
        if link.known:
            self.known()

    def known(self) -> None:
        """Note that a link has shown who it is: departures that wait go out."""
        self._came.set()
        self._came = anyio.Event()

    def left(self, link: Link) -> None:
        """Forget a link that is closed."""
        if link in self._links:
            self._links.remove(link)

    def pass_on(self, event: Event, source: Link) -> None:
        """Hand an event to every other link."""
        for link in [one for one in self._links if one is not source]:
            link.tell((event,))

    def put(self, uid: str, given: Input) -> None:
        """Put an input on the bus, behind those of the same uid."""
        self._inputs.put(uid, given)

    async def carry(self, departure: Departure) -> None:
        """Return when a link took the whole departure; wait for one while there is none.

        Raises:
            Undelivered: it is nothing that a TAK client reads; or a link came after all were gone, and what is most
                urgent by now goes first.
        """
        events = parcels(departure, self._clock.now())
        while links := [link for link in self._links if link.known]:
            ticket = Ticket(len(links))
            for link in links:
                link.tell(events, ticket)
            if await ticket.wait():
                return
        await self._came.wait()
        raise Undelivered("no TAK client was connected; one has come now")
