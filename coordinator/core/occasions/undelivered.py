"""A FLASH that a participant's channel will never take: somebody must reach that participant by voice.

One card a participant and channel, for the duty desks of the headquarters above it, or that headquarters, or else the
operators. It says which participant and which channel, and nothing of what was to be delivered: whoever directs a
participant need not know of everything that it is told. It is over when every such message has reached the participant
in another way, or its people have acted on it.

Source: reference console.md §6, axis 4; issue 5, item 8.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar

import msgspec

from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Acknowledgement, Action
from schemas.deliveries import Delivery, Handover
from schemas.subjects import opaque

TEXT, NEXT = "undelivered-flash", "undelivered-next"
ARRIVED = frozenset({"delivered", "seen"})
MOST = 1_000  # messages of one channel that are remembered


class Held(msgspec.Struct, kw_only=True):
    """What one channel did not take, by kind and id, and since when."""

    participant: str
    channel: str
    since: int
    things: list[str] = []


class State(msgspec.Struct, kw_only=True):
    """Everything that the source remembers: what failed by channel, and what has arrived by participant."""

    held: dict[str, Held] = {}
    arrived: dict[str, list[str]] = {}


class Undelivered:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "undelivered"
    READS: ClassVar[tuple[str, ...]] = (
        subjects.ALL_PRESENCE,
        subjects.records(Action.KIND),
        subjects.records(Acknowledgement.KIND),
    )
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {TEXT: ("who", "channel"), NEXT: ("who",)}

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._become(State())

    def _become(self, state: State) -> None:
        self._state = state
        self._held, self._there = state.held, state.arrived

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take what a bearer reported, or what somebody did that shows that a message arrived."""
        match message.body:
            case Delivery(test=False) as report:
                return list(self._reported(report, message.at))
            case Action(alert=card):
                return list(self._arrived(message.envelope.originator, f"alert {card}"))
            case Acknowledgement(of=order):
                return list(self._arrived(message.envelope.originator, f"directive {order.id}"))
        return ()

    def wake(self, now: int) -> Iterable[Occasion]:
        """Return nothing: no time matters here."""
        return ()

    def next_wake(self) -> int | None:
        """Return None."""
        return None

    def snapshot(self) -> bytes:
        """Return the whole state as JSON."""
        return msgspec.json.encode(self._state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        self._become(msgspec.json.decode(data, type=State))

    def _reported(self, report: Delivery, now: int) -> Iterator[Occasion]:
        for step in report.steps:
            if step.state == "failed" and step.precedence == "flash":
                yield from self._failed(report, step, now)
            elif step.state in ARRIVED and step.precedence == "flash":
                yield from self._arrived(report.participant, f"{step.kind} {step.id}")

    def _failed(self, report: Delivery, step: Handover, now: int) -> Iterator[Occasion]:
        key = f"{report.participant} {report.channel}"
        known = self._held.get(key)
        held = known or Held(participant=report.participant, channel=report.channel, since=now)
        thing = f"{step.kind} {step.id}"
        if thing in self._there.get(report.participant, ()):  # another way brought it already
            return
        held.things = [*(t for t in held.things if t != thing), thing][-MOST:]
        self._held[key] = held
        if known is None:
            yield self._occasion(held, over=False)

    def _arrived(self, participant: str, thing: str) -> Iterator[Occasion]:
        self._there[participant] = [*(t for t in self._there.get(participant, ()) if t != thing), thing][-MOST:]
        for key, held in list(self._held.items()):
            if held.participant == participant and thing in held.things:
                held.things.remove(thing)
                if not held.things:
                    del self._held[key]
                    yield self._occasion(held, over=True)

    def _occasion(self, held: Held, *, over: bool) -> Occasion:
        return Occasion(
            id=opaque(f"undelivered {held.participant} {held.channel} {held.since}"),
            kind="undelivered",
            severity="Severe",
            text_key=TEXT,
            next_key=NEXT,
            args={"who": held.participant, "channel": held.channel},
            about=held.participant,
            parties=(held.participant,),
            told=self._responsible(held.participant),
            event_from=held.since,
            over=over,
        )

    def _responsible(self, participant: str) -> tuple[str, ...]:
        above = self._mission.superiors(participant)[:1]
        found = sorted(self._mission.desks(above)) or list(above)
        return tuple(p for p in found if p != participant) or tuple(
            p.id for p in self._mission.participants if p.operator
        )
