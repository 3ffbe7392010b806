"""The channels of a bus, asked about and tried out: ``ask.<p>.channels.list`` and ``ask.<p>.channels.test``.

A test is a message marked as one (reality ``test``) that goes out by one channel like anything else. What the bearer
said within `PATIENCE_S` is the answer, and stands in the log. After that it need not go any more: a test that arrives
hours later would only frighten somebody. The participant itself, whoever directs it, their duty desks and operators
may ask.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

import anyio
import msgspec

from coordinator.core.mission import Mission
from coordinator.errors import BusError, Forbidden, NotFound
from coordinator.gates import rendering
from coordinator.gates.extras import Extra
from coordinator.gates.gate import Gate
from coordinator.gates.racing import first
from coordinator.ports import ID, Answer, Clock, Delivery, Departure
from coordinator.services.delivering import cleared
from coordinator.texts import say
from coordinator.topology import COORD, INBOX
from schemas import registry, subjects
from schemas.deliveries import Handover, Progress
from schemas.reports import TextMessage
from schemas.subjects import Precedence

PATIENCE_S: Final = 15.0
PAUSE_S: Final = 10.0  # between two tests of one channel
URGENCY: Final[Precedence] = "priority"
SECOND: Final = 1_000_000


class Which(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which channel is tried: its name, of the asker itself or of ``participant``."""

    channel: str
    participant: str = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the bearer said to a test. ``state`` queued: it did not take it within the patience of the test."""

    participant: str
    channel: str
    kind: str
    id: str
    state: Progress
    seconds: float
    why: str = ""


class Trials:
    """Answers about the channels that run here."""

    def __init__(self, gates: Sequence[Gate], mission: Mission, clock: Clock) -> None:
        self._gates, self._mission, self._clock = gates, mission, clock
        self._last: dict[tuple[str, str], int] = {}  # when each was tried last

    @property
    def answer(self) -> Answer:
        """What serves ``ask.*.channels.*``."""
        return self._answer

    async def _answer(self, subject: str, data: bytes, headers: dict[str, str]) -> AsyncIterator[bytes]:
        asked = subjects.parse(subject)
        match asked.rest[-1]:
            case "list":
                for gate in self._gates:
                    if cleared(asked.participant, gate.participant, self._mission):
                        yield registry.encode(gate.row)
            case "test":
                yield registry.encode(await self._try(asked.participant, data))
            case verb:
                raise BusError(f'"{verb}" is not asked of channels; they answer: list, test')

    async def _try(self, asker: str, data: bytes) -> Tried:
        gate = self._gate(asker, data)
        place, now = (gate.participant, gate.channel.name), self._clock.now()
        if now < (again := self._last.get(place, 0) + int(PAUSE_S * SECOND)) <= now + int(PAUSE_S * SECOND):
            raise BusError(f"it was tried a moment ago; try again in {-(-(again - now) // SECOND)} s")
        self._last[place] = now
        return await _tried(gate, asker, self._clock)

    def _gate(self, asker: str, data: bytes) -> Gate:
        try:
            which = msgspec.json.decode(data, type=Which)
        except msgspec.MsgspecError as error:
            raise BusError(f"the question cannot be read: {error}") from None
        whose = which.participant or asker
        if not cleared(asker, whose, self._mission):
            raise Forbidden("try the channels of", whose)
        known = [g for g in self._gates if g.participant == whose]
        for gate in known:
            if gate.channel.name == which.channel:
                return gate
        names = ", ".join(g.channel.name for g in known) or "none"
        raise NotFound(f'"{whose}" has no channel "{which.channel}" here; it has: {names}')


async def _tried(gate: Gate, asker: str, clock: Clock) -> Tried:
    began = clock.now()
    identity = f"test-{gate.participant}-{gate.channel.name}-{began}"
    heard, over = anyio.Event(), False
    said: tuple[Progress, str] = ("queued", "")

    def told(state: Progress, why: str) -> None:
        nonlocal said
        said = (state, why)
        if state != "queued":
            heard.set()

    writing = partial(_departure, gate, identity, began)
    gate.put(Extra(identity, TextMessage.KIND, URGENCY, writing, told, wanted=lambda: not over))
    await first(heard.wait, lambda: clock.sleep(PATIENCE_S))
    over = True
    state, why = said
    why = why or ("" if state != "queued" else "nothing took it; it waits for a reader, or behind something else")
    at = clock.now()
    step = Handover(kind=TextMessage.KIND, id=identity, seq=0, state=state, at=at, precedence=URGENCY, why=why[:300])
    gate.account.note(step, tested_by=asker)
    return Tried(
        participant=gate.participant, channel=gate.channel.name, kind=gate.channel.kind, id=identity, state=state,
        seconds=(at - began) / SECOND, why=why,
    )  # fmt: skip


def _departure(gate: Gate, identity: str, at: int) -> Departure:
    text = say("channel-test", gate.profile.language, channel=gate.channel.name, who=gate.participant)
    envelope = registry.pack(
        TextMessage(text=text), id=identity, originator=COORD, received_at=at, reality="test", precedence=URGENCY
    )
    subject = subjects.delivery(gate.participant, URGENCY, TextMessage.KIND)
    delivery = Delivery(INBOX, 0, subject, registry.encode(envelope), {ID: identity}, at)
    return rendering.departure(delivery, gate.profile)
