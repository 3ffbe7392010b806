"""What a participant's own connection has received, written to the log; and how far deliveries are, for who may ask.

``ask.<p>.presence.deliveries`` answers with `Row`s about one card, one order, or everything open on the board of `<p>`:
whoever is named on the card or order as `<p>` sees it. By which channel, and why it failed, is told to the recipient
itself, whoever directs it, their duty desks, and operators; others see how far it is.
``ask.<p>.presence.failures`` answers with what channels will never take, likewise.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Final

import msgspec

from coordinator.core.deliveries import CARD, FOLLOWED, ORDER, OWN, Book, Slot, about, best
from coordinator.core.faces import OVER
from coordinator.core.mission import Mission
from coordinator.core.step import Effect
from coordinator.errors import BusError, NotFound
from coordinator.ports import Bus, Delivery
from coordinator.services.base import Question, Runner, outgoing
from coordinator.services.ledgers import cause
from coordinator.topology import BOARD, INBOX, READER, of
from schemas import deliveries, registry, subjects
from schemas.alerts import Alert
from schemas.deliveries import Handover, Progress
from schemas.directives import Directive
from schemas.envelope import Envelope
from schemas.subjects import PRECEDENCES, Precedence

GONE: Final = "gone"
AT_ONCE: Final = 2_000  # steps of one participant in one look; the next look goes on from there


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """About what: a card, or an order, or everything that is open. ``since`` is for failures."""

    card: str = ""
    order: str = ""
    every: bool = False  # also what was seen, and cards that are over
    since: int = 0


class Row(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one thing is on its way to one participant; by one channel where the asker may know, else by any."""

    kind: str
    id: str
    participant: str
    state: Progress
    at: int  # microseconds UTC: since when
    channel: str = ""
    bearer: str = ""  # "own" is its own connection, "gone" a channel that the mission has no more; "" is any
    revision: int = 0
    precedence: str = ""
    why: str = ""
    repeated: bool = False
    what: str = ""


# -- what its own connection has received -----------------------------------------------------------------------------


async def report(runner: Runner, book: Book, reported: dict[str, int], mission: Mission) -> None:
    """Write which cards and orders each participant's own connection has received since the last look."""
    for participant in sorted(mission.by_id):
        try:
            floor = await runner.bus.progress(of(participant, INBOX), READER)
        except NotFound:  # its streams are not there yet
            continue
        before = max(book.read_up_to(participant), reported.get(participant, 0))
        if floor > before:
            now = runner.clock.now()
            steps, upto = await _received(runner.bus, participant, before, floor, now)
            last = await runner.bus.get(of(participant, INBOX), upto)
            body = deliveries.Delivery(
                participant=participant, steps=tuple(steps), read_up_to=upto, read_to=cause(last.headers) if last else 0
            )
            effect = Effect(subjects.presence(participant), body, participant, f"read:{upto}", 0)
            await runner.bus.publish([outgoing(effect, runner.service.name, now)])
            reported[participant] = upto


async def _received(bus: Bus, participant: str, after: int, floor: int, now: int) -> tuple[list[Handover], int]:
    patterns = tuple(subjects.deliveries_of(participant, kind) for kind in sorted(FOLLOWED))
    steps: list[Handover] = []
    async with bus.read(of(participant, INBOX), patterns, after=after) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                if delivery.seq > floor:
                    return steps, floor
                if step := _step(delivery, now):
                    steps.append(step)
                if len(steps) >= AT_ONCE:
                    return steps, delivery.seq
    return steps, floor


def _step(delivery: Delivery, now: int) -> Handover | None:
    try:
        envelope = registry.envelope(delivery.data)
        identity, revision = about(envelope)
    except msgspec.MsgspecError:
        return None
    said = subjects.parse(delivery.subject).rest[0]
    precedence: Precedence = next(p for p in PRECEDENCES if p == said)
    return Handover(kind=envelope.kind, id=identity, revision=revision, seq=delivery.seq, state="delivered", at=now,
                    precedence=precedence)  # fmt: skip


# -- answers ----------------------------------------------------------------------------------------------------------


async def asked(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer how far deliveries are."""
    wanted, book, mission = _wanted(question), runner.core.book, runner.core.mission
    things = await _things(runner.bus, question.participant, wanted)
    if (wanted.card or wanted.order) and not things:
        raise NotFound(f'no card or order "{wanted.card or wanted.order}" on your board')
    for envelope in things:
        for row in _rows(envelope, question.participant, book, mission):
            if wanted.every or wanted.card or wanted.order or row.state != "seen":
                yield registry.encode(row)


async def failures(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer with what channels will never take, since a time."""
    for failure in runner.core.book.failures(_wanted(question).since):
        if cleared(question.participant, failure.participant, runner.core.mission):
            yield registry.encode(Row(state="failed", **failure._asdict()))


def _wanted(question: Question) -> Asked:
    try:
        return msgspec.json.decode(question.body or b"{}", type=Asked)
    except msgspec.MsgspecError as error:
        raise BusError(f"the question cannot be read: {error}") from None


async def _things(bus: Bus, asker: str, wanted: Asked) -> list[Envelope]:
    """Return the cards and orders that are meant, as they stand on the asker's own board."""
    if wanted.card:
        last = await bus.last(of(asker, BOARD), subjects.board(asker, CARD, wanted.card))
        return [registry.envelope(last.data)] if last else []
    kinds = (ORDER,) if wanted.order else (CARD, ORDER)
    found: dict[tuple[str, str], Envelope] = {}
    async with bus.read(of(asker, BOARD), tuple(subjects.board_of(asker, kind) for kind in kinds)) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                envelope = registry.envelope(delivery.data)
                identity, _ = about(envelope)
                if wanted.order in ("", identity):
                    found[envelope.kind, identity] = envelope
    return [e for e in found.values() if wanted.every or wanted.order or _is_open(e)]


def _is_open(envelope: Envelope) -> bool:
    body = registry.body(envelope)
    return not (isinstance(body, Alert) and (body.work in OVER or body.merged_into)) and envelope.status != "cancel"


def _rows(envelope: Envelope, asker: str, book: Book, mission: Mission) -> Iterator[Row]:
    identity, revision = about(envelope)
    body = registry.body(envelope)
    what = body.headline if isinstance(body, Alert) else envelope.summary
    known = book.of(envelope.kind, identity)
    for participant, since in recipients(envelope, asker).items():
        ways = _ways(envelope, participant, known.get(participant, {}), book, mission)
        slots = {channel: slot or Slot(state="queued", at=since, revision=revision) for channel, slot in ways.items()}
        if cleared(asker, participant, mission):
            shown = list(slots.items())
        else:
            furthest = best(slots.values())
            shown = [("", msgspec.structs.replace(furthest, why=""))] if furthest else []
        bearers = {c.name: c.kind for p in (mission.by_id.get(participant),) if p for c in p.channels}
        for channel, slot in shown:
            own = "own" if channel == OWN and cleared(asker, participant, mission) else GONE if channel else ""
            yield Row(
                kind=envelope.kind, id=identity, participant=participant, state=slot.state, at=slot.at,
                channel=channel, bearer=bearers.get(channel, own), revision=slot.revision,
                precedence=envelope.precedence or "", why=slot.why, repeated=slot.repeated, what=what[:200],
            )  # fmt: skip


def recipients(envelope: Envelope, asker: str) -> dict[str, int]:
    """Return who is named as told on a card, or as meant by an order, and since when; and whoever asks."""
    since = envelope.received_at or 0
    match registry.body(envelope):
        case Alert() as card:
            named = {told.participant: told.since for told in card.told}
        case Directive(performers=performers):
            acting = (unit.participant for unit in performers if unit.participant)
            named = dict.fromkeys([*(a.to for a in envelope.addressees), *acting], since)
        case _:
            named = {a.to: since for a in envelope.addressees}
    named.setdefault(asker, since)
    named.pop(envelope.originator, None)
    return named


def _ways(
    envelope: Envelope, participant: str, known: dict[str, Slot], book: Book, mission: Mission
) -> dict[str, Slot | None]:
    """Return every way on which a thing is or should be on its way; of a connection that nobody uses, nothing."""
    member = mission.by_id.get(participant)
    rank = PRECEDENCES.index(envelope.precedence or "routine")
    carrying = [
        c.name
        for c in (member.channels if member else ())
        if (not c.carries or envelope.kind in c.carries) and rank <= PRECEDENCES.index(c.precedence)
    ]
    own = [OWN] if not carrying or book.read_up_to(participant) or OWN in known else []
    return {channel: known.get(channel) for channel in dict.fromkeys((*own, *carrying, *known))}


def cleared(asker: str, participant: str, mission: Mission) -> bool:
    """Say whether somebody may know by which channels a participant is reached: itself, its chain, their desks."""
    member = mission.by_id.get(asker)
    above = (participant, *mission.superiors(participant))
    return asker in above or mission.stands_for(asker) in above or bool(member and member.operator)
