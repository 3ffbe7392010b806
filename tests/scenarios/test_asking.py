"""Blind questions on a running bus: what they answer, what they do not, that they are counted and told.

Source: deconfliction.md §5 (1), (6); domain.md §5.4 (2), (3).
"""

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, NamedTuple

import anyio
import msgspec
import pytest

from coordinator import app, topology
from coordinator.client import Client
from coordinator.core.mission import Mission
from coordinator.edges.clock import ManualClock
from coordinator.edges.memory import MemoryBroker
from coordinator.errors import BusError
from coordinator.services.catalogue import chosen
from coordinator.topology import COORD, LOG
from schemas import registry, subjects
from schemas.directives import Directive
from schemas.envelope import Envelope, UnitRef
from schemas.geo import Named
from schemas.notices import MovementNotice
from schemas.operations import Inquiry
from tests.support.settling import drained
from tests.support.v1 import HOUR, MESSAGES, MISSION, during, said, z

NOW = z("140600")
CLOSURE = MESSAGES[7]
WATER_RUN = "XBL-WATER"


class Bus(NamedTuple):
    """A running bus in memory, with a client for anybody."""

    clients: dict[str, Client]
    clock: ManualClock
    runners: Sequence[app.Runner]
    coord: Any

    async def ask(self, by: str, *messages: Envelope, marks: dict[int, dict[str, Any]] | None = None) -> list[Any]:
        """Ask what messages would clash with; ``marks`` go before the message of that number."""
        lines = [registry.encode(m) for m in messages]
        for at, mark in sorted((marks or {}).items(), reverse=True):
            lines.insert(at, registry.encode(mark))
        rows = [r async for r in self.clients[by].rows("deconfliction", "check", msgspec.Raw(b"\n".join(lines)))]
        await drained(self.runners)
        return rows

    async def said(self, *messages: Envelope) -> None:
        """Send messages as their originators."""
        for message in messages:
            outcome = await self.clients[message.originator].publish(message)
            assert outcome.accepted, outcome
        await drained(self.runners)

    async def inquiries(self) -> list[tuple[str, Inquiry]]:
        """Return every question in the log, with whose it is."""
        found = []
        async with self.coord.read(LOG, (subjects.ALL_INQUIRIES,)) as reader:
            while await reader.pending():
                for d in await reader.batch():
                    body = registry.body(registry.envelope(d.data))
                    assert isinstance(body, Inquiry)
                    found.append((subjects.parse(d.subject).participant, body))
        return found


@asynccontextmanager
async def running(mission: Mission = MISSION) -> AsyncIterator[Bus]:
    clock = ManualClock(NOW)
    broker = MemoryBroker(topology.build(p.id for p in mission.participants), clock)
    setting = app.setting_of(mission, "live", app.new_seed())
    services = [s for s in chosen() if s.name in ("intake", "deconfliction", "release")]
    async with (
        app.running(partial(broker.connect, COORD), clock, setting, services) as runners,
        broker.connect(COORD) as coord,
        broker.connect("xbl-batt") as xbl,
        broker.connect("sn-hq") as sn,
        broker.connect("ocha-cmc") as ocha,
        broker.connect("fhq-u3") as fhq,
    ):
        buses = {"xbl-batt": xbl, "sn-hq": sn, "ocha-cmc": ocha, "fhq-u3": fhq}
        yield Bus({p: Client(b, p, clock) for p, b in buses.items()}, clock, runners, coord)


def water_run(start: str = "141000", end: str = "141020") -> Envelope:
    """A patrol of XBL-BATT over the bridge."""
    body = MovementNotice(
        movement_kind="patrol", area=Named(name="KESSA"), windows=(during(start, end),), method="foot"
    )
    return said(body, WATER_RUN, "xbl-batt", "140555")


def rows_of(answer: list[Any], key: str) -> list[Any]:
    return [row for row in answer if key in row]


async def test_it_says_that_something_clashes_and_whom_to_call_but_not_whose_plan_it_is() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        answer = await bus.ask("xbl-batt", water_run())
        [row, *_] = rows_of(answer, "finding")
        assert row["finding"]["finding_kind"] == "incompatible-activities"
        assert row["finding"]["arbiter"] == "fhq-u3"
        assert "SN-FRAGO-03-017" not in repr(answer)
        assert "sn-hq" not in repr(answer)
        scope = rows_of(answer, "scope")[0]["scope"]
        assert (scope["orders"], scope["asked"], scope["of"]) == (1, 1, 20)


async def test_place_and_time_are_no_finer_than_the_mission_says() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        [row, *_] = rows_of(await bus.ask("xbl-batt", water_run("141007", "141011")), "finding")
        evidence = row["finding"]["evidence"]
        assert evidence["overlap"] == {"start_earliest": z("141000"), "end_latest": z("141030")}
        _lon, lat = evidence["at"]
        step = 1000 / 110_574
        assert abs(lat / step - round(lat / step)) < 0.01
        assert "distance_m" not in evidence


async def test_it_says_how_much_later_the_askers_own_plan_would_clash_no_more_and_no_finer() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        [row, *_] = rows_of(await bus.ask("xbl-batt", water_run()), "finding")
        options = row["finding"]["options"]
        assert {o["party"] for o in options if o["option"] == "shift"} == {WATER_RUN}
        assert [o["shift_s"] for o in options if o.get("verified")] == [-5400.0]  # 0830Z to 0850Z
        assert all(o["shift_s"] % 1800 == 0 for o in options if "shift_s" in o)


async def test_nothing_is_written_but_the_question() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        before = len([r async for r in walk(bus)])
        await bus.ask("xbl-batt", water_run())
        new = [r async for r in walk(bus)][before:]
        assert {subjects.parse(s).family for s in new} == {"inquiry"}


async def walk(bus: Bus) -> AsyncIterator[str]:
    async with bus.coord.read(LOG, subjects.EVERYTHING) as reader:
        while await reader.pending():
            for d in await reader.batch():
                yield d.subject


async def test_the_question_is_logged_for_both_owners_and_whoever_it_met_is_told_its_own() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        await bus.ask("xbl-batt", water_run())
        logged = {(p, b.role): b for p, b in await bus.inquiries()}
        assert set(logged) == {("xbl-batt", "asked"), ("sn-hq", "met")}
        assert logged["xbl-batt", "asked"].owners == ("sn-hq",)
        assert logged["sn-hq", "met"].parties == ("SN-FRAGO-03-017",)
        got = [r.envelope async for r in bus.clients["sn-hq"].receive()]
        told = [registry.body(e) for e in got if e.kind == Inquiry.KIND]
        assert [(t.asker, t.role, t.parties) for t in told] == [("xbl-batt", "met", ("SN-FRAGO-03-017",))]
        assert WATER_RUN not in repr(told)


async def test_the_twenty_first_question_of_an_hour_is_refused_and_reported() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        for _ in range(20):
            await bus.clock.advance(bus.clock.now() + 1_000_000)
            await bus.ask("xbl-batt", water_run())
        with pytest.raises(BusError, match="20 questions in an hour are as many as are answered; ask again in 60 min"):
            await bus.ask("xbl-batt", water_run())
        await drained(bus.runners)
        throttled = sorted(p for p, b in await bus.inquiries() if b.role == "throttled")
        assert "sn-hq" in throttled
        assert "xbl-batt" in throttled
        got = [r.envelope async for r in bus.clients["sn-hq"].receive()]
        assert any(e.kind == Inquiry.KIND and registry.body(e).role == "throttled" for e in got)
        await bus.clock.advance(bus.clock.now() + HOUR)
        assert rows_of(await bus.ask("xbl-batt", water_run()), "scope")


async def test_who_goes_on_asking_is_reported_once_an_hour() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        for _ in range(20):
            await bus.clock.advance(bus.clock.now() + 1_000_000)
            await bus.ask("xbl-batt", water_run())
        for _ in range(5):
            await bus.clock.advance(bus.clock.now() + 1_000_000)
            with pytest.raises(BusError, match="this was reported"):
                await bus.ask("xbl-batt", water_run())
        await drained(bus.runners)
        throttled = [p for p, b in await bus.inquiries() if b.role == "throttled"]
        assert sorted(throttled) == sorted(set(throttled))


async def test_questions_that_are_asked_at_once_all_count() -> None:
    answered = 0
    async with running() as bus:

        async def ask(number: int) -> None:
            nonlocal answered
            with contextlib.suppress(BusError):
                await bus.ask("xbl-batt", water_run("141000", f"1411{number:02}"))
                answered += 1

        await bus.said(CLOSURE)
        async with anyio.create_task_group() as group:
            for number in range(40):
                group.start_soon(ask, number)
    assert answered == 20


async def test_a_mark_that_is_no_instant_is_refused_with_its_line() -> None:
    async with running() as bus:
        for value in (None, "yesterday", [], True, 1.5):
            with pytest.raises(BusError, match='line 1: "since" is an instant'):
                await bus.ask("xbl-batt", water_run(), marks={0: {"since": value}})


async def test_alternatives_are_compared_each_by_itself() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        marks = {0: {"alternative": "ten"}, 1: {"alternative": "two"}}
        answer = await bus.ask("xbl-batt", water_run(), water_run("141400", "141420"), marks=marks)
        assert {r["alternative"]: r["found"] for r in rows_of(answer, "found")} == {"ten": 1, "two": 0}
        assert rows_of(answer, "scope")[0]["scope"]["asked"] == 1


async def test_asked_again_only_what_changed_since_is_told() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        first = await bus.ask("xbl-batt", water_run())
        as_of = rows_of(first, "scope")[0]["scope"]["as_of"]
        await bus.clock.advance(bus.clock.now() + 60_000_000)
        again = await bus.ask("xbl-batt", water_run(), marks={0: {"since": as_of + 1}})
        assert rows_of(again, "finding") == []
        await bus.said(msgspec.structs.replace(CLOSURE, id="SN-OTHER"))
        later = await bus.ask("xbl-batt", water_run(), marks={0: {"since": as_of + 1}})
        assert len(rows_of(later, "finding")) == 1


async def test_nobody_may_ask_about_units_that_it_does_not_direct() -> None:
    def order(unit: str) -> Envelope:
        body = Directive(
            directive_kind="frago", performers=(UnitRef(name=unit),), windows=(during("141000", "141100"),)
        )
        return said(body, "PROBE", "ocha-cmc", "140555")

    async with running() as bus:
        with pytest.raises(BusError, match="you do not direct: XAR-BATT"):
            await bus.ask("ocha-cmc", order("XAR-BATT"))
        assert rows_of(await bus.ask("fhq-u3", order("XAR-BATT")), "scope")
        assert [b.asker for _, b in await bus.inquiries()] == ["fhq-u3"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"", "holds no message"),
        (b"{}", "line 1 of the question cannot be read"),
        (registry.encode(said(Directive(directive_kind="frago"), "A", "sn-hq", "140600")) + b"\nrubbish", "line 2"),
        (registry.encode({"alternative": "a"}), "holds no message"),
    ],
)
async def test_what_cannot_be_read_is_refused_by_its_line(line: bytes, why: str) -> None:
    async with running() as bus:
        with pytest.raises(BusError, match=why):
            [r async for r in bus.clients["sn-hq"].rows("deconfliction", "check", msgspec.Raw(line))]


async def test_the_count_survives_a_restart_because_it_stands_in_the_log() -> None:
    async with running() as bus:
        await bus.said(CLOSURE)
        await bus.ask("xbl-batt", water_run())
        engine = next(r.core for r in bus.runners if r.service.name == "deconfliction")
        fresh = type(engine)()
        fresh.restore(engine.snapshot())
        assert fresh.inquiries.recent("xbl-batt", NOW) == engine.inquiries.recent("xbl-batt", NOW) != []
