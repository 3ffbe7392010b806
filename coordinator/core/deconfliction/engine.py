"""The fold: messages of the log in, differences of findings out.

`Engine` implements `coordinator.core.step.Core`. Its state is the set of messages, the mission, the time and what it
has published; everything else is derived. A new mission judges everything anew. Source: design §2, §4.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
from msgspec.structs import replace

from coordinator.core.deconfliction.affected import affected
from coordinator.core.deconfliction.agenda import Agenda
from coordinator.core.deconfliction.digests import Block, blocks
from coordinator.core.deconfliction.inquiries import Asked, Inquiries
from coordinator.core.deconfliction.judging import Ruling
from coordinator.core.deconfliction.ledger import FAMILIES, Item, Ledger, item
from coordinator.core.deconfliction.options import options, worst_first
from coordinator.core.deconfliction.picture import Journal, Picture
from coordinator.core.deconfliction.retrace import Step, retrace
from coordinator.core.deconfliction.rulings import Case, opened, packed
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.deconfliction.shadow import chosen, compare
from coordinator.core.deconfliction.windows import micros
from coordinator.core.mission import Mission
from coordinator.core.step import Effect, Logged
from schemas import registry, subjects
from schemas.envelope import Envelope
from schemas.findings import Finding, Option
from schemas.geo import Position
from schemas.operations import Config, Inquiry, Tick

SERVICE: Final = "deconfliction"
LocateIn = Callable[[str, str], Position | None]
"""Reads a grid or coordinates out of a text, in a mission's square; None where it is none."""
_TAKEN: Final = (subjects.ALL_RECORDS, subjects.ALL_WHEREABOUTS)
_FORMAT: Final = 3


class _Kept(msgspec.Struct):
    """A message of the set, as a snapshot holds it."""

    at: int
    envelope: msgspec.Raw


class _Told(NamedTuple):
    """A finding as it was published last: when, and its bytes (`rulings`)."""

    at: int
    data: bytes

    @property
    def finding(self) -> Finding:
        """What was published."""
        return replace(opened(self.data), at=self.at)


class _Overdue(msgspec.Struct):
    """A case that time has changed and nobody has judged since, with what was ruled before."""

    when: int
    case: Case
    rulings: tuple[Ruling, ...]


class _Snapshot(msgspec.Struct):
    format: int
    now: int
    mission: Mission | None
    messages: list[_Kept]
    published: list[Finding]
    inquiries: dict[str, list[Asked]] = {}
    overdue: list[_Overdue] = []
    trouble: str = ""
    left: tuple[str, ...] = ()


class Engine:
    """Finds what does not go together. Before a mission is known it only collects."""

    def __init__(self, mission: Mission | None = None, locate: LocateIn | None = None) -> None:
        """``locate`` reads what somebody reads back as a grid or coordinates, in a mission's square."""
        self._mission = _plain(mission) if mission else None
        self._locate = locate
        self._ledger = Ledger()
        self._now = 0
        self._published: dict[str, _Told] = {}
        self._left: frozenset[str] = frozenset()  # who took part once, and does no longer
        self.trouble = ""  # what shadow mode found wrong; then the index is not trusted any more
        self.inquiries = Inquiries()
        self._renew()

    # -- the fold -------------------------------------------------------------------------------------------------

    def handle(self, message: Logged) -> Sequence[Effect]:
        """Take one message of the log and return what changed among the findings."""
        self._now = max(self._now, message.at)
        body = message.body
        if isinstance(body, Tick):
            return self.wake(message.at, message) if body.service == SERVICE else ()
        if isinstance(body, Inquiry):
            self.inquiries.note(body)
            return ()
        if isinstance(body, Config):
            before, after = self.mission, msgspec.json.decode(body.mission, type=Mission)
            self._mission, self._left = after, (self._left | frozenset(before.by_id)) - frozenset(after.by_id)
            return self._publish(self._renew() | set(self._published), message)
        if message.envelope.kind not in FAMILIES or not any(subjects.matches(p, message.subject) for p in _TAKEN):
            return ()
        return self._publish(self._take([item(message.envelope, body, message.at)]), message)

    def wake(self, now: int, cause: Logged) -> Sequence[Effect]:
        """Judge every case again that time has changed by ``now``."""
        self._now = max(self._now, now)
        return self._publish(self._judge(self._agenda.take(self._now)), cause)

    def next_wake(self) -> int | None:
        """Return when time alone will change a finding."""
        return self._agenda.next()

    def findings(self) -> list[Finding]:
        """Return every finding that follows from what is known and is not over, closed ones included, by id."""
        rulings = (r for case in self._picture.rulings.values() for r in case if r.end > self._now)
        return sorted({r.finding.id: r.finding for r in rulings}.values(), key=lambda f: f.id)

    def published(self) -> dict[str, Finding]:
        """Return every finding as it was published last, closed ones left out, by id."""
        return {i: told.finding for i, told in self._published.items()}

    @property
    def mission(self) -> Mission:
        """The mission in force; an empty one before any is known."""
        return self._setting.mission

    @property
    def ledger(self) -> Ledger:
        """The set of messages, for questions about them; only the fold changes it."""
        return self._ledger

    @property
    def warning(self) -> str:
        """What shadow mode found wrong, without names; "" if nothing."""
        return (
            "the index missed a conflict; since then every order is looked at, which is slower" if self.trouble else ""
        )

    @property
    def now(self) -> int:
        """The time of the newest message, microseconds UTC."""
        return self._now

    def stands(self, finding: str) -> bool:
        """Say whether a finding is there and not closed."""
        ruling = self._picture.found(finding)
        return ruling is not None and ruling.finding.state != "closed" and ruling.end > self._now

    def digest(self) -> list[Block]:
        """Return the blocks by which two instances compare what they have seen and found."""
        return blocks(self._ledger.items(), self.findings())

    def retrace(self, finding: Finding) -> list[Step]:
        """Return the check behind a finding again, step by step."""
        return retrace(finding, self._picture)

    @property
    def known(self) -> int:
        """How many orders, plans and notices are compared with."""
        return len(self._ledger.acts) - self.beyond

    @property
    def beyond(self) -> int:
        """How many are not, because there are more than `rules.capacity_orders`."""
        return len(self._picture.limits.beyond)

    def options(self, finding: str) -> tuple[Option, ...]:
        """Return the ways out of a finding as things stand now; none for one that is not there."""
        ruling = self._picture.found(finding)
        return options(ruling.finding, self._picture, self._now) if ruling else ()

    def check(
        self, envelopes: Iterable[Envelope], *, since: int = 0, ways_out: int = 0, step_s: float = 0.0
    ) -> list[Finding]:
        """Return the findings that these messages would be part of, without taking them.

        With ``since`` only those with a party that was logged at or after that time, microseconds UTC. The worst
        ``ways_out`` of them come with what would change in these messages, times in steps of ``step_s``.
        """
        asked = (e for e in envelopes if e.kind in FAMILIES and e.kind in registry.PARTICIPANT_KINDS)
        tried = [item(e, registry.body(e), self._now) for e in asked]
        replaced: list[tuple[Item, Item | None]] = []
        journal: Journal = {}
        try:
            for new in tried:
                old = self._ledger.holds(new)
                if self._ledger.add(new):
                    replaced.append((new, old))
            keys = {k for new in tried for k in affected(self._ledger, self._picture, new)}
            ids = self._weigh(keys, journal)
            rulings = [r for i in sorted(ids) if (r := self._picture.found(i))]
            open_ = [r.finding for r in rulings if r.finding.state != "closed"]
            keys = {i.key for i in tried}
            told = [f for f in open_ if not since or self._news(f, keys, since)]
            self._picture.step = micros(step_s) or self._picture.step
            chosen = worst_first(told)[:ways_out]
            more = {f.id: options(f, self._picture, self._now, of=keys) for f in chosen}
            return [replace(f, options=more.get(f.id, f.options)) for f in told]
        finally:
            self._picture.step = micros(self._setting.rules.shift_step_s) or 1
            self._undo(replaced, journal)

    def _news(self, finding: Finding, tried: set[tuple[str, str]], since: int) -> bool:
        """Say whether a party that is not tried itself was logged since; what has no other party counts always."""
        others = [(p.issuer, p.id) for p in finding.parties if (p.issuer, p.id) not in tried]
        threads = [self._ledger.acts[k] for k in others if k in self._ledger.acts]
        return not others or any(i.at >= since for t in threads for i in (*t.items.values(), *t.cancels.values()))

    # -- snapshots ------------------------------------------------------------------------------------------------

    def snapshot(self) -> bytes:
        """Return the whole state as bytes: the same set, mission and time give the same bytes."""
        kept = sorted(self._ledger.items(), key=lambda i: (i.key, i.revision, i.digest))
        messages = [_Kept(at=i.at, envelope=msgspec.Raw(i.data)) for i in kept]
        published = [told for _, told in sorted(self.published().items())]
        asked = self.inquiries.state(self._now)
        due = self._agenda.until(self._now)
        overdue = [_Overdue(when, case, self._picture.rulings.get(case)) for when, case in due]
        left = tuple(sorted(self._left))
        return msgspec.json.encode(
            _Snapshot(_FORMAT, self._now, self._mission, messages, published, asked, overdue, self.trouble, left)
        )

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot.

        Raises:
            ValueError: these bytes are no snapshot of this code.
        """
        read = msgspec.json.decode(data, type=_Snapshot)
        if read.format != _FORMAT:
            raise ValueError(f"snapshot format {read.format} is not {_FORMAT}")
        self._mission, self._now = read.mission, read.now
        self._ledger = Ledger()
        for kept in read.messages:
            envelope = registry.envelope(bytes(kept.envelope))
            self._ledger.add(item(envelope, registry.body(envelope), kept.at))
        self._published = {f.id: _Told(f.at, packed(replace(f, at=0))) for f in read.published}
        self.trouble, self._left = read.trouble, frozenset(read.left)
        self.inquiries = Inquiries(read.inquiries)
        self._renew()
        for late in read.overdue:  # their tick is still to come, and will tell what has changed
            self._picture.put_back(late.case, late.rulings)
            self._agenda.note(late.case, late.when)

    # -- inside ---------------------------------------------------------------------------------------------------

    def collect(self, messages: Iterable[tuple[Envelope, int]]) -> None:
        """Take many messages at once, each with the time it was logged, without publishing anything."""
        for envelope, at in messages:
            self._now = max(self._now, at)
            if envelope.kind in FAMILIES:
                self._ledger.add(item(envelope, registry.body(envelope), at))
        self._renew()

    def _take(self, new: Sequence[Item]) -> set[str]:
        """Put messages into the set and judge what they touch; return the findings touched."""
        fresh = [i for i in new if self._ledger.add(i)]
        keys = {k for i in fresh for k in affected(self._ledger, self._picture, i)}
        changed = self._settle(keys)
        for i in fresh:
            self._shadow(i, keys)
        return changed | self._judge({case for i in fresh for case in self._picture.watching(i.body)})

    def _shadow(self, new: Item, keys: set[tuple[str, str]]) -> None:
        """Compare what the index proposed with brute force, for one message in so many; trust it no more if it errs."""
        rules, picture = self._setting.rules, self._picture
        if not self._mission or self.trouble or not chosen(new, rules.shadow_every):
            return
        self.trouble = compare(picture, keys, new, rules.shadow_orders, self._now)
        picture.index.flat = picture.bonds.flat = bool(self.trouble)

    def _settle(self, keys: set[tuple[str, str]]) -> set[str]:
        return self._judge(self._picture.at(self._now).update(keys)) if self._mission else set()

    def _weigh(self, keys: set[tuple[str, str]], journal: Journal) -> set[str]:
        """Judge what messages touch without noting when time changes it: a dry run must not put off what is due."""
        return (
            self._picture.judge(self._picture.at(self._now).update(keys), self._now, journal)
            if self._mission
            else set()
        )

    def _undo(self, replaced: list[tuple[Item, Item | None]], journal: Journal) -> None:
        """Take messages out again that were tried, and put back what was held before."""
        keys = {k for new, _ in replaced for k in affected(self._ledger, self._picture, new)}
        for new, old in reversed(replaced):
            self._ledger.remove(new, old)
        for new, _ in replaced:
            keys |= affected(self._ledger, self._picture, new)
        if self._mission:
            self._picture.revert(keys, journal)

    def _renew(self) -> set[str]:
        """Derive everything from the set of messages; return every finding that follows."""
        mission, locate = self._mission or Mission(name=""), self._locate
        read = (lambda text: locate(text, mission.mgrs_square)) if locate else None
        self._setting = Setting(mission, self._left, read)
        self._picture = Picture(self._ledger, self._setting)
        self._agenda = Agenda(self._picture.register)
        self._picture.index.flat = self._picture.bonds.flat = bool(self.trouble)
        self._picture.rate_all()
        if not self._mission:
            return set()
        for cases in self._picture.build(self._now):
            self._schedule(cases)
        return set(self._picture.where)

    def _judge(self, cases: Iterable[Case]) -> set[str]:
        changed = self._picture.judge(cases, self._now)
        self._schedule(cases)
        return changed

    def _schedule(self, cases: Iterable[Case]) -> None:
        for case in sorted(cases):
            self._agenda.note(case, self._picture.due(case, self._now))

    def _publish(self, touched: Iterable[str], cause: Logged) -> list[Effect]:
        """Return an effect for each finding that differs from what was published last."""
        effects = []
        for identity in sorted(set(touched)):
            ruling, old = self._picture.found(identity), self._published.get(identity)
            new = ruling.finding if ruling else None
            if new is None and old is not None:
                new = replace(old.finding, state="closed", waits_for=(), why="over", at=0)
            if new is None or (old is None and new.state == "closed"):
                continue
            data = packed(new)
            if old and old.data == data:
                continue
            told = replace(new, at=self._now)
            if new.state == "closed":
                self._published.pop(identity, None)
            else:
                self._published[identity] = _Told(self._now, data)
            reality = ruling.reality if ruling else "real"
            fields = {} if reality == "real" else {"reality": reality}
            subject = subjects.finding(told.finding_kind, identity)
            effects.append(Effect(subject, told, identity, cause.id, cause.seq, fields))
        return self._with_options(effects)

    def _with_options(self, effects: list[Effect]) -> list[Effect]:
        """Work out ways out for the worst of the findings that one input brings about.

        They depend on everything else that is known, and that changes: so they are told with a finding, and no part
        of what makes it another.
        """
        told = {e.entity: e.body for e in effects if isinstance(e.body, Finding)}
        chosen = worst_first(told.values())[: self._setting.rules.options_per_message]
        more = {f.id: replace(f, options=options(f, self._picture, self._now)) for f in chosen}
        return [e._replace(body=more[e.entity]) if e.entity in more else e for e in effects]


def _plain(mission: Mission) -> Mission:
    """Return a mission as it is when it has been through the log, so that both are written alike."""
    return msgspec.json.decode(msgspec.json.encode(mission), type=Mission)


def check(
    messages: Iterable[Envelope], mission: Mission, now: int, *, ways_out: int = 0, locate: LocateIn | None = None
) -> list[Finding]:
    """Return the findings among messages that are not closed at ``now``, by id; the worst so many with ways out."""
    engine = Engine(mission, locate)
    engine.collect([(m, now) for m in messages])
    found = [f for f in engine.findings() if f.state != "closed"]
    more = {f.id: engine.options(f.id) for f in worst_first(found)[:ways_out]}
    return [replace(f, options=more.get(f.id, f.options)) for f in found]
