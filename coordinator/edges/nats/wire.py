"""What stands on the wire: commands, headers, acknowledgement subjects, answers of JetStream."""

import hashlib
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from nats.aio.msg import Msg

from coordinator.errors import BusError, Forbidden, Full, NotFound
from coordinator.ports import ID, Delivery
from schemas.subjects import ALL_BOARDS, matches

ACK: Final = b"+ACK"
NAK: Final = b"-NAK"
SENT_ID: Final = "Sent-Id"  # the id as the sender gave it, see `Ids`
ACK_PREFIX: Final = "$JS.ACK."

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# -- what we send -----------------------------------------------------------------------------------------------------


class Ids:
    """What a message's id becomes on the wire.

    Participants share RAW and so its memory of ids: whoever guesses an id and sends it first would make the server
    take the true message for a duplicate and drop it. So a participant's ids go out keyed with its own secret, still
    the same for the same message, and the plain id travels beside (`SENT_ID`) and is put back on reading.
    """

    def __init__(self, secret: bytes | None) -> None:
        """Without a secret ids go out as they are."""
        self._secret = secret

    def headers(self, subject: str, identity: str) -> dict[str, str]:
        """Return the headers that carry an id.

        The server is not to remember ids on boards: it forgets at a restart those of what was replaced, but not of
        what stands there, so it would keep an old state that is sent again and drop the newest behind it.
        """
        if matches(ALL_BOARDS, subject):
            return {SENT_ID: identity}
        if self._secret is None:
            return {ID: identity}
        keyed = hashlib.blake2b(identity.encode(), key=self._secret, digest_size=16).hexdigest()
        return {ID: keyed, SENT_ID: identity}


def publication(subject: str, reply: str, headers: bytes, data: bytes) -> bytes:
    """Return the command that publishes a message."""
    if not headers:
        return b"PUB %b %b %d\r\n%b\r\n" % (subject.encode(), reply.encode(), len(data), data)
    size = len(headers) + len(data)
    return b"HPUB %b %b %d %d\r\n%b%b\r\n" % (
        subject.encode(), reply.encode(), len(headers), size, headers, data,
    )  # fmt: skip


def acknowledgement(token: str, word: bytes) -> bytes:
    """Return the command that answers a delivery."""
    return b"PUB %b %d\r\n%b\r\n" % (token.encode(), len(word), word)


# -- what we get ------------------------------------------------------------------------------------------------------


class Failure(msgspec.Struct, frozen=True):
    """An error as JetStream words it."""

    code: int
    err_code: int = 0
    description: str = ""


class PubAck(msgspec.Struct, frozen=True):
    """The answer to a publish."""

    stream: str = ""
    seq: int = 0
    duplicate: bool = False
    error: Failure | None = None


decode_ack = msgspec.json.Decoder(PubAck).decode

# Error codes of nats-server (server/errors.json).
_FULL: Final = frozenset({10002, 10023, 10028, 10047, 10077, 10122})  # limits of account, server, stream; the disk
_PASSING: Final = frozenset({10004, 10008, 10009, 10118})  # no cluster yet, no leader, stream offline
_LASTING: Final = _FULL | {10035, 10039, 10076}  # no account, no JetStream


def problem(failure: Failure, what: str) -> BusError:
    """Translate an error of JetStream."""
    if failure.err_code in _FULL:
        return Full(f"{what}: {failure.description}")
    if failure.code == 404:
        return NotFound(f"{what}: {failure.description}")
    if failure.code == 403:
        return Forbidden(what, failure.description)
    return BusError(f"{what}: {failure.description}")


def passing(failure: Failure) -> bool:
    """Say whether a publish that failed so may succeed a moment later."""
    return failure.err_code in _PASSING or (failure.code == 503 and failure.err_code not in _LASTING)


def status(message: Msg) -> str:
    """Return the status code of a control message, or nothing."""
    return message.headers.get("Status", "") if message.headers else ""


def _restored(headers: dict[str, str]) -> dict[str, str]:
    if sent := headers.pop(SENT_ID, ""):
        headers[ID] = sent
    return headers


def delivery(message: Msg, stream: str) -> Delivery:
    """Return a message that a consumer delivered; its place stands in its acknowledgement subject.

    ``$JS.ACK.<stream>.<consumer>.<delivered>.<seq>.<consumer seq>.<time>.<pending>``, since 2.14 possibly with
    domain and account hash behind ``ACK`` and a random token at the end.
    """
    parts = message.reply.split(".")
    at = 5 if len(parts) == 9 else 7
    return Delivery(
        stream,
        int(parts[at]),
        message.subject,
        message.data,
        _restored(message.headers) if message.headers else {},
        int(parts[at + 2]) // 1000,
        message.reply,
    )


def consumer_seq(message: Msg) -> int:
    """Return the how-manieth message of its consumer this is."""
    parts = message.reply.split(".")
    return int(parts[6 if len(parts) == 9 else 8])


_PLACE: Final = (
    "Nats-Stream", "Nats-Subject", "Nats-Sequence", "Nats-Time-Stamp", "Nats-Num-Pending", "Nats-Last-Sequence",
)  # fmt: skip


def direct(message: Msg, stream: str) -> Delivery:
    """Return a message that a direct get delivered; its place stands in headers, which are taken away."""
    headers: dict[str, Any] = dict(message.headers or {})
    place = {name: headers.pop(name, "") for name in _PLACE}
    time = micros(place["Nats-Time-Stamp"])
    return Delivery(stream, int(place["Nats-Sequence"]), place["Nats-Subject"], message.data, _restored(headers), time)


def micros(stamp: str) -> int:
    """Return the microseconds UTC of an RFC 3339 time with up to nine digits."""
    whole, _, rest = stamp.rstrip("Z").partition(".")
    seconds = (datetime.fromisoformat(whole).replace(tzinfo=UTC) - _EPOCH).total_seconds()
    return int(seconds) * 1_000_000 + int(f"{rest:0<9}"[:6])
