"""Carrying out what is delivered: the most urgent first, again until the bearer has it, never by way of the disk.

What waits stays in memory from one run to the next; the server has it too, until it is acknowledged. The server
delivers again what is not acknowledged in time: what waits here is known, and is not carried twice because of that.

When the bearer fails, everything waits. What has failed several times is asked whether it is itself the reason: the
next one is tried as well. If that one goes, the channel works, and what fails waits by itself.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

import anyio
import msgspec

from coordinator import log
from coordinator.client import Client
from coordinator.core.dispatch import Waiting
from coordinator.errors import BusError, Undelivered
from coordinator.gates import rendering
from coordinator.gates.answers import Answers
from coordinator.gates.backlog import LONGEST_S, Backlog, pause_s, wanted
from coordinator.gates.profiles import Profile
from coordinator.gates.racing import first, together
from coordinator.ports import Carry, Consumer, Delivery, Departure
from coordinator.topology import COORD, GATE, INBOX
from schemas import registry, subjects
from schemas.acknowledgements import Receipt
from schemas.envelope import Envelope
from schemas.subjects import Precedence

SECOND: Final = 1_000_000
FIRST_ANSWER: Final = -(1 << 53)  # the place of the first answer: they go as they came, before all deliveries
TRIES: Final = 3  # of one thing in vain, before the next one is tried as well
FAREWELL_S: Final = 1.0
_log = log.get("gates")


class Dispatching:
    """What one channel carries out."""

    def __init__(self, client: Client, profile: Profile, answers: Answers) -> None:
        self._client, self._clock, self._profile = client, client.clock, profile
        self._answers, self._mailbox = answers, answers.mailbox(profile.channel.name)
        self._mailbox.on_put = self._stir
        self._backlog = Backlog()
        self._aside: list[tuple[int, Waiting]] = []  # what failed, with the time at which it is tried again
        self._failures: dict[int, int] = {}
        self._answered = 0  # answers that went into the backlog: their places are before all deliveries
        self._stirred = anyio.Event()
        self._busy = self._surveyed = False

    async def run(self, carry: Carry) -> None:
        """Carry out for ever; see `ports.Gate.dispatch`."""
        if self._busy:
            raise RuntimeError(f'"{self._profile.channel.name}" of "{self._profile.participant}" is dispatched twice')
        self._busy = True
        try:
            self._take_back(0, everything=True)
            self._failures.clear()
            durable = f"{GATE}{self._profile.channel.name}"
            await self._survey(durable)
            async with self._client.bus.consume(INBOX, durable) as consumer:
                await together(lambda: self._gather(consumer), lambda: self._carry_all(consumer, carry))
        finally:
            self._busy = False

    async def _survey(self, durable: str) -> None:
        """Look once at everything that may be delivered again: an older revision must not go behind a newer one.

        What went out before a restart is not remembered otherwise; what did not is delivered again, but later.
        """
        if self._surveyed:
            return
        done = await self._client.bus.progress(INBOX, durable)
        everything = (subjects.inbox_of(self._profile.participant),)
        async with self._client.bus.read(INBOX, everything, after=done) as reader:
            while await reader.pending():
                for delivery in await reader.batch():
                    self._note_newest(delivery)
        self._surveyed = True

    def _note_newest(self, delivery: Delivery) -> None:
        with suppress(msgspec.MsgspecError):  # it is named when it is delivered
            if wanted(delivery, self._profile.channel):
                self._backlog.note(delivery, registry.envelope(delivery.data))

    # -- gathering ----------------------------------------------------------------------------------------------------

    async def _gather(self, consumer: Consumer) -> None:
        while True:
            settled = [d for delivery in await consumer.batch() for d in self._sorted(delivery)]
            self._stir()
            await consumer.ack(settled)

    def _sorted(self, delivery: Delivery) -> list[Delivery]:
        """Let a delivery wait if it must; return what need not go out any more."""
        if self._backlog.knows(delivery.seq):
            self._backlog.update(delivery)
            return []
        if self._backlog.is_done(delivery.seq):  # its acknowledgement was lost, or crossed this on the way
            return [delivery]
        try:
            envelope = registry.envelope(delivery.data)
        except msgspec.MsgspecError as error:
            self._note("delivery cannot be read", str(delivery.seq), str(error))
            self._backlog.pass_over(delivery.seq)
            return [delivery]
        if not wanted(delivery, self._profile.channel) and not self._backlog.replaces(delivery, envelope):
            self._backlog.pass_over(delivery.seq)
            return [delivery]
        return self._backlog.add(delivery, envelope)

    def _take_answers(self) -> None:
        """Let owed answers that have come wait among the deliveries; a refusal is more urgent than a receipt."""
        for outcome in self._mailbox.new():
            self._answered += 1
            precedence: Precedence = "immediate" if outcome.accepted is False else "routine"
            subject = subjects.delivery(self._profile.participant, precedence, Receipt.KIND)
            about = Envelope(id=outcome.input, kind=Receipt.KIND, originator=COORD, body=msgspec.Raw(b"{}"))
            self._backlog.add(Delivery(INBOX, FIRST_ANSWER + self._answered, subject, b"", {}, 0), about)

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
            if waiting.seq < 0 and waiting.envelope.id not in self._mailbox.outcomes:  # given meanwhile
                self._backlog.finish(waiting)
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
        except BusError as error:
            return self._put_aside(waiting, str(error))
        except Exception as error:  # our bug; what shows it must not stop the channel, nor the bearer for everybody
            _log.exception("bearer failed with one delivery", what=self._name(waiting))
            return self._put_aside(waiting, repr(error)[:200])
        except BaseException:
            self._backlog.again(waiting)
            raise
        self._failures.pop(waiting.seq, None)
        if (held := self._backlog.finish(waiting)) is not None:
            with anyio.move_on_after(FAREWELL_S, shield=True):  # the bearer has it: that is said even if we end now
                await self._settle(waiting, held, consumer)
        return None

    async def _settle(self, waiting: Waiting, held: Delivery, consumer: Consumer) -> None:
        if waiting.seq < 0:
            self._answers.settle(self._profile.channel.name, waiting.envelope.id)
        else:
            await consumer.ack([held])

    async def _departure(self, waiting: Waiting) -> Departure:
        if waiting.seq < 0:
            outcome = self._mailbox.outcomes[waiting.envelope.id]
            now = self._clock.now()
            return self._written(lambda: rendering.answer(outcome, waiting.precedence, now, self._profile))
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
