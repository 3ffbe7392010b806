"""What a participant's own software imports: send, receive, read the board, ask, acknowledge.

::

    async with connect(bus, "xar") as client:
        async for outcome in client.send([Item(data=text, name="sitrep.txt")]):
            print(outcome.accepted, outcome.ids, outcome.why)

Every input gets exactly one answer, a receipt or a refusal; `Client.send` waits for it. Sending the same bytes under
the same name again is the same input, and gets the same answer: it is on the board, under the input's id or under the
batch that it first came in, or release remembers it.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Final
from urllib.parse import quote

import anyio
import msgspec

from coordinator.core.chain import content_hash
from coordinator.errors import BusError, NoAnswer, NotFound
from coordinator.ports import (
    BATCH,
    BEARER_ID,
    CHANNEL,
    HASH,
    LOGGED_AT,
    ON_BEHALF_OF,
    SPOKEN_BY,
    Bus,
    Clock,
    Delivery,
    Outgoing,
)
from coordinator.topology import BOARD, INBOX, READER
from schemas import registry, subjects
from schemas.acknowledgements import Acknowledgement, Action, Answer, Receipt, Refusal
from schemas.envelope import Envelope, Reference
from schemas.operations import Oversize

LIMIT: Final = 1_000_000  # bytes of one input; a larger one goes in as its hash and head, and is refused
HEAD: Final = 4096
ANSWER_S: Final = 30.0
QUIET_S: Final = 1.0  # without news for so long, answers that were given earlier are looked for
LAG_S: Final = 1.0  # within which the server hands out what it counted as pending


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One input: its bytes, its format ("" lets the bus find out) and its bearer's own name for it (a file name)."""

    data: bytes
    format: str = ""
    name: str = ""
    size: int = 0  # if ``data`` is only the head of something larger
    sha256: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of an input. ``accepted`` None: stored, but no answer came in time; ask again later."""

    name: str
    input: str
    accepted: bool | None
    duplicate: bool = False
    ids: tuple[str, ...] = ()
    positions: int = 0
    losses: int = 0
    warnings: tuple[str, ...] = ()
    path: str = ""
    why: str = ""
    hint: str = ""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was delivered, with the precedence at which it was."""

    seq: int
    log_seq: int
    precedence: str
    envelope: Envelope


def input_id(item: Item, on_behalf_of: str = "") -> str:
    """Return the id of an input: its bytes, format, its bearer's name for it and whose it is; never a clock."""
    digest = item.sha256 or hashlib.sha256(item.data).hexdigest()
    parts = (digest, item.format, item.name, *filter(None, (on_behalf_of,)))
    return "i-" + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:40]


class Client:
    """One participant on the bus."""

    def __init__(self, bus: Bus, participant: str, clock: Clock) -> None:
        self.bus, self.participant, self.clock = bus, participant, clock

    # -- sending ------------------------------------------------------------------------------------------------------

    async def send(
        self,
        items: Sequence[Item],
        *,
        on_behalf_of: str = "",
        speaker: str = "",
        channel: str = "nats",
        wait: bool = True,
        timeout_s: float = ANSWER_S,
    ) -> AsyncIterator[Outcome]:
        """Send inputs and yield what became of each, in their order.

        Whoever only types in what another participant said names it (``on_behalf_of``), and the function of the person
        who said it (``speaker``).

        Raises:
            BusError: they could not be stored.
        """
        batch = _batch(items) if len(items) > 1 else ""
        typed = _typed(on_behalf_of, speaker)
        messages = [self._outgoing(item, on_behalf_of, typed, channel, batch) for item in items]
        before = (await self.bus.state(BOARD)).last if wait else 0
        stored = await self.bus.publish(messages)
        answers: dict[str, Outcome] = {}
        if wait:
            wanted = {m.id: item.name for m, item in zip(messages, items, strict=True)}
            again = {m.id for m, kept in zip(messages, stored, strict=True) if kept.duplicate}
            answers = await self._answers(wanted, again, batch, before, timeout_s)
        for message, item, kept in zip(messages, items, stored, strict=True):
            answer = answers.get(message.id) or Outcome(name=item.name, input=message.id, accepted=None)
            yield msgspec.structs.replace(answer, duplicate=kept.duplicate)

    def _outgoing(self, item: Item, on_behalf_of: str, typed: dict[str, str], channel: str, batch: str) -> Outgoing:
        identity = input_id(item, on_behalf_of)
        headers = {LOGGED_AT: str(self.clock.now()), CHANNEL: channel, BEARER_ID: _ascii(item.name)}
        headers |= typed | ({BATCH: batch} if batch else {})
        format_, data = item.format or subjects.UNDECLARED, item.data
        if max(len(data), item.size) > LIMIT:
            format_, data = subjects.OVERSIZE, registry.encode(_oversize(item))
        subject = subjects.raw(self.participant, format_)
        headers[HASH] = content_hash(subject, identity, headers[LOGGED_AT], data)
        return Outgoing(subject, data, identity, headers)

    async def publish(self, envelope: Envelope, *, wait: bool = True, timeout_s: float = ANSWER_S) -> Outcome:
        """Send one message that is already in the common schema.

        Raises:
            BusError: it could not be stored.
        """
        data = registry.encode(envelope)
        identity = "m-" + hashlib.sha256(data).hexdigest()[:40]
        subject = subjects.native(self.participant, envelope.kind)
        at = str(self.clock.now())
        headers = {LOGGED_AT: at, CHANNEL: "nats", HASH: content_hash(subject, identity, at, data)}
        headers |= _typed(envelope.originator if envelope.originator != self.participant else "", "")
        before = (await self.bus.state(BOARD)).last
        [stored] = await self.bus.publish([Outgoing(subject, data, identity, headers)])
        outcome = Outcome(name=envelope.key, input=identity, accepted=None)
        if wait:
            again = {identity} if stored.duplicate else set()
            found = await self._answers({identity: envelope.key}, again, "", before, timeout_s)
            outcome = found.get(identity, outcome)
        return msgspec.structs.replace(outcome, duplicate=stored.duplicate)

    async def _answers(
        self, wanted: dict[str, str], again: set[str], batch: str, before: int, timeout_s: float
    ) -> dict[str, Outcome]:
        """Collect answers from the news of the board; those to what is sent ``again`` were given earlier."""
        found: dict[str, Outcome] = {}
        receipts = (subjects.board_of(self.participant, Receipt.KIND),)
        pause_s = QUIET_S
        with anyio.move_on_after(timeout_s):
            async with self.bus.read(BOARD, receipts, after=before) as reader:
                found |= await self._earlier({i: wanted[i] for i in again}, batch)
                while len(found) < len(wanted):
                    news: list[Delivery] = []
                    with anyio.move_on_after(pause_s):
                        news = await reader.batch()
                    for delivery in news:
                        found |= _outcomes(delivery, wanted)
                    if not news:
                        found |= await self._earlier({i: n for i, n in wanted.items() if i not in found}, batch)
                        pause_s *= 2
        return found

    async def answer(self, identity: str, name: str = "") -> Outcome | None:
        """Return what an input was answered, under the name that its bearer gave it, or None if nothing is known.

        Raises:
            BusError: the board could not be read.
        """
        return (await self._earlier({identity: name}, "")).get(identity)

    async def follow_answers(self, after: int) -> AsyncIterator[tuple[int, tuple[Outcome, ...]]]:
        """Yield the answers to this participant's inputs as they come, by whatever way those came; without names.

        ``after`` is a sequence on the board; each change of it is yielded with its own.
        """
        async for seq, envelope in self.follow_board((Receipt.KIND,), after):
            yield seq, tuple(_outcome(answer, "") for answer in _answers(envelope))

    async def _earlier(self, wanted: dict[str, str], batch: str) -> dict[str, Outcome]:
        """Return answers that were given before: on the board under the batch or the input, or as release remembers."""
        found: dict[str, Outcome] = {}
        for name in (batch, *wanted) if wanted else ():
            if name and name not in found:
                last = await self.bus.last(BOARD, subjects.board(self.participant, Receipt.KIND, name))
                found |= _outcomes(last, wanted) if last else {}
        with suppress(BusError):  # release does not run
            for identity in [i for i in wanted if i not in found]:
                with suppress(NotFound):  # not answered yet, or long ago
                    async for part in self.ask("release", "answer", {"input": identity}, timeout_s=2.0):
                        found[identity] = _outcome(_answer(part), wanted[identity])
        return found

    # -- receiving ----------------------------------------------------------------------------------------------------

    async def receive(self, *, follow: bool = False, acknowledge: bool = True) -> AsyncIterator[Received]:
        """Yield what was delivered and not read yet, by precedence as release wrote it; with ``follow``, for ever.

        Raises:
            BusError: the connection failed for good.
        """
        last = (await self.bus.state(INBOX)).last
        seen = await self.bus.progress(INBOX, READER)
        async with self.bus.consume(INBOX, READER) as consumer:
            while follow or (seen < last and await consumer.pending()):
                batch: list[Delivery] = []
                with anyio.move_on_after(None if follow else LAG_S):
                    batch = await consumer.batch()
                if not batch:
                    return
                for delivery in batch:
                    yield _received(delivery)
                if acknowledge:
                    await consumer.ack(batch)
                seen = max(seen, batch[-1].seq)

    async def board(self, kind: str = "") -> list[Envelope]:
        """Return the state now: everything of a kind that this participant may see, oldest change first."""
        found: dict[str, Envelope] = {}
        async with self.bus.read(BOARD, (subjects.board_of(self.participant, kind),)) as reader:
            while await reader.pending():
                for delivery in await reader.batch():
                    found[delivery.subject] = registry.envelope(delivery.data)
        return list(found.values())

    async def follow_board(self, kinds: Sequence[str], after: int = 0) -> AsyncIterator[tuple[int, Envelope]]:
        """Yield the state and then every change of it, with its sequence on the board."""
        patterns = tuple(subjects.board_of(self.participant, kind) for kind in kinds)
        async with self.bus.read(BOARD, patterns, after=after) as reader:
            while True:
                for delivery in await reader.batch():
                    yield delivery.seq, registry.envelope(delivery.data)

    # -- answering ----------------------------------------------------------------------------------------------------

    async def acknowledge(
        self, order: Reference, step: Any, *, on_behalf_of: str = "", speaker: str = "", **fields: Any
    ) -> Outcome:
        """Acknowledge an order in one of the four steps; for another participant, as in `send`."""
        body = Acknowledgement(of=order, step=step, **fields)
        return await self.publish(self._own(body, f"{order.id}:{order.revision}:{step}", on_behalf_of, speaker))

    async def act(self, action: Action, *, on_behalf_of: str = "", speaker: str = "") -> Outcome:
        """Do something with a card, in the revision that was seen; for another participant, as in `send`."""
        about = f"{action.alert}:{action.seen_rev}:{action.verb}"
        return await self.publish(self._own(action, about, on_behalf_of, speaker))

    def _own(self, body: Acknowledgement | Action, about: str, on_behalf_of: str, speaker: str) -> Envelope:
        content = hashlib.sha256(registry.encode(body)).hexdigest()[:12]
        author = on_behalf_of or self.participant
        return registry.pack(body, id=f"{author}-{body.KIND}-{about}-{content}", originator=author, spoken_by=speaker)

    async def ask(
        self, service: str, verb: str, body: object = None, *, timeout_s: float = 30.0
    ) -> AsyncIterator[bytes]:
        """Ask a service and yield the parts of its answer.

        Raises:
            NoAnswer: that service does not run.
            Forbidden, NotFound, BusError: it said no, and why.
        """
        data = registry.encode(body) if body is not None else b""
        async for part in self.bus.ask(subjects.ask(self.participant, service, verb), data, timeout_s=timeout_s):
            if part.data:
                yield part.data

    async def rows(
        self, service: str, verb: str, body: object = None, *, timeout_s: float = 30.0
    ) -> AsyncIterator[dict[str, Any]]:
        """Ask a service and yield the rows of its answer, one JSON object each; raises as `ask`."""
        async for part in self.ask(service, verb, body, timeout_s=timeout_s):
            for line in filter(None, part.split(b"\n")):
                yield msgspec.json.decode(line)

    async def is_served(self, service: str) -> bool:
        """Say whether a service runs."""
        try:
            async for _ in self.ask(service, "status", timeout_s=2.0):
                return True
        except NoAnswer:
            return False
        return False


def _typed(on_behalf_of: str, speaker: str) -> dict[str, str]:
    """Return the headers of what is typed in for another participant."""
    found = {ON_BEHALF_OF: on_behalf_of} if on_behalf_of else {}
    return found | ({SPOKEN_BY: quote(speaker)} if on_behalf_of and speaker else {})


def _batch(items: Sequence[Item]) -> str:
    return "b-" + hashlib.sha256("".join(sorted(map(input_id, items))).encode()).hexdigest()[:40]


def _ascii(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:200]


def _oversize(item: Item) -> Oversize:
    return Oversize(
        sha256=item.sha256 or hashlib.sha256(item.data).hexdigest(),
        size=max(len(item.data), item.size),
        head=item.data[:HEAD],
        format=item.format,
        limit=LIMIT,
    )


def _received(delivery: Delivery) -> Received:
    return Received(
        seq=delivery.seq,
        log_seq=int(delivery.headers.get("Log-Seq", "0")),
        precedence=subjects.parse(delivery.subject).rest[0],
        envelope=registry.envelope(delivery.data),
    )


def _outcomes(delivery: Delivery, wanted: dict[str, str]) -> dict[str, Outcome]:
    answers = _answers(registry.envelope(delivery.data))
    return {a.input: _outcome(a, wanted[a.input]) for a in answers if a.input in wanted}


def _answers(envelope: Envelope) -> Sequence[Answer | Refusal]:
    """Return the answers that stand on a board together."""
    body = registry.body(envelope)
    if isinstance(body, Refusal):
        return (body,)
    return body.answers if isinstance(body, Receipt) else ()


def _outcome(answer: Answer | Refusal, name: str) -> Outcome:
    if isinstance(answer, Refusal):
        return Outcome(
            name=name, input=answer.input, accepted=False, path=answer.path, why=answer.why, hint=answer.hint
        )
    return Outcome(
        name=name,
        input=answer.input,
        accepted=True,
        ids=answer.ids,
        positions=answer.positions,
        losses=answer.losses,
        warnings=tuple(f"{w.path}: {w.text}" for w in answer.warnings),
    )


def _answer(data: bytes) -> Answer | Refusal:
    """Decode what release remembers; only a refusal has a reason."""
    if "why" in msgspec.json.decode(data):
        return msgspec.json.decode(data, type=Refusal)
    return msgspec.json.decode(data, type=Answer)
