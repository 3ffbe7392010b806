"""A delivery in its channel's format and language. Pure: an envelope and a profile in, bytes out.

1. What the format can write, it writes. A message that was read in that very format is written anew: the original holds
   what release has left out.
2. What it cannot write goes as words between people, where the format has such; else as plain text.
3. What a form has no place for is added as text, where the format takes several messages.
4. Nothing is cut. What is too long is replaced by a notice that says so, what it is, and whom to ask.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

import msgspec

import adapters
from adapters.base import Adapter, Loss, Rejected, suffix_of
from coordinator import log
from coordinator.client import Outcome
from coordinator.errors import Undelivered
from coordinator.gates import readable, words
from coordinator.gates.backlog import urgency
from coordinator.gates.profiles import Profile
from coordinator.gates.visible import short
from coordinator.ports import ID, Delivery, Departure
from coordinator.texts import say
from coordinator.topology import COORD
from schemas import registry, subjects
from schemas.alerts import Alert
from schemas.envelope import Envelope, UnitRef
from schemas.findings import Finding
from schemas.reports import PositionReport, TextMessage
from schemas.subjects import Precedence
from schemas.time import TimeValue

NATIVE: Final = "native"
TEXT: Final = "text"
PLAIN: Final = ".txt"
SEVERAL: Final = frozenset({"cot", "mtf"})
"""Formats in which a message may be followed by another one."""
ONLY: Final = frozenset({"tak", "short"})
"""Bearers that carry their channel's format and nothing else."""
ROOMS: Final = {"cot": "All Chat Rooms"}
"""Where words between people are shown, in formats that have rooms."""
_LABELLED: Final = frozenset({TEXT, "short"})  # formats whose labels are in the language of the message
_NEEDLESS: Final = (
    ".participant",
    ".originator",
    ".scheme",
    ".raw",
    ".form",
    ".quality",
    ".ce_m",
    ".key",
    ".precision",
)
_BESIDE: Final = ("texts", "ack_required")  # of the message, not of its body
_NAME: Final = 64  # characters of an id in a file name
_log = log.get("gates")


class Written(NamedTuple):
    """Bytes in a format, the suffix of a file of it, and how many values it has no place for."""

    data: bytes
    format: str
    suffix: str
    left_out: int = 0


class Task(NamedTuple):
    """What is to be written, and how. ``at`` is when it was delivered, microseconds UTC."""

    envelope: Envelope
    precedence: Precedence
    at: int
    profile: Profile


def departure(delivery: Delivery, profile: Profile) -> Departure:
    """Return a delivery as its channel carries it.

    Raises:
        Undelivered: not even a notice of it fits.
    """
    envelope = registry.envelope(delivery.data)
    precedence = urgency(delivery)
    written = render(Task(envelope, precedence, delivery.time, profile))
    identity = delivery.headers.get(ID) or f"{profile.participant}-{delivery.seq}"
    name = f"{delivery.seq:010d}-{precedence}-{envelope.kind}-{_safe(readable.identity(envelope))}{written.suffix}"
    subject = readable.subject(envelope, precedence)
    if written.left_out:
        subject += f" [{say('label-left', profile.language)}: {written.left_out}]"
    return Departure(identity, name, subject, written.data, written.format, precedence)


def answer(outcome: Outcome, precedence: Precedence, at: int, profile: Profile) -> Departure:
    """Return an owed answer as its channel carries it.

    Raises:
        Undelivered: it does not fit.
    """
    answered = words.answered(outcome, profile.language)
    title, last = answered.text.splitlines()[0], answered.text.splitlines()[-1]
    if profile.format == NATIVE:
        written = Written(answered.data + b"\n", NATIVE, ".json")
    else:
        texts = (answered.text + "\n", f"{title}\n{last}\n", f"{last}\n")
        written = words_of(texts, f"answer-{outcome.input}", at, profile)
    name = f"answer-{_safe(outcome.name)}-{outcome.input[-12:]}{written.suffix}"
    subject = short(title, readable.WIDTH)
    return Departure(f"answer-{outcome.input}", name, subject, written.data, written.format, precedence)


def render(task: Task) -> Written:
    """Return a message in a channel's format, or the most of it that fits.

    Raises:
        Undelivered: not even a notice of it fits.
    """
    written = _formatted(task)
    if written is not None and _fits(written, task.profile):
        return written
    full = readable.readable(task.envelope, task.precedence, task.profile.language)
    size = len(written.data) if written is not None else len(full.encode())
    texts = [] if written is not None else [full]
    return words_of((*texts, *_notices(task, size)), f"{task.envelope.id}-text", task.at, task.profile)


# -- in the format ----------------------------------------------------------------------------------------------------


def _formatted(task: Task) -> Written | None:
    """Return a message in the channel's format; None if that cannot write it."""
    adapter = adapters.adapter(task.profile.format)
    if task.envelope.kind not in adapter.writes and task.profile.format != NATIVE:
        return None
    try:
        return _encoded(task, adapter)
    except Rejected:
        return None
    except Exception:  # one message that breaks a format must not stop the channel
        _log.exception("message broke a format", format=task.profile.format, id=task.envelope.key)
        return None


def _encoded(task: Task, adapter: Adapter) -> Written:
    message = _in_language(task.envelope, task.profile)
    encoded = adapter.encode((message,), {})
    lost = _lost(message, encoded.losses)
    lang = task.profile.language
    below = f"{say('label-left', lang)}:\n{readable.leaves(message, lost)}" if lost else ""
    if adapter.name == TEXT:  # no template says who sends
        origin = f"{say('label-origin', lang)}: {message.originator}\n"
        return Written(encoded.data + f"\n{origin}{below}".encode(), TEXT, PLAIN)
    if not lost:
        return Written(encoded.data, adapter.name, suffix_of(adapter, encoded.data))
    if adapter.name in SEVERAL:
        text = f"{readable.head(message, task.precedence)}\n{below}"
        both = (message, _words(text, f"{message.id}-text", task.at, task.profile))
        data = adapter.encode(both, {}).data
        return Written(data, adapter.name, suffix_of(adapter, data))
    return Written(encoded.data, adapter.name, suffix_of(adapter, encoded.data), len(lost))


def _in_language(envelope: Envelope, profile: Profile) -> Envelope:
    """Return a message in the language of its labels; the words in it stay as their author wrote them."""
    if envelope.kind in (Alert.KIND, Finding.KIND):
        return msgspec.structs.replace(envelope, lang=profile.said_in)
    if profile.format in _LABELLED:
        return msgspec.structs.replace(envelope, lang=profile.language.partition("-")[0])
    return envelope


def _lost(message: Envelope, losses: Sequence[Loss]) -> frozenset[str]:
    """Return the paths of what a format has no place for and a reader must know; "" is all of it."""
    paths = {loss.path.removeprefix(message.key).removeprefix(": ") for loss in losses}
    beside = {p for p in paths if p.startswith(_BESIDE)}
    if message.kind == PositionReport.KIND:  # the next one comes soon
        return frozenset(beside)
    return frozenset(beside | {p.removeprefix("body.") for p in paths if p in ("", "body") or _matters(p)})


def _matters(path: str) -> bool:
    return path.startswith("body.") and not path.endswith(_NEEDLESS)


# -- in words ---------------------------------------------------------------------------------------------------------


def words_of(texts: Sequence[str], identity: str, at: int, profile: Profile) -> Written:
    """Return the first of some texts, each shorter than the one before, that fits, as the channel carries words.

    Raises:
        Undelivered: not even the last one fits.
    """
    for text in texts:
        for written in _as_words(text, identity, at, profile):
            if _fits(written, profile):
                return written
    size = len(texts[-1].encode())
    raise Undelivered(f"not even {size} bytes of notice fit; the channel takes {profile.limit}", retry=False)


def _as_words(text: str, identity: str, at: int, profile: Profile) -> Iterator[Written]:
    """Yield a text as a message of the format, if that has one, and as plain text where the bearer takes any file."""
    adapter = adapters.adapter(profile.format)
    if profile.format != TEXT and TextMessage.KIND in adapter.writes:
        with suppress(Rejected):
            data = adapter.encode((_words(text, identity, at, profile),), {}).data
            yield Written(data, adapter.name, suffix_of(adapter, data))
    if profile.channel.kind not in ONLY:
        yield Written(text.encode(), TEXT, PLAIN)


def _words(text: str, identity: str, at: int, profile: Profile) -> Envelope:
    """Return a text as words of the bus to people."""
    body = TextMessage(
        text=text,
        room=ROOMS.get(profile.format, ""),
        at=TimeValue(utc=at),
        sender=UnitRef(id=COORD, callsign=COORD.upper()),
    )
    return registry.pack(body, id=identity[:200], originator=COORD, received_at=at, lang=profile.language)


def _notices(task: Task, size: int) -> Iterator[str]:
    """Yield what is said of something that is too long: with what it is about, and without."""
    envelope, profile = task.envelope, task.profile
    head = readable.head(envelope, task.precedence)
    who = profile.asks or say("ask-coordinator", profile.language)
    what = readable.identity(envelope)
    said = say("too-long", profile.language, size=str(size), limit=str(profile.limit), who=who, what=what)
    if gist := readable.gist(envelope):
        yield f"{head}\n{gist}\n{said}\n"
    yield f"{head}\n{said}\n"
    yield f"{head}\n{say('too-long-ask', profile.language, who=who)}\n"


def _fits(written: Written, profile: Profile) -> bool:
    return not profile.limit or len(written.data) <= profile.limit


def _safe(text: str) -> str:
    """Return a text as part of a file name; what had to be left out is told apart by a few digits of its hash."""
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "_", text)[:_NAME].strip("._-") or "x"
    return safe if safe == text else f"{safe}-{subjects.opaque(text)[:8]}"
