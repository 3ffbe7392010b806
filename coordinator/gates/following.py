"""The cards on one participant's board, for what no delivery brings: a card that rings again, an emergency on a map.

A card that its reader has not acknowledged when the first step of its ladder is taken (`Told.second_at`) goes out once
more, by the next of the participant's channels, marked as repeated. What was repeated stands in the log, so a restart
does not repeat it. A card that a duty desk or an HQ has confirmed goes to TAK clients as an emergency, is refreshed
before it is stale, and is cancelled and taken off the map when it is over.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from coordinator import log
from coordinator.client import Client
from coordinator.core.mission import Mission
from coordinator.errors import BusError
from coordinator.gates import emergencies, repeats
from coordinator.gates.extras import Extra
from coordinator.gates.gate import Gate
from coordinator.gates.racing import together
from coordinator.ports import Bus, Departure
from coordinator.topology import LOG
from schemas import registry, subjects
from schemas.alerts import PRECEDENCE, Alert, Told
from schemas.deliveries import Delivery, Handover, Progress
from schemas.envelope import Envelope

SKEW_US: Final = 60_000_000  # by which the clocks of two hosts of the services may differ
PAUSE_S: Final = 1.0  # before the board is read again after an error
_log = log.get("channels")


class Following:
    """Follows the cards of one participant. ``office`` is a connection as the services, which may read the log."""

    def __init__(self, client: Client, mission: Mission, gates: Sequence[Gate], office: Bus) -> None:
        self._client, self._clock, self._mission, self._office = client, client.clock, mission, office
        self._whose = {client.participant, mission.stands_for(client.participant)}
        self._gates = gates
        self._maps = [gate for gate in gates if gate.profile.format == emergencies.FORMAT]
        self._began = self._clock.now()
        self._after = 0  # the last change of the board that was taken
        self._rung: dict[str, int] = {}  # by card: the `second_at` that was answered
        self._owing: set[str] = set()  # cards that still wait for the acknowledgement of this participant
        self._before: list[tuple[str, int]] | None = None  # what was repeated before this process, once it is looked up
        self._shown: dict[str, Envelope] = {}  # cards that are on the map

    async def run(self) -> None:
        """Follow for ever."""
        await together(self._follow_on, self._refresh)

    async def _follow_on(self) -> None:
        while True:
            try:
                async for seq, envelope in self._client.follow_board((Alert.KIND,), self._after):
                    await self._take(envelope)
                    self._after = seq
            except BusError as error:
                _log.warning("could not follow cards", participant=self._client.participant, why=str(error))
            await self._clock.sleep(PAUSE_S)

    async def _take(self, envelope: Envelope) -> None:
        card = registry.body(envelope)
        if isinstance(card, Alert):
            await self._repeat(card, envelope)
            self._map(card, envelope)

    # -- the second bearer --------------------------------------------------------------------------------------------

    async def _repeat(self, card: Alert, envelope: Envelope) -> None:
        told = next((t for t in card.told if t.participant in self._whose and _owes(t)), None)
        if told is None or emergencies.is_over(card):
            self._owing.discard(card.id)
            self._rung.pop(card.id, None)
            return
        self._owing.add(card.id)
        at = told.second_at or 0
        if self._rung.get(card.id) == at:
            return
        gate = repeats.next_channel(self._gates)
        if gate is not None and (at >= self._began or not await self._was_repeated(card.id, at)):
            gate.put(self._extra(card, envelope, gate))
        self._rung[card.id] = at

    def _extra(self, card: Alert, envelope: Envelope, gate: Gate) -> Extra:
        precedence = PRECEDENCE[card.severity]

        def told(state: Progress, why: str) -> None:
            if state != "queued":
                step = Handover(kind=Alert.KIND, id=card.id, revision=card.rev, seq=0, state=state,
                                at=self._clock.now(), precedence=precedence, why=why[:300], repeated=True)  # fmt: skip
                gate.account.note(step)

        writing = partial(repeats.departure, card, envelope, self._clock.now(), gate.profile)

        def wanted() -> bool:  # while the card itself still waits there, that is what rings
            return card.id in self._owing and not gate.holds(Alert.KIND, card.id)

        return Extra(f"repeat {card.id}", Alert.KIND, precedence, writing, told, wanted)

    async def _was_repeated(self, card: str, since: int) -> bool:
        """Look into the log, once: what was repeated before a restart is not repeated again."""
        if self._before is None:
            self._before = [(s.id, s.at) async for s in self._repeated_so_far()]
        return any(known == card and at >= since - SKEW_US for known, at in self._before)

    async def _repeated_so_far(self) -> AsyncIterator[Handover]:
        patterns = (subjects.presence(self._client.participant),)
        async with self._office.read(LOG, patterns) as reader:
            while await reader.pending():
                for delivery in await reader.batch():
                    body = registry.body(registry.envelope(delivery.data))
                    for step in body.steps if isinstance(body, Delivery) else ():
                        if step.repeated:
                            yield step

    # -- maps ---------------------------------------------------------------------------------------------------------

    def _map(self, card: Alert, envelope: Envelope) -> None:
        if not self._maps:
            return
        before = self._shown.get(card.id)
        if emergencies.shown(card, self._mission):
            self._shown[card.id] = envelope
            if before is None or emergencies.differs(card, registry.body(before)):
                self._send(card, envelope, emergencies.emergency)
        elif self._shown.pop(card.id, None) is not None or self._may_be_there(card):
            self._send(card, envelope, emergencies.ended)

    def _may_be_there(self, card: Alert) -> bool:
        """Say whether a card that is over may have been shown by a coordinator before this one, and is not stale."""
        recent = self._clock.now() - emergencies.STALE_US < card.changed_at < self._began
        ended = recent and emergencies.is_over(card) and emergencies.is_grave(card)
        return ended and emergencies.confirmed(card, self._mission)

    def _send(self, card: Alert, envelope: Envelope, write: emergencies.Write) -> None:
        for gate in self._maps:
            writing = partial(_written, write, card, self._clock.now(), gate.profile.language, envelope)
            gate.put(Extra(f"emergency {card.id}", Alert.KIND, PRECEDENCE[card.severity], writing))

    async def _refresh(self) -> None:
        """Show again what is on the map before it is stale."""
        while True:
            await self._clock.sleep(emergencies.REFRESH_S)
            for envelope in list(self._shown.values()):
                card = registry.body(envelope)
                if isinstance(card, Alert):
                    self._send(card, envelope, emergencies.emergency)


def _owes(told: Told) -> bool:
    return told.second_at is not None and told.acknowledged_at is None


def _written(write: emergencies.Write, card: Alert, at: int, language: str, envelope: Envelope) -> Departure:
    return write(card, at, language, envelope.reality)
