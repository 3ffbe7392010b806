"""Presence: looks at who is connected and how far each has read, and writes what changed to the log. It also keeps how
far cards and orders are on their way to each, by channel (`delivering`).

An observer, no fold: what it sees comes from outside. Its memory is the log, so a restart neither repeats nor forgets a
loss. A look that fails says nothing: no answer is not an absence. Two instances may both log one loss; who reads that
(alerting, release) takes the second as said already.
"""

from collections.abc import Sequence
from typing import Final

import anyio
import msgspec
from msgspec.structs import replace

from coordinator import log
from coordinator.core import deliveries
from coordinator.core.contact import SECOND, Contact, observe, remember
from coordinator.core.mission import Mission
from coordinator.core.step import Effect, Logged
from coordinator.errors import BusError
from coordinator.services import delivering
from coordinator.services.base import Runner, Service, outgoing
from coordinator.topology import INBOX, LOG, READER, TRACKS, of
from schemas import registry, subjects
from schemas.operations import Presence
from schemas.reports import PositionReport

NAME: Final = "presence"


class Remembered(msgspec.Struct, frozen=True):
    """Everything that the observer knows."""

    contacts: dict[str, Contact]
    deliveries: deliveries.State


class Watch:
    """What the observer knows; the log's own words on presence correct it. ``book``: how far deliveries are."""

    def __init__(self, mission: Mission) -> None:
        self.mission = mission
        self.contacts: dict[str, Contact] = {}
        self.book = deliveries.Book()
        self.reported: dict[str, int] = {}  # INBOX sequence up to which each is said to have read, not read back yet
        self._stirred = anyio.Event()

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Remember what was logged, by this instance or another."""
        if isinstance(message.body, Presence):
            self.contacts |= remember([message.body])
        self.book.take(message)
        return ()

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Do nothing: an observer has no timer in the log, it looks again and again."""
        return ()

    def next_wake(self) -> int | None:
        """Return None."""
        return None

    def snapshot(self) -> bytes:
        """Return the whole state as JSON."""
        return msgspec.json.encode(Remembered(self.contacts, self.book.state))

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        known = msgspec.json.decode(data, type=Remembered)
        self.contacts, self.book = known.contacts, deliveries.Book(known.deliveries)

    def nudge(self) -> None:
        """Look now, because something outside changed."""
        self._stirred.set()

    async def stirred(self) -> None:
        """Return when nudged."""
        await self._stirred.wait()
        self._stirred = anyio.Event()

    def next_look(self, now: int) -> int:
        """Return when to look again: at the mission's rhythm, or when a gap has lasted long enough to be a loss."""
        periods = self.mission.presence
        missing = [c.missing_since for c in self.contacts.values() if c.missing_since is not None]
        due = [since + int(periods.grace_s * SECOND) for since in missing]
        return max(now + 1, min([*due, now + int(periods.probe_every_s * SECOND)]))


async def watch(runner: Runner) -> None:
    """Look again and again."""
    core: Watch = runner.core
    logger = log.get(NAME)
    while True:
        try:
            await _look(runner, core)
        except BusError as error:
            logger.warning("could not look", why=str(error))
        with anyio.CancelScope() as scope:
            async with anyio.create_task_group() as group:
                group.start_soon(_until_stirred, core, scope)
                await runner.clock.sleep_until(core.next_look(runner.clock.now()))
                scope.cancel()


async def _until_stirred(core: Watch, scope: anyio.CancelScope) -> None:
    await core.stirred()
    scope.cancel()


async def _look(runner: Runner, core: Watch) -> None:
    now = runner.clock.now()
    connections = await runner.bus.contacts()
    watched = [p.id for p in core.mission.participants if p.watched]
    read = {p: await runner.bus.progress(of(p, INBOX), READER) for p in watched if connections.get(p)}
    contacts, seen = observe(core.contacts, connections, read, core.mission, now)
    if seen:
        seen = [await placed(runner, body) for body in seen]
        await runner.bus.publish([outgoing(_effect(body), NAME, now) for body in seen])
    core.contacts = contacts  # only now: what could not be written was not said, and is seen again at the next look
    await delivering.report(runner, core.book, core.reported, core.mission)


async def placed(runner: Runner, body: Presence) -> Presence:
    """Return a loss with the last position that was accepted of whoever was lost, and whom that may be released to."""
    if body.state != "lost":
        return body
    found = await runner.bus.last(TRACKS, subjects.position(body.participant))
    if found is None:
        return body
    envelope = registry.envelope(found.data)
    where = registry.body(envelope)
    if not isinstance(where, PositionReport) or where.at.utc is None:
        return body
    at = (where.position.lon, where.position.lat)
    return replace(body, position=at, position_at=where.at.utc, position_label=envelope.label)


def _effect(body: Presence) -> Effect:
    return Effect(subjects.presence(body.participant), body, body.participant, f"{body.state}:{body.at}", 0)


SERVICE: Final = Service(
    name=NAME,
    about="observes who is connected, how far each has read, and how far cards and orders are on their way",
    reads={LOG: (subjects.ALL_PRESENCE, subjects.records("action"), subjects.records("acknowledgement"))},
    writes=(subjects.ALL_PRESENCE,),
    build=lambda setting: Watch(setting.mission),
    answers={"deliveries": delivering.asked, "failures": delivering.failures},
    observe=watch,
)
