"""The only place where streams, consumers, accounts and permissions are declared.

A topology is data derived from the participants and the realm; `edges/nats/apply.py` makes a server hold it,
`edges/serverconf.py` spells its accounts for nats-server, `edges/memory.py` obeys it directly. Three rules:

* every border between accounts is crossed by a *service*, so that the PubAck crosses too; what crosses as a mere
  feed is the wake-up that something new stands in an INBOX or on a BOARD;
* a participant's user has an allow-list; whatever is not on it does not exist;
* streams are kept by limits, refuse when full (``discard: new``) and cannot be deleted from or purged.

A participant's streams stand in a *store*, an account of its own into which nobody can log in. They cannot stand in
the account it logs into: a permission covers the subject of a request but not its reply subject, so with the streams
in reach ``STREAM.INFO`` with ``reply: board.<p>.…`` writes the answer onto its own BOARD. For the same reason (a
consumer's ``deliver_subject`` is not covered either) it may create no consumers: it shares `READER` and the durables
of its channels, and reads anything else statelessly by direct get.

Names: an *identity* is who connects, a participant id or `COORD`. A participant names its own streams plainly
(``INBOX``); COORD names them ``<participant>/INBOX`` (`of`).

Source: design §2, §9.
"""

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import msgspec

from schemas import subjects

Realm = Literal["live", "exercise"]
Operation = Literal["publish", "subscribe"]

COORD: Final = "coord"  # the identity of services
SYS: Final = "sys"  # the owner of the system account
SERVICES: Final = "services"  # the user that COORD connects as
OBSERVER: Final = "observer"  # a user of the system account that may only look
RESERVED: Final = frozenset({COORD, SYS, SERVICES, OBSERVER})

RAW: Final = "RAW"
LOG: Final = "LOG"
TRACKS: Final = "TRACKS"
SEALS: Final = "SEALS"
INBOX: Final = "INBOX"
BOARD: Final = "BOARD"
SNAPSHOTS: Final = "OBJ_snapshots"  # the stream behind the object store bucket "snapshots"
SNAPSHOT_CHUNKS: Final = "$O.snapshots.C"  # + the object's token
SNAPSHOT_NAMES: Final = "$O.snapshots.M"  # + its name in base64

INTAKE: Final = "intake"  # RAW's durable, shared by every instance of intake
READER: Final = "reader"  # INBOX's durable: how far a participant has received
GATE: Final = "gate-"  # + a channel: INBOX's durable of that channel, how far it has carried out

MAX_PAYLOAD: Final = 1024 * 1024  # bytes, headers included; larger inputs go in as `subjects.OVERSIZE`
SYSTEM_CONTACTS: Final = "$SYS.REQ.ACCOUNT.PING.STATZ"
CONTACTS: Final = "coordinator.contacts"  # COORD's name for the server's account statistics
SYSTEM_CONNECTIONS: Final = "$SYS.REQ.SERVER.PING.CONNZ"
CONNECTIONS: Final = "coordinator.connections"  # COORD's name for the server's list of connections
CHANNELS_CONNECTION: Final = "channels-"  # how the name of the connection begins whose owner runs the channels
GATE_CONNECTION: Final = "gate"  # how the name of a connection begins that is a gate's: no contact of the participant

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A stream as it must be; times in seconds, 0 or -1 for no limit as the server writes it."""

    owner: str  # COORD or a participant
    name: str
    subjects: tuple[str, ...]
    duplicate_window_s: int
    max_bytes: int = -1
    newest_only: bool = False  # keep one message per subject, the newest
    expiring: bool = False  # the header Nats-TTL is honoured
    announced: bool = False  # whatever is stored wakes its readers (`wake_prefix`)
    replaceable: bool = False  # an object store: old chunks are purged

    @property
    def account(self) -> str:
        """The key of the account it stands in."""
        return COORD if self.owner == COORD else store(self.owner)

    @property
    def qualified(self) -> str:
        """The name COORD calls it by."""
        return self.name if self.owner == COORD else of(self.owner, self.name)


class Consumer(msgspec.Struct, frozen=True, kw_only=True):
    """A durable pull consumer with explicit acknowledgement."""

    owner: str
    stream: str
    name: str
    # The n-th redelivery waits for the n-th, then for the last. The first is short: what was on its way when a link
    # broke or a process was killed is waited for, and whoever is merely slow may well get it twice.
    backoff_s: tuple[int, ...] = (10, 30, 60, 300)
    max_ack_pending: int = 10_000


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A login of an account; None for "everything in the account"."""

    name: str
    account: str
    publish: tuple[str, ...] | None = None
    subscribe: tuple[str, ...] | None = None
    denied: tuple[str, ...] = ()  # what even "everything" does not include


class Crossing(msgspec.Struct, frozen=True, kw_only=True):
    """A service of one account that another may call, there under the name ``to``."""

    exporter: str
    importer: str
    subject: str
    to: str
    streamed: bool = False  # an answer may have several parts


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one account that another hears, there under the name ``to``."""

    exporter: str
    importer: str
    subject: str
    to: str


class Topology(msgspec.Struct, frozen=True, kw_only=True):
    """Everything declared for one bus. Accounts go by keys: `SYS`, `COORD`, a participant, its `store`."""

    realm: Realm
    participants: tuple[str, ...]
    users: tuple[User, ...]
    crossings: tuple[Crossing, ...]
    feeds: tuple[Feed, ...]
    streams: tuple[Stream, ...]
    consumers: tuple[Consumer, ...]

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every account's key."""
        return (SYS, COORD, *self.participants, *map(store, self.participants))

    def account(self, key: str) -> str:
        """Return the name of an account; names differ between realms, so that one's keys mean nothing in the other."""
        return f"{self.realm}-{key.upper() if key in (COORD, SYS) else key}"

    def stream(self, identity: str, name: str) -> Stream | None:
        """Return the stream that an identity means by a name."""
        owner, _, plain = name.rpartition("/")
        if owner and identity != COORD:
            return None
        wanted = (owner or identity, plain)
        return next((s for s in self.streams if (s.owner, s.name) == wanted), None)

    def consumer(self, identity: str, stream: str, durable: str) -> Consumer | None:
        """Return the durable that an identity means by a stream's and its own name."""
        found = self.stream(identity, stream)
        wanted = (found.owner, found.name, durable) if found else None
        return next((c for c in self.consumers if (c.owner, c.stream, c.name) == wanted), None)

    def user(self, identity: str) -> User:
        """Return the user that an identity connects as."""
        name = SERVICES if identity == COORD else identity
        return next(u for u in self.users if u.name == name)

    def reach(self, identity: str, subject: str) -> str:
        """Return the key of the account in which a message of an identity ends up."""
        for crossing in self.crossings:
            if crossing.importer == identity and subjects.matches(crossing.to, subject):
                return crossing.exporter
        return identity

    def storing(self, identity: str, subject: str) -> Stream | None:
        """Return the stream that keeps what an identity publishes there."""
        account = self.reach(identity, subject)
        there = (s for s in self.streams if s.account == account)
        return next((s for s in there if any(subjects.matches(p, subject) for p in s.subjects)), None)

    def permits(self, identity: str, operation: Operation, subject: str) -> bool:
        """Say whether an identity's user may publish or subscribe there."""
        return _permits(self.user(identity), operation, subject)


def of(participant: str, stream: str) -> str:
    """Return the name by which COORD calls a participant's stream."""
    return f"{participant}/{stream}"


def store(participant: str) -> str:
    """Return the key of the account that holds a participant's streams; no participant can have this name."""
    return f"{participant}.store"


def build(
    participants: Iterable[str],
    realm: Realm = "live",
    *,
    max_bytes: Mapping[str, int] | None = None,
    channels: Mapping[str, Iterable[str]] | None = None,
) -> Topology:
    """Return the topology of a bus; ``max_bytes`` limits streams by name, the disk limits the others.

    ``channels`` names the channels by which what is delivered to a participant goes out.

    Raises:
        SubjectError: a participant id cannot stand in a subject.
        ValueError: a participant has a reserved name.
    """
    ids = tuple(sorted({subjects.token(p) for p in participants}))
    if taken := RESERVED.intersection(ids):
        raise ValueError(f'"{min(taken)}" is reserved and cannot name a participant')
    limits = max_bytes or {}
    looks = ((SYSTEM_CONTACTS, CONTACTS), (SYSTEM_CONNECTIONS, CONNECTIONS))
    return Topology(
        realm=realm,
        participants=ids,
        users=(User(name=SERVICES, denied=_NEVER, account=COORD), _observer(), *map(_user, ids)),
        crossings=(
            *(Crossing(exporter=SYS, importer=COORD, subject=look, to=to, streamed=True) for look, to in looks),
            *(c for p in ids for c in _crossings(p)),
        ),
        feeds=tuple(f for p in ids for f in _feeds(p)),
        streams=(*_coord_streams(limits), *(s for p in ids for s in _participant_streams(p, limits))),
        consumers=(
            Consumer(owner=COORD, stream=RAW, name=INTAKE),
            *(Consumer(owner=p, stream=INBOX, name=name) for p in ids for name in _durables(p, channels or {})),
        ),
    )


def _durables(p: str, channels: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    return (READER, *(f"{GATE}{channel}" for channel in sorted(set(channels.get(p, ())))))


# -- streams ----------------------------------------------------------------------------------------------------------


def _coord_streams(limits: Mapping[str, int]) -> Iterable[Stream]:
    table: tuple[tuple[str, tuple[str, ...], int], ...] = (
        # name, subjects, duplicate window (an id costs the server 260 bytes while it is remembered)
        (RAW, subjects.ALL_RAW, 10 * _MINUTE),
        (LOG, subjects.ALL_LOG, 72 * _HOUR),
        (TRACKS, subjects.ALL_POSITIONS, 10 * _MINUTE),
        (SEALS, subjects.ALL_SEALS, 72 * _HOUR),
        (SNAPSHOTS, (f"{SNAPSHOT_CHUNKS}.>", f"{SNAPSHOT_NAMES}.>"), 2 * _MINUTE),
    )
    for name, patterns, window in table:
        limit = limits.get(name, -1)
        yield Stream(owner=COORD, name=name, subjects=patterns, duplicate_window_s=window, max_bytes=limit,
                     replaceable=name == SNAPSHOTS)  # fmt: skip


def _participant_streams(p: str, limits: Mapping[str, int]) -> Iterable[Stream]:
    yield Stream(owner=p, name=INBOX, subjects=(subjects.inbox_of(p),), duplicate_window_s=72 * _HOUR,
                 max_bytes=limits.get(INBOX, -1), announced=True)  # fmt: skip
    yield Stream(owner=p, name=BOARD, subjects=(subjects.board_of(p),), duplicate_window_s=10 * _MINUTE,
                 max_bytes=limits.get(BOARD, -1), announced=True, newest_only=True, expiring=True)  # fmt: skip


# -- who may do what --------------------------------------------------------------------------------------------------

_LOOK: Final = (
    f"CONSUMER.INFO.{INBOX}.*",
    *(f"STREAM.INFO.{stream}" for stream in (INBOX, BOARD)),
    *(f"DIRECT.GET.{stream}{rest}" for stream in (INBOX, BOARD) for rest in ("", ".>")),
)
_RECEIVE: Final = (f"CONSUMER.MSG.NEXT.{INBOX}.*",)
_ADMINISTER: Final = (
    *(f"STREAM.{verb}.{stream}" for stream in (INBOX, BOARD) for verb in ("CREATE", "UPDATE")),
    f"CONSUMER.CREATE.{INBOX}.*",
)
_ACKS: Final = (f"$JS.ACK.{INBOX}.*.>", f"$JS.ACK.*.*.{INBOX}.*.>")  # both forms that servers know


def reply_prefix(identity: str) -> str:
    """Return the prefix of an identity's reply subjects."""
    return "_INBOX" if identity == COORD else f"_INBOX_{identity}"


def api_prefix(owner: str) -> str:
    """Return what ``$JS.API`` of an owner's streams is called by COORD and by the owner."""
    return "$JS.API" if owner == COORD else f"JS.{owner}.API"


def wake_prefix(identity: str, owner: str) -> str:
    """Return the prefix under which an identity hears that something new stands in an owner's streams."""
    return f"wake.{owner}" if identity == COORD else f"{reply_prefix(identity)}.wake"


def _observer() -> User:
    looks = ("$SYS.REQ.SERVER.PING.>", "$SYS.REQ.ACCOUNT.PING.>")
    return User(name=OBSERVER, account=SYS, publish=looks, subscribe=(f"{reply_prefix(OBSERVER)}.>",))


def _user(p: str) -> User:
    api = (f"{api_prefix(p)}.{request}" for request in (*_LOOK, *_RECEIVE))
    return User(name=p, account=p, publish=(*subjects.written_by(p), *api, *_ACKS), subscribe=(f"{reply_prefix(p)}.>",))


_NEVER: Final = (
    "$JS.API.STREAM.DELETE.>",
    "$JS.API.STREAM.MSG.DELETE.>",
    *(f"$JS.API.STREAM.PURGE.{stream}" for stream in (RAW, LOG, TRACKS, SEALS)),
)
"""What not even the services may ask of the server: nobody deletes from the log."""


def permitted(identity: str, operation: Operation, subject: str) -> bool:
    """Say whether an identity may publish or subscribe there; its rights do not depend on who else there is."""
    return identity == COORD or _permits(_user(identity), operation, subject)


def _permits(user: User, operation: Operation, subject: str) -> bool:
    allowed = user.publish if operation == "publish" else user.subscribe
    return allowed is None or any(subjects.matches(p, subject) for p in allowed)


def _crossings(p: str) -> Iterable[Crossing]:
    sent, asked = subjects.sent_by(p), subjects.asked_by(p)
    yield Crossing(exporter=COORD, importer=p, subject=sent, to=sent)
    yield Crossing(exporter=COORD, importer=p, subject=asked, to=asked, streamed=True)
    for delivered in (subjects.inbox_of(p), subjects.board_of(p)):
        yield Crossing(exporter=store(p), importer=COORD, subject=delivered, to=delivered)
    for importer, requests in ((p, (*_LOOK, *_RECEIVE)), (COORD, (*_LOOK, *_ADMINISTER))):
        for request in requests:
            name, to = f"$JS.API.{request}", f"{api_prefix(p)}.{request}"
            yield Crossing(exporter=store(p), importer=importer, subject=name, to=to, streamed=True)
    for ack in _ACKS:
        yield Crossing(exporter=store(p), importer=p, subject=ack, to=ack)


def _feeds(p: str) -> Iterable[Feed]:
    for importer in (p, COORD):
        yield Feed(exporter=store(p), importer=importer, subject="wake.>", to=f"{wake_prefix(importer, p)}.>")
