"""Random operations on the engine, many a second, and what must hold between them: incremental equals brute force.

A world is a few dozen ids around the bridge. Operations take ready-made messages from a pool, so that the time goes
into the engine: new orders, revisions, amendments, supersessions, cancellations, answers, officers' actions, ratings,
copies, time that passes, dry runs, new missions, restarts from a snapshot. Seeded: a seed is a run.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from coordinator.core.deconfliction import Engine
from coordinator.core.deconfliction.ledger import Ledger, item
from coordinator.core.deconfliction.setting import Setting
from coordinator.core.mission import Mission
from coordinator.core.step import Logged
from schemas import registry
from schemas.acknowledgements import Acknowledgement, Action
from schemas.directives import OrderChange
from schemas.envelope import Envelope, Reference
from schemas.findings import Finding
from schemas.operations import Config, Tick
from tests.support import pool
from tests.support.brute import everything
from tests.support.full import FULL
from tests.support.v1 import HOUR, MINUTE, logged, z

BEGIN: Final = z("140000")
EVERY: Final = 60  # operations in a world before it is compared and restarted
_QUIET: Final = replace(FULL, rules=replace(FULL.rules, options_per_message=0))
"""Ways out are tried out one by one, which costs more than everything else together: most worlds do without."""
_NO_PLACES: Final = {"zones": (), "boundaries": (), "coverage": ()}
_NO_MEANS: Final = {"assets": (), "bands": (), "guarded": ()}
_NO_COMMAND: Final = {"command": (), "mandate": (), "contradictions": ()}
MISSIONS: Final = (
    (12.0, replace(_QUIET, **_NO_PLACES, **_NO_MEANS, **_NO_COMMAND)),
    (6.0, replace(_QUIET, **_NO_PLACES, **_NO_MEANS, matrix=())),
    (6.0, replace(_QUIET, **_NO_PLACES, **_NO_COMMAND, matrix=())),
    (3.0, replace(_QUIET, **_NO_MEANS, **_NO_COMMAND, matrix=FULL.matrix[:1])),
    (2.0, _QUIET),
    (0.2, FULL),
)
"""Missions with how often a world lives by each; a rule of one kind is not hidden behind those of all others."""


class World:
    """An engine in the middle of a day; `step` does one operation, `compare` says how it differs from brute force."""

    def __init__(self, seed: int, share: "pool.Pool") -> None:
        self.random = random.Random(seed)
        self.pool = share
        self.mission = self.some_mission()
        self.engine = Engine(self.mission)
        self.now = BEGIN
        self.seq = 0
        self.seen: list[Envelope] = []
        self.done: Counter[str] = Counter()

    def some_mission(self) -> Mission:
        """Return one of the missions."""
        return self.random.choices(MISSIONS, [weight for weight, _ in MISSIONS])[0][1]

    def step(self) -> None:
        """Do one operation."""
        name = self.random.choices(tuple(_OPERATIONS), tuple(w for w, _ in _OPERATIONS.values()))[0]
        self.done[name] += 1
        _OPERATIONS[name][1](self)

    def take(self, envelope: Envelope) -> None:
        """Hand a message to the engine, half a minute after the last one."""
        self.now += 30_000_000 if self.random.random() < 0.5 else 0
        self.seen.append(envelope)
        self._handle(logged(envelope, self._next(), self.now))

    def pass_time(self, until: int) -> None:
        """Let time pass, waking the engine whenever it asked for it."""
        while (due := self.engine.next_wake()) is not None and due <= until:
            self.now = max(self.now, due)
            self._tick(due)
            assert self.engine.next_wake() != due, f"nothing came of what was due at {due}; published too late"
        self.now = max(self.now, until)

    def _tick(self, due: int) -> None:
        tick = Tick(service="deconfliction", due=due)
        self._handle(Logged(self._next(), "tick.deconfliction", "tick", self.now, self.pool.any, tick))

    def _handle(self, message: Logged) -> None:
        self.engine.handle(message)

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def compare(self) -> list[str]:
        """Return how the engine differs from the same set judged from the beginning, pair by pair; nothing if not."""
        self._tick(self.now)
        kept = {f.id: f for f in self.engine.findings()}
        brute = everything(self.seen_at_once(), Setting(self.mission), self.now)
        published = {i: replace(f, at=0) for i, f in self.engine.published().items()}
        wanted = {i: f for i, f in brute.items() if f.state != "closed"}
        return [*differences("kept", kept, brute), *differences("published", published, wanted)]

    def seen_at_once(self) -> Ledger:
        """Return everything that was seen as one set, put together in another order."""
        ledger = Ledger()
        held = list(self.engine._ledger.items())
        self.random.shuffle(held)
        for i in held:
            ledger.add(item(i.envelope, i.body, i.at))
        return ledger


def differences(what: str, have: dict[str, Finding], want: dict[str, Finding]) -> list[str]:
    """Return a line for every finding that is missing, too many, or other than it should be, with what differs."""
    lines = []
    for i in sorted(have.keys() | want.keys()):
        one, other = have.get(i), want.get(i)
        if one != other:
            known = one or other
            named = f"{what} {known.finding_kind if known else ''} {i}"
            lines.append(f"{named}: {_other(one, other)}" if one and other else f"{named}: {one} instead of {other}")
    return lines


def _other(one: Finding, other: Finding) -> str:
    fields = (f for f in one.__struct_fields__ if getattr(one, f) != getattr(other, f))
    return "; ".join(f"{f} is {getattr(one, f)} instead of {getattr(other, f)}" for f in fields)


# -- the operations ---------------------------------------------------------------------------------------------------


def _add(world: World) -> None:
    world.take(world.random.choice(world.pool.first))


def _revise(world: World) -> None:
    world.take(world.random.choice(world.pool.revised))


def _amend(world: World) -> None:
    world.take(world.random.choice(world.pool.amendments))


def _supersede(world: World) -> None:
    world.take(world.random.choice(world.pool.superseding))


def _cancel(world: World) -> None:
    world.take(world.random.choice(world.pool.cancellations))


def _answer(world: World) -> None:
    orders = world.random.choice(world.seen) if world.seen else world.pool.any
    who = world.random.choice(pool.UNITS)
    step = world.random.choice(("wilco", "wilco", "cannot-comply", "received"))
    of = Reference(id=orders.id, revision=world.random.choice((0, 0, orders.revision)))
    world.take(world.pool.said(Acknowledgement(of=of, step=step), who, world.now))  # type: ignore[arg-type]


def _act(world: World) -> None:
    known = sorted(world.engine.published())
    verb: Any = world.random.choice(("acknowledge", "waive"))
    findings = tuple(world.random.sample(known, min(len(known), 3)))
    until = world.now + world.random.randrange(1, 90) * MINUTE
    if verb == "waive":  # a waiver is of one finding, and of exactly its revisions
        findings = findings[:1]
    named = tuple(f"{p.id}:{p.revision}" for f in findings[:1] for p in world.engine.published()[f].parties)
    body = Action(alert="card", verb=verb, seen_rev=1, findings=findings, note="seen", until=until, revisions=named)
    world.take(world.pool.said(body, world.random.choice(("fhq-u3", *pool.PARTICIPANTS)), world.now))


def _report(world: World) -> None:
    world.take(world.random.choice(world.pool.reports))


def _copy(world: World) -> None:
    world.take(world.random.choice(world.seen) if world.seen else world.pool.any)


def _wait(world: World) -> None:
    world.pass_time(world.now + world.random.choice((1, 5, 30, 180)) * MINUTE)


def _wait_long(world: World) -> None:
    world.pass_time(world.now + world.random.choice((6, 30)) * HOUR)


def _try(world: World) -> None:
    """Ask about messages without sending them; nothing may remain of it."""
    tried = world.random.sample(world.pool.first, world.random.randint(1, 3))
    before = world.engine.published(), world.engine.next_wake()
    world.engine.check(tried)
    assert (world.engine.published(), world.engine.next_wake()) == before


def _decide(world: World) -> None:
    world.mission = world.some_mission()
    config = Config(mission_hash="x", code="1", mission=msgspec.Raw(registry.encode(world.mission)))
    world._handle(Logged(world._next(), "config.mission", "config", world.now, world.pool.any, config))


def _restart(world: World) -> None:
    again = Engine()
    again.restore(world.engine.snapshot())
    world.engine = again


def _withdraw_change(world: World) -> None:
    """Amend an order and take the amendment back."""
    base = world.random.choice(world.seen) if world.seen else world.pool.any
    change = OrderChange(order=Reference(id=base.id), exclusive=world.random.choice((True, False)))
    frago = world.pool.frago(change, world.random.choice(("fhq-u3", "sn-hq")), world.now)
    world.take(frago)
    world.take(world.pool.withdrawn(frago, world.now))


_OPERATIONS: Final[dict[str, tuple[float, Callable[[World], None]]]] = {
    "add": (24, _add), "revise": (8, _revise), "amend": (8, _amend), "supersede": (4, _supersede),
    "cancel": (4, _cancel), "acknowledge": (12, _answer), "officer": (7, _act), "report": (7, _report),
    "copy": (9, _copy), "time passes": (8, _wait), "a day passes": (0.5, _wait_long), "dry run": (3, _try),
    "mission change": (0.5, _decide), "restart": (0.5, _restart), "amend and withdraw": (2, _withdraw_change),
}  # fmt: skip


def run(seed: int, operations: int, every: int = EVERY) -> Counter[str]:
    """Do so many operations in worlds of ``every`` each, compare after each world; return how often each was done.

    Raises:
        AssertionError: the engine differs from brute force; the text has the seed of the world and the differences.
    """
    share = pool.Pool(seed)
    done: Counter[str] = Counter()
    worlds = 0
    while done.total() < operations:
        number = seed * 1_000_003 + worlds
        world = World(number, share)
        for _ in range(every):
            world.step()
        wrong = world.compare()
        assert not wrong, "\n".join((f"world {number}, pool {seed}, {every} operations:", *wrong))
        done += world.done
        worlds += 1
    return done
