"""Parties that must be told alike and were not: one has the notice and another does not, or may not see all of it.

That a party has a notice follows from its acknowledgement, from how far its connection has read, or from what its
channel reported. Once the first one has it, the others have five minutes (mission data); then its issuer and whoever is
above are told, until all have it. What a label keeps from a party is said at once.

Source: reference domain.md R-19; design §5.
"""

from collections.abc import Iterable, Iterator
from typing import ClassVar, Final

import msgspec

from coordinator.core import audience, symmetry
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.recall import Records
from coordinator.core.step import Logged
from schemas import subjects
from schemas.acknowledgements import Acknowledgement
from schemas.deliveries import Delivery
from schemas.operations import Presence
from schemas.subjects import opaque

LATE, EXCLUDED, WORDS = "imbalance-late", "imbalance-excluded", "imbalance-words"
SETTLED = "imbalance-settled"
REACH, RELABEL = "imbalance-next", "imbalance-next-label"
SWEEP: Final = 3600 * SECOND
ARRIVED: Final = frozenset({"delivered", "seen"})


class Notice(msgspec.Struct, kw_only=True):
    """A notice that some party does not have yet. ``sent``: from which LOG sequence on reading means having it."""

    key: str
    id: str
    kind: str
    issuer: str
    revision: int
    at: int
    parties: list[str]
    told: list[str]
    only: list[str] | None
    sent: dict[str, int]
    has: dict[str, int] = {}
    due: int = 0  # when the others are late; 0 while nobody has it, or once that was said
    raised: bool = False

    @property
    def missing(self) -> list[str]:
        """The parties that do not have it."""
        return [p for p in self.parties if p not in self.has]


class Faulty(msgspec.Struct, kw_only=True):
    """What was said of a notice's label."""

    at: int
    said: list[Occasion]


class State(msgspec.Struct, kw_only=True):
    """Everything remembered. ``away`` are participants for whom deliveries wait."""

    notices: dict[str, Notice] = {}
    away: set[str] = set()
    faulty: dict[str, Faulty] = {}
    swept_at: int = 0


class Symmetry:
    """The source (see `coordinator.core.occasions.occasion.Source`)."""

    NAME: ClassVar[str] = "symmetry"
    READS: ClassVar[tuple[str, ...]] = (subjects.ALL_RECORDS, subjects.ALL_PRESENCE)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        LATE: ("notice", "whom"), EXCLUDED: ("notice", "missing", "all"), WORDS: ("notice",), SETTLED: ("notice",),
        REACH: (), RELABEL: (),
    }  # fmt: skip

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._become(State())

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Take one message of the log."""
        match message.body:
            case Presence() as presence:
                self._contact(presence, message.seq)
            case Delivery() as report:
                return list(self._reported(report, message.at))
            case Acknowledgement() as answer:
                who = message.envelope.originator
                named = [n for n in self._waiting(who) if n.id == answer.of.id and _means(n, answer)]
                return list(self._received(named, who, message.at))
            case _ if subjects.parse(message.subject).family == "record":
                return list(self._notice(message))
        return ()

    def wake(self, now: int) -> Iterable[Occasion]:
        """Say which notices one party has and another has not for too long."""
        due = sorted(key for key, at in self._due.items() if at <= now)
        for key in due:
            del self._due[key]
            self._state.notices[key].due, self._state.notices[key].raised = 0, True
        return [self._late(self._state.notices[key]) for key in due]

    def next_wake(self) -> int | None:
        """Return when a party is late next, or None."""
        return min(self._due.values(), default=None)

    def snapshot(self) -> bytes:
        """Return the whole state, without the mission, as JSON."""
        return msgspec.json.encode(self._state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        try:
            self._become(msgspec.json.decode(data, type=State))
        except msgspec.MsgspecError as error:
            raise ValueError(f"no snapshot of {self.NAME}: {error}") from error

    def _become(self, state: State) -> None:
        """Take a state, and what follows from it: when each notice is due, and which ones a party waits for."""
        self._state = state
        self._due = {key: notice.due for key, notice in state.notices.items() if notice.due}
        self._waits: dict[str, dict[str, None]] = {}
        for notice in state.notices.values():
            self._file(notice)

    def _file(self, notice: Notice) -> None:
        for party in notice.missing:
            self._waits.setdefault(party, {})[notice.key] = None

    def _drop(self, key: str) -> None:
        notice = self._state.notices.pop(key, None)
        self._due.pop(key, None)
        for party in notice.parties if notice else ():
            self._waits.get(party, {}).pop(key, None)

    def _forget(self, now: int) -> None:
        """Forget what is long over; it is looked for once an hour."""
        keep, state = int(self._mission.rules.keep_s * SECOND), self._state
        if now < state.swept_at + SWEEP:
            return
        state.swept_at = now
        for key in [k for k, notice in state.notices.items() if notice.at + keep <= now]:
            self._drop(key)
        state.faulty = {key: faulty for key, faulty in state.faulty.items() if faulty.at + keep > now}

    # -- notices ------------------------------------------------------------------------------------------------------

    def _notice(self, message: Logged) -> Iterator[Occasion]:
        """Take a notice to several parties: it takes the place of what it replaces."""
        envelope, mission = message.envelope, self._mission
        key = f"{envelope.kind} {envelope.originator} {envelope.id}"
        before = self._state.notices.get(key)
        if before and before.revision > envelope.revision:
            return
        self._drop(key)
        self._forget(message.at)
        if before and before.raised:
            yield self._late(before, over=True)
        among = symmetry.parties(envelope, message.body, mission) if envelope.status != "cancel" else frozenset()
        if among or key in self._state.faulty:
            yield from self._compared(message, key, among)

    def _compared(self, message: Logged, key: str, among: frozenset[str]) -> Iterator[Occasion]:
        envelope, mission = message.envelope, self._mission
        if faulty := self._state.faulty.pop(key, None):
            yield from map(_settled, faulty.said)
        if not among:
            return
        found = symmetry.level(audience.decide(envelope, message.body, mission, Records()), among)
        readers, label = found.decision.readers, envelope.label
        limited = label.releasable_to is not None or bool(label.classification or label.categories)
        above = [p for p in mission.superiors(envelope.originator)[:1] if p in readers or not limited]
        reached = sorted(among - found.left_out)
        notice = Notice(
            key=key, id=envelope.id, kind=envelope.kind, issuer=envelope.originator, revision=envelope.revision,
            at=message.at, parties=reached, told=[envelope.originator, *above],
            only=None if readers >= mission.by_id.keys() else sorted(readers.union(above)),
            sent={p: 0 if p in self._state.away else message.seq for p in reached},
        )  # fmt: skip
        if len(reached) > 1:
            self._state.notices[key] = notice
            self._file(notice)
        if wrong := self._unlike(notice, found, len(among)):
            self._state.faulty[key] = Faulty(at=message.at, said=wrong)
            yield from wrong

    def _unlike(self, notice: Notice, found: symmetry.Levelled, count: int) -> list[Occasion]:
        """Return what a label keeps from some party."""
        wrong = []
        if found.left_out:
            args: dict[str, str | int] = {"notice": notice.id, "missing": str(len(found.left_out)), "all": str(count)}
            wrong.append(self._occasion(notice, EXCLUDED, RELABEL, args))
        if found.cut:
            wrong.append(self._occasion(notice, WORDS, RELABEL, {"notice": notice.id}))
        return wrong

    # -- receipts -----------------------------------------------------------------------------------------------------

    def _contact(self, presence: Presence, seq: int) -> None:
        """Note for whom deliveries wait: what waited is sent once contact is regained."""
        who, known = presence.participant, self._mission.by_id.get(presence.participant)
        if presence.state == "lost" and not (known and known.channels):
            self._state.away.add(who)
        elif presence.state == "regained" and who in self._state.away:
            self._state.away.discard(who)
            for notice in self._waiting(who):
                notice.sent[who] = notice.sent[who] or seq

    def _waiting(self, who: str) -> list[Notice]:
        return [self._state.notices[key] for key in sorted(self._waits.get(who, ()))]

    def _reported(self, report: Delivery, now: int) -> Iterator[Occasion]:
        if report.test:
            return
        who, there = report.participant, {(s.kind, s.id) for s in report.steps if s.state in ARRIVED}
        named = [
            n
            for n in self._waiting(who)
            if (n.kind, n.id) in there or (not report.channel and 0 < n.sent[who] <= report.read_to)
        ]
        yield from self._received(named, who, now)

    def _received(self, notices: Iterable[Notice], who: str, now: int) -> Iterator[Occasion]:
        """Note that a party has some notices; once all have one, nothing is left to say of it."""
        for notice in notices:
            self._waits[who].pop(notice.key)
            if not notice.has:
                self._due[notice.key] = notice.due = now + max(1, int(self._mission.symmetry.within_s * SECOND))
            notice.has[who] = now
            if over := not notice.missing:
                self._drop(notice.key)
            if notice.raised:
                yield self._late(notice, over=over)

    # -- occasions ----------------------------------------------------------------------------------------------------

    def _late(self, notice: Notice, *, over: bool = False) -> Occasion:
        said = self._occasion(notice, LATE, REACH, {"notice": notice.id, "whom": " ".join(notice.missing)})
        return _settled(said) if over else said

    def _occasion(self, notice: Notice, key: str, next_key: str, args: dict[str, str | int]) -> Occasion:
        return Occasion(
            id=opaque(f"{key} {notice.key}"),
            kind="imbalance",
            severity="Moderate",
            urgency="Immediate",
            text_key=key,
            next_key=next_key,
            args=args,
            about=notice.issuer,
            told=tuple(notice.told),
            owner=notice.issuer,
            refers=(notice.id,),
            only=None if notice.only is None else tuple(notice.only),
        )


def _means(notice: Notice, answer: Acknowledgement) -> bool:
    return answer.of.originator in ("", notice.issuer) and answer.of.revision in (0, notice.revision)


def _settled(said: Occasion) -> Occasion:
    """Return an occasion that asks for nothing any more."""
    args: dict[str, str | int] = {"notice": said.args["notice"]}
    return msgspec.structs.replace(said, text_key=SETTLED, next_key="", args=args, over=True)
