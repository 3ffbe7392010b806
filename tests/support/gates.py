"""A gate for tests of bearers: it keeps what is taken, answers as told, and puts departures out.

::

    gate = FakeGate("xar", "files")
    async with anyio.create_task_group() as group:
        await group.start(partial(serve, [gate], at, store, clock))
        ...
        gate.put(departure(1, b"<event/>", format="cot"))
        await gate.until(lambda: gate.carried)
"""

import heapq
import itertools
from collections.abc import Callable
from typing import Any, NamedTuple

import anyio
import msgspec

from coordinator.core.mission import Channel
from coordinator.errors import Undelivered
from coordinator.ports import Answered, Carry, Departure
from schemas.subjects import PRECEDENCES, Precedence

ACCEPTED = Answered(True, "accepted", b'{"accepted":true}')
REFUSED = Answered(False, 'REFUSED at line 3: "25:61" is no time; write it as HH:MM', b'{"accepted":false}')
LATER = Answered(None, "kept; the answer comes later", b'{"accepted":null}')


class Taken(NamedTuple):
    """One input as the bearer gave it."""

    data: bytes
    name: str
    format: str


def departure(
    number: int, data: bytes, *, format: str = "text", precedence: Precedence = "routine", suffix: str = ".txt"
) -> Departure:
    """Return something to carry out; the number makes its id and its place in the order of names."""
    name = f"{number:010d}-{precedence}-message-m{number}{suffix}"
    return Departure(f"m{number}", name, f"{precedence.upper()} message m{number}", data, format, precedence)


class FakeGate:
    """Fulfils `ports.Gate`.

    ``answers`` is what the next inputs are answered with, in turn: an `Answered`, or an exception that is raised
    (`BusError`: the input is not kept); when it is empty, ``answer`` decides. The same bytes under the same name are
    the same input, and ``taken`` has it again: a bearer may offer an input twice, it must not lose one.

    ``carried`` is what the bearer confirmed, ``failed`` every `Undelivered` with what it was about.
    """

    def __init__(self, participant: str = "xar", kind: Any = "files", **profile: Any) -> None:
        self.participant = participant
        self.channel = Channel(**{"name": kind, "kind": kind, **profile})
        self.answer: Callable[[Taken], Answered] = lambda _: ACCEPTED
        self.answers: list[Answered | Exception] = []
        self.taken: list[Taken] = []
        self.carried: list[Departure] = []
        self.failed: list[tuple[Departure, Undelivered]] = []
        self.dispatching = 0
        self.try_again = anyio.Event()  # set it to let a departure that failed be tried at once; then it is renewed
        self._waiting: list[tuple[int, int, Departure]] = []
        self._order = itertools.count()
        self._changed = anyio.Event()

    async def take(self, data: bytes, name: str, format: str = "") -> Answered:
        """Keep an input and answer it."""
        await anyio.lowlevel.checkpoint()
        taken = Taken(data, name, format)
        self.taken.append(taken)
        self._notify()
        answer = self.answers.pop(0) if self.answers else self.answer(taken)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def put(self, *departures: Departure) -> None:
        """Let these wait to be carried out."""
        for one in departures:
            heapq.heappush(self._waiting, (PRECEDENCES.index(one.precedence), next(self._order), one))
        self._notify()

    async def dispatch(self, carry: Carry) -> None:
        """Carry out what waits: the most urgent first, one after the other, for ever.

        What a cancelled carry did not confirm waits again. What failed waits until ``try_again`` is set.
        """
        assert not self.dispatching, "only one dispatch of a channel runs at a time"
        self.dispatching += 1
        try:
            while True:
                if not self._waiting:
                    await self._changed.wait()
                    continue
                await self._carry(carry)
        finally:
            self.dispatching -= 1

    async def _carry(self, carry: Carry) -> None:
        entry = heapq.heappop(self._waiting)
        try:
            await carry(entry[2])
        except Undelivered as error:
            self.failed.append((entry[2], error))
            self._notify()
            if error.retry:
                heapq.heappush(self._waiting, entry)
                await self.try_again.wait()
                self.try_again = anyio.Event()
        except BaseException:
            heapq.heappush(self._waiting, entry)
            raise
        else:
            self.carried.append(entry[2])
            self._notify()

    async def until(self, condition: Callable[[], object], within_s: float = 5.0) -> None:
        """Wait until a condition on this gate holds; it is looked at whenever something was taken, put or carried."""
        with anyio.fail_after(within_s):
            while not condition():
                await self._changed.wait()

    def _notify(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


def answered(accepted: bool | None, text: str, **data: Any) -> Answered:
    """Return an answer with these words and values."""
    return Answered(accepted, text, msgspec.json.encode({"accepted": accepted, **data}))
