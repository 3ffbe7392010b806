"""Reports that do not agree: one card a thing, with what each says, how old that is, and where it stands.

Two reports disagree if they say at about the same time what cannot both be so. The card goes to the lowest common
superior that may read both, and to nobody who may not. It takes no side. It ends when later reports agree, one is
withdrawn, or somebody above all of them reports as well; or when what was said is too old to matter.

What has a label of its own is put beside the rest apart: whoever may not read it sees the same with it and without it.

Source: domain.md §1.5 (source, verified or not), R-45; the phrases of `certainty.ftl`.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import ClassVar, Final, Literal, TypeVar

import msgspec

from coordinator.core import audience
from coordinator.core.correlate import SECOND
from coordinator.core.mission import Mission
from coordinator.core.occasions.occasion import Occasion
from coordinator.core.occasions.trail import readers
from coordinator.core.orders.viewing import unlabelled
from coordinator.core.recall import Records
from coordinator.core.returns.statements import TOPICS, Statement, same, statements
from coordinator.core.step import Logged
from schemas import subjects
from schemas.alerts import Line
from schemas.envelope import Envelope

KINDS: Final = tuple(sorted({kind for topic in TOPICS.values() for kind in topic.kinds}))
_Key = TypeVar("_Key")
MOST: Final = 2_000  # things that are compared at a time; the one that was spoken of least lately is forgotten first


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What one participant says of a thing, by its newest report."""

    by: str
    id: str
    at: int  # when it was logged
    says: Statement
    readers: frozenset[str]
    apart: str = ""  # whom its label admits, as a hash; "" if it has none


class Thing(msgspec.Struct, kw_only=True):
    """What is said of one thing, by participant; ``pairs`` are those who do not agree."""

    name: str
    sort: tuple[str, str, str]  # topic, named thing, sort: only things that are alike in these can be one
    apart: str = ""  # the label of statements that only some may read: they stand in no other thing
    at: int
    said: dict[str, Said] = {}
    pairs: list[tuple[str, str]] = []
    card: str = ""  # of the disagreement that goes on


class State(msgspec.Struct, kw_only=True):
    """Everything that is remembered, the thing that was spoken of last at the end."""

    format: Literal["disagreements 1"] = "disagreements 1"
    things: list[Thing] = []
    open: dict[str, Occasion] = {}


class Disagreements:
    """The source of disagreements (see `Source`)."""

    NAME: ClassVar[str] = "disagreements"
    READS: ClassVar[tuple[str, ...]] = tuple(subjects.records(kind) for kind in KINDS)
    TEXTS: ClassVar[dict[str, tuple[str, ...]]] = {
        **{f"disagree-{topic}": ("place",) for topic in TOPICS if topic != "strength"},
        "disagree-strength": ("who_of",),
        "disagree-next": (),
        **{f"says-{word}": ("who", "id") for word in (
            "open", "caution", "closed", "danger", "lifted", "used", "removed",
        )},
        **{f"says-{word}": ("who", "id", "number") for word in ("class", "killed", "injured", "missing", "strength")},
    }  # fmt: skip

    def __init__(self) -> None:
        self._mission = Mission(name="")
        self._become(State())

    def adopt(self, mission: Mission) -> None:
        """Take another mission."""
        self._mission = mission

    def take(self, message: Logged) -> Iterable[Occasion]:
        """Compare what a report says with what others say."""
        envelope = message.envelope
        if envelope.kind not in KINDS:
            return ()
        noted = [thing for said in self._said(message) for thing in self._note(said)]
        touched = [*noted, *self._withdraw(envelope, {t.name for t in noted})]
        changed = dict[str, Occasion]()
        for thing in touched:
            changed |= self._again(thing)
        return tuple(changed.values())

    def _said(self, message: Logged) -> list[Said]:
        """Return what a report says, each statement with those who may read all that it is drawn from."""
        envelope, by = message.envelope, message.envelope.originator
        decision = audience.decide(envelope, message.body, self._mission, Records())
        if envelope.status == "cancel":
            return []
        said = []
        for says in statements(message.body, self._mission, by):
            may = readers(decision, *TOPICS[says.topic].fields)
            apart = "" if unlabelled(envelope) else subjects.opaque(" ".join(sorted(may)))
            said.append(Said(by=by, id=envelope.id, at=message.at, says=says, readers=may, apart=apart))
        return said

    def wake(self, now: int) -> Iterable[Occasion]:
        """End what is too old to matter."""
        for thing in [t for t in self._carded() if t.at + self._kept() <= now]:
            self._forget(thing)
            yield from self._end(thing)

    def next_wake(self) -> int | None:
        """Return when the next disagreement is too old to matter."""
        return min((t.at + self._kept() for t in self._carded()), default=None)

    def snapshot(self) -> bytes:
        """Return the whole state."""
        state = State(things=list(self._things.values()), open=self._open)
        return msgspec.json.encode(state, order="deterministic")

    def restore(self, data: bytes) -> None:
        """Become the state of a snapshot."""
        self._become(msgspec.json.decode(data, type=State))

    def _become(self, state: State) -> None:
        self._open = state.open
        self._things = {t.name: t for t in state.things}  # the one that was spoken of last is the last
        self._alike: dict[tuple[str, str, str], dict[str, None]] = {}
        self._by_report: dict[tuple[str, str], dict[str, None]] = {}
        for thing in state.things:
            self._file(thing)

    # -- what is said -------------------------------------------------------------------------------------------------

    def _kept(self) -> int:
        return int(self._mission.reports.keep_s * SECOND)

    def _carded(self) -> list[Thing]:
        return [t for t in self._things.values() if t.card] if self._open else []

    def _file(self, thing: Thing) -> None:
        self._alike.setdefault(thing.sort, {})[thing.name] = None
        for said in thing.said.values():
            self._by_report.setdefault((said.by, said.id), {})[thing.name] = None

    def _forget(self, thing: Thing) -> None:
        del self._things[thing.name]
        _drop(self._alike, thing.sort, thing.name)
        for said in thing.said.values():
            _drop(self._by_report, (said.by, said.id), thing.name)

    def _withdraw(self, envelope: Envelope, but: set[str]) -> Iterator[Thing]:
        """Forget what an earlier revision of a report said and this one does not; withdrawn, it says nothing.

        A word with a label of its own takes nothing back from those who may not read it.
        """
        by, identity, silent = envelope.originator, envelope.id, unlabelled(envelope)
        for name in [n for n in self._by_report.get((by, identity), ()) if n not in but]:
            thing = self._things[name]
            if not (silent or thing.apart):
                continue
            del thing.said[by]
            _drop(self._by_report, (by, identity), name)
            yield thing

    def _note(self, said: Said) -> list[Thing]:
        """Put a statement beside others about the same thing; one without a label also beside those that have one."""
        sort = (said.says.topic, said.says.thing, said.says.sort)
        found: dict[str, Thing] = {}
        for thing in (self._things[name] for name in self._alike.get(sort, ())):
            if any(same(s.says, said.says, self._mission) for s in thing.said.values()):
                found.setdefault(thing.apart, thing)
        if said.apart not in found:
            name = f"{said.says.topic} {said.says.thing} {said.says.sort} {said.by} {said.id} {said.at} {said.apart}"
            new = Thing(name=name.rstrip(), sort=sort, at=said.at, apart=said.apart)
            new.said = dict(found[""].said) if "" in found else {}
            found[said.apart] = new
        noted = [thing for apart, thing in sorted(found.items()) if said.apart in ("", apart)]
        for thing in noted:
            self._put(thing, said)
        self._tidy(said.at)
        return [thing for thing in noted if thing.name in self._things]

    def _put(self, thing: Thing, said: Said) -> None:
        if thing.name in self._things:
            self._forget(thing)
        thing.at, thing.said[said.by] = said.at, said
        self._things[thing.name] = thing
        self._file(thing)
        self._pair(thing, said)

    def _tidy(self, now: int) -> None:
        """Forget what was last spoken of too long ago, or before very many others; never what is on a card."""
        for thing in list(islice(self._things.values(), len(self._open) + 2)):  # one comes a time, so two leave
            if not thing.card and (thing.at + self._kept() <= now or len(self._things) > MOST):
                self._forget(thing)

    def _pair(self, thing: Thing, new: Said) -> None:
        """Note who does not agree with a new statement; one from above all others settles what they said before."""
        within = int(TOPICS[new.says.topic].within_s(self._mission) * SECOND)
        pairs = {p for p in thing.pairs if not self._is_above(new.by, p)}
        for other in thing.said.values():
            if thing.apart not in ("", new.apart, other.apart):
                continue  # without what has a label the two stand in another thing
            if other.says.value != new.says.value and new.at - other.at <= within and not self._updates(new, other):
                first, second = sorted((new.by, other.by))
                pairs.add((first, second))
        thing.pairs = sorted(pairs)

    def _updates(self, new: Said, other: Said) -> bool:
        """Say whether a word takes the place of another: that of a superior, or of a strength that of the unit."""
        above = self._mission.superiors
        return other.by in above(new.by) if new.says.topic == "strength" else new.by in above(other.by)

    def _is_above(self, by: str, pair: tuple[str, str]) -> bool:
        return by not in pair and all(by in self._mission.superiors(p) for p in pair)

    # -- cards --------------------------------------------------------------------------------------------------------

    def _again(self, thing: Thing) -> dict[str, Occasion]:
        """Return the card of a thing as it is now, by id."""
        said = thing.said
        thing.pairs = [
            (a, b) for a, b in thing.pairs if a in said and b in said and said[a].says.value != said[b].says.value
        ]
        if not thing.pairs:
            return {o.id: o for o in self._end(thing)}
        occasion = self._card(thing)
        if occasion is None:
            return {o.id: o for o in self._end(thing)}
        thing.card = occasion.id
        self._open[occasion.id] = occasion
        return {occasion.id: occasion}

    def _end(self, thing: Thing) -> Iterator[Occasion]:
        if occasion := self._open.pop(thing.card, None):
            yield msgspec.structs.replace(occasion, over=True)
        thing.card = ""

    def _card(self, thing: Thing) -> Occasion | None:
        """Return the card of a thing, or None if nobody above those who disagree may read what they said."""
        parties = tuple(sorted({p for pair in thing.pairs for p in pair}))
        said = [thing.said[p] for p in parties]
        may = frozenset.intersection(*(s.readers for s in said))
        arbiter = self._mission.arbiter(parties)
        told = next((p for p in (arbiter, *self._mission.superiors(arbiter)) if p in may), "")
        if not told:
            return None
        first = min(said, key=lambda s: (s.at, s.by))
        topic = first.says.topic
        return Occasion(
            id=thing.card or subjects.opaque(f"disagreement {thing.name} {first.id} {first.at}"),
            kind="disagreement",
            severity=TOPICS[topic].severity,
            certainty="Unknown",
            urgency="Expected",
            text_key=f"disagree-{topic}",
            next_key="disagree-next",
            args={"who_of": first.says.thing} if topic == "strength" else {"place": first.says.place},
            at=first.says.where,
            parties=parties,
            told=(told,),
            refers=tuple(sorted({s.id for s in said})),
            lines=tuple(_line(s) for s in sorted(said, key=lambda s: (s.by, s.id))),
            only=None if self._mission.by_id.keys() <= may else tuple(sorted(may)),
        )


def _drop(index: dict[_Key, dict[str, None]], key: _Key, name: str) -> None:
    named = index.get(key, {})
    named.pop(name, None)
    if not named:
        index.pop(key, None)


def _line(said: Said) -> Line:
    args: dict[str, str | int] = {"who": said.by, "id": said.id}
    if isinstance(said.says.value, int):
        args["number"] = said.says.value
    return Line(text_key=said.says.word, args=args, valid_at=said.at)
