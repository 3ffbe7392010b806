"""Vignette V3, "OP 4-7": order, capital, silence, liaison, ceasefire. Source: domain.md §5.3, §5.4 (10)."""

import random
from typing import Any

import pytest
from msgspec.structs import replace

from coordinator import demo
from coordinator.client import Client
from coordinator.core.deconfliction import Engine
from coordinator.core.step import Logged
from coordinator.core.tracks import Tracks
from coordinator.demo.vignette import Vignette, load, moment
from coordinator.services.judge import Accepted, Input, judge
from coordinator.topology import LOG, RAW
from schemas import registry, subjects
from schemas.acknowledgements import Refusal
from schemas.envelope import Envelope
from schemas.reports import IncidentReport, PositionReport, Violation
from tests.scenarios.test_v2 import read, with_body
from tests.support.playing import frozen_world, kept, outcome, scored_in_memory, send, unmet
from tests.support.settling import drained
from tests.support.v1 import said

SHUFFLED = (1, 2, 30, 3, 4, 5, 7, 8)
FROZEN = moment("150410ZMAR27")
SOLVED = (1, 2, 30, 3, 4, 5, 7, 8, 9, 141, 15, 16, 161)


async def test_v3_scores_exactly_in_memory():
    """Order, caveat, silence, departure, coverage, danger: found, shown to whom they concern, closed; nothing else."""
    assert unmet(await scored_in_memory(load("v3"))) == []


@pytest.mark.nats
async def test_v3_scores_exactly_on_a_server():
    """The same on a real nats-server, as `make demo` plays it."""
    assert unmet(await demo.score(load("v3"))) == []


async def test_v3_is_the_same_with_the_two_contingents_swapped():
    """Impartial (law 4): XAR and XBL exchange their names everywhere, and nothing changes but names."""
    swapped = {"xar": "xbl", "arvbatt": "belbatt"}
    assert unmet(await scored_in_memory(load("v3", swapped))) == []


@pytest.mark.parametrize("orders", [7, pytest.param(50, marks=pytest.mark.slow)])
async def test_the_order_of_arrival_does_not_matter(orders: int):
    """Law 3: up to the departure, in any random order, the same four findings; of a track the latest wins."""
    vignette = load("v3")
    wanted = await outcome(vignette, SHUFFLED, FROZEN)
    assert sorted((row[1], row[3]) for row in wanted[0]) == [
        ("caveat", "HIGH"), ("incompatible-activities", "MEDIUM"), ("task-deviation", "MEDIUM"),
        ("task-deviation", "MEDIUM"),
    ]  # fmt: skip
    for seed in range(orders):
        order = list(SHUFFLED)
        random.Random(seed).shuffle(order)
        first, last = sorted((order.index(30), order.index(8)))
        order[first], order[last] = 30, 8
        assert await outcome(vignette, order, FROZEN) == wanted, f"seed {seed}: {order}"


# -- why it is silent where it is: the same message, changed in the one thing that keeps it apart, does clash --------


class Watch:
    """Deconfliction with its eyes: orders and positions of a vignette in, what is open out."""

    def __init__(self, vignette: Vignette) -> None:
        self.vignette = vignette
        self.engine, self.tracks = Engine(vignette.mission), Tracks(vignette.mission)
        self.seq = 0

    def take(self, envelope: Envelope, at: int) -> None:
        """Take a message as the log would hand it out; a position becomes what `Tracks` says of it."""
        self.seq += 1
        body, by = registry.body(envelope), envelope.originator
        subject = subjects.position(by) if isinstance(body, PositionReport) else subjects.record(envelope.kind, by)
        message = Logged(self.seq, subject, f"m{self.seq}", at, envelope, body)
        for effect in self.tracks.handle(message):
            word = registry.pack(effect.body, originator="coord", **effect.fields)
            self.engine.handle(Logged(self.seq, effect.subject, f"w{self.seq}", at, word, effect.body))
        self.engine.handle(message)

    def play(self, *steps: int, **bodies: Any) -> "Watch":
        """Take some steps; ``bodies`` change a message by its file."""
        for number in steps:
            step = self.vignette.step(number)
            fields = bodies.get(step.file.partition("-")[2].partition(".")[0], {})
            for message in read(self.vignette, number):
                self.take(with_body(message, **fields), step.time)
        return self

    def open(self) -> list[tuple[str, str]]:
        """Return kind and rule of what is not closed."""
        known = [f for f in self.engine.findings() if f.state != "closed"]
        return sorted((f.finding_kind, "" if f.finding_kind == "caveat" else f.evidence.rule) for f in known)


def found(vignette: Vignette, *steps: int, **bodies: Any) -> list[tuple[str, str]]:
    """Return kind and rule of what is open behind some steps."""
    return Watch(vignette).play(*steps, **bodies).open()


def test_the_relief_is_silent_because_the_convoy_agreed_to_it():
    vignette = load("v3")
    assert found(vignette, *SOLVED) == []
    without = [s for s in SOLVED if s != 141]
    assert found(vignette, *without) == [("incompatible-activities", "reinforce/humanitarian")]
    assert found(vignette, *SOLVED, frago={"coordinated_with": ()})[-1:] != []


def test_a_unit_that_comes_back_ends_it_without_any_order():
    vignette = load("v3")
    there = read(vignette, 30)[0]
    back = with_body(there, at=replace(registry.body(there).at, utc=moment("150420ZMAR27")))
    watch = Watch(vignette).play(1, 2, 30, 3, 8)
    clash = ("incompatible-activities", "reinforce/humanitarian")
    assert watch.open() == [clash, ("task-deviation", "coverage-not-assured"), ("task-deviation", "left")]
    watch.take(back, moment("150420ZMAR27"))
    assert watch.open() == [clash]


def test_in_the_relief_the_foot_section_may_leave_only_because_the_other_unit_is_there():
    """Step 19: two units at one post, then one; without the one there is nobody."""
    vignette = load("v3")
    changed = (*SOLVED, 17, 171, 172)
    assert found(vignette, *changed, 19, 191, 192) == []
    assert found(vignette, *changed, 19, 192) == [
        ("task-deviation", "coverage-not-assured"),
        ("task-deviation", "left"),
    ]


def test_foot_and_other_places_are_none_of_the_caveats_business():
    vignette = load("v3")
    caveat = ("caveat", "")
    assert caveat in found(vignette, 3, 5)
    assert caveat not in found(vignette, 3, 5, frago={"route": None})  # the post itself lies south of the zone
    assert caveat not in found(vignette, 5, 20)


def test_the_convoy_is_in_danger_because_its_road_passes_within_two_kilometres():
    vignette = load("v3")
    danger = ("incompatible-activities", "hazard/humanitarian")
    assert found(vignette, 2, 18) == [danger]
    assert found(vignette, 2, 18, violation={"safety_radius_m": 1500.0}) == []
    assert found(vignette, 2, 18, 21) == []


# -- what must hold ---------------------------------------------------------------------------------------------------


async def test_both_parties_read_the_same_bytes():
    """The ceasefire, and the report of its violation."""
    vignette = load("v3")
    async with frozen_world(vignette, FROZEN) as (world, runners, clock):
        for number in (1, 18):
            await send(vignette, number, world, clock)
        await drained(runners)
        read_by = {}
        for party in ("party-one", "party-two"):
            async with world.connect(party) as bus:
                received = [r.envelope async for r in Client(bus, party, clock).receive()]
                read_by[party] = {e.id: registry.encode(e) for e in received}
    assert set(read_by["party-one"]) == {"CFA-0315", "CFV-0315-1"}
    assert read_by["party-one"] == read_by["party-two"]


async def test_the_forged_order_is_kept_as_evidence_and_is_no_order():
    """Step 12: the bytes stand in RAW; of it nothing reaches the log but that something was refused."""
    path, where = await kept(load("v3"), 12, b"Withdraw", FROZEN)
    assert path == "originator"
    assert where == {RAW: ["from.mail-gateway.raw.native"], LOG: []}


def report(**violation: Any) -> Accepted | Refusal:
    body = IncidentReport(category="mortar", violation=Violation(agreement="CFA-0315", **violation))
    data = registry.encode(said(body, "CFV-0315-2", "unmo-ts4", "150605"))
    return judge(Input("i", "from.unmo-ts4.msg.incident", data, 1), load("v3").mission, "live", FROZEN)


@pytest.mark.parametrize(
    "said_",
    [
        {"attribution": "party-one"},
        {"attribution": "party-one", "sources": ("patrol",), "verifier": "CMO"},
        {"attribution": "party-one", "sources": ("patrol", "Patrol "), "verifier": "CMO"},
        {"attribution": "party-one", "sources": ("patrol", "radar")},
    ],
)
def test_nobody_is_blamed_without_two_sources_and_a_verifier(said_: dict[str, Any]):
    refused = report(**said_)
    assert isinstance(refused, Refusal)
    assert refused.path == "violation.attribution"
    assert "undetermined" in refused.hint


@pytest.mark.parametrize(
    "said_",
    [
        {},
        {"attribution": ""},
        {"attribution": "Undetermined"},
        {"attribution": "party-one", "sources": ("patrol", "radar"), "verifier": "CMO"},
    ],
)
def test_a_violation_that_blames_nobody_or_is_verified_is_accepted(said_: dict[str, Any]):
    assert isinstance(report(**said_), Accepted)


async def test_nobody_outside_its_audience_receives_anything_because_of_a_caveat():
    """N2: not a byte more, not a card that looks otherwise; whoever may not know of it cannot tell that it came."""
    vignette = load("v3")
    may_know = {"fc", "fhq-u3", "xbl-batt", "xbl-nse"}
    with_it, without = [await _delivered(vignette, steps) for steps in ((2, 3, 5), (2, 3))]
    assert {p for p in with_it if with_it[p] != without[p]} <= may_know
    assert with_it["fc"] != without["fc"]


async def _delivered(vignette: Vignette, steps: tuple[int, ...]) -> dict[str, list[tuple[str, bytes]]]:
    """Return everything that everybody can read after some steps, all at one moment."""
    async with frozen_world(vignette, FROZEN) as (world, runners, clock):
        for number in steps:
            await send(vignette, number, world, clock)
            await drained(runners)
        everything = {}
        for participant in vignette.mission.by_id:
            async with world.connect(participant) as bus:
                received = [r.envelope async for r in Client(bus, participant, clock).receive()]
                everything[participant] = [(e.kind, bytes(e.body)) for e in received]
        return everything
