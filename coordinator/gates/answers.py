"""The answers to one participant's inputs, as they come onto its board; one reader serves all its gates.

Whoever puts an input on the bus expects its answer before that. If patience ends first, the answer is owed: it goes out
later, by the same channel. What is owed is kept in a file, so that a restart does not forget it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import anyio
import msgspec
from anyio.abc import TaskStatus

from coordinator import log
from coordinator.client import Client, Outcome
from coordinator.edges.owed import Owed, Owing
from coordinator.errors import BusError
from coordinator.gates.racing import together
from coordinator.ports import Clock
from coordinator.topology import BOARD

PAUSE_S: Final = 1.0  # before the board is read again after an error
_log = log.get("gates")


class Expected:
    """An answer that somebody waits for; ``outcome`` is set before ``come``."""

    def __init__(self) -> None:
        self.come = anyio.Event()
        self.outcome: Outcome | None = None
        self.users = 0


class Mailbox:
    """Owed answers that have come and not gone out by their channel yet."""

    def __init__(self) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.on_put: Callable[[], None] = lambda: None
        self._new: list[Outcome] = []

    def put(self, outcome: Outcome) -> None:
        """Let an answer go out, unless it is about to."""
        if outcome.input not in self.outcomes:
            self.outcomes[outcome.input] = outcome
            self._new.append(outcome)
            self.on_put()

    def new(self) -> list[Outcome]:
        """Return what came since this was asked last."""
        found, self._new = [o for o in self._new if o.input in self.outcomes], []
        return found


class Answers:
    """Follows the board of one participant while `run` runs."""

    def __init__(self, client: Client, clock: Clock, owing: Owing) -> None:
        self._client, self._clock, self._owing = client, clock, owing
        self._expected: dict[str, Expected] = {}
        self._mailboxes: dict[str, Mailbox] = {}
        self._after = 0  # the last change of the board that was taken
        self._caught_up = False

    def mailbox(self, channel: str) -> Mailbox:
        """Return where the owed answers of a channel come in."""
        return self._mailboxes.setdefault(channel, Mailbox())

    @contextmanager
    def expected(self, identity: str) -> Iterator[Expected]:
        """Expect the answer to an input while the context is open; open it before the input is sent."""
        expected = self._expected.setdefault(identity, Expected())
        expected.users += 1
        try:
            yield expected
        finally:
            expected.users -= 1
            if not expected.users:
                del self._expected[identity]

    async def owe(self, identity: str, owed: Owed) -> Outcome | None:
        """Owe an answer from now on; return it if it is known already, and then it is not owed.

        Raises:
            BusError: the board could not be read; the answer is owed all the same.
        """
        self._owing.add(identity, owed)
        found = await self._client.answer(identity, owed.name)
        if found is None or identity in self.mailbox(owed.channel).outcomes:
            return None
        self._owing.settle(identity)
        return found

    def settle(self, channel: str, identity: str) -> None:
        """Say that an owed answer has gone out."""
        self.mailbox(channel).outcomes.pop(identity, None)
        self._owing.settle(identity)

    async def run(self, *, task_status: TaskStatus[None] = anyio.TASK_STATUS_IGNORED) -> None:
        """Follow the board for ever; started once nothing that comes can be missed."""
        self._after = (await self._client.bus.state(BOARD)).last
        task_status.started()
        while True:
            try:
                await together(self._catch_up, self._follow)
            except BusError as error:
                _log.warning("could not follow answers", participant=self._client.participant, why=str(error))
                await self._clock.sleep(PAUSE_S)

    async def _catch_up(self) -> None:
        """Take the answers that came while nobody followed."""
        if self._caught_up:
            return
        for identity, owed in list(self._owing.kept.items()):
            found = await self._client.answer(identity, owed.name)
            if found is not None:
                self._take(found)
        self._caught_up = True

    async def _follow(self) -> None:
        async for seq, outcomes in self._client.follow_answers(self._after):
            for outcome in outcomes:
                self._take(outcome)
            self._after = seq

    def _take(self, outcome: Outcome) -> None:
        expected = self._expected.get(outcome.input)
        if expected is not None:
            expected.outcome = outcome
            expected.come.set()
        owed = self._owing.kept.get(outcome.input)
        if owed is not None:
            self.mailbox(owed.channel).put(msgspec.structs.replace(outcome, name=owed.name))
