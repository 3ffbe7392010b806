"""Carrying out what is delivered: the most urgent first, again until the bearer has it, never by way of the disk.

What waits stays in memory from one run to the next; the server has it too, until it is acknowledged. The server
delivers again what is not acknowledged in time: what waits here is known, and is not carried twice because of that.

When the bearer fails, everything waits. What has failed several times is asked whether it is itself the reason: the
next one is tried as well. If that one goes, the channel works, and what fails waits by itself.
"""

from collections.abc import Callable
from functools import partial
from typing import Final

import anyio

from coordinator import log
from coordinator.client import Client, Outcome
from coordinator.core.dispatch import Waiting
from coordinator.errors import BusError, Undelivered
from coordinator.gates import rendering
from coordinator.gates.accounts import TRIES, Account
from coordinator.gates.answers import Answers
from coordinator.gates.backlog import LONGEST_S, Backlog, pause_s
from coordinator.gates.extras import Extra, Extras
from coordinator.gates.gathering import Gathering
from coordinator.gates.journal import Journal
from coordinator.gates.profiles import Profile
from coordinator.gates.racing import first, together
from coordinator.ports import Carry, Consumer, Departure
from coordinator.topology import COORD, GATE, INBOX
from schemas.acknowledgements import Receipt
from schemas.deliveries import Progress
from schemas.subjects import Precedence

SECOND: Final = 1_000_000
FAREWELL_S: Final = 1.0
_log = log.get("gates")


class Dispatching:
    """What one channel carries out."""

    def __init__(self, client: Client, profile: Profile, answers: Answers, journal: Journal) -> None:
        self._client, self._clock, self._profile = client, client.clock, profile
        self._answers, self._mailbox = answers, answers.mailbox(profile.channel.name)
        self.account = Account(profile, journal, client.clock)
        self.extras = Extras(profile.participant)
        self._mailbox.on_put = self.extras.on_put = self._stir
        self._backlog = Backlog()
        self._gathering = Gathering(client, profile.channel, self._backlog, self._stir, self._note)
        self._aside: list[tuple[int, Waiting]] = []  # what failed, with the time at which it is tried again
        self._failures: dict[int, int] = {}
        self._stirred = anyio.Event()
        self._busy = False

    def __len__(self) -> int:
        return len(self._backlog)

    def holds(self, kind: str, identity: str) -> bool:
        """Say whether something that a service says, by its own id, still waits to go out."""
        return self._backlog.waits((kind, COORD, identity))

    async def run(self, carry: Carry) -> None:
        """Carry out for ever; see `ports.Gate.dispatch`."""
        if self._busy:
            raise RuntimeError(f'"{self._profile.channel.name}" of "{self._profile.participant}" is dispatched twice')
        self._busy = True
        try:
            self._take_back(0, everything=True)
            self._failures.clear()
            durable = f"{GATE}{self._profile.channel.name}"
            await self._gathering.survey(durable)
            async with self._client.bus.consume(INBOX, durable) as consumer:
                await together(lambda: self._gathering.run(consumer), lambda: self._carry_all(consumer, carry))
        finally:
            self._busy = False

    def _take_answers(self) -> None:
        """Let owed answers that have come wait among the deliveries; a refusal is more urgent than a receipt."""
        for outcome in self._mailbox.new():
            self.extras.put(self._answer(outcome))
        self.extras.join(self._backlog)

    def _answer(self, outcome: Outcome) -> Extra:
        identity, owed = outcome.input, self._mailbox.outcomes
        precedence: Precedence = "immediate" if outcome.accepted is False else "routine"
        return Extra(
            identity,
            Receipt.KIND,
            precedence,
            write=lambda: rendering.answer(owed[identity], precedence, self._clock.now(), self._profile),
            told=lambda state, _: self._given(identity) if state != "queued" else None,
            wanted=lambda: identity in owed,
        )

    def _given(self, identity: str) -> None:
        self._answers.settle(self._profile.channel.name, identity)

    # -- carrying -----------------------------------------------------------------------------------------------------

    async def _carry_all(self, consumer: Consumer, carry: Carry) -> None:
        failed: list[int] = []  # when those that failed one after the other are tried again
        outage = False
        while True:
            self._take_back(self._clock.now())
            self._take_answers()
            waiting = self._backlog.next()
            if waiting is None:
                await self._rest(min((due for due, _ in self._aside), default=None))
                continue
            if waiting.seq < 0 and not self.extras[waiting.seq].wanted():  # an answer that was given meanwhile
                self._backlog.finish(waiting)
                self.extras.finish(waiting.seq)
                continue
            due = await self._carried(waiting, consumer, carry)
            if due is None:
                self._take_back(0, everything=outage)  # in their order, as if nothing had been
                outage = False
                failed.clear()
                continue
            failed.append(due)
            if self._failures[waiting.seq] < TRIES or len(failed) > 1:
                await self._rest(max(failed), more_urgent_than=waiting)
                outage = True
                failed.clear()

    async def _carried(self, waiting: Waiting, consumer: Consumer, carry: Carry) -> int | None:
        """Carry one thing out; return when to try again if it did not go."""
        try:
            await carry(await self._departure(waiting))
        except Undelivered as error:
            if error.retry:
                return self._put_aside(waiting, str(error))
            self._note("not delivered by this channel", self._name(waiting), str(error))
            self.account.never(waiting, str(error))
            await self._settle(waiting, consumer, "failed", str(error))
            return None
        except BusError as error:
            return self._put_aside(waiting, str(error))
        except Exception as error:  # our bug; what shows it must not stop the channel, nor the bearer for everybody
            _log.exception("bearer failed with one delivery", what=self._name(waiting))
            return self._put_aside(waiting, repr(error)[:200])
        except BaseException:
            self._backlog.again(waiting)
            raise
        self.account.went(waiting)
        await self._settle(waiting, consumer, self.account.means)
        return None

    async def _settle(self, waiting: Waiting, consumer: Consumer, state: Progress, why: str = "") -> None:
        """Say that something is dealt with, even if we end now: the bearer has it, or never will."""
        self._failures.pop(waiting.seq, None)
        if (held := self._backlog.finish(waiting)) is None:
            return
        self._gathering.look()
        if waiting.seq < 0:
            self.extras[waiting.seq].told(state, why)
            self.extras.finish(waiting.seq)
        elif held.token:
            with anyio.move_on_after(FAREWELL_S, shield=True):
                await consumer.ack([held])

    async def _departure(self, waiting: Waiting) -> Departure:
        if waiting.seq < 0:
            return self._written(self.extras[waiting.seq].write)
        held = self._backlog.delivery(waiting.seq)
        whole = held if held.data else await self._client.bus.get(INBOX, waiting.seq)
        if whole is None:
            raise Undelivered("the INBOX does not hold it any more", retry=False)
        return self._written(lambda: rendering.departure(whole, self._profile))

    def _written(self, write: Callable[[], Departure]) -> Departure:
        """Write a departure; one that shows a bug of ours will never go out here, and stops nothing else.

        Raises:
            Undelivered: it cannot be written.
        """
        try:
            return write()
        except Undelivered:
            raise
        except Exception as error:
            _log.exception("delivery could not be written", format=self._profile.format)
            raise Undelivered(f"it cannot be written: {type(error).__name__}", retry=False) from error

    # -- waiting ------------------------------------------------------------------------------------------------------

    def _put_aside(self, waiting: Waiting, why: str) -> int:
        failures = self._failures[waiting.seq] = self._failures.get(waiting.seq, 0) + 1
        pause = pause_s(failures)
        self._note("could not carry", self._name(waiting), why, again_in_s=pause)
        self.account.delayed(waiting, why, failures)
        if waiting.seq < 0:
            self.extras[waiting.seq].told("queued", why)
        due = self._clock.now() + int(pause * SECOND)
        self._aside.append((due, waiting))
        return due

    def _take_back(self, now: int, *, everything: bool = False) -> None:
        """Let wait again what was put aside, if its time has come or the clock was set back meanwhile."""
        latest = now + int(LONGEST_S * SECOND)
        ready = [waiting for due, waiting in self._aside if everything or not now < due <= latest]
        self._aside = [(due, waiting) for due, waiting in self._aside if not everything and now < due <= latest]
        for waiting in ready:
            self._backlog.again(waiting)

    async def _rest(self, until: int | None, more_urgent_than: Waiting | None = None) -> None:
        """Return at a time, or when something came; with a limit, only when something more urgent came."""
        limit = more_urgent_than.rank if more_urgent_than else None
        while until is None or (left := until - self._clock.now()) > 0:
            stirred = self._stirred
            if until is None:
                await stirred.wait()
            else:
                await first(stirred.wait, partial(self._clock.sleep, min(left / SECOND, LONGEST_S)))
                if not stirred.is_set():
                    return  # by now it is due, whatever the clock was set to
            self._take_answers()
            if limit is None or ((urgent := self._backlog.rank) is not None and urgent < limit):
                return

    def _stir(self) -> None:
        self._stirred.set()
        self._stirred = anyio.Event()

    def _name(self, waiting: Waiting) -> str:
        return f"{waiting.envelope.kind} {waiting.envelope.id}:{waiting.envelope.revision}"

    def _note(self, event: str, what: str, why: str, **facts: object) -> None:
        channel, participant = self._profile.channel.name, self._profile.participant
        _log.warning(event, participant=participant, channel=channel, what=what, why=why, **facts)
