"""Refusals on their way back to who sent what was refused: a chat each, so that a person reads it.

A broken client is not flooded: at most one a second, and the last of those between with the count of the others.
"""

from collections.abc import Callable
from typing import Final

from anyio.abc import TaskGroup

from adapters.base import Rejected
from coordinator.edges.tak.words import EVERYONE, Event, Person, chat
from coordinator.ports import Answered, Clock

TELL_US: Final = 1_000_000

_ALL: Final = Person(EVERYONE, "")


class Refusals:
    """The answers to one link. ``post`` queues a chat on it."""

    def __init__(self, post: Callable[[bytes], None], clock: Clock) -> None:
        self._post = post
        self._clock = clock
        self._device = _ALL  # at the other end, once it has said who it is
        self._next_at = 0
        self._held = 0
        self._last = (_ALL, "")

    def answered(self, event: Event | None, answer: Answered, group: TaskGroup) -> None:
        """Tell the sender that an event was refused (None: bytes that are none); that one was accepted is no news."""
        if self._device is _ALL and event is not None and event.kind.startswith("a-") and b"takv" in event.data:
            self._device = _sender(event, _ALL)
        if answer.accepted is not False:
            return
        to = _sender(event, self._device) if event is not None else self._device
        if not self._held and self._clock.now() >= self._next_at:
            self._tell(to, answer.text)
            return
        self._held += 1
        self._last = (to, answer.text)
        if self._held == 1:
            group.start_soon(self._tell_rest)

    async def _tell_rest(self) -> None:
        await self._clock.sleep(TELL_US / 1_000_000)
        (to, text), more = self._last, self._held - 1
        self._held = 0
        self._tell(to, f"{text} (+{more})" if more else text)

    def _tell(self, to: Person, text: str) -> None:
        now = self._clock.now()
        self._next_at = now + TELL_US
        self._post(chat(to, text, now))


def _sender(event: Event, otherwise: Person) -> Person:
    """Return who wrote an event, or somebody else if nobody can be read out of it."""
    try:
        return event.sender if event.sender.uid else otherwise
    except Rejected:
        return otherwise
