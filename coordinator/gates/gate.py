"""One participant's channel, as its bearer sees it: what comes in is put on the bus, what is delivered is carried out.

In: at least once into the bus, and the answer back by the same channel; what is not answered in time is owed, and goes
out as a departure. Out: see `dispatching`.
"""

import re
from typing import Final

import msgspec

from coordinator import log
from coordinator.client import Client, Item, Outcome, input_id
from coordinator.core.mission import Channel, Mission
from coordinator.edges.owed import Owed
from coordinator.errors import BusError
from coordinator.gates import words
from coordinator.gates.accounts import Account, Row
from coordinator.gates.answers import Answers, Expected
from coordinator.gates.dispatching import Dispatching
from coordinator.gates.extras import Extra
from coordinator.gates.journal import Journal
from coordinator.gates.profiles import profile_of
from coordinator.gates.racing import first
from coordinator.ports import Answered, Carry

PATIENCE_S: Final = 20.0
_NAME: Final = 200  # characters of a bearer's name for an input
_log = log.get("gates")


class Gate:
    """Fulfils `ports.Gate`. ``answers`` must run while inputs are taken."""

    def __init__(
        self,
        client: Client,
        mission: Mission,
        channel: Channel,
        answers: Answers,
        journal: Journal | None = None,
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._client, self._clock, self._answers = client, client.clock, answers
        self.profile = profile_of(mission, client.participant, channel)
        self._patience_s = patience_s
        self._channel = msgspec.structs.replace(channel, format=self.profile.format, language=self.profile.language)
        self._dispatching = Dispatching(client, self.profile, answers, journal or Journal(client.clock))

    @property
    def participant(self) -> str:
        """Whose channel it is."""
        return self._client.participant

    @property
    def channel(self) -> Channel:
        """Its profile in the mission, with the format and the language that hold for it."""
        return self._channel

    async def take(self, data: bytes, name: str, format: str = "") -> Answered:
        """See `ports.Gate.take`."""
        item = Item(data=data, format=_token(format), name=_plain(name))
        identity = input_id(item)
        with self._answers.expected(identity) as expected:
            [stored] = [o async for o in self._client.send([item], channel=self._channel.name, wait=False)]
            early = await self._client.answer(identity) if stored.duplicate else None
            if early is None:
                await self._patiently(expected)
            found = early or expected.outcome or await self._owe(identity, item.name)
        if found is not None:
            self._answers.settle(self._channel.name, identity)
            stored = msgspec.structs.replace(found, name=item.name, duplicate=stored.duplicate)
        return words.answered(stored, self.profile.language)

    async def _patiently(self, expected: Expected) -> None:
        """Wait for an answer, as long as patience lasts by the clock."""
        await first(expected.come.wait, lambda: self._clock.sleep(self._patience_s))

    async def _owe(self, identity: str, name: str) -> Outcome | None:
        try:
            return await self._answers.owe(identity, Owed(self._channel.name, name))
        except BusError as error:  # the input is kept and the answer is owed: the bearer need not offer it again
            _log.warning("could not look for an answer", participant=self.participant, input=identity, why=str(error))
            return None

    async def dispatch(self, carry: Carry) -> None:
        """See `ports.Gate.dispatch`."""
        await self._dispatching.run(carry)

    @property
    def account(self) -> Account:
        """What became of what went out."""
        return self._dispatching.account

    @property
    def row(self) -> Row:
        """How the channel does."""
        return self.account.row(len(self._dispatching))

    def holds(self, kind: str, identity: str) -> bool:
        """Say whether a card or finding still waits to go out."""
        return self._dispatching.holds(kind, identity)

    def put(self, extra: Extra) -> None:
        """Let something go out that stands in no INBOX."""
        self._dispatching.extras.put(extra)


def _token(format_: str) -> str:
    """Return a declared format as it may stand in a subject; what no format is called is refused by the bus."""
    return re.sub(r"[^a-z0-9-]", "-", format_.strip().lower())[:64]


def _plain(name: str) -> str:
    """Return a bearer's name for an input on one line."""
    return "".join(c if c.isprintable() else "?" for c in name)[:_NAME]
