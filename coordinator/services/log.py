"""The log service: seals what the streams hold, and is the only one through which the log is read.

It chains every message of RAW, LOG and TRACKS into signed heads in SEALS, walks them again slowly (the scrubber),
and answers: how much there is, what stands there, what was refused, and a refused input once more through intake.
An operator of the mission reads everything; anybody else what it wrote itself.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from coordinator import log
from coordinator.core.sealing import NAME, Mismatch, Sealer, Verifier
from coordinator.errors import BusError, Forbidden, NotFound
from coordinator.ports import BEARER_ID, HASH, ID, LOGGED_AT, WRITTEN_BY, Bus, Delivery
from coordinator.services import afteraction, mending
from coordinator.services.base import Question, Runner, Service, Setting, logged_at, stamped
from coordinator.topology import LOG, RAW, SEALS, TRACKS
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from schemas.operations import Seal

STREAMS: Final = (RAW, LOG, TRACKS)
SCRUB_EVERY: Final = 3_600_000_000  # microseconds between two walks of the scrubber
LIMIT: Final = 100_000  # messages in one answer
PAGE: Final = 200  # inputs in one answer
PAGE_BYTES: Final = 8_000_000  # after which an answer with inputs ends; the next one goes on from there
_ROWS: Final = 200  # rows in one part of an answer
_PART: Final = 250_000  # bytes after which a part is handed out
_PIECE: Final = 500_000  # bytes of an input in one row, before base64
_SHOWN: Final = 700_000  # bytes of a message that is no JSON, in one row; the rest is asked for with `inputs`


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader asks for. Times are microseconds UTC of logging; ``kind`` filters LOG by kind."""

    stream: str = LOG
    first: int = 0
    last: int = 0
    since: int = 0
    until: int = 0
    kind: str = ""
    limit: int = LIMIT
    bodies: bool = True


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message of a stream, as an answer shows it. ``data`` is the message itself if it is JSON."""

    stream: str
    seq: int
    at: int
    subject: str
    id: str
    headers: dict[str, str] = {}
    data: msgspec.Raw = msgspec.Raw(b"null")
    base64: str = ""
    size: int = 0  # if ``base64`` is only the head of so many bytes
    mended: str = ""  # of a refusal: the input that has mended the refused one since


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Some bytes of an input, exactly as it came: those behind ``offset``, of ``size``. ``stored`` is RAW's clock."""

    seq: int
    at: int
    stored: int
    subject: str
    headers: dict[str, str]
    size: int
    offset: int
    base64: str


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """How much a stream holds and how far seals vouch for it."""

    stream: str
    messages: int
    bytes: int
    first: int
    last: int
    sealed: int


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """Which refused input goes through intake again."""

    input: str


def is_signed(seal: Seal, text: bytes) -> bool:
    """Say whether a seal's signature is of the key that it names (Ed25519)."""
    try:
        public = base64.b32decode(seal.key + "=" * (-len(seal.key) % 8))[1:-2]  # between the prefix and the checksum
        VerifyKey(public).verify(text, base64.b64decode(seal.signature))
    except (BadSignatureError, ValueError):
        return False
    return True


async def verify(bus: Bus, stream: str, trusted: str = "") -> tuple[Verifier, list[Mismatch]]:
    """Walk a whole stream beside its seals; ``trusted`` is the only key that may have signed them, if given."""
    seals = [seal async for seal in _seals(bus, stream)]
    verifier = Verifier(
        stream, seals, lambda s, t: (not trusted or s.key == trusted) and is_signed(s, t), own_hashes=stream != RAW
    )
    async for delivery in walk(bus, stream, subjects.EVERYTHING):
        verifier.add(delivery.seq, delivery.subject, delivery.headers, delivery.data)
    return verifier, verifier.finish()


async def walk(bus: Bus, stream: str, patterns: Iterable[str], after: int = 0) -> AsyncIterator[Delivery]:
    """Yield what a stream holds now, in sequence; what is written meanwhile may or may not be included."""
    async with bus.read(stream, tuple(patterns), after=after) as reader:
        while await reader.pending():
            for delivery in await reader.batch():
                yield delivery


async def _seals(bus: Bus, stream: str) -> AsyncIterator[Seal]:
    async for delivery in walk(bus, SEALS, (subjects.seal(stream),)):
        body = registry.body(registry.envelope(delivery.data))
        if isinstance(body, Seal):
            yield body


# -- answers ----------------------------------------------------------------------------------------------------------


async def _stat(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    _operator(runner, question)
    for stream in (*STREAMS, SEALS):
        state = await runner.bus.state(stream)
        lane = runner.core.lanes.get(stream)
        yield registry.encode(Holding(stream=stream, sealed=lane.sealed if lane else 0, **state._asdict()))


async def _show(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    wanted = _range(question)
    rows: list[bytes] = []
    count = size = 0
    async for delivery in walk(runner.bus, wanted.stream, _patterns(wanted), max(0, wanted.first - 1)):
        if (wanted.last and delivery.seq > wanted.last) or count >= wanted.limit:
            break
        if _is_meant(delivery, wanted) and _may_read(runner, question, delivery):
            row = registry.encode(entry(delivery, bodies=wanted.bodies))
            if rows and size + len(row) > _PART:
                yield b"\n".join(rows)
                rows, size = [], 0
            rows.append(row)
            count, size = count + 1, size + len(row)
        if len(rows) >= _ROWS:
            yield b"\n".join(rows)
            rows, size = [], 0
    if rows:
        yield b"\n".join(rows)


async def _inputs(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Answer with inputs byte for byte, in pieces: at most a page of them; whoever wants more asks from there on."""
    wanted = _range(question)
    count = size = 0
    async for delivery in _raw(runner.bus, wanted):
        if (wanted.last and delivery.seq > wanted.last) or count >= min(wanted.limit, PAGE) or size >= PAGE_BYTES:
            break
        if _in_time(delivery, wanted) and _may_read(runner, question, delivery):
            for piece in _pieces(delivery):
                yield registry.encode(piece)
            count, size = count + 1, size + len(delivery.data)


async def _raw(bus: Bus, wanted: Range) -> AsyncIterator[Delivery]:
    if wanted.first and wanted.first == wanted.last:
        if (found := await bus.get(RAW, wanted.first)) is not None:
            yield found
        return
    async for delivery in walk(bus, RAW, subjects.ALL_RAW, max(0, wanted.first - 1)):
        yield delivery


def _pieces(delivery: Delivery) -> Iterable[Piece]:
    for offset in range(0, max(1, len(delivery.data)), _PIECE):
        yield Piece(
            seq=delivery.seq,
            at=logged_at(delivery),
            stored=delivery.time,
            subject=delivery.subject,
            headers=delivery.headers,
            size=len(delivery.data),
            offset=offset,
            base64=base64.b64encode(delivery.data[offset : offset + _PIECE]).decode(),
        )


async def _verify(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    _operator(runner, question)
    for stream in STREAMS:
        verifier, mismatches = await verify(runner.bus, stream, runner.setting.key)
        result = {"stream": stream, "last": verifier.last, "sealed": verifier.covered, "mismatches": mismatches}
        yield registry.encode(result)


async def _refusals(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    mended = await _mended(runner)
    async for delivery in walk(runner.bus, LOG, (subjects.ALL_REFUSALS,)):
        if _may_read(runner, question, delivery):
            by = mended.get(_refused_input(delivery), "") if mended else ""
            yield registry.encode(msgspec.structs.replace(entry(delivery), mended=by))


async def _mended(runner: Runner) -> dict[str, str]:
    """Return the refused inputs that an operator has mended since, each with the input that did it."""
    operators = [subjects.raw_of(p.id) for p in runner.setting.mission.participants if p.operator]
    if not operators:
        return {}
    sent = [
        (delivery.headers.get(ID, ""), name)
        async for delivery in walk(runner.bus, RAW, operators)
        if (name := delivery.headers.get(BEARER_ID, "")).startswith(mending.MENDS)
    ]
    if not sent:
        return {}
    refused = {_refused_input(d) async for d in walk(runner.bus, LOG, (subjects.ALL_REFUSALS,))}
    return mending.mended(sent, refused)


def _refused_input(delivery: Delivery) -> str:
    body = registry.body(registry.envelope(delivery.data))
    return body.input if isinstance(body, Refusal) else ""


async def _refused(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    refusal, participant, at = await _find(runner, question)
    raw = await runner.bus.get(RAW, refusal.raw_seq)
    head = base64.b64encode(raw.data[:4096]).decode() if raw else ""
    yield registry.encode({"participant": participant, "at": at, "refusal": refusal, "head": head})


async def _retry(runner: Runner, question: Question) -> AsyncIterator[bytes]:
    """Send a refused input through intake once more, under an id that names the rules: once per version of them."""
    refusal, _, _ = await _find(runner, question)
    raw = await runner.bus.get(RAW, refusal.raw_seq)
    if raw is None:
        raise NotFound(f'the bytes of "{refusal.input}" are not kept any more')
    identity = "r-" + hashlib.sha256(f"{refusal.input}\0{runner.setting.code}".encode()).hexdigest()[:32]
    kept = {k: v for k, v in raw.headers.items() if k not in (ID, HASH, LOGGED_AT, WRITTEN_BY)}
    headers = kept | {LOGGED_AT: str(runner.clock.now())}
    [stored] = await runner.bus.publish([stamped(raw.subject, raw.data, identity, headers)])
    yield registry.encode({"input": identity, "retried": refusal.input, "duplicate": stored.duplicate})


async def _find(runner: Runner, question: Question) -> tuple[Refusal, str, int]:
    wanted = msgspec.json.decode(question.body, type=Retry).input
    async for delivery in walk(runner.bus, LOG, (subjects.ALL_REFUSALS,)):
        body = registry.body(registry.envelope(delivery.data))
        if isinstance(body, Refusal) and body.input == wanted and _may_read(runner, question, delivery):
            return body, subjects.parse(delivery.subject).participant, logged_at(delivery)
    raise NotFound(f'no refused input "{wanted}"; `coordinator quarantine list` shows them')


def entry(delivery: Delivery, *, bodies: bool = True) -> Entry:
    """Return a message of a stream as an answer shows it."""
    fields: dict[str, Any] = {}
    if bodies and delivery.data[:1] in (b"{", b"[") and b"\n" not in delivery.data:  # a row is one line
        with suppress(msgspec.DecodeError):
            msgspec.json.decode(delivery.data, type=msgspec.Raw)
            fields["data"] = msgspec.Raw(delivery.data)
    if bodies and "data" not in fields:
        fields["base64"] = base64.b64encode(delivery.data[:_SHOWN]).decode()
        fields["size"] = len(delivery.data) if len(delivery.data) > _SHOWN else 0
    return Entry(
        stream=delivery.stream,
        seq=delivery.seq,
        at=logged_at(delivery),
        subject=delivery.subject,
        id=delivery.headers.get(ID, ""),
        headers=delivery.headers,
        **fields,
    )


def _range(question: Question) -> Range:
    try:
        wanted = msgspec.json.decode(question.body or b"{}", type=Range)
    except msgspec.MsgspecError as error:
        raise BusError(f"the question cannot be read: {error}") from None
    if wanted.stream not in (*STREAMS, SEALS):
        raise NotFound(f'there is no stream "{wanted.stream}"; there are: {", ".join((*STREAMS, SEALS))}')
    return wanted


_BY_SERVICES: Final = {
    "refusal": subjects.ALL_REFUSALS, "finding": subjects.ALL_FINDINGS, "alert": subjects.ALL_ALERTS,
    "presence": subjects.ALL_PRESENCE, "delivery": subjects.ALL_PRESENCE, "inquiry": subjects.ALL_INQUIRIES,
    "whereabouts": subjects.ALL_WHEREABOUTS, "config": subjects.CONFIG,
}  # fmt: skip
"""Where kinds of services stand; those of participants are records."""


def _patterns(wanted: Range) -> tuple[str, ...]:
    if wanted.stream != LOG or not wanted.kind:
        return subjects.EVERYTHING
    return (_BY_SERVICES.get(wanted.kind) or subjects.records(wanted.kind),)


def _is_meant(delivery: Delivery, wanted: Range) -> bool:
    """Say whether a message is of the kind and time that are asked for; two kinds share one subject."""
    if wanted.stream == LOG and _BY_SERVICES.get(wanted.kind) == subjects.ALL_PRESENCE:
        return _in_time(delivery, wanted) and registry.envelope(delivery.data).kind == wanted.kind
    return _in_time(delivery, wanted)


def _in_time(delivery: Delivery, wanted: Range) -> bool:
    at = logged_at(delivery)
    return wanted.since <= at and (not wanted.until or at <= wanted.until)


def _may_read(runner: Runner, question: Question, delivery: Delivery) -> bool:
    if _is_operator(runner, question.participant):
        return True
    return subjects.parse(delivery.subject).participant == question.participant


def _is_operator(runner: Runner, participant: str) -> bool:
    known = runner.setting.mission.by_id.get(participant)
    return known is not None and known.operator


def _operator(runner: Runner, question: Question) -> None:
    if not _is_operator(runner, question.participant):
        raise Forbidden("ask the log service for", question.verb)


# -- scrubber ---------------------------------------------------------------------------------------------------------


async def scrub(runner: Runner) -> None:
    """Walk every stream beside its seals, again and again, and say aloud what differs."""
    logger = log.get("scrubber")
    while True:
        await runner.clock.sleep_until(runner.clock.now() + SCRUB_EVERY)
        for stream in STREAMS:
            verifier, mismatches = await verify(runner.bus, stream, runner.setting.key)
            for mismatch in mismatches:
                logger.error(
                    "integrity lost", stream=stream, first=mismatch.first, last=mismatch.last, what=mismatch.what
                )
            logger.debug("stream scrubbed", stream=stream, last=verifier.last, mismatches=len(mismatches))


def _ledgers(_: Setting) -> Mapping[str, tuple[str, str]]:
    return {subjects.seal(stream): (SEALS, subjects.seal(stream)) for stream in STREAMS}


SERVICE: Final = Service(
    name=NAME,
    about="chains and seals every message, scrubs the streams, answers readers of the log",
    reads=dict.fromkeys((LOG, RAW, TRACKS), subjects.EVERYTHING),  # LOG first: it says what time it is
    writes=subjects.ALL_SEALS,
    build=lambda setting: Sealer(STREAMS, setting.sign, setting.key),
    answers={
        "stat": _stat,
        "show": _show,
        "inputs": _inputs,
        "verify": _verify,
        "quarantine": _refusals,
        "refused": _refused,
        "retry": _retry,
        "after-action": afteraction.answer,
    },
    opens=False,
    ledgers=_ledgers,
    observe=scrub,
)
